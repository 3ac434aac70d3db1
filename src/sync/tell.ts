/**
 * A repository's report, from what was decided and done. Pure.
 */
import type { CategoryReport, ModifiedRecord, RepositoryOutcome, RepositoryReport } from "../contract/report.ts";
import { toOneLine } from "../core/inert.ts";
import { toTwoLines } from "../core/side-by-side.ts";
import type { FieldChange, RecordChange } from "../files/codec.ts";
import { leafChanges } from "../files/leaf-changes.ts";
import type { CategoryDelta, Delta } from "./delta.ts";
import type { Judged } from "./desire.ts";
import { digestOf } from "./judge-category.ts";
import type { PullRequest } from "./ports.ts";
import type { Standing } from "./standing.ts";

export interface TellInput {
  readonly repository: string;
  readonly branch: string;
  readonly judged: readonly Judged[];
  readonly delta: Delta;
  readonly outcome: RepositoryOutcome;
  readonly pull: PullRequest | null;
  readonly commit: string | null;
  /** Whether digests are told: of what is shown, and may be forced as it was shown. */
  readonly isShown: boolean;
}

export function tellRepository(input: TellInput): RepositoryReport {
  const { repository, branch, judged, delta, pull, commit } = input;
  const checked = judged.filter(({ standing }) => standing.kind !== "unchecked");
  const failures = checked.flatMap(({ standing }) => (standing.kind === "failed" ? [standing.error] : []));
  const [error] = failures;
  const isHopeless = error !== undefined && failures.length === checked.length && delta.length === 0;
  const told = checked.flatMap((entry) => {
    const report = tellCategory(
      entry,
      input.isShown,
      delta.find(({ category }) => category === entry.category.name),
    );
    return report === null ? [] : [[entry.category.name, report] as const];
  });
  return {
    repository,
    branch,
    outcome: isHopeless ? "failed" : input.outcome,
    pullRequest: pull === null ? null : { number: pull.number, url: pull.url, openedAt: pull.openedAt },
    commit,
    files: delta.flatMap(({ files }) => files),
    categories: Object.fromEntries(told),
    checked: checked.map(({ category }) => category.name),
    ...(isHopeless ? { error } : {}),
  };
}

/** @returns `null` for a category in sync that has nothing to say */
function tellCategory(
  { category, standing }: Judged,
  isShown: boolean,
  entry: CategoryDelta | undefined,
): CategoryReport | null {
  const changes = entry?.changes ?? ("changes" in standing ? standing.changes : []);
  const warnings = [...new Set([...(entry?.warnings ?? []), ...("warnings" in standing ? standing.warnings : [])])];
  const isQuiet = standing.kind === "in-sync" || standing.kind === "on-branch";
  if (isQuiet && entry === undefined && warnings.length === 0) return null;
  const renamed = changes.flatMap((change) =>
    change.kind === "renamed"
      ? [{ from: change.from, to: change.name, fields: change.fields.map(({ field }) => field) }]
      : [],
  );
  return {
    added: namesOf(changes, "added"),
    removed: namesOf(changes, "removed"),
    modified: toModified(changes),
    ...(renamed.length === 0 ? {} : { renamed }),
    ...(standing.kind === "held" ? { held: standing.why } : {}),
    ...(standing.kind === "drift" && standing.overrides !== undefined ? { overrides: standing.overrides } : {}),
    ...(isShown && isForceable(standing) ? { digest: digestOf(category.name, standing) } : {}),
    ...(standing.kind === "failed" ? { failed: standing.error } : {}),
    warnings,
  };
}

function isForceable(standing: Standing): standing is Extract<Standing, { kind: "drift" | "held" }> {
  return standing.kind === "drift" || (standing.kind === "held" && standing.changes.length > 0);
}

function namesOf(changes: readonly RecordChange[], kind: RecordChange["kind"]): string[] {
  return changes.flatMap((change) => (change.kind === kind ? [change.name] : []));
}

/** Field changes that a category's report shows with their values, and how much of each. */
const MAX_SHOWN_CHANGES = 200;
const MAX_SHOWN_PER_RECORD = 12;
const MAX_SHOWN_CHARACTERS = 120;

function toModified(changes: readonly RecordChange[]): ModifiedRecord[] {
  let left = MAX_SHOWN_CHANGES;
  return changes.flatMap((change) => {
    if (change.kind !== "modified") return [];
    const shown = change.fields.slice(0, Math.min(left, MAX_SHOWN_PER_RECORD)).flatMap(leafChanges).map(cutShort);
    left -= shown.length;
    const fields = change.fields.map(({ field }) => field);
    return [{ name: change.name, fields, ...(shown.length === 0 ? {} : { changes: shown }) }];
  });
}

function cutShort({ field, before, after }: FieldChange): FieldChange {
  const name = toOneLine(field, MAX_SHOWN_CHARACTERS);
  if (before !== null && after !== null) {
    const [old, now] = toTwoLines(before, after, MAX_SHOWN_CHARACTERS);
    return { field: name, before: old, after: now };
  }
  const cut = (text: string | null) => (text === null ? null : toOneLine(text, MAX_SHOWN_CHARACTERS));
  return { field: name, before: cut(before), after: cut(after) };
}
