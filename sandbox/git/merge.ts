import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runGit } from "./command.ts";
import { mergeBase } from "./history.ts";
import type { GitRepository } from "./repository.ts";
import { diffTrees, editTree, type PathChange, type TreeChange } from "./tree-edit.ts";

export type MergeResult =
  | { readonly kind: "merged"; readonly tree: string }
  | { readonly kind: "conflict"; readonly paths: readonly string[] };

/** Merges two commits' trees three ways, from where they parted. */
export function mergeCommits(repository: GitRepository, ours: string, theirs: string): MergeResult {
  const treeOf = (sha: string | null) => (sha === null ? null : (repository.commit(sha)?.tree ?? null));
  const base = mergeBase(repository, ours, theirs);
  return mergeTrees(repository, { base: treeOf(base), ours: treeOf(ours), theirs: treeOf(theirs) });
}

/** Three trees; `null` is an empty one. */
export interface ThreeTrees {
  readonly base: string | null;
  readonly ours: string | null;
  readonly theirs: string | null;
}

/** Merges file by file; a file that both sides changed goes through `git merge-file`. */
export function mergeTrees(repository: GitRepository, { base, ours, theirs }: ThreeTrees): MergeResult {
  const mine = diffTrees(repository, base, ours);
  const mineByPath = new Map(mine.map((change) => [change.path, change]));
  const changes = new Map<string, TreeChange>();
  const conflicts: string[] = [];
  for (const change of diffTrees(repository, base, theirs)) {
    const other = mineByPath.get(change.path);
    const merged = other === undefined ? asChange(change) : mergePath(repository, other, change);
    if (merged === "conflict") conflicts.push(change.path);
    else if (merged !== "same") changes.set(change.path, merged);
  }
  if (conflicts.length > 0) return { kind: "conflict", paths: conflicts };
  return { kind: "merged", tree: editTree(repository, ours, changes) };
}

function asChange(change: PathChange): TreeChange {
  return change.after === null ? null : { mode: change.after.mode, sha: change.after.sha };
}

function mergePath(repository: GitRepository, ours: PathChange, theirs: PathChange): TreeChange | "conflict" | "same" {
  if (ours.after?.sha === theirs.after?.sha && ours.after?.mode === theirs.after?.mode) return "same";
  if (ours.after === null || theirs.after === null) return "conflict";
  const contents = [ours.after, ours.before, theirs.after].map((entry) =>
    entry === null ? new Uint8Array() : (repository.objects.read(entry.sha)?.data ?? new Uint8Array()),
  );
  const merged = mergeContents(repository, contents);
  return merged === null ? "conflict" : { mode: ours.after.mode, sha: repository.objects.write("blob", merged) };
}

/** Contents in the order ours, base, theirs; null on a conflict. */
function mergeContents(repository: GitRepository, contents: readonly Uint8Array[]): Uint8Array | null {
  const folder = mkdtempSync(join(tmpdir(), "sandbox-merge-"));
  try {
    const paths = ["ours", "base", "theirs"].map((name) => join(folder, name));
    paths.forEach((path, index) => {
      writeFileSync(path, contents[index] ?? new Uint8Array());
    });
    const { status } = runGit(repository.directory, ["merge-file", "--quiet", ...paths]);
    return status === 0 ? readFileSync(join(folder, "ours")) : null;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
