/**
 * The error answers of the HTTP interface.
 */
import * as z from "zod/mini";
import type { ErrorCode } from "../core/errors.ts";

/** Codes that only a request can cause. */
export const HTTP_ERROR_CODES = [
  "not-found",
  "method-not-allowed",
  "too-large",
  "unauthorized",
  "cross-site",
  "not-as-shown",
  "too-many-requests",
  "no-trigger-token",
] as const;

export interface ErrorAnswer {
  readonly code: ErrorCode | (typeof HTTP_ERROR_CODES)[number];
  readonly message: string;
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Every error of this service has this shape: `{"error":{"code","message"}}`. */
export function answerError({ code, message, status, headers = {} }: ErrorAnswer): Response {
  return Response.json({ error: { code, message } }, { status, headers: { "cache-control": "no-store", ...headers } });
}

const ErrorBody = z.object({ error: z.object({ message: z.string() }) });

/** The sentence of an answer that `answerError` made; `null` of any other. The answer can still be read. */
export async function readError(answer: Response): Promise<string | null> {
  if (!(answer.headers.get("content-type") ?? "").startsWith("application/json")) return null;
  const told = ErrorBody.safeParse(await answer.clone().json());
  return told.success ? told.data.error.message : null;
}
