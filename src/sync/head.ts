/**
 * What the sync branch holds, and whether it is ours (DESIGN.md section 1, Owned). Does I/O through a port.
 */
import { SyncError } from "../core/errors.ts";
import type { PublishedBranch, RepositoryMemory } from "./memory.ts";
import { isOurs } from "./message.ts";
import type { HeadState } from "./plan.ts";
import type { Branch, CommitInfo, FileShas, GitReadPort } from "./ports.ts";

export interface HeadQuery {
  readonly read: GitReadPort;
  readonly base: Branch;
  readonly baseFiles: FileShas;
  /** A commit SHA or a branch name. */
  readonly head: string;
  readonly paths: readonly string[];
  readonly memory: RepositoryMemory;
}

/** @returns `null` when the branch does not exist */
export async function readHead(query: HeadQuery): Promise<HeadState | null> {
  const { read, base, baseFiles, head, paths, memory } = query;
  const published = memory.published;
  if (published?.headSha === head && covers(published, paths, baseFiles)) {
    const files = new Map(Object.entries(published.headFiles));
    return {
      sha: head,
      files,
      changed: new Map([...files].filter(([path, sha]) => published.baseFiles[path] !== sha)),
      isOwned: true,
      isMerged: false,
      baseMoved: published.baseSha !== base.sha,
      baseMovedInOurFiles: paths.some((path) => published.baseFiles[path] !== baseFiles.get(path)),
    };
  }
  const comparison = await read.compare(base.sha, head);
  if (comparison === null) return null;
  const baseMoved = comparison.mergeBase !== base.sha;
  const [tree, anchor] = await Promise.all([
    read.files(comparison.head.treeSha),
    baseMoved ? read.files(comparison.mergeBase) : baseFiles,
  ]);
  const files = new Map([...tree].filter(([path]) => paths.includes(path)));
  return {
    sha: comparison.head.sha,
    files,
    changed: new Map([...files].filter(([path, sha]) => anchor.get(path) !== sha)),
    isOwned: await isOwned(comparison.commits, query),
    isMerged: comparison.commits.length === 0,
    baseMoved,
    baseMovedInOurFiles: paths.some((path) => anchor.get(path) !== baseFiles.get(path)),
  };
}

/** Not so when a category was configured since: of its files nothing is remembered. */
function covers({ headFiles }: PublishedBranch, paths: readonly string[], baseFiles: FileShas): boolean {
  return paths.every((path) => Object.hasOwn(headFiles, path) || !baseFiles.has(path));
}

async function isOwned(commits: readonly CommitInfo[], query: HeadQuery): Promise<boolean> {
  for (const commit of commits) {
    if (isOurs(commit.message)) continue;
    if (commit.parents.length < 2 || !(await leavesOurFilesAlone(commit, query))) return false;
  }
  return true;
}

/** A merge, such as GitHub's "Update branch", whose every file of ours is that of one of its parents. */
async function leavesOurFilesAlone(merge: CommitInfo, { read, paths }: HeadQuery): Promise<boolean> {
  const files = await read.files(merge.treeSha);
  const parents = await Promise.all(merge.parents.map((parent) => read.files(parent)));
  return paths.every((path) => parents.some((parent) => parent.get(path) === files.get(path)));
}

/** The base branch is the ground everything stands on; without it there is nothing to compare. */
export async function readBase(read: GitReadPort, repository: string, branch: string): Promise<Branch> {
  const base = await read.branch(branch);
  if (base !== null) return base;
  const message = `The branch ${branch} of ${repository} does not exist, or the credentials may not see it.`;
  throw new SyncError("github-not-found", message);
}
