import { commitsBetween, isAncestor } from "../git/history.ts";
import { type MergeResult, mergeCommits } from "../git/merge.ts";
import { custom, invalid } from "./errors.ts";
import { type GitHubState, headOf, type Pull, type RepositoryState } from "./state.ts";

/** The life of a pull request apart from HTTP. https://docs.github.com/en/rest/pulls/pulls */

export interface NewPull {
  readonly author: string;
  readonly authorType: "User" | "Bot";
  readonly title: string;
  readonly body: string | null;
  readonly head: string;
  readonly base: string;
  readonly isDraft: boolean;
}

/** Opens a pull request, or refuses as GitHub does. */
export function openPull(state: GitHubState, repository: RepositoryState, wanted: NewPull): Pull {
  const headSha = headOf(repository, wanted.head);
  const baseSha = headOf(repository, wanted.base);
  if (headSha === null) throw invalid("PullRequest", "head");
  if (baseSha === null) throw invalid("PullRequest", "base");
  refuseSecond(repository, wanted.head, wanted.base);
  if (commitsBetween(repository.git, baseSha, headSha).length === 0) {
    throw custom("PullRequest", `No commits between ${wanted.base} and ${wanted.head}`);
  }
  const now = state.now();
  const pull: Pull = {
    number: repository.pulls.length + 1,
    author: wanted.author,
    authorType: wanted.authorType,
    title: wanted.title,
    body: wanted.body,
    state: "open",
    headRef: wanted.head,
    headSha,
    baseRef: wanted.base,
    baseSha,
    mergeCommitSha: null,
    mergedAt: null,
    mergedBy: null,
    closedAt: null,
    createdAt: now,
    updatedAt: now,
    labels: new Set(),
    reviewers: new Set(),
    teams: new Set(),
    comments: [],
    isDraft: wanted.isDraft,
  };
  repository.pulls.push(pull);
  return pull;
}

/**
 * Brings open pull requests up to what the refs say now: a moved head is followed, a deleted or swallowed one closes
 * its pull request. Runs at the start of every request, because a push by git does not tell us.
 */
export function settlePulls(state: GitHubState, repository: RepositoryState): void {
  for (const pull of repository.pulls) {
    if (pull.state === "open") settlePull(state, repository, pull);
  }
}

function settlePull(state: GitHubState, repository: RepositoryState, pull: Pull): void {
  const head = headOf(repository, pull.headRef);
  const base = headOf(repository, pull.baseRef);
  if (head === null || base === null) {
    closePull(state, pull);
    return;
  }
  const hasMoved = head !== pull.headSha;
  if (hasMoved) {
    pull.headSha = head;
    pull.baseSha = base;
    pull.updatedAt = state.now();
  }
  if (!isAncestor(repository.git, head, base)) return;
  // A base that took the commits in has merged them; a head that went back to its base has only become empty.
  if (hasMoved) closePull(state, pull);
  else markMerged(state, pull, { sha: head, by: pull.author });
}

export function closePull(state: GitHubState, pull: Pull): void {
  pull.state = "closed";
  pull.closedAt = state.now();
  pull.updatedAt = pull.closedAt;
}

export function reopenPull(state: GitHubState, repository: RepositoryState, pull: Pull): void {
  const head = headOf(repository, pull.headRef);
  const base = headOf(repository, pull.baseRef);
  if (pull.mergedAt !== null || head === null || base === null) {
    throw custom("PullRequest", `state cannot be changed. The ${pull.headRef} branch has been deleted or merged.`);
  }
  refuseSecond(repository, pull.headRef, pull.baseRef);
  if (isAncestor(repository.git, head, base)) {
    throw custom("PullRequest", `state cannot be changed. There are no new commits on the ${pull.headRef} branch.`);
  }
  Object.assign(pull, { state: "open", closedAt: null, headSha: head, updatedAt: state.now() });
}

export interface MergeRequest {
  readonly by: { readonly login: string; readonly name: string; readonly email: string };
  readonly method: "merge" | "squash";
  readonly title: string | null;
  readonly message: string | null;
}

/** Merges with a commit of its own. The caller has checked that the pull request is open. */
export function mergePull(
  state: GitHubState,
  repository: RepositoryState,
  pull: Pull,
  request: MergeRequest,
): { kind: "merged"; sha: string } | Extract<MergeResult, { kind: "conflict" }> {
  const base = headOf(repository, pull.baseRef) ?? pull.baseSha;
  const merged = mergeCommits(repository.git, base, pull.headSha);
  if (merged.kind === "conflict") return merged;
  const signature = { ...request.by, seconds: Math.floor(state.now() / 1000), zone: "+0000" };
  const isSquash = request.method === "squash";
  const title = isSquash
    ? `${pull.title} (#${pull.number})`
    : `Merge pull request #${pull.number} from ${repository.owner}/${pull.headRef}`;
  const sha = repository.git.writeCommit({
    tree: merged.tree,
    parents: isSquash ? [base] : [base, pull.headSha],
    author: signature,
    committer: { ...signature, name: "GitHub", email: "noreply@github.com" },
    message: `${request.title ?? title}\n\n${request.message ?? pull.title}`,
    isSigned: true,
  });
  repository.git.refs.write(`refs/heads/${pull.baseRef}`, sha);
  markMerged(state, pull, { sha, by: request.by.login });
  return { kind: "merged", sha };
}

function markMerged(state: GitHubState, pull: Pull, merge: { sha: string; by: string }): void {
  closePull(state, pull);
  pull.mergedAt = pull.closedAt;
  pull.mergeCommitSha = merge.sha;
  pull.mergedBy = merge.by;
}

function refuseSecond(repository: RepositoryState, head: string, base: string): void {
  const isOpen = repository.pulls.some(
    (pull) => pull.state === "open" && pull.headRef === head && pull.baseRef === base,
  );
  if (isOpen) throw custom("PullRequest", `A pull request already exists for ${repository.owner}:${head}.`);
}
