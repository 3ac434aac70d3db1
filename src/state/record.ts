/**
 * What the service keeps between runs, and who is told of it. A store that fails costs requests, and never a run.
 */
import { describeFault, type Logger } from "../core/log.ts";
import { deriveEvents, isDeed, type SyncEvent } from "../notify/events.ts";
import { advanceState, type FinishedRun } from "./advance.ts";
import { EMPTY_STATE, type StateStore, type SyncState } from "./store.ts";

export interface RecordOptions {
  readonly store: StateStore;
  readonly log: Logger;
  /** Told what a recorded run brought about; must not throw, and is not waited for. */
  readonly notify?: (events: readonly SyncEvent[]) => void;
  /**
   * For a store that dies with the process: dry runs move its timestamp too, so that a watch plans each change once.
   * Without it a dry run leaves no trace at all.
   */
  readonly remembersDryRuns?: boolean;
}

export async function loadState({ store, log }: RecordOptions): Promise<SyncState> {
  try {
    return await store.load();
  } catch (error) {
    log.warn("state.load-failed", describeFault(error));
    // Not the first tick, so that a change since the stored timestamp is looked for and not skipped.
    return { ...EMPTY_STATE, isUnsettled: true };
  }
}

/** At most two writes of the store. */
export async function recordRun(run: FinishedRun, state: SyncState, options: RecordOptions): Promise<void> {
  const { report } = run.result;
  if (report.dryRun) return recordDryRun(run, state, options);
  await saveState(advanceState(state, run), state, options);
  try {
    await options.store.recordRun(report);
  } catch (error) {
    options.log.warn("state.record-failed", describeFault(error));
  }
}

/** What a dry run planned is told, and so it is done with; nobody else is told. */
async function recordDryRun(run: FinishedRun, state: SyncState, options: RecordOptions): Promise<void> {
  if (options.remembersDryRuns !== true) return;
  const { outcome } = run.result.report;
  const isSettled = outcome !== "failed" && outcome !== "partial";
  await saveQuietly(advanceState(state, { ...run, result: { ...run.result, isSettled } }), options);
}

/** What is not stored will be seen again, so that only deeds are told of then. */
export async function saveState(state: SyncState, before: SyncState, options: RecordOptions): Promise<void> {
  const events = deriveEvents(before, state);
  const isSaved = await saveQuietly(state, options);
  options.notify?.(isSaved ? events : events.filter(isDeed));
}

async function saveQuietly(state: SyncState, { store, log }: RecordOptions): Promise<boolean> {
  try {
    await store.save(state);
    return true;
  } catch (error) {
    log.warn("state.save-failed", describeFault(error));
    return false;
  }
}
