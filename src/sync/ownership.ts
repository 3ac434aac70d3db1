/**
 * Whose the commits of the sync branch are. Does I/O through a port, for merges only.
 *
 * The branch is owned when every commit that the base lacks is ours, leaves its parent's tree as it was, is by an
 * author who does not count, or is a merge of the base that brings nothing of its own.
 */
import { isSameEntry, type Tree } from "../files/git-tree.ts";
import type { CommitInfo, Comparison } from "./ports.ts";
import { readSignature } from "./trailers.ts";

export interface OwnershipQuery {
  readonly comparison: Comparison;
  /** The commit that memory names as published by us; it vouches for everything below it, as it was checked then. */
  readonly published: string | null;
  /** E-mail addresses in lower case. */
  readonly ignoredAuthors: readonly string[];
  readonly readTree: (treeSha: string) => Promise<Tree>;
}

export async function isOwned(query: OwnershipQuery): Promise<boolean> {
  const { commits, mergeBase } = query.comparison;
  const trees = new Map([
    [mergeBase.sha, mergeBase.treeSha],
    ...commits.map(({ sha, treeSha }) => [sha, treeSha] as const),
  ]);
  const vouched = ancestorsOf(query.published, commits);
  for (const commit of commits) {
    if (vouched.has(commit.sha) || isHarmless(commit, trees, query.ignoredAuthors)) continue;
    if (!(await isPlainMerge(commit, query))) return false;
  }
  return true;
}

/** The newest commit of ours: what the branch said when it was last ours; `null` when it never was. */
export function lastOwned({ commits }: Comparison): CommitInfo | null {
  return commits.findLast((commit) => readSignature(commit) === "ours") ?? null;
}

function ancestorsOf(published: string | null, commits: readonly CommitInfo[]): ReadonlySet<string> {
  const bySha = new Map(commits.map((commit) => [commit.sha, commit]));
  const found = new Set<string>();
  const waiting = published === null ? [] : [published];
  for (let sha = waiting.pop(); sha !== undefined; sha = waiting.pop()) {
    const commit = bySha.get(sha);
    if (commit === undefined || found.has(sha)) continue;
    found.add(sha);
    waiting.push(...commit.parents);
  }
  return found;
}

function isHarmless(commit: CommitInfo, trees: ReadonlyMap<string, string>, ignored: readonly string[]): boolean {
  if (readSignature(commit) === "ours") return true;
  if (commit.authorEmail !== null && ignored.includes(commit.authorEmail.toLowerCase())) return true;
  const [parent, ...others] = commit.parents;
  return others.length === 0 && parent !== undefined && trees.get(parent) === commit.treeSha;
}

/**
 * A merge of the base, such as GitHub's "Update branch", whose every entry is that of one of its parents. A parent of
 * its own that a person wrote is a commit of the branch, and is looked at as such.
 */
async function isPlainMerge(commit: CommitInfo, { readTree }: OwnershipQuery): Promise<boolean> {
  if (commit.parents.length < 2) return false;
  const trees = await Promise.all([commit.treeSha, ...commit.parents].map(readTree));
  const [merged, ...parents] = trees;
  const paths = new Set(trees.flatMap((tree) => [...tree.keys()]));
  return [...paths].every((path) => parents.some((parent) => isSameEntry(parent.get(path), merged?.get(path))));
}
