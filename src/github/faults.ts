/**
 * GitHub's refusals and failures as `SyncError`s. Decides by status and by GitHub's documented messages.
 */
import { RequestError } from "@octokit/request-error";
import { type ErrorCode, SyncError } from "../core/errors.ts";
import { rateLimitedUntil, TransportError } from "../net/transport.ts";

/** The HTTP status GitHub answered with, or `null` when there was no answer (Octokit calls that 500). */
export function statusOf(error: unknown): number | null {
  return error instanceof RequestError && error.response !== undefined ? error.status : null;
}

interface Call {
  readonly method?: string;
  readonly url?: string;
}

/** A `SyncError` that names the call and keeps GitHub's words, cut to a readable length. */
export function toSyncError(error: unknown, call: Call, now: number): SyncError {
  if (error instanceof SyncError) return error;
  const name = `${call.method ?? "GET"} ${fillIn(call)}`;
  if (!(error instanceof RequestError))
    return new SyncError("internal", `${name} failed unexpectedly.`, { cause: error });
  if (error.response === undefined) return withoutAnswer(name, error);
  const headers = new Headers();
  for (const [key, value] of Object.entries(error.response.headers)) headers.set(key, String(value));
  const retryAt = rateLimitedUntil({ status: error.status, headers }, now);
  const isLimited = error.status < 500 && (retryAt !== null || error.status === 429 || isSecondaryLimit(error));
  const code = isLimited ? "rate-limited" : codeOf(error.status);
  return new SyncError(code, `GitHub answered ${error.status} to ${name}: ${messageOf(error)}`, {
    cause: error,
    retryAt,
  });
}

/** GitHub's own sentence, such as `Update is not a fast forward`. */
export function messageOf(error: RequestError): string {
  return error.message.replace(/ - https:\/\/docs\.github\.com\S*$/, "").slice(0, 300);
}

function withoutAnswer(name: string, error: RequestError): SyncError {
  const reason = error.cause instanceof TransportError ? error.cause.message : "the connection failed";
  return new SyncError("github-unavailable", `GitHub did not answer ${name}: ${reason}.`, { cause: error });
}

/** @see https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits */
function isSecondaryLimit(error: RequestError): boolean {
  return error.status === 403 && /secondary rate limit/i.test(error.message);
}

function codeOf(status: number): ErrorCode {
  if (status === 401 || status === 403) return "github-unauthorized";
  if (status === 404) return "github-not-found";
  if (status === 409) return "conflict";
  return status >= 500 ? "github-unavailable" : "github-rejected";
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
