/** Commit messages as a run makes them, of changes whose every text PRIMARY chose. */
import type { RecordChange } from "../../src/files/codec.ts";
import type { CategoryDelta } from "../../src/sync/delta.ts";
import { commitText } from "../../src/sync/describe.ts";
import { printTrailers } from "../../src/sync/trailers.ts";
import { added, drifting, field, modified, removed, renamed } from "../fakes/drift.ts";

export const FINGERPRINT = "5b3c".repeat(16);
export const TREE = "7ae3".repeat(10);
export const TRAILERS = `Sync-Fingerprint: ${FINGERPRINT}\nPrimary-Last-Updated: 1795219334\nSync-Tree: ${TREE}\n`;

export const commitMessage = (delta: readonly CategoryDelta[]) =>
  `${commitText(delta)}\n\n${printTrailers({ fingerprint: FINGERPRINT, lastUpdated: 1795219334, tree: TREE })}`;

export const changesOf = (names: readonly string[]): RecordChange[] =>
  names.flatMap((name) => [
    added(name, JSON.stringify({ baseline: `${name}!`, homepage: `${name}!`, nsfw: true })),
    removed(name),
    renamed(name, name, [field(name, null, JSON.stringify(name))]),
    modified(name, [field(name, JSON.stringify(name), null), field("plain", null, name)]),
  ]);

/** A drift in which PRIMARY chose every text it can. */
export function withTexts(names: readonly string[]): CategoryDelta[] {
  return [drifting({ changes: changesOf(names), warnings: names.map((name) => `Careful with ${name}`) })];
}
