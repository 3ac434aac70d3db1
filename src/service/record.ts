/**
 * What the service keeps between runs, and who is told of it. A store that fails costs requests, and never a run.
 */

import { hasFailed, isDeed } from "../contract/report.ts";
import { nextAttemptAfter } from "../core/back-off.ts";
import { describeFault, type Logger } from "../core/log.ts";
import { deriveEvents, happensOnce, type SyncEvent } from "../notify/events.ts";
import { advanceState, type FinishedRun } from "../state/advance.ts";
import { advanceByDryRun } from "../state/advance-by-dry-run.ts";
import { EMPTY_STATE, type StateStore, type SyncState, UNREAD } from "../state/store.ts";

export interface RecordOptions {
  readonly store: StateStore;
  readonly log: Logger;
  /** Of writes. Outlives an invocation; where it is missing nothing backs off. */
  readonly unsaved?: StoreTrouble;
  /** Of reads, in the same way. */
  readonly unread?: StoreTrouble;
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
const UNKNOWN_STATE: SyncState = { ...EMPTY_STATE, isUnsettled: true, [UNREAD]: true };

/**
 * Whether it is the state of a store that could not be read, or was made of it. One that was read and is damaged is
 * known to be of no use, and may be written over.
 */
export function isUnknown(state: SyncState): boolean {
  return state[UNREAD] === true;
}

/** A store that refuses reads would have every tick run in full, with nothing known: its ticks back off, too. */
export async function loadState({ store, log, unread, now }: RecordOptions): Promise<SyncState> {
  try {
    const state = await store.load();
    if (unread !== undefined) Object.assign(unread, NO_TROUBLE);
    return state;
  } catch (error) {
    log.warn("state.load-failed", describeFault(error));
    if (unread !== undefined) countTrouble(unread, now?.() ?? 0);
    return UNKNOWN_STATE;
  }
}

function countTrouble(trouble: StoreTrouble, now: number): void {
  // Several reads of one attempt are one failure.
  if (trouble.until !== null && now < trouble.until) return;
  trouble.times++;
  trouble.until = nextAttemptAfter(now, trouble.times, null);
}

/** A run that brought nothing about is no record of its own, unless somebody asked for it; a failure is, the first time. */
function isNews({ result, trigger }: FinishedRun, before: SyncState, events: readonly SyncEvent[]): boolean {
  const { report } = result;
  const isFailure = hasFailed(report);
  const wrote = report.repositories.some(({ outcome }) => isDeed(outcome));
  const isAsked = trigger === "manual" || trigger === "cli" || before.lastRun === null;
  const isTurn = before.lastRun?.outcome !== report.outcome;
  return isAsked || wrote || events.length > 0 || isTurn || (isFailure && before.failingSince === null);
}

/** At most two writes of the store. @returns whether the run is accounted for; of a dry run nothing has to be */
export async function recordRun(run: FinishedRun, state: SyncState, options: RecordOptions): Promise<boolean> {
  if (run.result.report.dryRun) {
    await recordDryRun(run, state, options);
    return true;
  }
  const { isSaved, events } = await saveAndTell(advanceState(state, run), state, options);
  await keepReport(run, state, events, options);
  return isSaved;
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
    const { events } = await saveAndTell(advanceByDryRun(state, run), state, options);
    return keepReport(run, state, events, options);
  }
  if (options.remembersDryRuns !== true) return;
  const isSettled = !hasFailed(run.result.report);
  await saveQuietly(advanceState(state, { ...run, result: { ...run.result, isSettled } }), options);
}

/** What is not stored will be seen again, so that only deeds are told of then. */
export async function saveState(state: SyncState, before: SyncState, options: RecordOptions): Promise<void> {
  await saveAndTell(state, before, options);
}

async function saveAndTell(
  state: SyncState,
  before: SyncState,
  options: RecordOptions,
): Promise<{ readonly isSaved: boolean; readonly events: readonly SyncEvent[] }> {
  const events = deriveEvents(before, state, options.reminderDays);
  const isSaved = await saveQuietly(state, options);
  // To a state that could not be read everything is new.
  const told = isSaved && !isUnknown(before) ? events : events.filter(happensOnce);
  if (told.length > 0) options.notify?.(told);
  return { isSaved, events: told };
}

/** A store that refuses writes would have every tick run in full: its ticks back off, 1, 2, 4 … 60 minutes. */
async function saveQuietly(state: SyncState, { store, log, unsaved, now }: RecordOptions): Promise<boolean> {
  try {
    await store.save(state);
    if (unsaved !== undefined) Object.assign(unsaved, NO_TROUBLE);
    return true;
  } catch (error) {
    log.warn("state.save-failed", describeFault(error));
    if (unsaved !== undefined) countTrouble(unsaved, now?.() ?? 0);
    return false;
  }
}

/** What an isolate knows of a store that refuses something. */
export interface StoreTrouble {
  times: number;
  /** Milliseconds since the epoch. */
  until: number | null;
}

export const NO_TROUBLE: Readonly<StoreTrouble> = { times: 0, until: null };
