import { isAncestor } from "../git/history.ts";
import { recordEvent } from "./events.ts";
import { noteVersion } from "./lag.ts";
import { type Account, type GitHubState, headOf, type Pull, type RepositoryState } from "./state.ts";

/** How pull requests follow refs, and how they end. */

/** What people and pushes by git count as, when nobody says who they are. */
export const PERSON: Account = { login: "pat", type: "User" };

/**
 * Brings open pull requests up to what the refs say now: a moved head is followed, a deleted or swallowed one closes
 * its pull request. Runs at the start of every request, because a push by git does not tell us.
 *
 * @param by who moved the refs
 */
export function settlePulls(state: GitHubState, repository: RepositoryState, by: Account = PERSON): void {
  // A branch may be the head of a pull request to the repository that this one is a fork of.
  for (const affected of repository.parent === null ? [repository] : [repository, repository.parent]) {
    for (const pull of affected.pulls) {
      if (pull.state === "open") settlePull(state, affected, pull, by);
    }
    noteVersion(state, affected);
  }
}

function settlePull(state: GitHubState, repository: RepositoryState, pull: Pull, by: Account): void {
  const head = headOf(pull.headRepository, pull.headRef);
  const base = headOf(repository, pull.baseRef);
  if (head === null || base === null) {
    if (head === null) recordEvent(state, pull, by, { event: "head_ref_deleted" });
    closePull(state, pull, by);
    return;
  }
  const hasMoved = head !== pull.headSha;
  if (hasMoved) followHead(state, repository, pull, { head, base, by });
  if (!isAncestor(repository.git, head, base)) return;
  // A base that took the commits in has merged them; a head that went back to its base has only become empty.
  if (hasMoved) closePull(state, pull, by);
  else markMerged(state, pull, { sha: head, by });
}

function followHead(
  state: GitHubState,
  repository: RepositoryState,
  pull: Pull,
  { head, base, by }: { readonly head: string; readonly base: string; readonly by: Account },
): void {
  const isForced = !isAncestor(repository.git, pull.headSha, head);
  if (isForced) recordEvent(state, pull, by, { event: "head_ref_force_pushed", commit: head });
  pull.headSha = head;
  pull.baseSha = base;
  pull.updatedAt = state.now();
}

/** @param by `null` where GitHub does not tell who it was */
export function closePull(state: GitHubState, pull: Pull, by: Account | null, commit: string | null = null): void {
  pull.state = "closed";
  pull.closedAt = state.now();
  pull.closedBy = by;
  recordEvent(state, pull, by, { event: "closed", commit });
}

export function markMerged(
  state: GitHubState,
  pull: Pull,
  merge: { readonly sha: string; readonly by: Account },
): void {
  recordEvent(state, pull, merge.by, { event: "merged", commit: merge.sha });
  closePull(state, pull, merge.by, merge.sha);
  pull.mergedAt = pull.closedAt;
  pull.mergeCommitSha = merge.sha;
  pull.mergedBy = merge.by;
}

/** Deletes a branch, if it is there; pull requests from it close, and closed ones remember it. */
export function deleteBranch(state: GitHubState, repository: RepositoryState, branch: string, by: Account): void {
  if (headOf(repository, branch) === null) return;
  repository.git.refs.remove(`refs/heads/${branch}`);
  const homes = repository.parent === null ? [repository] : [repository, repository.parent];
  const closed = homes.flatMap(({ pulls }) =>
    pulls.filter((pull) => pull.state === "closed" && pull.headRepository === repository && pull.headRef === branch),
  );
  const newest = closed.at(-1);
  if (newest !== undefined) recordEvent(state, newest, by, { event: "head_ref_deleted" });
  settlePulls(state, repository, by);
}
