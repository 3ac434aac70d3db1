/**
 * What is worth telling people, from the state before and after a run. Pure: the same two states tell the same, and a
 * state against itself tells nothing.
 */

import type { ReportedPullRequest, RepositoryReport } from "../contract/report.ts";
import { isLasting } from "../core/errors.ts";
import { DEGRADED_AFTER_ERRORS } from "../state/alarm-limits.ts";
import { faultsOf } from "../state/faults.ts";
import type { SyncState } from "../state/store.ts";
import { hasOpenPull } from "../state/told.ts";

export type SyncEvent =
  | {
      readonly kind: "opened" | "updated";
      readonly repository: string;
      readonly pullRequest: ReportedPullRequest;
      readonly categories: readonly CategoryCounts[];
    }
  | { readonly kind: "held"; readonly repository: string; readonly category: string; readonly why: string }
  /** It waits for a person; without a pull request, the commits are on a branch that none was opened for. */
  | {
      readonly kind: "edited" | "rejected" | "closed";
      readonly repository: string;
      readonly pullRequest: ReportedPullRequest | null;
    }
  /** A pull request that nobody has merged or closed for days. */
  | {
      readonly kind: "waiting";
      readonly repository: string;
      readonly pullRequest: ReportedPullRequest;
      readonly days: number;
    }
  | { readonly kind: "failing" | "degraded"; readonly errors: number; readonly reasons: readonly string[] }
  | { readonly kind: "recovered"; readonly errors: number };

export interface CategoryCounts {
  readonly category: string;
  readonly added: number;
  readonly removed: number;
  readonly modified: number;
  readonly renamed: number;
}

/** @param reminderDays after how many days people are reminded of an open pull request; 0: never */
export function deriveEvents(before: SyncState, after: SyncState, reminderDays = 0): SyncEvent[] {
  const events = after.repositories.flatMap((now) => {
    const { repository } = now;
    const was = before.repositories.find((entry) => entry.repository === repository);
    const isTold = after.told[repository]?.at !== before.told[repository]?.at;
    return [
      ...(isTold ? pullRequestEvents(now, before.told[repository]?.pull ?? null) : []),
      ...turnEvents(was, now, isTold),
      ...heldEvents(was, now),
      ...reminders(now, before.lastCheckedAt, after.lastCheckedAt, reminderDays),
    ];
  });
  const wasDegraded = before.consecutiveErrors >= DEGRADED_AFTER_ERRORS;
  const isDegraded = after.consecutiveErrors >= DEGRADED_AFTER_ERRORS;
  if (isDegraded && !wasDegraded) {
    events.push({ kind: "degraded", errors: after.consecutiveErrors, reasons: reasonsOf(after) });
  }
  const isFailingNow = before.isFailingTold ? isWorse(before, after) && isDegraded === wasDegraded : !isDegraded;
  if (after.isFailingTold && isFailingNow) {
    events.push({ kind: "failing", errors: Math.max(1, after.consecutiveErrors), reasons: reasonsOf(after) });
  }
  if ((wasDegraded || before.isFailingTold) && after.consecutiveErrors === 0 && after.failingSince === null)
    events.push({ kind: "recovered", errors: Math.max(1, before.consecutiveErrors) });
  return events;
}

/** Something else that will not pass fails too, after people were told of what failed first. */
function isWorse(before: SyncState, after: SyncState): boolean {
  const known = faultsOf({ error: before.lastError, repositories: before.repositories });
  const now = faultsOf({ error: after.lastError, repositories: after.repositories });
  return now.some((code) => isLasting(code) && !known.includes(code));
}

/**
 * Whether an event tells of what a run did, which no later one repeats. The others are seen again as long as they are not
 * stored, so that they must wait for a state that was saved.
 */
export function happensOnce({ kind }: SyncEvent): boolean {
  return kind === "opened" || kind === "updated" || kind === "closed";
}

/** @param known the pull request that people were told of last */
function pullRequestEvents(now: RepositoryReport, known: number | null): SyncEvent[] {
  const { repository, pullRequest } = now;
  if (pullRequest === null || !hasOpenPull(now)) return [];
  const kind = pullRequest.number === known ? "updated" : "opened";
  return [{ kind, repository, pullRequest, categories: countsOf(now) }];
}

const DAY_MS = 24 * 60 * 60_000;

/** Once for each pull request: when its age passes the mark between two looks (ISO 8601, UTC). */
function reminders(now: RepositoryReport, before: string | null, after: string | null, days: number): SyncEvent[] {
  const { repository, pullRequest, outcome } = now;
  const isWaiting = hasOpenPull(now) || outcome === "edited";
  if (!isWaiting || days === 0 || pullRequest?.openedAt === undefined || before === null || after === null) return [];
  const due = Date.parse(pullRequest.openedAt) + days * DAY_MS;
  const isPassed = Date.parse(before) < due && due <= Date.parse(after);
  return isPassed ? [{ kind: "waiting", repository, pullRequest, days }] : [];
}

/** Once for each pull request, however often it is found so. */
function turnEvents(
  was: RepositoryReport | undefined,
  { repository, outcome, pullRequest }: RepositoryReport,
  isTold: boolean,
): SyncEvent[] {
  if (outcome === "closed" && !isTold) return [];
  if (outcome !== "edited" && outcome !== "rejected" && outcome !== "closed") return [];
  // A fault in between changes nothing of how it stood.
  const before = was?.standing ?? was?.outcome;
  if (before === outcome && was?.pullRequest?.number === pullRequest?.number) return [];
  return [{ kind: outcome, repository, pullRequest }];
}

function countsOf({ categories }: RepositoryReport): CategoryCounts[] {
  return Object.entries(categories)
    .filter(([, { held }]) => held === undefined)
    .map(([category, { added, removed, modified, renamed = [] }]) => {
      const counts = { added: added.length, removed: removed.length, modified: modified.length };
      return { category, ...counts, renamed: renamed.length };
    })
    .filter(({ added, removed, modified, renamed }) => added + removed + modified + renamed > 0);
}

/** Once per category, also when the number of records that are held back changes meanwhile. */
function heldEvents(was: RepositoryReport | undefined, now: RepositoryReport): SyncEvent[] {
  const before = new Map(Object.entries(was?.categories ?? {}));
  return Object.entries(now.categories).flatMap(([category, { held }]) => {
    if (held === undefined || before.get(category)?.held !== undefined) return [];
    return [{ kind: "held" as const, repository: now.repository, category, why: held }];
  });
}

function reasonsOf({ lastError, repositories }: SyncState): string[] {
  const failed = repositories.flatMap(({ repository, error, categories }) => [
    ...(error === undefined ? [] : [`${repository}: ${error.message}`]),
    ...Object.values(categories).flatMap(({ failed }) =>
      failed === undefined ? [] : [`${repository}: ${failed.message}`],
    ),
  ]);
  return [...(lastError === null ? [] : [lastError.message]), ...failed];
}
