/**
 * The outside world as a run sees it: narrow interfaces that the clients implement and tests fake in a few lines.
 *
 * Absence is a value (`null`, `"absent"`); every failure is a thrown `SyncError`.
 */

import type { FileShas } from "../files/codec.ts";

export type PrimaryAnswer =
  /** 404: PRIMARY has no such category, or it is empty. Never a reason to remove anything. */
  | { readonly kind: "absent" }
  | {
      readonly kind: "present";
      readonly bytes: Uint8Array;
      /** Git's blob SHA of `bytes`. */
      readonly sha: string;
    };

export interface PrimaryPort {
  /** Unix seconds of PRIMARY's last change, or `null` when it has no metadata yet. */
  lastUpdated(): Promise<number | null>;
  /** The same per category, for categories that were ever changed through PRIMARY. */
  categoryStamps(): Promise<ReadonlyMap<string, number | null>>;
  category(name: string): Promise<PrimaryAnswer>;
}

/** The head of a branch. */
export interface Branch {
  readonly sha: string;
  readonly treeSha: string;
}

/** Of a root tree; subfolders are left out. */
export type { FileShas };

export interface CommitInfo {
  readonly sha: string;
  readonly treeSha: string;
  readonly message: string;
  readonly parents: readonly string[];
}

/** What `head` has that `base` lacks. */
export interface Comparison {
  readonly mergeBase: string;
  readonly head: Branch;
  /** Oldest first. */
  readonly commits: readonly CommitInfo[];
}

export interface GitReadPort {
  /** @returns `null` when the branch does not exist */
  branch(name: string): Promise<Branch | null>;
  /** @param treeish SHA of a tree or of a commit */
  files(treeish: string): Promise<FileShas>;
  blob(sha: string): Promise<Uint8Array>;
  /** @returns `null` when one of the two does not exist */
  compare(base: string, head: string): Promise<Comparison | null>;
}

export interface CommitRequest {
  readonly message: string;
  /** The tree whose other entries are kept. */
  readonly baseTree: string;
  readonly parents: readonly string[];
  /** New texts, or SHAs of blobs that exist already. */
  readonly files: ReadonlyMap<string, { readonly text: string } | { readonly sha: string }>;
}

export interface GitWritePort {
  commit(request: CommitRequest): Promise<Branch>;
  createBranch(name: string, sha: string): Promise<"created" | "exists">;
  /** Fast-forward only; never forced. */
  moveBranch(name: string, sha: string): Promise<"moved" | "lost">;
  /** Deleting a branch that is gone is fine. */
  deleteBranch(name: string): Promise<void>;
}

export interface PullRequest {
  readonly number: number;
  readonly url: string;
  /** ISO 8601, UTC. */
  readonly openedAt?: string;
  /** It carries no label and no request for a review, and nobody did anything to it since it was opened. */
  readonly isUntouched?: boolean;
  readonly state: "open" | "merged" | "closed";
  readonly headSha: string;
  readonly title: string;
  readonly body: string;
}

export interface PullRequestPort {
  /** The newest pull request from `head` into `base`, an open one before all others. */
  latest(head: string, base: string): Promise<PullRequest | null>;
  /** @returns `null` when one exists already, or GitHub sees no commits between the two */
  open(request: { head: string; base: string; title: string; body: string }): Promise<PullRequest | null>;
  /** @returns how it is now: people may have merged or closed it meanwhile */
  update(number: number, change: { title?: string; body?: string; state?: "closed" }): Promise<PullRequest>;
  /** Labels, reviewers and team, best effort: every refusal becomes a sentence in the result. */
  decorate(number: number): Promise<readonly string[]>;
}

export interface Comment {
  /** A later comment has a higher one. */
  readonly id: number;
  readonly body: string;
}

export interface CommentPort {
  comments(number: number): Promise<readonly Comment[]>;
  /** @returns its id */
  comment(number: number, body: string): Promise<number>;
  /** Removing one that is gone is fine. */
  removeComment(id: number): Promise<void>;
}

/** One GitHub repository, as the credentials see it. */
export interface RepositoryPorts {
  readonly read: GitReadPort;
  readonly write: GitWritePort;
  readonly pullRequests: PullRequestPort;
  readonly comments: CommentPort;
}
