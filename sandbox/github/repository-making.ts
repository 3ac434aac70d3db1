import { join } from "node:path";
import { createFork, createRepository } from "../git/repository.ts";
import { commitAs, type PersonCommit } from "./people.ts";
import { type GitHubState, INITIAL_LABELS, type RepositoryState, repositoryOf, takeId } from "./state.ts";

export interface NewRepository {
  readonly owner: string;
  readonly name: string;
  /** The default branch. Default `main`. */
  readonly branch?: string;
  readonly isPrivate?: boolean;
  /** The first commit; without files the repository is empty, with no commit at all. */
  readonly files: PersonCommit["files"];
}

export function addRepository(state: GitHubState, directory: string, options: NewRepository): void {
  const { owner, name, branch = "main", files, isPrivate = false } = options;
  const git = createRepository(join(directory, owner, `${name}.git`), branch);
  const fullName = `${owner}/${name}`;
  register(state, { ...freshState(state), owner, name, fullName, defaultBranch: branch, isPrivate, parent: null, git });
  if (Object.keys(files).length === 0) return;
  commitAs(state, { repository: fullName, branch, files, message: "Initial commit" });
}

export interface NewFork {
  /** `owner/name` of the origin. */
  readonly from: string;
  readonly owner: string;
  readonly name: string;
}

export function addFork(state: GitHubState, directory: string, { from, owner, name }: NewFork): void {
  const parent = repositoryOf(state, from);
  const { defaultBranch, isPrivate } = parent;
  const git = createFork(join(directory, owner, `${name}.git`), parent.git, defaultBranch);
  register(state, {
    ...freshState(state),
    owner,
    name,
    fullName: `${owner}/${name}`,
    defaultBranch,
    isPrivate,
    parent,
    git,
  });
}

/** What a repository has before anything happens to it. */
function freshState(
  state: GitHubState,
): Omit<RepositoryState, "owner" | "name" | "fullName" | "defaultBranch" | "isPrivate" | "parent" | "git"> {
  return {
    id: takeId(state),
    createdAt: state.now(),
    alsoKnownAs: new Set(),
    formerBranches: new Map(),
    pulls: [],
    labels: new Set(INITIAL_LABELS),
    isDeleted: false,
    isArchived: false,
    blockedFor: null,
    rules: [],
    ruleStatus: 422,
    protections: new Map(),
    queuedBranches: new Set(),
    deletesMergedBranches: false,
    testedMerges: new Set(),
    checks: new Map(),
    lag: null,
  };
}

function register(state: GitHubState, repository: RepositoryState): void {
  const name = repository.fullName.toLowerCase();
  state.formerNames.delete(name);
  state.repositories.set(name, repository);
}
