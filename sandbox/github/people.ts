import { runGit } from "../git/command.ts";
import { mergeBase } from "../git/history.ts";
import { REGULAR_FILE } from "../git/tree.ts";
import { editTree, type TreeChange } from "../git/tree-edit.ts";
import { mergePull, settlePulls } from "./pulls.ts";
import { type GitHubState, headOf, type Pull, type RepositoryState, repositoryOf } from "./state.ts";

/** What people do to a repository without the API: pushes, merges, edits. */

export interface PersonCommit {
  readonly repository: string;
  /** Default: the default branch. */
  readonly branch?: string;
  /** null removes a file. */
  readonly files: Readonly<Record<string, string | Uint8Array | null>>;
  readonly message?: string;
  /** Default `Pat Person`. */
  readonly author?: string;
}

const PERSON = { login: "pat", name: "Pat Person", email: "pat@example.org" };

/** Commits and pushes; gives the commit. */
export function commitAs(state: GitHubState, options: PersonCommit): string {
  const repository = repositoryOf(state, options.repository);
  const { git } = repository;
  const branch = options.branch ?? repository.defaultBranch;
  const parent = headOf(repository, branch) ?? headOf(repository, repository.defaultBranch);
  const changes = new Map<string, TreeChange>();
  for (const [path, content] of Object.entries(options.files)) {
    const sha = content === null ? null : git.objects.write("blob", Buffer.from(content));
    changes.set(path, sha === null ? null : { mode: REGULAR_FILE, sha });
  }
  const signature = {
    name: options.author ?? PERSON.name,
    email: PERSON.email,
    seconds: Math.floor(state.now() / 1000),
    zone: "+0000",
  };
  const commit = git.writeCommit({
    tree: editTree(git, parent === null ? null : (git.commit(parent)?.tree ?? null), changes),
    parents: parent === null ? [] : [parent],
    author: signature,
    committer: signature,
    message: options.message ?? `Edit ${Object.keys(options.files).join(", ")}`,
    isSigned: false,
  });
  if (git.refs.write(`refs/heads/${branch}`, commit) === "impossible") throw new Error(`${branch} cannot be pushed to`);
  settlePulls(state, repository);
  return commit;
}

/** Merges an open pull request with a merge commit; throws when it is closed or in conflict. */
export function mergeAs(state: GitHubState, repository: RepositoryState, pull: Pull): string {
  if (pull.state === "closed") throw new Error(`pull request ${pull.number} is closed`);
  const merged = mergePull(state, repository, pull, { by: PERSON, method: "merge", title: null, message: null });
  if (merged.kind === "conflict") {
    throw new Error(`pull request ${pull.number} conflicts with its base in ${merged.paths.join(", ")}`);
  }
  settlePulls(state, repository);
  return merged.sha;
}

export function editPull(state: GitHubState, pull: Pull, texts: { title?: string; body?: string }): void {
  pull.title = texts.title ?? pull.title;
  pull.body = texts.body ?? pull.body;
  pull.updatedAt = state.now();
}

/** What the head changed since it left the base, as GitHub's "Files changed" shows it. */
export function pullDiff(repository: RepositoryState, pull: Pull): string {
  const base = mergeBase(repository.git, pull.baseSha, pull.headSha) ?? pull.baseSha;
  return runGit(repository.git.directory, [
    "diff",
    "--no-color",
    "--no-ext-diff",
    base,
    pull.headSha,
  ]).stdout.toString();
}

export interface PullSummary {
  readonly number: number;
  readonly url: string;
  readonly state: "open" | "closed";
  readonly merged: boolean;
  readonly author: string;
  readonly title: string;
  readonly body: string;
  readonly head: { readonly ref: string; readonly sha: string };
  readonly base: { readonly ref: string; readonly sha: string };
  readonly labels: string[];
  readonly requestedReviewers: string[];
  readonly requestedTeams: string[];
  readonly comments: { readonly author: string; readonly body: string }[];
  readonly mergeCommitSha: string | null;
}

export function pullSummary(state: GitHubState, repository: RepositoryState, pull: Pull): PullSummary {
  return {
    number: pull.number,
    url: `${state.url}/${repository.fullName}/pull/${pull.number}`,
    state: pull.state,
    merged: pull.mergedAt !== null,
    author: pull.author,
    title: pull.title,
    body: pull.body ?? "",
    head: { ref: pull.headRef, sha: pull.headSha },
    base: { ref: pull.baseRef, sha: pull.baseSha },
    labels: [...pull.labels],
    requestedReviewers: [...pull.reviewers],
    requestedTeams: [...pull.teams],
    comments: pull.comments.map(({ author, body }) => ({ author, body })),
    mergeCommitSha: pull.mergeCommitSha,
  };
}
