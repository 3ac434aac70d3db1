/**
 * How a dry run that is kept changes the state. Pure.
 */
import { hasFailed } from "../contract/report.ts";
import { advanceState, type FinishedRun } from "./advance.ts";
import { errorsOf } from "./faults.ts";
import type { SyncState } from "./store.ts";
import { subjectsAfter } from "./subjects.ts";

/** Long enough to cost little, and short enough that what was planned is published soon when writing is allowed again. */
const PLANNED_AGAIN_MS = 15 * 60_000;

/** When the same is planned again, unless PRIMARY changes before (ms). */
function planAgainAt(finishedAt: string): number {
  return Date.parse(finishedAt) + PLANNED_AGAIN_MS;
}

/**
 * People see what it found. What it planned is not done, and is planned again after a while, not with every tick. Its
 * memory is not kept, as it knows of nothing that was published.
 */
export function advanceByDryRun(state: SyncState, run: FinishedRun): SyncState {
  const { report, isSettled, againAt } = run.result;
  const plannedAgainAt = isSettled || hasFailed(report) ? againAt : planAgainAt(report.finishedAt);
  return advanceState(state, { ...run, result: { ...run.result, memory: state.memory, againAt: plannedAgainAt } });
}

/**
 * What is kept of a dry run that is not: whether it failed, because failure must look like failure. Nothing of what it
 * found.
 */
export function noteDryRun(state: SyncState, run: FinishedRun): SyncState {
  const { report } = run.result;
  const { finishedAt } = report;
  if (!hasFailed(report)) {
    const passed = { consecutiveErrors: 0, outages: 0, kills: 0, nextAttemptAt: null, lastError: null };
    const since = { failingSince: null, isFailingTold: false };
    const subjects = subjectsAfter(state.subjects, run.subjects, run.result);
    const until = new Date(planAgainAt(finishedAt)).toISOString();
    const awaiting = { lastUpdated: report.primary.lastUpdated, until };
    return { ...state, subjects, ...passed, ...since, awaiting, lastCheckedAt: finishedAt, lastSuccessAt: finishedAt };
  }
  const result = { ...run.result, isSettled: false, isComplete: true, hasFailedAnew: true, againAt: null };
  const { consecutiveErrors, outages, nextAttemptAt, failingSince, isFailingTold } = advanceState(state, {
    ...run,
    result,
  });
  const [lastError = null] = errorsOf(report);
  const failing = { failingSince, isFailingTold, lastError, lastCheckedAt: finishedAt };
  return { ...state, consecutiveErrors, outages, nextAttemptAt, ...failing };
}
