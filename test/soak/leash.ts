/**
 * What an invocation of the Worker does to the world outside, so that it can be stopped: after a step it does nothing
 * more and is never heard of again, as when the platform kills it.
 */
export interface Leash {
  /** One request, or one operation of KV. */
  step<T>(act: () => Promise<T>): Promise<T>;
  /** Settles as the work does, or as `null` when it was stopped. */
  follow<T>(work: Promise<T>): Promise<T | null>;
}

export const UNBOUND: Leash = { step: (act) => act(), follow: (work) => work };

/** @param steps that are done; the next one is not */
export function leashAfter(steps: number): Leash {
  let stop = () => {};
  const stopped = new Promise<null>((resolve) => {
    stop = () => resolve(null);
  });
  let done = 0;
  return {
    step(act) {
      if (done >= steps) {
        stop();
        return new Promise(() => {});
      }
      done++;
      return act();
    },
    follow: (work) => Promise.race([work, stopped]),
  };
}

/** Stands still before a step, and with all that follow, until it is let go, as a run does that waits long for answers. */
export function leashHeldAt(step: number, letGo: Promise<void>): Leash {
  let done = 0;
  return {
    async step(act) {
      if (done++ >= step) await letGo;
      return act();
    },
    follow: (work) => work,
  };
}
