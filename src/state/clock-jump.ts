/**
 * What a clock that once ran ahead leaves behind. Pure.
 *
 * Every stored state says when it was stored. If that is yet to come, so are all its times, and whoever waited for them
 * would wait for as long as the clock was ahead.
 */
import type { SyncState } from "./store.ts";

/** What the clocks of two machines may differ by. */
const TOLERANCE_MS = 5 * 60_000;

/**
 * A state of the future as one of now: nothing waits any more, and the next run takes nothing on trust.
 *
 * @param now milliseconds since the epoch
 */
export function forgetFuture(state: SyncState, now: number): SyncState {
  const isOfFuture = (time: string | null) => time !== null && Date.parse(time) > now + TOLERANCE_MS;
  if (!isOfFuture(state.heartbeatAt) && !isOfFuture(state.lastCheckedAt)) return state;
  const atMost = (time: string | null) =>
    time === null || Date.parse(time) <= now ? time : new Date(now).toISOString();
  return {
    ...state,
    isUnsettled: true,
    awaiting: null,
    nextAttemptAt: null,
    bucket: null,
    heartbeatAt: isOfFuture(state.heartbeatAt) ? null : state.heartbeatAt,
    lastCheckedAt: atMost(state.lastCheckedAt),
    lastSuccessAt: atMost(state.lastSuccessAt),
    failingSince: atMost(state.failingSince),
    markSeen: atMost(state.markSeen),
  };
}
