import type { Clock } from "../../src/net/transport.ts";

/** A Saturday, at midnight UTC, when KV's days begin. */
export const START = Date.UTC(2026, 10, 21);

export interface SoakClock extends Clock {
  /** What the time really is, however wrong the Worker's clock is. */
  trueNow(): number;
  /** Lets time pass up to then, if it is not over yet. */
  reach(at: number): void;
  /** How far the Worker's clock is ahead, in milliseconds. */
  skewMs: number;
}

/** Time that passes only when somebody waits, or the month goes on. */
export function createSoakClock(random: () => number): SoakClock {
  let current = START;
  const clock: SoakClock = {
    skewMs: 0,
    trueNow: () => current,
    now: () => current + clock.skewMs,
    random,
    reach(at) {
      current = Math.max(current, at);
    },
    async sleep(ms) {
      // As the platform's clock: whole milliseconds.
      current += Math.ceil(ms);
    },
  };
  return clock;
}
