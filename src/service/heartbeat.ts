/**
 * Silence is a failure: a tick says that it came, also one that has nothing to do.
 */
import { loadState, saveState, UNKNOWN_STATE } from "../state/record.ts";
import type { SyncState } from "../state/store.ts";
import type { ServiceOptions } from "./options.ts";
import { QUIET_REFRESH_MS } from "./schedule.ts";

/**
 * Noted before every early end, at most every 15 minutes, and by dry runs too.
 *
 * @param isNews the state says something that is still to be saved
 */
export async function noteHeartbeat(state: SyncState, options: ServiceOptions, isNews = false): Promise<void> {
  const now = options.clock.now();
  // Nothing may be written over a state that could not be read.
  if (state === UNKNOWN_STATE) return;
  const isLately = state.heartbeatAt !== null && Math.abs(now - Date.parse(state.heartbeatAt)) < QUIET_REFRESH_MS;
  if (isLately && !isNews) return;
  await saveQuiet({ ...state, heartbeatAt: new Date(now).toISOString() }, state, options);
}

/** A tick without news must not put an older state in the place of what a run stored meanwhile. */
export async function saveQuiet(state: SyncState, before: SyncState, options: ServiceOptions): Promise<void> {
  const now = await loadState(options);
  if (now === UNKNOWN_STATE || now.lastRun?.id !== before.lastRun?.id) return;
  await saveState(state, before, options);
}
