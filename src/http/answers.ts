/**
 * The error answers of the HTTP interface.
 */
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
