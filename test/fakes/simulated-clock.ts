import type { Clock } from "../../src/net/transport.ts";
import { START } from "./clock.ts";

export interface SimulatedClock extends Clock {
  /** Lets this much time pass, and everything happen that falls into it. */
  advance(ms: number): Promise<void>;
  /** Lets time pass until this is settled, and no longer. */
  until<T>(promise: Promise<T>): Promise<T>;
  /** Lets everything happen that needs no time. */
  flush(): Promise<void>;
}

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** Time that passes from one sleeper to the next, so that whoever waits less wakes first, as in reality. */
export function createSimulatedClock(): SimulatedClock {
  let current = START;
  const sleepers: Sleeper[] = [];

  async function flush() {
    for (let turn = 0; turn < 6; turn++) await new Promise((resolve) => setImmediate(resolve));
  }

  /** @returns whether there was anybody to wake until then */
  async function wakeNext(until: number): Promise<boolean> {
    await flush();
    sleepers.sort((one, other) => one.at - other.at);
    const [first] = sleepers;
    if (first === undefined || first.at > until) return false;
    sleepers.shift();
    current = Math.max(current, first.at);
    first.wake();
    return true;
  }

  return {
    now: () => current,
    random: () => 0.5,
    sleep: (ms) => new Promise((wake) => sleepers.push({ at: current + ms, wake })),
    flush,
    async advance(ms) {
      const until = current + ms;
      while (await wakeNext(until));
      current = until;
      await flush();
    },
    async until(promise) {
      const state = { isSettled: false };
      const settled = () => {
        state.isSettled = true;
      };
      promise.then(settled, settled);
      await flush();
      while (!state.isSettled) {
        if (!(await wakeNext(Number.POSITIVE_INFINITY)))
          throw new Error("Nobody sleeps, and it is not settled: a hang.");
        await flush();
      }
      return promise;
    },
  };
}
