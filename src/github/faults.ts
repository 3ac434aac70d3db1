/**
 * GitHub's refusals and failures as `SyncError`s. Decides by status and by GitHub's documented messages.
 */
import { RequestError } from "@octokit/request-error";
import { SyncError } from "../core/errors.ts";
import { rateLimitedUntil, TransportError } from "../net/transport.ts";
import { diagnose } from "./catalogue.ts";

/** The HTTP status GitHub answered with, or `null` when there was no answer (Octokit calls that 500). */
export function statusOf(error: unknown): number | null {
  return error instanceof RequestError && error.response !== undefined ? error.status : null;
}

interface Call {
  readonly method?: string;
  readonly url?: string;
}

/** A `SyncError` that names the call, keeps GitHub's words, cut to a readable length, and says what helps. */
export function toSyncError(error: unknown, call: Call, now: number): SyncError {
  if (error instanceof SyncError) return error;
  const name = nameOf(call);
  if (!(error instanceof RequestError))
    return new SyncError("internal", `${name} failed unexpectedly.`, { cause: error });
  if (error.response === undefined) return withoutAnswer(name, error);
  const headers = new Headers();
  for (const [key, value] of Object.entries(error.response.headers)) headers.set(key, String(value));
  const retryAt = rateLimitedUntil({ status: error.status, headers }, now);
  const message = messageOf(error);
  const found = diagnose({ status: error.status, message, header: (key) => headers.get(key) });
  const isLimited = error.status < 500 && retryAt !== null;
  const said =
    message === "" ? " with a page that is no answer of its API." : `: ${message}${/[.!?]$/.test(message) ? "" : "."}`;
  const cure = found.cure === null || isLimited ? "" : ` ${found.cure}`;
  const text = `GitHub answered ${error.status} to ${name}${said}${cure}`;
  return new SyncError(isLimited ? "rate-limited" : found.code, text, { cause: error, retryAt });
}

/** `GET /repos/haidra/image/branches/main` */
export function nameOf(call: Call): string {
  return `${call.method ?? "GET"} ${fillIn(call)}`;
}

/** GitHub's own sentence, such as `Update is not a fast forward`, or its paragraphs as sentences; empty when what it sent is no JSON. */
export function messageOf(error: RequestError): string {
  const data: unknown = error.response?.data;
  if (error.response !== undefined && typeof data === "string" && /^\s*</.test(data)) return "";
  return error.message
    .replace(/ - https:\/\/docs\.github\.com\S*$/, "")
    .replace(/(?<=[^\s.:;,!?])\s*\n\s*\n\s*(?=\S)/g, ". ")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, 300);
}

function withoutAnswer(name: string, error: RequestError): SyncError {
  const reason = error.cause instanceof TransportError ? error.cause.message : "the connection failed";
  return new SyncError("github-unavailable", `GitHub did not answer ${name}: ${reason}.`, { cause: error });
}

/** Fills `{owner}` and the like into Octokit's URL template, so that the message names the repository. */
function fillIn(call: Call): string {
  const values = new Map(Object.entries(call));
  const path = (call.url ?? "").replace(/^https?:\/\/[^/]+/, "");
  return path.replace(/\{(\w+)\}/g, (placeholder, key: string) => {
    const value = values.get(key);
    return typeof value === "string" || typeof value === "number" ? String(value) : placeholder;
  });
}
