/**
 * Whether a report tells anything that the one before did not. Pure.
 */
import { hasFailed, type Report, type RepositoryReport } from "../contract/report.ts";

/**
 * @param before the latest reports that the state holds; empty where none is kept, and then whatever waits for somebody
 *   is told each time
 */
export function hasNews(
  { outcome, repositories, warnings }: Pick<Report, "outcome" | "repositories" | "warnings">,
  before: readonly RepositoryReport[],
): boolean {
  if (hasFailed({ outcome }) || warnings.length > 0) return true;
  return repositories.some((report) => {
    const last = before.find(({ repository }) => repository === report.repository);
    return last === undefined ? isForSomebody(report) : gist(report) !== gist(asFoundAgain(last));
  });
}

function isForSomebody({ outcome, categories }: RepositoryReport): boolean {
  const hasWord = Object.values(categories).some(({ warnings, held }) => warnings.length > 0 || held !== undefined);
  return hasWord || (outcome !== "in-sync" && outcome !== "current");
}

/** What a run did, the next one finds done. */
function asFoundAgain(report: RepositoryReport): RepositoryReport {
  switch (report.outcome) {
    case "created":
    case "updated":
      return { ...report, outcome: "current" };
    default:
      return report;
  }
}

/** What a reader would see differ; the state keeps no values of fields, and only a run that writes names its commit. */
function gist({ outcome, pullRequest, categories }: RepositoryReport): string {
  const told = Object.entries(categories).map(([name, { added, removed, modified, renamed = [], ...rest }]) => {
    const fields = modified.map(({ name, fields }) => [name, fields]);
    return [name, added, removed, fields, renamed, rest.held ?? null, rest.warnings];
  });
  return JSON.stringify([outcome, pullRequest?.number ?? null, told]);
}
