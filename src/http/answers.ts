/**
 * The error answers of the HTTP interface (DESIGN.md section 8).
 */
import type { ErrorCode } from "../errors.ts";

interface ErrorAnswer {
  readonly code: ErrorCode | "not-found" | "method-not-allowed" | "too-large" | "unauthorized" | "no-trigger-token";
  readonly message: string;
  readonly status: number;
  readonly headers?: Record<string, string>;
}

/** Every error of this service has this shape: `{"error":{"code","message"}}`. */
export function answerError({ code, message, status, headers = {} }: ErrorAnswer): Response {
  return Response.json({ error: { code, message } }, { status, headers: { "cache-control": "no-store", ...headers } });
}
