import type { GitRepository } from "../git/repository.ts";
import type { Account, Comment, IssueEvent, Review } from "./conversation-model.ts";
import type { Check, Policy, Protection, Rule } from "./setting-model.ts";

export type { Account, Comment, Review } from "./conversation-model.ts";
export type { Check } from "./setting-model.ts";

/** What the sandbox's GitHub knows beyond git objects and refs; it lives as long as the process. */

export interface Pull {
  readonly number: number;
  readonly author: Account;
  title: string;
  body: string | null;
  state: "open" | "closed";
  /** Where the head branch is: the repository itself, or a fork. */
  readonly headRepository: RepositoryState;
  readonly headRef: string;
  /** The head's last commit; stays when the branch goes, and when the pull request is closed. */
  headSha: string;
  baseRef: string;
  baseSha: string;
  mergeCommitSha: string | null;
  mergedAt: number | null;
  mergedBy: Account | null;
  closedAt: number | null;
  closedBy: Account | null;
  readonly createdAt: number;
  updatedAt: number;
  readonly labels: Set<string>;
  readonly reviewers: Set<string>;
  readonly teams: Set<string>;
  readonly comments: Comment[];
  readonly reviews: Review[];
  /** Oldest first. */
  readonly events: IssueEvent[];
  isDraft: boolean;
  isLocked: boolean;
  lockReason: string | null;
}

export interface RepositoryState {
  readonly id: number;
  owner: string;
  name: string;
  /** `owner/name`. */
  fullName: string;
  /** Lower-case names it had under the same owner, which tokens may still know it by. */
  readonly alsoKnownAs: Set<string>;
  defaultBranch: string;
  /** Branches that were renamed, and what they are called now. */
  readonly formerBranches: Map<string, string>;
  readonly isPrivate: boolean;
  /** The repository this is a fork of; both share one store of objects. */
  readonly parent: RepositoryState | null;
  readonly createdAt: number;
  readonly git: GitRepository;
  readonly pulls: Pull[];
  readonly labels: Set<string>;
  /** Gone, but for the pull requests that it has in others. */
  isDeleted: boolean;
  /** Read-only for everybody. */
  isArchived: boolean;
  /** Why GitHub itself has closed it, if it has. */
  blockedFor: "dmca" | "tos" | null;
  rules: readonly Rule[];
  /** With which status a ruleset refuses: 422 mostly, 409 sometimes. */
  ruleStatus: 409 | 422;
  /** Classic protection, by branch. */
  readonly protections: Map<string, Protection>;
  /** Heads of pull requests in a merge queue. */
  readonly queuedBranches: Set<string>;
  /** Whether a merge deletes the head branch: a setting, off by default. */
  deletesMergedBranches: boolean;
  /** `base...head` of the merges that were tried for somebody who asked. */
  readonly testedMerges: Set<string>;
  /** What ran on a commit, by its SHA. */
  readonly checks: Map<string, readonly Check[]>;
  /** What reads of pull requests see, while they do not see what is. */
  lag: Lag | null;
}

export interface Lag {
  readonly scope: "heads" | "everything";
  readonly ms: number | null;
  /** What was so from when on; never empty. */
  readonly versions: { readonly at: number; readonly pulls: readonly Pull[] }[];
}

export interface GitHubState {
  /** By lower-case `owner/name`. */
  readonly repositories: Map<string, RepositoryState>;
  collaborators: readonly string[];
  teams: readonly string[];
  /** Who can be asked for a review with status 201, and is then not on the list. */
  silentReviewers: readonly string[];
  /** By lower-case organisation. */
  readonly policies: Map<string, Policy>;
  /** Lower-case names that repositories had, and their numbers. */
  readonly formerNames: Map<string, number>;
  /** null: as the token's permissions say. */
  areMembersReadable: boolean | null;
  isLabelCreationAllowed: boolean;
  nextId: number;
  readonly now: () => number;
  /** How far GitHub's own clock is ahead. */
  clockSkewMs: number;
  /** Set once the server listens. */
  url: string;
}

export const INITIAL_LABELS = ["bug", "documentation", "enhancement", "ready-for-review"];

export function repositoryOf(state: GitHubState, fullName: string): RepositoryState {
  const found = state.repositories.get(fullName.toLowerCase());
  if (found === undefined) throw new Error(`the sandbox has no repository ${fullName}`);
  return found;
}

export function takeId(state: GitHubState): number {
  state.nextId += 1;
  return state.nextId;
}

export function headOf(repository: RepositoryState, branch: string): string | null {
  return repository.git.refs.read(`refs/heads/${branch}`);
}

export function isEmptyRepository(repository: RepositoryState): boolean {
  return repository.git.refs.list().size === 0;
}
