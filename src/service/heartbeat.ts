/**
 * Silence is a failure: a tick says that it came, also one that has nothing to do.
 */

import type { SyncState } from "../state/store.ts";
import type { ServiceOptions } from "./options.ts";
import { isUnknown, loadState, saveState } from "./record.ts";
import { QUIET_REFRESH_MS } from "./schedule.ts";

const NEWS_APART_MS = 5 * 60_000;

/**
 * Noted before every early end, at most every 15 minutes, and by dry runs too.
 *
 * @param isNews the state says something that is still to be saved
 */
export async function noteHeartbeat(state: SyncState, options: ServiceOptions, isNews = false): Promise<void> {
  const now = options.clock.now();
  // Nothing may be written over a state that could not be read.
  if (isUnknown(state)) return;
  const isWithin = (time: string | null, ms: number) => time !== null && Math.abs(now - Date.parse(time)) < ms;
  // News waits for the write of the next run where runs come often, so that a day has writes enough.
  const isLate = isNews
    ? !isWithin(state.lastCheckedAt, NEWS_APART_MS)
    : !isWithin(state.heartbeatAt, QUIET_REFRESH_MS);
  if (!isLate) return;
  await saveQuiet({ ...state, heartbeatAt: new Date(now).toISOString() }, state, options);
}

/** A tick without news must not put an older state in the place of what a run stored meanwhile. */
export async function saveQuiet(state: SyncState, before: SyncState, options: ServiceOptions): Promise<void> {
  const now = await loadState(options);
  if (isUnknown(now) || now.lastRun?.id !== before.lastRun?.id) return;
  await saveState(state, before, options);
}
