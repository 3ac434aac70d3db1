/**
 * The mark of a run that began, under a key of its own. The platform stops a run that needs too much without a word:
 * all that tells of it is a mark whose end nobody recorded.
 */

import type { Config } from "../config/config.ts";
import { describeFault } from "../core/log.ts";
import type { SyncState } from "../state/store.ts";
import { RUN_DEADLINE_MS } from "./connect.ts";
import type { ServiceOptions } from "./options.ts";

/** A run has its deadline, and two minutes to be recorded. */
export const KILLED_AFTER_MS = RUN_DEADLINE_MS + 2 * 60_000;

/** What is older is a leftover of a time when the state was lost. */
const MAX_MARK_MS = 2 * 60 * 60_000;

/** Without a watch the next look may come as late. */
const RECONCILE_MS = 7 * 60 * 60_000;

/** @returns when the last run began (ISO 8601) */
export async function readMark({ store, log }: ServiceOptions): Promise<string | null> {
  try {
    return await store.readMark();
  } catch (error) {
    log.warn("state.load-failed", describeFault(error));
    return null;
  }
}

export function wasKilled(mark: string, state: SyncState, at: number, { watch }: Pick<Config, "watch">): boolean {
  const maxMs = Math.max(MAX_MARK_MS, watch.enabled ? 2000 * watch.intervalSeconds : RECONCILE_MS);
  return isOpen(mark, state, at, maxMs) && at - Date.parse(mark) >= KILLED_AFTER_MS;
}

/**
 * What is not marked cannot be missed; it costs nothing else. The mark of a run whose end nobody knows yet stays: were
 * it moved by the run of every minute, it would never grow old enough.
 *
 * @param mark when the last run began (ISO 8601)
 */
export async function markBeginning(mark: string | null, state: SyncState, options: ServiceOptions): Promise<void> {
  const { store, clock, log } = options;
  const at = clock.now();
  if (mark !== null && isOpen(mark, state, at)) return;
  try {
    await store.mark(new Date(at).toISOString());
  } catch (error) {
    log.warn("state.save-failed", describeFault(error));
  }
}

/** A run that ended and could not be recorded was not killed. */
export async function clearMark({ store, log }: ServiceOptions): Promise<void> {
  try {
    await store.mark("");
  } catch (error) {
    log.warn("state.save-failed", describeFault(error));
  }
}

/** Whether a run that began a short while ago may still be at work. */
export function isAtWork(mark: string | null, state: SyncState, at: number): boolean {
  return mark !== null && isOpen(mark, state, at) && at - Date.parse(mark) < RUN_DEADLINE_MS;
}

/** Whether nothing is known of the run that began then: it is at work, or was killed. */
function isOpen(mark: string, { markSeen }: SyncState, at: number, maxMs = MAX_MARK_MS): boolean {
  const began = Date.parse(mark);
  if (!(at >= began) || at - began > maxMs) return false;
  return markSeen === null || Date.parse(markSeen) < began;
}
