/**
 * From when on something is wrong. Pure.
 */
const MINUTE_MS = 60_000;

export const DEGRADED_AFTER_ERRORS = 10;
/** Without a success for this long the service is stale, whatever the reason. */
export const STALE_AFTER_MS = 24 * 60 * MINUTE_MS;

/** No heartbeat for 45 minutes or three expected ticks, whichever is longer, means that the cron stopped. */
const SILENT_MS = 45 * MINUTE_MS;

/** @param last when a tick came last; it and `now` in milliseconds since the epoch */
export function isSilent(last: number, now: number, intervalSeconds: number): boolean {
  return now - last > Math.max(SILENT_MS, 3000 * intervalSeconds);
}
