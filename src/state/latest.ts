/**
 * The latest report of each repository, for people. Pure.
 */
import {
  isDeed,
  lastingOutcome,
  type ModifiedRecord,
  type Report,
  type RepositoryOutcome,
  type RepositoryReport,
} from "../contract/report.ts";

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
    lastingOutcome(before.outcome) === lastingOutcome(now.outcome) &&
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
