/**
 * When to look, when to run, and when to wait. Pure.
 */

/**
 * Whether a cron expression is the watch: it fires every minute or every few (`*`, or a step such as `*` + `/5`).
 *
 * Any other expression, such as the `0 ...` of `wrangler.toml`, reconciles.
 */
export function isWatchCron(cron: string): boolean {
  return cron.trimStart().startsWith("*");
}

const MINUTE_MS = 60_000;
export const QUIET_REFRESH_MS = 15 * MINUTE_MS;

/**
 * Whether this minute's tick belongs to the watch interval, from the scheduled time alone.
 *
 * @example isWatchMinute(Date.UTC(2026, 0, 1, 0, 5), 300) // true: the first tick at or after each fifth minute
 */
export function isWatchMinute(scheduledTime: number, intervalSeconds: number): boolean {
  return isFirstIn(intervalSeconds, scheduledTime, 60);
}

/** Whether a tick is the first of each `everySeconds`, when one comes every `stepSeconds`. */
export function isFirstIn(everySeconds: number, at: number, stepSeconds: number): boolean {
  const everyMs = everySeconds * 1000;
  if (everySeconds <= stepSeconds) return true;
  return Math.floor(at / everyMs) !== Math.floor((at - stepSeconds * 1000) / everyMs);
}

/** Longer than any wait this service gives itself: a rate limit of a day, and a back-off. */
const MAX_WAIT_MS = 25 * 60 * MINUTE_MS;

/** Whether a tick has to wait. A stored time that cannot be ours, being damaged, must not stop the service for good. */
export function isBackedOff(nextAttemptAt: string | null, scheduledTime: number): boolean {
  const waitMs = nextAttemptAt === null ? 0 : Date.parse(nextAttemptAt) - scheduledTime;
  return waitMs > 0 && waitMs <= MAX_WAIT_MS;
}
