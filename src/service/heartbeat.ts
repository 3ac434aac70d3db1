/**
 * Silence is a failure: a tick says that it came, also one that has nothing to do.
 */
import { saveState, UNKNOWN_STATE } from "../state/record.ts";
import type { SyncState } from "../state/store.ts";
import type { ServiceOptions } from "./options.ts";
import { QUIET_REFRESH_MS } from "./schedule.ts";

/** Noted before every early end, at most every 15 minutes, and by dry runs too. */
export async function noteHeartbeat(state: SyncState, options: ServiceOptions): Promise<void> {
  const now = options.clock.now();
  // Nothing may be written over a state that could not be read.
  if (state === UNKNOWN_STATE) return;
  if (state.heartbeatAt !== null && Math.abs(now - Date.parse(state.heartbeatAt)) < QUIET_REFRESH_MS) return;
  await saveState({ ...state, heartbeatAt: new Date(now).toISOString() }, state, options);
}
