/**
 * How a dry run that is kept changes the state. Pure.
 */
import { advanceState, type FinishedRun } from "./advance.ts";
import type { SyncState } from "./store.ts";

/** Long enough to cost little, and short enough that what was planned is published soon when writing is allowed again. */
const PLANNED_AGAIN_MS = 15 * 60_000;

/**
 * People see what it found. What it planned is not done, and is planned again after a while, not with every tick. Its
 * memory is not kept, as it knows of nothing that was published.
 */
export function advanceByDryRun(state: SyncState, run: FinishedRun): SyncState {
  const { report, isSettled, againAt } = run.result;
  const hasFailed = report.outcome === "failed" || report.outcome === "partial";
  const plannedAgainAt = isSettled || hasFailed ? againAt : Date.parse(report.finishedAt) + PLANNED_AGAIN_MS;
  return advanceState(state, { ...run, result: { ...run.result, memory: state.memory, againAt: plannedAgainAt } });
}
