/**
 * How a process ends when it is asked to: waits end at once, a run may finish for a while, and then its requests are
 * aborted. A second signal ends the process on the spot.
 */
import { sleepUntil } from "../core/sleep-until.ts";
import type { Fetch } from "../net/transport.ts";
import { exitCodeOf, type Host, type StopSignal } from "./host.ts";

/** Docker kills ten seconds after it asked. */
export const GRACE_MS = 8000;

export interface Stop {
  /** Which signal asked first. */
  readonly signal: () => StopSignal | null;
  readonly asked: AbortSignal;
  /** The time to finish is over. */
  readonly aborted: AbortSignal;
  /** Resolves after the time, or when a stop is asked for. */
  pause(ms: number): Promise<void>;
}

export function createStop({ onSignal, clock, exit }: Pick<Host, "onSignal" | "clock" | "exit">): Stop {
  const asked = new AbortController();
  const aborted = new AbortController();
  let first: StopSignal | null = null;
  onSignal((signal) => {
    if (first !== null) return exit(exitCodeOf(signal));
    first = signal;
    asked.abort();
    clock.sleep(GRACE_MS).then(() => aborted.abort());
  });
  return {
    signal: () => first,
    asked: asked.signal,
    aborted: aborted.signal,
    pause: (ms) => sleepUntil(clock.sleep, ms, asked.signal),
  };
}

/** Requests end, and none begins, after the signal. */
export function abortable(fetch: Fetch, signal: AbortSignal): Fetch {
  return (url, init) => {
    const own = init.signal ?? null;
    return fetch(url, { ...init, signal: own === null ? signal : AbortSignal.any([signal, own]) });
  };
}
