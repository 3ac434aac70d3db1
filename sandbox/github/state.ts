import type { GitRepository } from "../git/repository.ts";

/** What the sandbox's GitHub knows beyond git objects and refs; it lives as long as the process. */

export interface Comment {
  readonly id: number;
  readonly author: string;
  body: string;
  readonly createdAt: number;
}

export interface Pull {
  readonly number: number;
  readonly author: string;
  /** "User" or "Bot". */
  readonly authorType: "User" | "Bot";
  title: string;
  body: string | null;
  state: "open" | "closed";
  readonly headRef: string;
  /** The head's last commit; stays when the branch goes. */
  headSha: string;
  readonly baseRef: string;
  baseSha: string;
  mergeCommitSha: string | null;
  mergedAt: number | null;
  mergedBy: string | null;
  closedAt: number | null;
  readonly createdAt: number;
  updatedAt: number;
  readonly labels: Set<string>;
  readonly reviewers: Set<string>;
  readonly teams: Set<string>;
  readonly comments: Comment[];
  isDraft: boolean;
}

export interface RepositoryState {
  readonly id: number;
  readonly owner: string;
  readonly name: string;
  /** `owner/name`. */
  readonly fullName: string;
  readonly defaultBranch: string;
  readonly isPrivate: boolean;
  readonly git: GitRepository;
  readonly pulls: Pull[];
  readonly labels: Set<string>;
}

export interface GitHubState {
  /** By lower-case `owner/name`. */
  readonly repositories: Map<string, RepositoryState>;
  collaborators: readonly string[];
  teams: readonly string[];
  /** null: as the token's permissions say. */
  areMembersReadable: boolean | null;
  isLabelCreationAllowed: boolean;
  nextId: number;
  readonly now: () => number;
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
