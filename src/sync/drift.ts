/**
 * Drift of a repository: what PRIMARY says that its base branch does not (DESIGN.md section 1). Pure.
 */
import type { CategoryName } from "../categories.ts";
import type { CategoryReport, ModifiedRecord } from "../contract/report.ts";
import { toOneLine } from "../core/inert.ts";
import { sha256 } from "../files/blob.ts";
import type { FieldChange, RecordChange } from "../files/codec.ts";
import { canonicalJson } from "../files/json/canonical.ts";
import type { FileShas } from "./ports.ts";

/** One category as compared with the base branch. */
export interface CategoryState {
  readonly category: CategoryName;
  readonly changes: readonly RecordChange[];
  /** Wanted texts of the files that must change; empty when in sync. */
  readonly files: ReadonlyMap<string, string>;
  /** Blob SHAs of `files`, where they are known already. */
  readonly shas?: FileShas;
  readonly warnings: readonly string[];
  /** Why the changes are not to be published, or `null`. */
  readonly held: string | null;
  /** Held because PRIMARY has nothing to say, which may pass: it is looked at again soon. */
  readonly awaitsPrimary?: boolean;
}

export function isDrifting(state: CategoryState): boolean {
  return state.held === null && state.files.size > 0;
}

/** Whether PRIMARY has to be asked again soon. */
export function isAwaiting(states: readonly CategoryState[]): boolean {
  return states.some(({ awaitsPrimary }) => awaitsPrimary === true);
}

/** Changes that would be published. A file that is repaired without any record changing counts as one. */
export function countChanges(states: readonly CategoryState[]): number {
  const drifting = states.filter(isDrifting);
  return drifting.reduce((sum, { changes }) => sum + Math.max(1, changes.length), 0);
}

/**
 * The SHA-256 of the drift's meaning, by which a rejected pull request is recognised (DESIGN.md section 7).
 *
 * Covers category, name, kind and PRIMARY's value in canonical form, sorted; not bytes, nor what GitHub holds. A file
 * that is repaired without a changed record counts with its path.
 */
export function fingerprintOf(states: readonly CategoryState[]): string {
  const lines: string[] = [];
  for (const { category, changes, files } of states.filter(isDrifting)) {
    for (const change of changes) {
      const value = change.kind === "removed" ? "null" : canonicalJson(change.value);
      lines.push(JSON.stringify([category, change.name, change.kind, value]));
    }
    if (changes.length === 0) for (const path of files.keys()) lines.push(JSON.stringify([category, path, "repaired"]));
  }
  return sha256(lines.sort().join("\n"));
}

export function toCategoryReport(state: CategoryState): CategoryReport {
  const names = (kind: RecordChange["kind"]) =>
    state.changes.filter((change) => change.kind === kind).map(({ name }) => name);
  return {
    added: names("added"),
    removed: names("removed"),
    modified: toModified(state.changes),
    ...(state.held === null ? {} : { held: state.held }),
    warnings: state.warnings,
  };
}

/** Field changes that a category's report shows with their values, and how much of each. */
const MAX_SHOWN_CHANGES = 200;
const MAX_SHOWN_PER_RECORD = 12;
const MAX_SHOWN_CHARACTERS = 120;

function toModified(changes: readonly RecordChange[]): ModifiedRecord[] {
  let left = MAX_SHOWN_CHANGES;
  return changes.flatMap((change) => {
    if (change.kind !== "modified") return [];
    const shown = change.fields.slice(0, Math.min(left, MAX_SHOWN_PER_RECORD)).map(cutShort);
    left -= shown.length;
    const fields = change.fields.map(({ field }) => field);
    return [{ name: change.name, fields, ...(shown.length === 0 ? {} : { changes: shown }) }];
  });
}

function cutShort({ field, before, after }: FieldChange): FieldChange {
  const cut = (text: string | null) => (text === null ? null : toOneLine(text, MAX_SHOWN_CHARACTERS));
  return { field: toOneLine(field, MAX_SHOWN_CHARACTERS), before: cut(before), after: cut(after) };
}
