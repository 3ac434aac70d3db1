/**
 * How a run changes the state: the schedule, and what people are told of it. Pure.
 */

import { hasFailed, type Report, type RepositoryReport } from "../contract/report.ts";
import { nextAttemptAfter } from "../core/back-off.ts";
import { isLasting } from "../core/errors.ts";
import type { RunResult } from "../sync/run.ts";
import { countRun } from "./counters.ts";
import { faultsOf, TOLD_AFTER_ERRORS } from "./faults.ts";
import { mergeLatest } from "./latest.ts";
import { type Subjects, type SyncState, summarizeRun } from "./store.ts";
import { subjectsAfter } from "./subjects.ts";
import { tellLater } from "./told.ts";

/** A finished run that wrote, or tried to. */
export interface FinishedRun {
  readonly result: RunResult;
  readonly trigger: Report["trigger"];
  /** What the settings name, which is what it looked at. */
  readonly subjects: Subjects;
  /** From when a back-off counts (ms since the epoch). */
  readonly from: number;
  /** The cron started it, so that it is alive. */
  readonly isTick: boolean;
}

/** The timestamp moves only when all is settled; scheduled failures back off. */
export function advanceState(state: SyncState, { result, trigger, subjects, from, isTick }: FinishedRun): SyncState {
  const { report, memory, isComplete, isSettled, hasFailedAnew, againAt, retryAt, isStampOpen } = result;
  const repositories = mergeLatest(state.repositories, report, isComplete);
  const checked: SyncState = {
    ...state,
    subjects: subjectsAfter(state.subjects, subjects, result),
    repositories,
    counters: countRun(state.counters, report),
    lastRun: summarizeRun(report),
    lastError: report.error ?? null,
    rateLimit: report.rateLimit ?? state.rateLimit,
    memory,
    lastCheckedAt: report.finishedAt,
    ...(isTick ? { heartbeatAt: laterOf(report.finishedAt, from) } : {}),
    kills: 0,
    markSeen: report.finishedAt,
    told: tellLater(state.told, report, repositories),
    ...failingAfter(state, report, repositories, hasFailedAnew),
  };
  if (isSettled) {
    const settled = {
      isStampOpen,
      isUnsettled: false,
      awaiting: null,
      consecutiveErrors: 0,
      outages: 0,
      nextAttemptAt: null,
    };
    return { ...checked, ...settled, lastUpdated: report.primary.lastUpdated, lastSuccessAt: report.finishedAt };
  }
  // What failed before it is over, also where the run was over a part.
  const passed = { consecutiveErrors: 0, outages: 0, nextAttemptAt: null };
  if (!hasFailed(report) && !isComplete) return checked.failingSince === null ? { ...checked, ...passed } : checked;
  const isScheduled = trigger !== "manual";
  const consecutiveErrors = state.consecutiveErrors + (isScheduled && hasFailedAnew ? 1 : 0);
  // It waits alone: nothing else waits for it.
  if (againAt !== null) {
    const awaiting = { lastUpdated: report.primary.lastUpdated, until: new Date(againAt).toISOString() };
    const errors = hasFailed(report)
      ? { consecutiveErrors }
      : { consecutiveErrors: 0, lastSuccessAt: report.finishedAt };
    return { ...checked, isStampOpen, isUnsettled: false, awaiting, ...errors, outages: 0, nextAttemptAt: null };
  }
  const outages = state.outages + (isScheduled ? 1 : 0);
  const nextAttempt = isScheduled ? nextAttemptAfter(from, outages, retryAt) : retryAt;
  const nextAttemptAt = nextAttempt === null ? state.nextAttemptAt : new Date(nextAttempt).toISOString();
  return { ...checked, isUnsettled: true, awaiting: null, consecutiveErrors, outages, nextAttemptAt };
}

/**
 * A clock that is set back while a run is under way leaves times to wait for that count from when it was due. A state
 * that says when that was is known for one of the future.
 */
function laterOf(time: string, other: number): string {
  return Date.parse(time) >= other ? time : new Date(other).toISOString();
}

/** Failing from the first failed attempt on, whoever asked for it. What a run did not look at goes on failing. */
function failingAfter(
  state: SyncState,
  report: Report,
  repositories: readonly RepositoryReport[],
  hasFailedAnew: boolean,
): Pick<SyncState, "failingSince" | "isFailingTold"> {
  const { failingSince, isFailingTold } = state;
  if (!hasFailed(report)) {
    const goesOn = faultsOf({ repositories }).length > 0;
    return goesOn ? { failingSince, isFailingTold } : { failingSince: null, isFailingTold: false };
  }
  const isTold = state.isFailingTold || faultsOf(report).some(isLasting);
  return {
    failingSince: state.failingSince ?? report.startedAt,
    isFailingTold: isTold || state.consecutiveErrors + (hasFailedAnew ? 1 : 0) >= TOLD_AFTER_ERRORS,
  };
}

/**
 * A run that was killed is a failure.
 *
 * @param mark when it began (ISO 8601)
 * @param at now (ms since the epoch)
 * @param from from when its back-off counts (ms since the epoch)
 */
export function advanceKilled(state: SyncState, mark: string, { at, from }: { at: number; from: number }): SyncState {
  const kills = state.kills + 1;
  const consecutiveErrors = state.consecutiveErrors + 1;
  const outages = state.outages + 1;
  const often =
    kills < 3
      ? "It is tried again."
      : `That was so ${kills} times in a row: the plan's limits do not carry it. Use Workers Paid, or the command line.`;
  const message = `The run that began at ${mark} never ended: the platform stopped it, for its CPU time or its memory. ${often}`;
  return {
    ...state,
    kills,
    consecutiveErrors,
    outages,
    markSeen: mark,
    isUnsettled: true,
    lastError: { code: "run-killed", message },
    failingSince: state.failingSince ?? mark,
    isFailingTold: state.isFailingTold || kills >= TOLD_AFTER_ERRORS,
    heartbeatAt: new Date(at).toISOString(),
    nextAttemptAt: new Date(nextAttemptAfter(from, outages, null)).toISOString(),
  };
}
