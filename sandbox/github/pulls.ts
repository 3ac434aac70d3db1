import { commitsBetween, isAncestor } from "../git/history.ts";
import { custom, invalid } from "./errors.ts";
import { recordEvent } from "./events.ts";
import { noteVersion } from "./lag.ts";
import { type Account, type GitHubState, headOf, type Pull, type RepositoryState } from "./state.ts";

/** The life of a pull request apart from HTTP. https://docs.github.com/en/rest/pulls/pulls */

export interface NewPull {
  readonly author: Account;
  readonly title: string;
  readonly body: string | null;
  readonly headRepository: RepositoryState;
  readonly head: string;
  readonly base: string;
  readonly isDraft: boolean;
}

/** Opens a pull request, or refuses as GitHub does. */
export function openPull(state: GitHubState, repository: RepositoryState, wanted: NewPull): Pull {
  const { headRepository, head, base } = wanted;
  const headSha = headOf(headRepository, head);
  const baseSha = headOf(repository, base);
  if (headSha === null) throw invalid("PullRequest", "head");
  if (baseSha === null) throw invalid("PullRequest", "base");
  refuseSecond(repository, { headRepository, headRef: head, baseRef: base });
  if (commitsBetween(repository.git, baseSha, headSha).length === 0) {
    throw custom("PullRequest", `No commits between ${base} and ${head}`);
  }
  const pull = newPull(wanted, { number: repository.pulls.length + 1, headSha, baseSha, now: state.now() });
  repository.pulls.push(pull);
  noteVersion(state, repository);
  return pull;
}

function newPull(
  wanted: NewPull,
  {
    now,
    ...place
  }: { readonly number: number; readonly headSha: string; readonly baseSha: string; readonly now: number },
): Pull {
  return {
    ...place,
    author: wanted.author,
    title: wanted.title,
    body: wanted.body,
    state: "open",
    headRepository: wanted.headRepository,
    headRef: wanted.head,
    baseRef: wanted.base,
    mergeCommitSha: null,
    mergedAt: null,
    mergedBy: null,
    closedAt: null,
    closedBy: null,
    createdAt: now,
    updatedAt: now,
    labels: new Set(),
    reviewers: new Set(),
    teams: new Set(),
    comments: [],
    reviews: [],
    events: [],
    isDraft: wanted.isDraft,
    isLocked: false,
    lockReason: null,
  };
}

export function reopenPull(state: GitHubState, repository: RepositoryState, pull: Pull, by: Account): void {
  const head = headOf(pull.headRepository, pull.headRef);
  const base = headOf(repository, pull.baseRef);
  const refused = (reason: string) => custom("PullRequest", `state cannot be changed. ${reason}`);
  if (pull.mergedAt !== null || head === null || base === null) {
    throw refused(`The ${pull.headRef} branch has been deleted or merged.`);
  }
  refuseSecond(repository, pull);
  if (!isAncestor(repository.git, pull.headSha, head)) {
    throw refused(`The ${pull.headRef} branch was force-pushed or recreated.`);
  }
  if (isAncestor(repository.git, head, base)) throw refused(`There are no new commits on the ${pull.headRef} branch.`);
  Object.assign(pull, { state: "open", closedAt: null, closedBy: null, headSha: head });
  recordEvent(state, pull, by, { event: "reopened" });
}

/** Only another base is a change; the head of a pull request is for ever. */
export function retargetPull(
  state: GitHubState,
  repository: RepositoryState,
  pull: Pull,
  to: { base: string; by: Account },
) {
  if (to.base === pull.baseRef) return;
  const sha = headOf(repository, to.base);
  if (sha === null) throw invalid("PullRequest", "base");
  if (pull.state === "closed") throw custom("PullRequest", "Cannot change the base branch of a closed pull request.");
  const isTaken = `A pull request already exists for base branch '${to.base}' and head branch '${pull.headRef}'`;
  if (hasOpen(repository, { ...pull, baseRef: to.base })) throw custom("PullRequest", isTaken);
  if (isAncestor(repository.git, pull.headSha, sha)) {
    throw custom(
      "PullRequest",
      `There are no new commits between base branch '${to.base}' and head branch '${pull.headRef}'`,
    );
  }
  pull.baseRef = to.base;
  pull.baseSha = sha;
  recordEvent(state, pull, to.by, { event: "base_ref_changed" });
}

type Ends = Pick<Pull, "headRepository" | "headRef" | "baseRef">;

function refuseSecond(repository: RepositoryState, ends: Ends): void {
  const head = `${ends.headRepository.owner}:${ends.headRef}`;
  if (hasOpen(repository, ends)) throw custom("PullRequest", `A pull request already exists for ${head}.`);
}

function hasOpen(repository: RepositoryState, { headRepository, headRef, baseRef }: Ends): boolean {
  return repository.pulls.some(
    (pull) =>
      pull.state === "open" &&
      pull.headRepository === headRepository &&
      pull.headRef === headRef &&
      pull.baseRef === baseRef,
  );
}
