/** How long to wait after failures in a row. Pure. */

const MINUTE_MS = 60_000;
const MAX_MINUTES = 60;
/** A PRIMARY that puts us off for a day must not stop the watch for one. */
export const MAX_RETRY_AFTER_MS = 60 * MINUTE_MS;

/** 1, 2, 4 … 60 minutes, in milliseconds, after the first, second, third … failure in a row. */
export function backOffMs(times: number): number {
  return Math.min(MAX_MINUTES, 2 ** Math.max(0, times - 1)) * MINUTE_MS;
}

/** 1, 2, 4 … 60 minutes after the first, second, third … failure in a row, or later if the other side said so. */
export function nextAttemptAfter(from: number, consecutiveErrors: number, retryAt: number | null): number {
  return Math.max(from + backOffMs(consecutiveErrors), retryAt ?? 0);
}
