import { commitsBetween, mergeBase } from "../git/history.ts";
import { editTree } from "../git/tree-edit.ts";
import { signatureOf } from "./merging.ts";
import { authorOf, type FileContent, pushRef, treeChanges } from "./people.ts";
import { type GitHubState, headOf, type RepositoryState, repositoryOf } from "./state.ts";

/** How people rewrite a branch: by making other commits, and pushing them by force. */

export interface Amend {
  readonly repository: string;
  readonly branch: string;
  readonly files: Readonly<Record<string, FileContent>>;
  /** Default: the message stays, word for word, as `git commit --amend --no-edit` keeps it. */
  readonly message?: string;
}

/** Replaces the newest commit; its author stays. Gives the new commit. */
export function amendAs(state: GitHubState, { repository: name, branch, files, message }: Amend): string {
  const repository = repositoryOf(state, name);
  const { git } = repository;
  const { commit } = tipOf(repository, branch);
  const sha = git.writeCommit({
    ...commit,
    tree: editTree(git, commit.tree, treeChanges(repository, files)),
    committer: signatureOf(state, authorOf({})),
    message: message ?? commit.message,
    isSigned: false,
  });
  pushRef(state, repository, branch, sha);
  return sha;
}

export interface Squash {
  readonly repository: string;
  readonly branch: string;
  /** What the branch left. Default: the default branch. */
  readonly base?: string;
  /** Default: the newest commit's. */
  readonly message?: string;
}

/** Makes all commits that the base lacks into one, with the same tree. Gives it. */
export function squashAs(state: GitHubState, { repository: name, branch, base, message }: Squash): string {
  const repository = repositoryOf(state, name);
  const { git } = repository;
  const { sha: head, commit } = tipOf(repository, branch);
  const baseHead = tipOf(repository, base ?? repository.defaultBranch).sha;
  const parent = mergeBase(git, baseHead, head);
  if (commitsBetween(git, baseHead, head).length === 0) throw new Error(`${branch} has no commits of its own`);
  const sha = git.writeCommit({
    ...commit,
    parents: parent === null ? [] : [parent],
    committer: signatureOf(state, authorOf({})),
    message: message ?? commit.message,
    isSigned: false,
  });
  pushRef(state, repository, branch, sha);
  return sha;
}

export function forcePushAs(
  state: GitHubState,
  { repository: name, branch, sha }: { readonly repository: string; readonly branch: string; readonly sha: string },
): void {
  const repository = repositoryOf(state, name);
  if (repository.git.commit(sha) === null) throw new Error(`${name} has no commit ${sha}`);
  pushRef(state, repository, branch, sha);
}

function tipOf(repository: RepositoryState, branch: string) {
  const sha = headOf(repository, branch);
  const commit = sha === null ? null : repository.git.commit(sha);
  if (sha === null || commit === null) throw new Error(`${repository.fullName} has no branch ${branch}`);
  return { sha, commit };
}
