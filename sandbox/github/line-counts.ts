import type { GitRepository } from "../git/repository.ts";
import type { TreeEntry } from "../git/tree.ts";
import type { PathChange } from "../git/tree-edit.ts";

/** How many lines a change adds and removes. Lines that only moved do not count, which git would count twice. */
export function lineCounts(
  git: GitRepository,
  { before, after }: PathChange,
): { additions: number; deletions: number } {
  const [old, young] = [linesOf(git, before), linesOf(git, after)];
  return { additions: countMissing(young, old), deletions: countMissing(old, young) };
}

function linesOf(git: GitRepository, entry: TreeEntry | null): string[] {
  const data = entry === null ? undefined : git.objects.read(entry.sha)?.data;
  if (data === undefined || data.length === 0) return [];
  return Buffer.from(data).toString("latin1").replace(/\n$/, "").split("\n");
}

function countMissing(lines: readonly string[], others: readonly string[]): number {
  const left = new Map<string, number>();
  for (const line of others) left.set(line, (left.get(line) ?? 0) + 1);
  let missing = 0;
  for (const line of lines) {
    const count = left.get(line) ?? 0;
    if (count === 0) missing += 1;
    else left.set(line, count - 1);
  }
  return missing;
}
