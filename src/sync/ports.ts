/**
 * The outside world as a run sees it: narrow interfaces that the clients implement and tests fake in a few lines.
 *
 * Absence is a value (`null`, `"absent"`); every failure is a thrown `SyncError`.
 */
import type { Tree } from "../files/git-tree.ts";

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

export interface CommitInfo {
  readonly sha: string;
  readonly treeSha: string;
  readonly message: string;
  readonly parents: readonly string[];
  readonly authorEmail: string | null;
}

/** What `head` has that `base` lacks. */
export interface Comparison {
  readonly mergeBase: Branch;
  readonly head: Branch;
  /** Oldest first. */
  readonly commits: readonly CommitInfo[];
}

/** A branch under the names that GitHub knows now, which are not those asked for where one was renamed. */
export interface NamedBranch extends Branch {
  readonly name: string;
  /** `owner/name` */
  readonly repository: string;
}

export interface GitReadPort {
  /** @returns `null` when the branch does not exist */
  branch(name: string): Promise<NamedBranch | null>;
  /** @returns `null` when the repository does not exist, or the credentials may not see it */
  repository(): Promise<{ readonly defaultBranch: string; readonly isEmpty: boolean } | null>;
  /** Branches whose name begins with `prefix`, with the commit each points to; right at once, unlike any list. */
  branches(prefix: string): Promise<ReadonlyMap<string, string>>;
  /** @param treeish SHA of a tree or of a commit */
  files(treeish: string): Promise<Tree>;
  /** @returns `null` where the credentials may not read checks, the branch has none, or is gone */
  checks(branch: string): Promise<Checks | null>;
  blob(sha: string): Promise<Uint8Array>;
  /** @returns `null` when one of the two does not exist */
  compare(base: string, head: string): Promise<Comparison | null>;
  /** Commits that touched a path, newest first, at most 100. @param since ISO 8601, of the commit's date */
  history(query: { readonly from: string; readonly path: string; readonly since: string }): Promise<readonly string[]>;
}

/** The check runs of a branch's last commit. */
export interface Checks {
  readonly commit: string;
  readonly state: "passed" | "pending" | "failed";
  /** Names of those that failed, each once. */
  readonly failed: readonly string[];
}

/** A new text, or a blob that exists already. */
export type TreeContent = { readonly mode: string } & ({ readonly text: string } | { readonly sha: string });

export interface GitWritePort {
  /** @returns the SHA of `base` with other entries */
  createTree(base: string, entries: ReadonlyMap<string, TreeContent>): Promise<string>;
  /** @returns its SHA. No author is set, so that GitHub signs commits made by an App. */
  createCommit(commit: {
    readonly message: string;
    readonly tree: string;
    readonly parents: readonly string[];
  }): Promise<string>;
  createBranch(name: string, sha: string): Promise<"created" | "exists">;
  /** Fast-forward only; never forced. */
  moveBranch(name: string, sha: string): Promise<"moved" | "lost">;
  /** Deleting a branch that is gone is fine. */
  deleteBranch(name: string): Promise<void>;
}

/** A pull request whose head is the sync branch of this very repository. */
export interface PullRequest {
  readonly number: number;
  readonly url: string;
  readonly state: "open" | "merged" | "closed";
  /** ISO 8601, UTC. */
  readonly openedAt: string;
  /** When it was merged or closed; `null` while it is open. */
  readonly endedAt: string | null;
  /**
   * The head that GitHub recorded when it ended. `null` while it is open: what GitHub says then may lag behind the
   * branch by minutes.
   */
  readonly endedHead: string | null;
  /** The branch it goes into; people may change it. */
  readonly base: string;
  /** GitHub's `mergeable_state`; lists do not tell it, and it is `unknown` until GitHub found out. */
  readonly merging?: string;
  readonly title: string;
  readonly body: string;
  readonly labels: readonly string[];
  /** Those whose review is asked for and has not come. */
  readonly reviewers: readonly string[];
  readonly teams: readonly string[];
}

export interface PullRequestPort {
  /** All from this head of this repository, whatever their base, newest first; the open one is always among them. */
  list(head: string): Promise<readonly PullRequest[]>;
  /** @returns `null` when there is none of that number from this head of this repository */
  get(number: number, head: string): Promise<PullRequest | null>;
  /** @returns `null` when one exists already, or GitHub sees no commits between the two */
  open(request: { head: string; base: string; title: string; body: string }): Promise<PullRequest | null>;
  /** @returns how it is now: people may have merged or closed it meanwhile */
  update(number: number, change: { title?: string; body?: string; state?: "closed" }): Promise<PullRequest>;
}

/** Something that a pull request should carry. */
export type Ornament =
  | { readonly kind: "label"; readonly name: string }
  | { readonly kind: "reviewer"; readonly name: string }
  /** A team's slug. */
  | { readonly kind: "team"; readonly name: string };

export interface DecorationPort {
  /** @throws SyncError; none of them was added then, or nobody knows */
  add(number: number, ornaments: readonly Ornament[]): Promise<void>;
  /** Everything that was ever added to it or taken away, oldest first. */
  events(number: number): Promise<readonly { readonly ornament: Ornament; readonly kind: "added" | "removed" }[]>;
}

export interface Comment {
  /** A later comment has a higher one. */
  readonly id: number;
  readonly body: string;
  /** Login; `null` where the account is gone. */
  readonly author: string | null;
}

export interface CommentPort {
  comments(number: number): Promise<readonly Comment[]>;
  /** @returns its id */
  comment(number: number, body: string): Promise<number>;
  /** Removing one that is gone is fine. */
  removeComment(id: number): Promise<void>;
  /** Who closed it; `null` where GitHub does not tell. */
  closedBy(number: number): Promise<{ readonly login: string; readonly isBot: boolean } | null>;
}

/** One GitHub repository, as the credentials see it. */
export interface RepositoryPorts {
  readonly read: GitReadPort;
  readonly write: GitWritePort;
  readonly pullRequests: PullRequestPort;
  readonly decoration: DecorationPort;
  readonly comments: CommentPort;
}
