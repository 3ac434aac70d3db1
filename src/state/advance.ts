/**
 * How a run changes the state: the schedule, and for people the latest report of each repository and the counters.
 * Pure.
 */

import {
  hasFailed,
  isDeed,
  type ModifiedRecord,
  type Report,
  type RepositoryOutcome,
  type RepositoryReport,
} from "../contract/report.ts";
import { nextAttemptAfter } from "../core/back-off.ts";
import { isLasting } from "../core/errors.ts";
import type { RunResult } from "../sync/run.ts";
import { countRun } from "./counters.ts";
import { faultsOf, TOLD_AFTER_ERRORS } from "./faults.ts";
import { type SyncState, summarizeRun } from "./store.ts";
import { tellLater } from "./told.ts";

/** A finished run that wrote, or tried to. */
export interface FinishedRun {
  readonly result: RunResult;
  readonly trigger: Report["trigger"];
  /** From when a back-off counts (ms since the epoch). */
  readonly from: number;
  /** The cron started it, so that it is alive. */
  readonly isTick: boolean;
}

/** The timestamp moves only when all is settled; scheduled failures back off. */
export function advanceState(state: SyncState, { result, trigger, from, isTick }: FinishedRun): SyncState {
  const { report, memory, isComplete, isSettled, hasFailedAnew, againAt, retryAt, isStampOpen } = result;
  const repositories = mergeLatest(state.repositories, report, isComplete);
  const checked: SyncState = {
    ...state,
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
    ...standing(state, report, repositories, hasFailedAnew),
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
function standing(
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

/**
 * The latest report of each repository after a run, without field values, and with `since`.
 *
 * What a run did not look at stays as it was: held categories after a run over others, and everything that was known
 * of a repository when a run fails.
 *
 * @param isComplete the run was over everything that is configured, so that what it has not is not configured any more
 */
export function mergeLatest(
  before: readonly RepositoryReport[],
  report: Report,
  isComplete: boolean,
): RepositoryReport[] {
  const isAll = isComplete && report.error === undefined;
  const isNamed = ({ repository }: RepositoryReport) =>
    report.repositories.some((entry) => entry.repository === repository);
  const latest = new Map(before.filter((entry) => !isAll || isNamed(entry)).map((entry) => [entry.repository, entry]));
  for (const entry of report.repositories) {
    const known = latest.get(entry.repository);
    latest.set(
      entry.repository,
      mergeRepository({ before: known, now: entry, isAll, at: report.finishedAt, run: report.id }),
    );
  }
  return [...latest.values()];
}

interface Merge {
  readonly before: RepositoryReport | undefined;
  readonly now: RepositoryReport;
  readonly isAll: boolean;
  readonly at: string;
  /** Its id. */
  readonly run: string;
}

/** Drift that waits where nothing is open on GitHub; a run over other categories does not see it. */
const UNSEEN: readonly RepositoryOutcome[] = ["rejected", "below-threshold"];

function mergeRepository({ before, now, isAll, at, run }: Merge): RepositoryReport {
  if (!isAll && now.outcome === "in-sync" && before !== undefined && UNSEEN.includes(before.outcome)) return before;
  const isFailure = now.outcome === "failed" || now.outcome === "conflict";
  const { checked } = now;
  const kept = Object.entries(before?.categories ?? {}).filter(([name, { held, failed }]) => {
    const isKeptBack = held !== undefined || failed !== undefined;
    return (
      isFailure || (isKeptBack && !isAll && checked !== undefined && !checked.some((category) => category === name))
    );
  });
  const pullRequest = isFailure ? (before?.pullRequest ?? null) : withStanding(now, before);
  const isSame =
    before !== undefined &&
    standingOf(before.outcome) === standingOf(now.outcome) &&
    before.pullRequest?.number === pullRequest?.number;
  const publisher = isDeed(now.outcome) ? run : isSame ? before.run : undefined;
  return {
    ...now,
    ...(isFailure ? { standing: before?.standing ?? before?.outcome ?? now.outcome } : {}),
    pullRequest,
    ...(publisher === undefined ? {} : { run: publisher }),
    ...(checked === undefined ? {} : { checked: isAll ? checked : union(before?.checked, checked) }),
    categories: { ...Object.fromEntries(kept), ...stillHeld(before, withoutValues(now.categories)) },
    since: (isSame ? before.since : undefined) ?? at,
    // A report that is carried forward tells when it was made.
    seenAt: now.seenAt ?? at,
  };
}

/** A category that cannot be read for a while is held as before. */
function stillHeld(before: RepositoryReport | undefined, now: RepositoryReport["categories"]) {
  const entries = Object.entries(now).map(([name, category]) => {
    const was = Object.entries(before?.categories ?? {}).find(([other]) => other === name)?.[1]?.held;
    return [name, category.failed === undefined || was === undefined ? category : { ...category, held: was }];
  });
  return Object.fromEntries(entries);
}

function union(before: RepositoryReport["checked"] = [], now: NonNullable<RepositoryReport["checked"]>) {
  return [...new Set([...before, ...now])];
}

/** What a look found of the pull request holds until something is pushed. */
function withStanding({ pullRequest, commit }: RepositoryReport, before: RepositoryReport | undefined) {
  const known = before?.pullRequest ?? null;
  if (pullRequest === null || commit !== null || known?.number !== pullRequest.number) return pullRequest;
  return { ...known, ...pullRequest };
}

/** Outcomes that tell of a deed and those that tell of its result mean the same state of things. */
function standingOf(outcome: RepositoryOutcome): RepositoryOutcome {
  if (outcome === "created" || outcome === "updated") return "current";
  return outcome === "closed" || outcome === "committed" ? "in-sync" : outcome;
}

/** The state is parsed by every tick, so it stays small. */
function withoutValues(categories: RepositoryReport["categories"]): RepositoryReport["categories"] {
  const plain = ({ name, fields }: ModifiedRecord): ModifiedRecord => ({ name, fields });
  return Object.fromEntries(
    Object.entries(categories).map(([name, category]) => [
      name,
      { ...category, modified: category.modified.map(plain) },
    ]),
  );
}
