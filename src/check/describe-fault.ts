/**
 * A fault that a check met, with what helps where its own message does not say. Pure.
 */
import { describeError, SyncError } from "../core/errors.ts";

/** Of a fault that passes by itself a run only says that; here a person wants to know what to do. */
export function describeFault(error: unknown): string {
  const { message } = describeError(error);
  if (!(error instanceof SyncError)) return message;
  switch (error.code) {
    case "rate-limited":
      return `${message} Wait ${error.retryAt === null ? "some minutes" : `until ${new Date(error.retryAt).toISOString()}`}, and try again.`;
    case "github-unavailable":
      return `${message} Look at https://www.githubstatus.com, and try again.`;
    default:
      return message;
  }
}
