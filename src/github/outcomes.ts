/**
 * Expected refusals as values: a 404 that means absence, a 422 that means a lost race.
 */
import { RequestError } from "@octokit/request-error";
import { SyncError } from "../core/errors.ts";
import { messageOf, statusOf } from "./faults.ts";

/** The answer, or `null` when GitHub answered with one of `statuses`. A rate limit and other faults are thrown on. */
export async function orNull<T>(answer: Promise<T>, ...statuses: readonly number[]): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    const status = statusOf(causeOf(error));
    const isLimit = error instanceof SyncError && error.code === "rate-limited";
    if (status !== null && statuses.includes(status) && !isLimit) return null;
    throw error;
  }
}

/** Whether GitHub refused with this status and a message like this one. Other faults are thrown on. */
export async function isRefused(answer: Promise<unknown>, status: number, message: RegExp): Promise<boolean> {
  try {
    await answer;
    return false;
  } catch (error) {
    const cause = causeOf(error);
    if (cause instanceof RequestError && statusOf(cause) === status && message.test(messageOf(cause))) return true;
    throw error;
  }
}

function causeOf(error: unknown): unknown {
  return error instanceof SyncError ? error.cause : error;
}
