/**
 * What a run tells: the public shapes, and how the parts add up. Pure.
 */
import type { CategoryName } from "../categories.ts";
import type { ErrorCode } from "../core/errors.ts";
import type { FieldChange } from "../files/codec.ts";

export const TRIGGERS = ["tick", "reconcile", "manual", "cli"] as const;
export type Trigger = (typeof TRIGGERS)[number];

export const RUN_OUTCOMES = ["in-sync", "published", "planned", "held", "partial", "failed"] as const;
export type RunOutcome = (typeof RUN_OUTCOMES)[number];

export const REPOSITORY_OUTCOMES = [
  "in-sync",
  "created",
  "updated",
  "current",
  "closed",
  "committed",
  "planned",
  "below-threshold",
  "held",
  "edited",
  "rejected",
  "conflict",
  "failed",
] as const;
export type RepositoryOutcome = (typeof REPOSITORY_OUTCOMES)[number];

export interface ModifiedRecord {
  readonly name: string;
  readonly fields: readonly string[];
  /**
   * What the fields said and say: JSON texts on one line, `null` for absent. Long ones are cut around the first
   * difference, with `…`, so that the two are never the same, and a large drift shows only its first fields, so that a Report stays small. Not in the stored state.
   */
  readonly changes?: readonly FieldChange[];
}

/** The fields of a record of which no values are told. */
export function fieldsWithoutValues({ fields, changes = [] }: ModifiedRecord): string[] {
  const isIn = (path: string, field: string) => path === field || /^[.[]/.test(path.slice(field.length));
  return fields.filter(
    (field) => !changes.some((change) => change.field.startsWith(field) && isIn(change.field, field)),
  );
}

/** A record whose name changed, told once and not as one that went and one that came. */
export interface RenamedRecord {
  readonly from: string;
  readonly to: string;
  /** What else changed. */
  readonly fields: readonly string[];
}

/** What differs between the base and the sync branch; of a category that is on none, what would. */
export interface CategoryReport {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly modified: readonly ModifiedRecord[];
  readonly renamed?: readonly RenamedRecord[];
  /** Why the category's changes are not published. */
  readonly held?: string;
  /** Why they would be held without force. */
  readonly overrides?: string;
  /**
   * SHA-256 (hex) of what PRIMARY's changes to the base mean, for `expected` of `POST /sync`. In the answer to a preview
   * or a run with `expected` only.
   */
  readonly digest?: string;
  /** Why the category could not be compared. */
  readonly failed?: ReportedError;
  readonly warnings: readonly string[];
}

export interface ReportedError {
  readonly code: ErrorCode;
  readonly message: string;
}

export interface ReportedPullRequest {
  readonly number: number;
  readonly url: string;
  /** ISO 8601, UTC. */
  readonly openedAt?: string;
  /** GitHub's word for whether it can be merged, such as `clean`, `dirty` (a conflict with the base) or `unstable`. */
  readonly merging?: string;
  /** How the checks of its last commit stand, where they are not all green. */
  readonly checks?: ChecksState;
  /** Names of checks that failed. */
  readonly failedChecks?: readonly string[];
}

/** `unreadable`: the credentials may not read them, or there are none. */
export const CHECKS_STATES = ["passed", "pending", "failed", "unreadable"] as const;
export type ChecksState = (typeof CHECKS_STATES)[number];

export interface RepositoryReport {
  readonly repository: string;
  readonly branch: string;
  readonly outcome: RepositoryOutcome;
  readonly pullRequest: ReportedPullRequest | null;
  readonly commit: string | null;
  /** Paths that differ from the base branch's, or would. */
  readonly files: readonly string[];
  /** Every category that drifts, is held or has something to say; others are in sync. */
  readonly categories: Readonly<Partial<Record<CategoryName, CategoryReport>>>;
  /** The categories that were looked at. */
  readonly checked?: readonly CategoryName[];
  /** Since when the repository is in this state (ISO 8601, UTC); known in the status only. */
  readonly since?: string;
  /** How it stood before it failed; known in the status only. */
  readonly standing?: RepositoryOutcome;
  /** When GitHub was looked at last (ISO 8601, UTC); known in the status only. */
  readonly seenAt?: string;
  /** The run that published what is published; known in the status only. Its Report is kept for 30 days. */
  readonly run?: string;
  readonly error?: ReportedError;
}

/** Of the credentials' hour, as GitHub's last answer told. */
export interface RateLimit {
  readonly remaining: number;
  readonly limit: number | null;
  /** ISO 8601, UTC. */
  readonly resetAt: string | null;
}

/** What a dry run would write. */
export interface PlannedFile {
  /** `owner/name` */
  readonly repository: string;
  readonly path: string;
  /** The text on the base branch, or `null` when there is no such file. */
  readonly before: string | null;
  readonly after: string;
}

export interface Report {
  readonly id: string;
  readonly trigger: Trigger;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly durationMs: number;
  readonly dryRun: boolean;
  readonly forced: boolean;
  readonly outcome: RunOutcome;
  readonly primary: { readonly url: string; readonly lastUpdated: number | null; readonly previous: number | null };
  readonly repositories: readonly RepositoryReport[];
  readonly warnings: readonly string[];
  readonly requests: { readonly primary: number; readonly github: number };
  readonly rateLimit?: RateLimit;
  /** Why a run failed before any repository was looked at. */
  readonly error?: ReportedError;
}

/** Something was written to GitHub. */
export function isDeed(outcome: RepositoryOutcome): boolean {
  return outcome === "created" || outcome === "updated" || outcome === "closed" || outcome === "committed";
}

/** Records, and files without a changed record. */
export function countReported({ added, removed, modified, renamed = [] }: CategoryReport): number {
  return added.length + removed.length + modified.length + renamed.length;
}

function hasFailedCategory({ categories }: Pick<RepositoryReport, "categories">): boolean {
  return Object.values(categories).some(({ failed }) => failed !== undefined);
}

/** Whether a run failed, in whole or in part, so that a person may have to look. */
export function hasFailed({ outcome }: Pick<Report, "outcome">): boolean {
  return outcome === "failed" || outcome === "partial";
}

const LASTING: Readonly<Partial<Record<RepositoryOutcome, RepositoryOutcome>>> = {
  created: "current",
  updated: "current",
  closed: "in-sync",
  committed: "in-sync",
};

/** What an outcome that tells of a deed has become by the next run; any other is as it was. */
export function lastingOutcome(outcome: RepositoryOutcome): RepositoryOutcome {
  return LASTING[outcome] ?? outcome;
}

/** Whether PRIMARY's timestamp may be stored: nothing of this repository has to be tried again. */
export function isSettled(outcome: RepositoryOutcome): boolean {
  return outcome !== "failed" && outcome !== "conflict" && outcome !== "planned";
}

/** The outcome of a run from those of its repositories; the worst news that needs a person wins. A dry run published nothing. */
export function summarize(
  repositories: readonly Pick<RepositoryReport, "outcome" | "categories">[],
  isDryRun = false,
): RunOutcome {
  const outcomes = repositories.map(({ outcome }) => outcome);
  const failures = outcomes.filter((outcome) => outcome === "failed" || outcome === "conflict").length;
  if (failures > 0) return failures === outcomes.length ? "failed" : "partial";
  if (repositories.some(hasFailedCategory)) return "partial";
  const has = (...wanted: RepositoryOutcome[]) => outcomes.some((outcome) => wanted.includes(outcome));
  if (has("planned")) return "planned";
  if (has("created", "updated", "closed", "committed", "current")) return isDryRun ? "planned" : "published";
  return has("held", "edited", "rejected", "below-threshold") ? "held" : "in-sync";
}
