/** How long to wait after failures in a row. Pure. */

const MINUTE_MS = 60_000;
const MAX_MINUTES = 60;

/** 1, 2, 4 … 60 minutes, in milliseconds, after the first, second, third … failure in a row. */
export function backOffMs(times: number): number {
  return Math.min(MAX_MINUTES, 2 ** Math.max(0, times - 1)) * MINUTE_MS;
}
