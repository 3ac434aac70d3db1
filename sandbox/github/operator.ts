import { join } from "node:path";
import { runGit } from "../git/command.ts";
import { log } from "../git/history.ts";
import { createFork, createRepository } from "../git/repository.ts";
import { findEntry } from "../git/tree-edit.ts";
import { type LagOptions, startLag } from "./lag.ts";
import { commitAs, PAT, type PersonCommit } from "./people.ts";
import { type Amend, amendAs, forcePushAs, type Squash, squashAs } from "./rewriting.ts";
import { deleteBranch, settlePulls } from "./settling.ts";
import {
  type Account,
  type Check,
  type GitHubState,
  headOf,
  INITIAL_LABELS,
  type RepositoryState,
  repositoryOf,
  takeId,
} from "./state.ts";

/** What the owner of a `GitHubServer` can do to repositories and branches, and see of them, without the API. */
export interface RepositoryActions {
  createRepository(options: NewRepository): void;
  /** A fork with the branches of its origin; its owner may be the origin's, under another name. */
  forkRepository(options: { readonly from: string; readonly owner: string; readonly name: string }): void;
  /** The full names of all repositories. */
  repositories(): string[];
  /** A person's commit, pushed to a branch; a branch that does not exist starts at the default branch. */
  commit(options: PersonCommit): string;
  /** Replaces the newest commit of a branch by force; its message and author stay. Gives the new one. */
  amendCommit(options: Amend): string;
  /** Makes a branch's commits into one by force. Gives it. */
  squashBranch(options: Squash): string;
  /** Points a branch at any commit. */
  forcePush(options: { readonly repository: string; readonly branch: string; readonly sha: string }): void;
  readFile(options: { readonly repository: string; readonly ref: string; readonly path: string }): Uint8Array | null;
  /** The mode of a path as git keeps it, such as `100755`; null when it is not there. */
  readMode(options: { readonly repository: string; readonly ref: string; readonly path: string }): string | null;
  branches(repository: string): Record<string, string>;
  deleteBranch(repository: string, branch: string, by?: Account): void;
  setArchived(repository: string, isArchived: boolean): void;
  /** The setting "Automatically delete head branches". */
  setDeletesMergedBranches(repository: string, deletes: boolean): void;
  /** What ran on a commit; gives it a result each, `null` for one that still runs. */
  setChecks(repository: string, sha: string, results: Readonly<Record<string, Check["conclusion"]>>): void;
  /** From now on, reads of pull requests and their events are old. Refs and the answers of writes are not. */
  startLag(repository: string, options?: LagOptions): void;
  endLag(repository: string): void;
  /** Newest first. */
  history(repository: string, ref: string): HistoryEntry[];
  /** What `git fsck --full --strict` complains about: nothing when all is well. */
  fsck(repository: string): Promise<string>;
  gitDirectory(repository: string): string;
}

export interface NewRepository {
  readonly owner: string;
  readonly name: string;
  /** The default branch. Default `main`. */
  readonly branch?: string;
  readonly isPrivate?: boolean;
  /** The first commit; without files the repository is empty, with no commit at all. */
  readonly files: PersonCommit["files"];
}

export interface HistoryEntry {
  readonly sha: string;
  readonly message: string;
  readonly parents: readonly string[];
  readonly author: string;
}

export function repositoryActions(state: GitHubState, directory: string): RepositoryActions {
  const find = (name: string) => repositoryOf(state, name);
  return {
    createRepository: (options) => addRepository(state, directory, options),
    forkRepository: (options) => addFork(state, directory, options),
    repositories: () => [...state.repositories.values()].map(({ fullName }) => fullName),
    commit: (options) => commitAs(state, options),
    amendCommit: (options) => amendAs(state, options),
    squashBranch: (options) => squashAs(state, options),
    forcePush: (options) => forcePushAs(state, options),
    readFile(options) {
      const entry = entryAt(find(options.repository), options);
      return entry === null ? null : (find(options.repository).git.objects.read(entry.sha)?.data ?? null);
    },
    readMode: (options) => entryAt(find(options.repository), options)?.mode.padStart(6, "0") ?? null,
    branches(name) {
      const refs = [...find(name).git.refs.list()].filter(([ref]) => ref.startsWith("refs/heads/"));
      return Object.fromEntries(refs.map(([ref, sha]) => [ref.slice("refs/heads/".length), sha]));
    },
    deleteBranch: (name, branch, by = PAT) => deleteBranch(state, find(name), branch, by),
    setArchived(name, isArchived) {
      find(name).isArchived = isArchived;
    },
    setDeletesMergedBranches(name, deletes) {
      find(name).deletesMergedBranches = deletes;
    },
    setChecks(name, sha, results) {
      const at = state.now();
      const checks = Object.entries(results).map(([check, conclusion]) => ({ name: check, conclusion, at }));
      find(name).checks.set(sha, checks);
    },
    startLag(name, options = {}) {
      settlePulls(state, find(name));
      startLag(state, find(name), options);
    },
    endLag(name) {
      find(name).lag = null;
    },
    history: (name, ref) => historyOf(find(name), ref),
    fsck: async (name) => fsck(find(name).git.directory),
    gitDirectory: (name) => find(name).git.directory,
  };
}

function addRepository(state: GitHubState, directory: string, options: NewRepository): void {
  const { owner, name, branch = "main", files, isPrivate = false } = options;
  const git = createRepository(join(directory, owner, `${name}.git`), branch);
  const id = takeId(state);
  register(state, {
    ...emptyRepository(state),
    id,
    owner,
    name,
    fullName: `${owner}/${name}`,
    defaultBranch: branch,
    isPrivate,
    git,
  });
  if (Object.keys(files).length === 0) return;
  commitAs(state, { repository: `${owner}/${name}`, branch, files, message: "Initial commit" });
}

function addFork(
  state: GitHubState,
  directory: string,
  { from, owner, name }: { readonly from: string; readonly owner: string; readonly name: string },
): void {
  const parent = repositoryOf(state, from);
  const git = createFork(join(directory, owner, `${name}.git`), parent.git, parent.defaultBranch);
  register(state, {
    ...parent,
    ...emptyRepository(state),
    id: takeId(state),
    owner,
    name,
    fullName: `${owner}/${name}`,
    parent,
    git,
  });
}

function emptyRepository(state: GitHubState) {
  return {
    createdAt: state.now(),
    parent: null,
    pulls: [],
    labels: new Set(INITIAL_LABELS),
    checks: new Map(),
    testedMerges: new Set<string>(),
    isArchived: false,
    deletesMergedBranches: false,
    lag: null,
  };
}

function register(state: GitHubState, repository: RepositoryState): void {
  state.repositories.set(repository.fullName.toLowerCase(), repository);
}

function entryAt(repository: RepositoryState, { ref, path }: { readonly ref: string; readonly path: string }) {
  const commit = repository.git.commit(shaOf(repository, ref));
  return commit === null ? null : findEntry(repository.git, commit.tree, path);
}

function historyOf(repository: RepositoryState, ref: string): HistoryEntry[] {
  return log(repository.git, shaOf(repository, ref)).flatMap((sha) => {
    const commit = repository.git.commit(sha);
    if (commit === null) return [];
    return [{ sha, message: commit.message, parents: commit.parents, author: commit.author.name }];
  });
}

function fsck(directory: string): string {
  const args = ["fsck", "--full", "--strict", "--no-dangling", "--no-progress"];
  const { status, stdout, stderr } = runGit(directory, args);
  const output = `${stdout}${stderr}`.replace(/^notice: .*\n/gm, "").trim();
  return status === 0 ? output : output || `git fsck ended with ${status}`;
}

function shaOf(repository: RepositoryState, ref: string): string {
  return headOf(repository, ref.replace(/^refs\/heads\//, "")) ?? ref;
}
