import type { Signature } from "../git/commit.ts";
import { commitsBetween } from "../git/history.ts";
import { mergeCommits } from "../git/merge.ts";
import { rebaseCommits } from "../git/rebase.ts";
import { deleteBranch, markMerged, settlePulls } from "./settling.ts";
import { type Account, type GitHubState, headOf, type Pull, type RepositoryState } from "./state.ts";

/** https://docs.github.com/en/pull-requests/collaborating-with-pull-requests/incorporating-changes-from-a-pull-request/about-pull-request-merges */
export type MergeMethod = "merge" | "squash" | "rebase";

export interface Author extends Account {
  readonly name: string;
  readonly email: string;
}

export interface MergeRequest {
  readonly by: Author;
  readonly method: MergeMethod;
  readonly title: string | null;
  readonly message: string | null;
}

export type Merged =
  | { readonly kind: "merged"; readonly sha: string }
  | { readonly kind: "conflict"; readonly paths: readonly string[] };

/**
 * Merges; the caller has checked that the pull request is open. A squash or a rebase leaves the branch's own commits
 * outside the base's history, and the closed pull request keeps its head.
 */
export function mergePull(state: GitHubState, repository: RepositoryState, pull: Pull, request: MergeRequest): Merged {
  const base = headOf(repository, pull.baseRef) ?? pull.baseSha;
  const merged =
    request.method === "rebase"
      ? rebaseHead(state, repository, pull, { onto: base, by: request.by })
      : writeMerge(state, repository, pull, { base, request });
  if (merged.kind === "conflict") return merged;
  markMerged(state, pull, { sha: merged.sha, by: request.by });
  repository.git.refs.write(`refs/heads/${pull.baseRef}`, merged.sha);
  settlePulls(state, repository, request.by);
  if (repository.deletesMergedBranches) deleteBranch(state, pull.headRepository, pull.headRef, request.by);
  return merged;
}

function writeMerge(
  state: GitHubState,
  repository: RepositoryState,
  pull: Pull,
  { base, request }: { readonly base: string; readonly request: MergeRequest },
): Merged {
  const merged = mergeCommits(repository.git, base, pull.headSha);
  if (merged.kind === "conflict") return merged;
  const author = signatureOf(state, request.by);
  const isSquash = request.method === "squash";
  const title = isSquash
    ? `${pull.title} (#${pull.number})`
    : `Merge pull request #${pull.number} from ${pull.headRepository.owner}/${pull.headRef}`;
  const sha = repository.git.writeCommit({
    tree: merged.tree,
    parents: isSquash ? [base] : [base, pull.headSha],
    author,
    committer: webFlow(author),
    message: `${request.title ?? title}\n\n${request.message ?? pull.title}`,
    isSigned: true,
  });
  return { kind: "merged", sha };
}

function rebaseHead(
  state: GitHubState,
  { git }: RepositoryState,
  pull: Pull,
  { onto, by }: { readonly onto: string; readonly by: Author },
): Merged {
  const commits = commitsBetween(git, onto, pull.headSha).reverse();
  const rebased = rebaseCommits(git, { commits, onto, committer: signatureOf(state, by) });
  return rebased.kind === "conflict" ? rebased : { kind: "merged", sha: rebased.sha };
}

/**
 * The button "Update branch": the base's new commits come into the head, by a merge commit or by making the head's
 * commits anew on the base (with other trees, and by force).
 */
export function updateBranch(
  state: GitHubState,
  repository: RepositoryState,
  pull: Pull,
  { by, method }: { readonly by: Author; readonly method: "merge" | "rebase" },
): Merged {
  const base = headOf(repository, pull.baseRef) ?? pull.baseSha;
  const updated =
    method === "rebase"
      ? rebaseHead(state, repository, pull, { onto: base, by })
      : mergeBaseIn(state, repository, pull, { base, by });
  if (updated.kind === "conflict") return updated;
  pull.headRepository.git.refs.write(`refs/heads/${pull.headRef}`, updated.sha);
  settlePulls(state, repository, by);
  return updated;
}

function mergeBaseIn(
  state: GitHubState,
  { git }: RepositoryState,
  pull: Pull,
  { base, by }: { readonly base: string; readonly by: Author },
): Merged {
  const merged = mergeCommits(git, pull.headSha, base);
  if (merged.kind === "conflict") return merged;
  const author = signatureOf(state, by);
  const sha = git.writeCommit({
    tree: merged.tree,
    parents: [pull.headSha, base],
    author,
    committer: webFlow(author),
    message: `Merge branch '${pull.baseRef}' into ${pull.headRef}`,
    isSigned: true,
  });
  return { kind: "merged", sha };
}

export function signatureOf(state: GitHubState, { name, email }: Pick<Author, "name" | "email">): Signature {
  return { name, email, seconds: Math.floor(state.now() / 1000), zone: "+0000" };
}

/** What is done on the site is committed, and signed, by GitHub. */
function webFlow(author: Signature): Signature {
  return { ...author, name: "GitHub", email: "noreply@github.com" };
}
