/**
 * How a run changes what is remembered for people: the latest report of each repository, and the counters. Pure.
 */
import type { ModifiedRecord, Report, RepositoryOutcome, RepositoryReport } from "../sync/report.ts";

/** Totals since the state began. Concurrent runs may lose one another's; a lost state starts again at zero. */
export interface Counters {
  readonly runs: Readonly<Partial<Record<Report["trigger"], Readonly<Partial<Record<Report["outcome"], number>>>>>>;
  readonly requests: Report["requests"];
  readonly durationMs: number;
}

export const NO_COUNTS: Counters = { runs: {}, requests: { primary: 0, github: 0 }, durationMs: 0 };

export function countRun(counters: Counters, { trigger, outcome, requests, durationMs }: Report): Counters {
  const byOutcome = counters.runs[trigger] ?? {};
  return {
    runs: { ...counters.runs, [trigger]: { ...byOutcome, [outcome]: (byOutcome[outcome] ?? 0) + 1 } },
    requests: {
      primary: counters.requests.primary + requests.primary,
      github: counters.requests.github + requests.github,
    },
    durationMs: counters.durationMs + durationMs,
  };
}

/**
 * The latest report of each repository after a run, without field values, and with `since`.
 *
 * What a run did not look at stays as it was: held categories after a run over others, and everything that was known
 * of a repository when a run fails.
 */
export function mergeLatest(before: readonly RepositoryReport[], report: Report): RepositoryReport[] {
  const latest = new Map(before.map((entry) => [entry.repository, entry]));
  for (const entry of report.repositories) {
    latest.set(entry.repository, mergeRepository(latest.get(entry.repository), entry, report.finishedAt));
  }
  return [...latest.values()];
}

function mergeRepository(
  before: RepositoryReport | undefined,
  now: RepositoryReport,
  finishedAt: string,
): RepositoryReport {
  const isFailure = now.outcome === "failed" || now.outcome === "conflict";
  const { checked } = now;
  const kept = Object.entries(before?.categories ?? {}).filter(
    ([name, { held }]) =>
      isFailure || (held !== undefined && checked !== undefined && !checked.some((category) => category === name)),
  );
  const pullRequest = isFailure ? (before?.pullRequest ?? null) : now.pullRequest;
  const isSame =
    before !== undefined &&
    standingOf(before.outcome) === standingOf(now.outcome) &&
    before.pullRequest?.number === pullRequest?.number;
  return {
    ...now,
    pullRequest,
    categories: { ...Object.fromEntries(kept), ...withoutValues(now.categories) },
    since: (isSame ? before.since : undefined) ?? finishedAt,
  };
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
