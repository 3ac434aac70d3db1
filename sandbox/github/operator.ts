import { runGit } from "../git/command.ts";
import { log } from "../git/history.ts";
import { DIRECTORY } from "../git/tree.ts";
import { findEntry, walkTree } from "../git/tree-edit.ts";
import { type LagOptions, startLag } from "./lag.ts";
import { commitAs, PAT, type PersonCommit } from "./people.ts";
import { addFork, addRepository, type NewFork, type NewRepository } from "./repository-making.ts";
import { type Amend, amendAs, forcePushAs, type Squash, squashAs } from "./rewriting.ts";
import { deleteBranch, settlePulls } from "./settling.ts";
import { type Account, type Check, type GitHubState, headOf, type RepositoryState, repositoryOf } from "./state.ts";

/** What the owner of a `GitHubServer` can do to repositories and branches, and see of them, without the API. */
export interface RepositoryActions {
  createRepository(options: NewRepository): void;
  /** A fork with the branches of its origin; its owner may be the origin's, under another name. */
  forkRepository(options: NewFork): void;
  /** Pull requests from it close, and show no repository at their head any more. */
  deleteRepository(repository: string): void;
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
  /** The paths of all files at a ref. */
  files(repository: string, ref: string): string[];
  /** The mode of a path as git keeps it, such as `100755`; null when it is not there. */
  readMode(options: { readonly repository: string; readonly ref: string; readonly path: string }): string | null;
  defaultBranch(repository: string): string;
  branches(repository: string): Record<string, string>;
  deleteBranch(repository: string, branch: string, by?: Account): void;
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
    deleteRepository(name) {
      const repository = find(name);
      for (const ref of repository.git.refs.list().keys()) repository.git.refs.remove(ref);
      settlePulls(state, repository);
      repository.isDeleted = true;
      state.repositories.delete(repository.fullName.toLowerCase());
    },
    repositories: () => [...state.repositories.values()].map(({ fullName }) => fullName),
    commit: (options) => commitAs(state, options),
    amendCommit: (options) => amendAs(state, options),
    squashBranch: (options) => squashAs(state, options),
    forcePush: (options) => forcePushAs(state, options),
    readFile(options) {
      const entry = entryAt(find(options.repository), options);
      return entry === null ? null : (find(options.repository).git.objects.read(entry.sha)?.data ?? null);
    },
    files(name, ref) {
      const { git } = find(name);
      const commit = git.commit(shaOf(find(name), ref));
      const entries = commit === null ? [] : walkTree(git, commit.tree);
      return entries.filter(({ mode }) => mode !== DIRECTORY).map((entry) => entry.name);
    },
    readMode: (options) => entryAt(find(options.repository), options)?.mode.padStart(6, "0") ?? null,
    defaultBranch: (name) => find(name).defaultBranch,
    branches(name) {
      const refs = [...find(name).git.refs.list()].filter(([ref]) => ref.startsWith("refs/heads/"));
      return Object.fromEntries(refs.map(([ref, sha]) => [ref.slice("refs/heads/".length), sha]));
    },
    deleteBranch: (name, branch, by = PAT) => deleteBranch(state, find(name), branch, by),
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
