import type { Clock } from "../../src/net/transport.ts";

export interface FakeClock extends Clock {
  /** Every wait that was asked for, in milliseconds. */
  readonly sleeps: readonly number[];
  advance(ms: number): void;
}

export const START = Date.UTC(2026, 10, 21, 12, 0, 0);

/** So many minutes after `START`, as ISO 8601. */
export const iso = (minute: number) => new Date(START + minute * 60_000).toISOString();

/** Time that passes only when somebody waits. */
export function createFakeClock({ now = START, random = 0.5 } = {}): FakeClock {
  const sleeps: number[] = [];
  let current = now;
  return {
    sleeps,
    now: () => current,
    random: () => random,
    advance: (ms) => {
      current += ms;
    },
    sleep: async (ms) => {
      sleeps.push(ms);
      current += ms;
    },
  };
}
