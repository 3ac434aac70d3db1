/**
 * The one error family. Expected outcomes are values; a `SyncError` is a fault that a person has to understand, so
 * its message says what happened, to what, and what would be valid. Messages never contain a secret.
 */

export const ERROR_CODES = [
  /** The settings cannot be used; the message lists every problem. */
  "misconfigured",
  /** A request carries something invalid; the message says what is valid. */
  "bad-request",
  /** PRIMARY cannot be reached, timed out or answered 5xx. */
  "primary-unavailable",
  /** PRIMARY does not own the legacy format, so that there is nothing to publish from. */
  "primary-not-legacy",
  /** PRIMARY answered something that is not a reference. */
  "primary-malformed",
  /** GitHub cannot be reached, timed out or answered 5xx. */
  "github-unavailable",
  /** GitHub does not accept the credentials, or they may not do this. */
  "github-unauthorized",
  /** The repository, branch or file is not there, or the credentials may not see it. */
  "github-not-found",
  /** A rate limit is exhausted and the wait does not fit the run. */
  "rate-limited",
  /** GitHub refused a request for another reason. */
  "github-rejected",
  /** A ref moved or appeared between our read and our write. */
  "conflict",
  /** A file in the repository is not what its format says. */
  "legacy-malformed",
  /** A run began and never ended: the platform stopped it. */
  "run-killed",
  /** Workers KV does not answer. */
  "storage-unavailable",
  /** A bug. */
  "internal",
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/** Faults that do not pass by themselves: a person has to mend something. */
const LASTING: readonly ErrorCode[] = [
  "misconfigured",
  "primary-not-legacy",
  "github-unauthorized",
  "github-not-found",
  "github-rejected",
  "legacy-malformed",
];

export function isLasting(code: ErrorCode): boolean {
  return LASTING.includes(code);
}

/** GitHub's answers to what may not be, is not there, or is not taken: asking again changes nothing. */
const REFUSALS: readonly ErrorCode[] = ["github-unauthorized", "github-not-found", "github-rejected"];

export function isGitHubRefusal(error: unknown): boolean {
  return error instanceof SyncError && REFUSALS.includes(error.code);
}

export class SyncError extends Error {
  override readonly name = "SyncError";
  readonly code: ErrorCode;
  /** Earliest sensible time of another attempt (ms since the epoch), where the other side named one. */
  readonly retryAt: number | null;

  constructor(code: ErrorCode, message: string, options: { cause?: unknown; retryAt?: number | null } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.retryAt = options.retryAt ?? null;
  }
}

/** The `{code, message}` form of any thrown value, for reports and answers. Unknown faults lose their details. */
export function describeError(error: unknown): { code: ErrorCode; message: string } {
  if (error instanceof SyncError) return { code: error.code, message: error.message };
  return { code: "internal", message: "An unexpected fault; the log has the details." };
}
