/**
 * A repository as it is: its base, its sync branch and its pull request. Pure.
 */
import { isSameEntry, type Tree } from "../files/git-tree.ts";
import type { PullRequest } from "./ports.ts";

export interface Side {
  readonly commit: string;
  /** SHA of its root tree. */
  readonly treeSha: string;
  /** All entries of the root. */
  readonly files: Tree;
}

/**
 * The sync branch, read from its ref: an open pull request's `head.sha` may lag behind it. A finished one that memory
 * does not know is not looked into: it has no files, and counts as `theirs`.
 */
export interface SyncBranch {
  readonly commit: string;
  /** Our files on it. */
  readonly files: Tree;
  /** Our files where it left the base. */
  readonly anchor: Tree;
  /** Whose the commits are that the base lacks. */
  readonly owner: "ours" | "theirs";
  /** It is the recorded head of a merged or closed pull request: nothing on it is pending, whoever wrote it. */
  readonly isFinished: boolean;
  /** The base has all of its commits, so that nobody's work is lost with it. */
  readonly isMerged: boolean;
  /** The base has commits that it lacks. */
  readonly baseMoved: boolean;
}

export interface Snapshot {
  readonly base: Side & {
    /** What the branch is called now; GitHub follows one that was renamed. */
    readonly name: string;
    /** `owner/name` as GitHub has it now. */
    readonly repository: string;
  };
  /** `null` when there is none, and while straight commits to the base are published. */
  readonly branch: SyncBranch | null;
  /** The open pull request of the branch, or else the one that ended last. */
  readonly pull: PullRequest | null;
  /** Those that ended, the last first. */
  readonly ended: readonly PullRequest[];
  /** Branches that the Python service left: `sync/{category}/…`. */
  readonly leftovers: readonly string[];
}

/** The pull request if it is open and its branch exists: GitHub closes one whose branch is deleted, and may tell late. */
export function openPull({ pull, branch }: Pick<Snapshot, "pull" | "branch">): PullRequest | null {
  return pull?.state === "open" && branch !== null ? pull : null;
}

/** Whether the branch changed one of these paths. */
export function isChangedOn({ files, anchor }: SyncBranch, paths: Iterable<string>): boolean {
  return [...paths].some((path) => !isSameEntry(files.get(path), anchor.get(path)));
}

/** Whether the base has another file at one of these paths than where the branch left it. */
export function isMovedUnder({ anchor }: SyncBranch, paths: readonly string[], base: Tree): boolean {
  return paths.some((path) => !isSameEntry(anchor.get(path), base.get(path)));
}
