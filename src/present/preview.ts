/**
 * What a preview shows, whatever its form. Pure.
 */
import type { CategoryReport, Report } from "../contract/report.ts";
import type { FileDiff } from "../files/unified-diff.ts";
import type { FoundCategory } from "../sync/found.ts";

export interface RepositoryDiff {
  /** `owner/name` */
  readonly repository: string;
  readonly diff: FileDiff;
}

export interface PreviewView {
  readonly report: Report;
  readonly diffs: readonly RepositoryDiff[];
  /** Record by record, what is held too. */
  readonly found: readonly FoundCategory[];
  /** Why it is shown though nobody asked for a preview. */
  readonly notice: string | null;
  /** Where people see the repositories; `null`: not known. */
  readonly webUrl: string | null;
  readonly version: string;
  readonly now: number;
}

/** What the Report says of it. */
export function reportOf({ repository, category }: FoundCategory, { repositories }: Report): CategoryReport | null {
  return repositories.find((entry) => entry.repository === repository)?.categories[category] ?? null;
}

/** Why a category is held, or would be without force. */
export function holdOf(report: CategoryReport | null): string | null {
  return report?.held ?? report?.overrides ?? null;
}
