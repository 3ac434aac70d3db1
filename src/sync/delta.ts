/**
 * What differs between the base and the sync branch, record by record: the one source of every title, text, count and
 * report. Pure.
 */
import type { CategoryName } from "../categories.ts";
import { sha256 } from "../files/blob.ts";
import type { RecordChange } from "../files/codec.ts";
import { canonicalJson } from "../files/json/canonical.ts";

/** An edit of the base that the changes of this category undo. */
export interface Origin {
  /** The records whose edit is undone. */
  readonly names: readonly string[];
  /** Newest first; more than one where nobody can tell which of them it was. */
  readonly commits: readonly string[];
  /** The base commit when the category was last in sync; where to compare from. */
  readonly since: string;
}

/** One category whose files differ between base and branch. */
export interface CategoryDelta {
  readonly category: CategoryName;
  readonly changes: readonly RecordChange[];
  /** Paths whose text differs. */
  readonly files: readonly string[];
  readonly warnings: readonly string[];
  /** Why the records could not be compared; the files differ all the same. */
  readonly unreadable?: string;
  readonly origin?: Origin;
}

export type Delta = readonly CategoryDelta[];

/** A file that is repaired without any record changing counts as one change. */
export function countChanges(delta: Delta): number {
  return delta.reduce((sum, { changes }) => sum + Math.max(1, changes.length), 0);
}

export const KINDS = ["added", "removed", "modified", "renamed"] as const satisfies readonly RecordChange["kind"][];

export function countKind(changes: readonly RecordChange[], kind: RecordChange["kind"]): number {
  return changes.filter((change) => change.kind === kind).length;
}

/** `1 added, 3 modified`; empty when no record changed. */
export function describeCounts(changes: readonly RecordChange[]): string {
  return KINDS.map((kind) => ({ kind, count: countKind(changes, kind) }))
    .filter(({ count }) => count > 0)
    .map(({ kind, count }) => `${count} ${kind}`)
    .join(", ");
}

/**
 * The SHA-256 of the drift's meaning, by which a rejected pull request is recognised.
 *
 * Covers category, name, kind and PRIMARY's value in canonical form, sorted; not bytes, nor what GitHub holds. A file
 * that is repaired without a changed record counts with its path.
 */
export function fingerprintOf(delta: Delta): string {
  const lines = delta.flatMap(({ category, changes, files }) => {
    if (changes.length === 0) return files.map((path) => JSON.stringify([category, path, "repaired"]));
    return changes.flatMap((change) => factsOf(change).map((fact) => JSON.stringify([category, ...fact])));
  });
  return sha256(lines.sort().join("\n"));
}

/** A renamed record means what it would mean as one that was removed and one that was added. */
function factsOf(change: RecordChange): (readonly [name: string, kind: string, value: string])[] {
  switch (change.kind) {
    case "removed":
      return [[change.name, "removed", "null"]];
    case "renamed":
      return [
        [change.from, "removed", "null"],
        [change.name, "added", canonicalJson(change.value)],
      ];
    case "added":
    case "modified":
      return [[change.name, change.kind, canonicalJson(change.value)]];
  }
}

/** Names that clients use and would not find any more: of removed records, and the old ones of renamed records. */
export function goneNames(changes: readonly RecordChange[]): string[] {
  return changes.flatMap((change) => {
    if (change.kind === "renamed") return [change.from];
    return change.kind === "removed" ? [change.name] : [];
  });
}

/** What clients would miss comes first, and is the last to be cut. */
export const KINDS_BY_GRAVITY: readonly RecordChange["kind"][] = ["removed", "renamed", "added", "modified"];

export function gravestFirst(changes: readonly RecordChange[]): RecordChange[] {
  const rank = ({ kind }: RecordChange) => KINDS_BY_GRAVITY.indexOf(kind);
  return changes.toSorted((one, other) => rank(one) - rank(other));
}

export function namesOf(change: RecordChange): string[] {
  return change.kind === "renamed" ? [change.from, change.name] : [change.name];
}
