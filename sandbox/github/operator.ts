import { join } from "node:path";
import { runGit } from "../git/command.ts";
import { log } from "../git/history.ts";
import { createRepository } from "../git/repository.ts";
import { findEntry } from "../git/tree-edit.ts";
import { commitAs, editPull, mergeAs, type PersonCommit, pullDiff, pullSummary } from "./people.ts";
import { closePull, settlePulls } from "./pulls.ts";
import {
  type GitHubState,
  headOf,
  INITIAL_LABELS,
  type Pull,
  type RepositoryState,
  repositoryOf,
  takeId,
} from "./state.ts";

/** What the owner of a `GitHubServer` can do and see without the API. */

export interface PullRef {
  readonly repository: string;
  readonly number: number;
}

export interface NewRepository {
  readonly owner: string;
  readonly name: string;
  /** The default branch. Default `main`. */
  readonly branch?: string;
  readonly isPrivate?: boolean;
  /** The first commit; without files the repository is empty, with no commit at all. */
  readonly files: Readonly<Record<string, string | Uint8Array>>;
}

export interface HistoryEntry {
  readonly sha: string;
  readonly message: string;
  readonly parents: readonly string[];
  readonly author: string;
}

export function repositoryActions(state: GitHubState, directory: string) {
  return {
    createRepository(options: NewRepository) {
      const { owner, name, branch = "main", files, isPrivate = false } = options;
      const fullName = `${owner}/${name}`;
      const git = createRepository(join(directory, owner, `${name}.git`), branch);
      const labels = new Set(INITIAL_LABELS);
      const id = takeId(state);
      const repository = { id, owner, name, fullName, defaultBranch: branch, isPrivate, git, pulls: [], labels };
      state.repositories.set(fullName.toLowerCase(), repository);
      if (Object.keys(files).length > 0)
        commitAs(state, { repository: fullName, branch, files, message: "Initial commit" });
    },
    repositories: () => [...state.repositories.values()].map(({ fullName }) => fullName),
    commit: (options: PersonCommit) => commitAs(state, options),
    readFile(options: { repository: string; ref: string; path: string }) {
      const repository = repositoryOf(state, options.repository);
      const commit = repository.git.commit(shaOf(repository, options.ref));
      const entry = commit === null ? null : findEntry(repository.git, commit.tree, options.path);
      return entry === null ? null : (repository.git.objects.read(entry.sha)?.data ?? null);
    },
    branches(name: string) {
      const refs = [...repositoryOf(state, name).git.refs.list()].filter(([ref]) => ref.startsWith("refs/heads/"));
      return Object.fromEntries(refs.map(([ref, sha]) => [ref.slice("refs/heads/".length), sha]));
    },
    deleteBranch(name: string, branch: string) {
      const repository = repositoryOf(state, name);
      repository.git.refs.remove(`refs/heads/${branch}`);
      settlePulls(state, repository);
    },
    history(name: string, ref: string) {
      const repository = repositoryOf(state, name);
      return log(repository.git, shaOf(repository, ref)).flatMap((sha) => {
        const commit = repository.git.commit(sha);
        if (commit === null) return [];
        return [{ sha, message: commit.message, parents: commit.parents, author: commit.author.name }];
      });
    },
    async fsck(name: string) {
      const args = ["fsck", "--full", "--strict", "--no-dangling", "--no-progress"];
      const { status, stdout, stderr } = runGit(repositoryOf(state, name).git.directory, args);
      const output = `${stdout}${stderr}`.replace(/^notice: .*\n/gm, "").trim();
      return status === 0 ? output : output || `git fsck ended with ${status}`;
    },
    gitDirectory: (name: string) => repositoryOf(state, name).git.directory,
  };
}

export function pullActions(state: GitHubState) {
  const find = (options: PullRef): { repository: RepositoryState; pull: Pull } => {
    const repository = repositoryOf(state, options.repository);
    settlePulls(state, repository);
    const pull = repository.pulls.find(({ number }) => number === options.number);
    if (pull === undefined) throw new Error(`${options.repository} has no pull request ${options.number}`);
    return { repository, pull };
  };
  return {
    pullRequests(name: string) {
      const repository = repositoryOf(state, name);
      settlePulls(state, repository);
      return repository.pulls.map((pull) => pullSummary(state, repository, pull));
    },
    mergePullRequest(options: PullRef & { deleteBranch?: boolean }) {
      const { repository, pull } = find(options);
      const sha = mergeAs(state, repository, pull);
      if (options.deleteBranch === true) repository.git.refs.remove(`refs/heads/${pull.headRef}`);
      return sha;
    },
    closePullRequest(options: PullRef) {
      const { pull } = find(options);
      if (pull.state === "open") closePull(state, pull);
    },
    editPullRequest(options: PullRef & { title?: string; body?: string }) {
      editPull(state, find(options).pull, options);
    },
    diff(options: PullRef) {
      const { repository, pull } = find(options);
      return pullDiff(repository, pull);
    },
  };
}

function shaOf(repository: RepositoryState, ref: string): string {
  return headOf(repository, ref.replace(/^refs\/heads\//, "")) ?? ref;
}
