import { runGit } from "../git/command.ts";
import { mergeBase } from "../git/history.ts";
import { REGULAR_FILE } from "../git/tree.ts";
import { editTree, type TreeChange } from "../git/tree-edit.ts";
import { recordEvent } from "./events.ts";
import { type Author, type MergeMethod, mergePull, signatureOf } from "./merging.ts";
import { PERSON, settlePulls } from "./settling.ts";
import { type GitHubState, headOf, type Pull, type RepositoryState, repositoryOf } from "./state.ts";

/** What people do to a repository without the API: pushes, merges, edits. */

/** A text, bytes, a mode with a text (or, for a submodule, the commit's SHA), or null to remove the file. */
export type FileContent = string | Uint8Array | null | { readonly mode: string; readonly content: string };

export interface PersonCommit {
  readonly repository: string;
  /** Default: the default branch. */
  readonly branch?: string;
  /** None at all make an empty commit. */
  readonly files: Readonly<Record<string, FileContent>>;
  readonly message?: string;
  /** Default `Pat Person`. */
  readonly author?: string;
  /** Default `pat@example.org`. */
  readonly email?: string;
}

export const PAT: Author = { ...PERSON, name: "Pat Person", email: "pat@example.org" };

/** Commits and pushes; gives the commit. */
export function commitAs(state: GitHubState, options: PersonCommit): string {
  const repository = repositoryOf(state, options.repository);
  const { git } = repository;
  const branch = options.branch ?? repository.defaultBranch;
  const parent = headOf(repository, branch) ?? headOf(repository, repository.defaultBranch);
  const tree = parent === null ? null : (git.commit(parent)?.tree ?? null);
  const signature = signatureOf(state, authorOf(options));
  const commit = git.writeCommit({
    tree: editTree(git, tree, treeChanges(repository, options.files)),
    parents: parent === null ? [] : [parent],
    author: signature,
    committer: signature,
    message: options.message ?? `Edit ${Object.keys(options.files).join(", ") || "nothing"}`,
    isSigned: false,
  });
  pushRef(state, repository, branch, commit);
  return commit;
}

export function authorOf({ author, email }: { readonly author?: string; readonly email?: string }): Author {
  return { ...PAT, name: author ?? PAT.name, email: email ?? PAT.email };
}

export function treeChanges({ git }: RepositoryState, files: PersonCommit["files"]): Map<string, TreeChange> {
  const write = (content: string | Uint8Array) => git.objects.write("blob", Buffer.from(content));
  const change = (content: FileContent): TreeChange => {
    if (content === null) return null;
    if (typeof content === "string" || content instanceof Uint8Array) {
      return { mode: REGULAR_FILE, sha: write(content) };
    }
    const isLink = content.mode === "160000";
    return { mode: content.mode, sha: isLink ? content.content : write(content.content) };
  };
  return new Map(Object.entries(files).map(([path, content]) => [path, change(content)]));
}

/** Moves a branch wherever it should go, as `git push --force` does. */
export function pushRef(state: GitHubState, repository: RepositoryState, branch: string, sha: string): void {
  if (repository.git.refs.write(`refs/heads/${branch}`, sha) === "impossible") {
    throw new Error(`${branch} cannot be pushed to`);
  }
  settlePulls(state, repository);
}

/** Merges an open pull request; throws when it is closed or in conflict. */
export function mergeAs(
  state: GitHubState,
  repository: RepositoryState,
  pull: Pull,
  { method = "merge", by = PAT }: { readonly method?: MergeMethod; readonly by?: Author } = {},
): string {
  if (pull.state === "closed") throw new Error(`pull request ${pull.number} is closed`);
  const merged = mergePull(state, repository, pull, { by, method, title: null, message: null });
  if (merged.kind === "merged") return merged.sha;
  throw new Error(`pull request ${pull.number} conflicts with its base in ${merged.paths.join(", ")}`);
}

export function editPull(state: GitHubState, pull: Pull, texts: { title?: string; body?: string }): void {
  if (texts.title !== undefined && texts.title !== pull.title) {
    recordEvent(state, pull, PERSON, { event: "renamed", from: pull.title, to: texts.title });
    pull.title = texts.title;
  }
  pull.body = texts.body ?? pull.body;
  pull.updatedAt = state.now();
}

/** What the head changed since it left the base, as GitHub's "Files changed" shows it. */
export function pullDiff(repository: RepositoryState, pull: Pull): string {
  const base = mergeBase(repository.git, pull.baseSha, pull.headSha) ?? pull.baseSha;
  const args = ["diff", "--no-color", "--no-ext-diff", base, pull.headSha];
  return runGit(repository.git.directory, args).stdout.toString();
}

export interface PullSummary {
  readonly number: number;
  readonly url: string;
  readonly state: "open" | "closed";
  readonly merged: boolean;
  readonly author: string;
  readonly title: string;
  readonly body: string;
  /** As it is, however much the API's reads lag. */
  readonly head: { readonly ref: string; readonly sha: string };
  readonly base: { readonly ref: string; readonly sha: string };
  readonly labels: string[];
  readonly requestedReviewers: string[];
  readonly requestedTeams: string[];
  readonly comments: { readonly author: string; readonly body: string }[];
  readonly mergeCommitSha: string | null;
  readonly closedBy: string | null;
  readonly isDraft: boolean;
  readonly isLocked: boolean;
}

export function pullSummary(state: GitHubState, repository: RepositoryState, pull: Pull): PullSummary {
  return {
    number: pull.number,
    url: `${state.url}/${repository.fullName}/pull/${pull.number}`,
    state: pull.state,
    merged: pull.mergedAt !== null,
    author: pull.author.login,
    title: pull.title,
    body: pull.body ?? "",
    head: { ref: pull.headRef, sha: pull.headSha },
    base: { ref: pull.baseRef, sha: pull.baseSha },
    labels: [...pull.labels],
    requestedReviewers: [...pull.reviewers],
    requestedTeams: [...pull.teams],
    comments: pull.comments.map(({ author, body }) => ({ author: author.login, body })),
    mergeCommitSha: pull.mergeCommitSha,
    closedBy: pull.closedBy?.login ?? null,
    isDraft: pull.isDraft,
    isLocked: pull.isLocked,
  };
}
