/**
 * What the service keeps between runs, and who is told of it. A store that fails costs requests, and never a run.
 */

import type { RepositoryOutcome } from "../contract/report.ts";
import { nextAttemptAfter } from "../core/back-off.ts";
import { describeFault, type Logger } from "../core/log.ts";
import { deriveEvents, isDeed, type SyncEvent } from "../notify/events.ts";
import { advanceState, type FinishedRun } from "./advance.ts";
import { advanceByDryRun } from "./advance-by-dry-run.ts";
import { EMPTY_STATE, type StateStore, type SyncState } from "./store.ts";

export interface RecordOptions {
  readonly store: StateStore;
  readonly log: Logger;
  /** Outlives an invocation; where it is missing nothing backs off. */
  readonly unsaved?: Unsaved;
  readonly now?: () => number;
  /** Told what a recorded run brought about; must not throw, and is not waited for. */
  readonly notify?: (events: readonly SyncEvent[]) => void;
  /** After how many days people are reminded of an open pull request; 0, the default: never. */
  readonly reminderDays?: number;
  /**
   * For a store that dies with the process: dry runs move its timestamp too, so that a watch plans each change once.
   * Without it a dry run leaves no trace at all.
   */
  readonly remembersDryRuns?: boolean;
  /** Dry runs are kept for people to see, and settle nothing, so that what they planned is still to be published. */
  readonly keepsDryRuns?: boolean;
}

/** Not the first tick, so that a change since the stored timestamp is looked for and not skipped. */
export const UNKNOWN_STATE: SyncState = { ...EMPTY_STATE, isUnsettled: true };

export async function loadState({ store, log }: RecordOptions): Promise<SyncState> {
  try {
    return await store.load();
  } catch (error) {
    log.warn("state.load-failed", describeFault(error));
    return UNKNOWN_STATE;
  }
}

/** A run that brought nothing about is no record of its own, unless somebody asked for it; a failure is, the first time. */
function isNews({ result, trigger }: FinishedRun, before: SyncState, events: readonly SyncEvent[]): boolean {
  const { report } = result;
  const isFailure = report.outcome === "failed" || report.outcome === "partial";
  const wrote = report.repositories.some(({ outcome }) => DEEDS.includes(outcome));
  const isAsked = trigger === "manual" || trigger === "cli" || before.lastRun === null;
  const isTurn = before.lastRun?.outcome !== report.outcome;
  return isAsked || wrote || events.length > 0 || isTurn || (isFailure && before.failingSince === null);
}

const DEEDS: readonly RepositoryOutcome[] = ["created", "updated", "closed", "committed"];

/** At most two writes of the store. */
export async function recordRun(run: FinishedRun, state: SyncState, options: RecordOptions): Promise<void> {
  if (run.result.report.dryRun) return recordDryRun(run, state, options);
  const events = await saveState(advanceState(state, run), state, options);
  await keepReport(run, state, events, options);
}

async function keepReport(
  run: FinishedRun,
  state: SyncState,
  events: readonly SyncEvent[],
  { store, log }: RecordOptions,
): Promise<void> {
  if (!isNews(run, state, events)) return;
  try {
    await store.recordRun(run.result.report);
  } catch (error) {
    log.warn("state.record-failed", describeFault(error));
  }
}

/** What a dry run planned is told, and so it is done with; nobody else is told. */
async function recordDryRun(run: FinishedRun, state: SyncState, options: RecordOptions): Promise<void> {
  if (options.keepsDryRuns === true) {
    await saveQuietly(advanceByDryRun(state, run), options);
    return keepReport(run, state, [], options);
  }
  if (options.remembersDryRuns !== true) return;
  const { outcome } = run.result.report;
  const isSettled = outcome !== "failed" && outcome !== "partial";
  await saveQuietly(advanceState(state, { ...run, result: { ...run.result, isSettled } }), options);
}

/** What is not stored will be seen again, so that only deeds are told of then. */
export async function saveState(
  state: SyncState,
  before: SyncState,
  options: RecordOptions,
): Promise<readonly SyncEvent[]> {
  const events = deriveEvents(before, state, options.reminderDays);
  const isSaved = await saveQuietly(state, options);
  const told = isSaved ? events : events.filter(isDeed);
  if (told.length > 0) options.notify?.(told);
  return told;
}

/** A store that refuses writes would have every tick run in full: its ticks back off, 1, 2, 4 … 60 minutes. */
async function saveQuietly(state: SyncState, { store, log, unsaved, now }: RecordOptions): Promise<boolean> {
  try {
    await store.save(state);
    if (unsaved !== undefined) Object.assign(unsaved, NOTHING_UNSAVED);
    return true;
  } catch (error) {
    log.warn("state.save-failed", describeFault(error));
    if (unsaved !== undefined) {
      unsaved.times++;
      unsaved.until = nextAttemptAfter(now?.() ?? 0, unsaved.times, null);
    }
    return false;
  }
}

/** What an isolate knows of a store that refuses writes. */
export interface Unsaved {
  times: number;
  /** Milliseconds since the epoch. */
  until: number | null;
}

export const NOTHING_UNSAVED: Readonly<Unsaved> = { times: 0, until: null };
