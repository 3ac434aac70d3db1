import { recordEvent } from "./events.ts";
import { type Author, type MergeMethod, updateBranch } from "./merging.ts";
import { editPull, mergeAs, PAT, type PullSummary, pullDiff, pullSummary, pushRef } from "./people.ts";
import { openPull, reopenPull, retargetPull } from "./pulls.ts";
import { closePull, deleteBranch, settlePulls } from "./settling.ts";
import { type Account, type GitHubState, type Pull, type RepositoryState, repositoryOf } from "./state.ts";

/** What people do to pull requests without the API. Who they are is Pat, unless it is said. */
export interface PullActions {
  /** As they are, however much the API's reads lag. */
  pullRequests(repository: string): PullSummary[];
  openPullRequest(options: PersonPull): number;
  /** Throws on a conflict. Gives the merge commit, or the newest of the rebased ones. */
  mergePullRequest(options: PullRef & { method?: MergeMethod; deleteBranch?: boolean; by?: Author }): string;
  /** @param options.by `null`: GitHub does not tell who it was */
  closePullRequest(options: PullRef & { by?: Account | null }): void;
  /** Throws where GitHub refuses: no branch, a branch that was pushed by force, another one open. */
  reopenPullRequest(options: PullRef & { by?: Account }): void;
  editPullRequest(options: PullRef & { title?: string; body?: string }): void;
  /** Another base branch. */
  retargetPullRequest(options: PullRef & { base: string }): void;
  /** The button "Update branch". Gives the branch's new head. */
  updateBranch(options: PullRef & { method: "merge" | "rebase"; by?: Author }): string;
  /** The button "Restore branch", after it was deleted: at the head that the pull request remembers. */
  restoreBranch(options: PullRef): void;
  setDraft(options: PullRef & { isDraft: boolean }): void;
  /** @param options.reason `spam` and the like */
  lockConversation(options: PullRef & { reason?: string }): void;
  unlockConversation(options: PullRef): void;
  /** What a pull request changes, as `git diff` prints it. */
  diff(options: PullRef): string;
}

export interface PullRef {
  readonly repository: string;
  readonly number: number;
}

export interface PersonPull {
  readonly repository: string;
  /** The branch. */
  readonly head: string;
  /** A fork that the branch is in. Default: the repository itself. */
  readonly headRepository?: string;
  readonly base?: string;
  readonly title: string;
  readonly body?: string;
  readonly by?: Account;
}

interface Found {
  readonly repository: RepositoryState;
  readonly pull: Pull;
}

export function findPull(state: GitHubState, options: PullRef): Found {
  const repository = repositoryOf(state, options.repository);
  settlePulls(state, repository);
  const pull = repository.pulls.find(({ number }) => number === options.number);
  if (pull === undefined) throw new Error(`${options.repository} has no pull request ${options.number}`);
  return { repository, pull };
}

export function pullActions(state: GitHubState): PullActions {
  /** Does something to a pull request, and lets lagging reads know when it was. */
  const change = <T>(options: PullRef, act: (found: Found) => T): T => {
    const found = findPull(state, options);
    const result = act(found);
    settlePulls(state, found.repository);
    return result;
  };
  return {
    pullRequests(name) {
      const repository = repositoryOf(state, name);
      settlePulls(state, repository);
      return repository.pulls.map((pull) => pullSummary(state, repository, pull));
    },
    openPullRequest: (options) => openAs(state, options),
    mergePullRequest: ({ method = "merge", deleteBranch: deletes = false, by = PAT, ...options }) =>
      change(options, ({ repository, pull }) => {
        const sha = mergeAs(state, repository, pull, { method, by });
        if (deletes) deleteBranch(state, pull.headRepository, pull.headRef, by);
        return sha;
      }),
    closePullRequest: ({ by = PAT, ...options }) =>
      change(options, ({ pull }) => {
        if (pull.state === "open") closePull(state, pull, by);
      }),
    reopenPullRequest: ({ by = PAT, ...options }) =>
      change(options, ({ repository, pull }) => reopenPull(state, repository, pull, by)),
    editPullRequest: (options) => change(options, ({ pull }) => editPull(state, pull, options)),
    retargetPullRequest: ({ base, ...options }) =>
      change(options, ({ repository, pull }) => retargetPull(state, repository, pull, { base, by: PAT })),
    updateBranch: ({ method, by = PAT, ...options }) =>
      change(options, ({ repository, pull }) => {
        const updated = updateBranch(state, repository, pull, { method, by });
        if (updated.kind === "merged") return updated.sha;
        throw new Error(`the base conflicts with pull request ${pull.number} in ${updated.paths.join(", ")}`);
      }),
    restoreBranch: (options) => change(options, ({ pull }) => restore(state, pull)),
    setDraft: ({ isDraft, ...options }) =>
      change(options, ({ pull }) => {
        pull.isDraft = isDraft;
        recordEvent(state, pull, PAT, { event: isDraft ? "convert_to_draft" : "ready_for_review" });
      }),
    lockConversation: ({ reason = null, ...options }: PullRef & { reason?: string | null }) =>
      change(options, ({ pull }) => {
        Object.assign(pull, { isLocked: true, lockReason: reason });
        recordEvent(state, pull, PAT, { event: "locked", reason });
      }),
    unlockConversation: (options) =>
      change(options, ({ pull }) => {
        Object.assign(pull, { isLocked: false, lockReason: null });
        recordEvent(state, pull, PAT, { event: "unlocked" });
      }),
    diff: (options) => change(options, ({ repository, pull }) => pullDiff(repository, pull)),
  };
}

function openAs(state: GitHubState, options: PersonPull): number {
  const repository = repositoryOf(state, options.repository);
  const pull = openPull(state, repository, {
    author: options.by ?? PAT,
    title: options.title,
    body: options.body ?? null,
    headRepository: repositoryOf(state, options.headRepository ?? options.repository),
    head: options.head,
    base: options.base ?? repository.defaultBranch,
    isDraft: false,
  });
  return pull.number;
}

function restore(state: GitHubState, pull: Pull): void {
  pushRef(state, pull.headRepository, pull.headRef, pull.headSha);
  recordEvent(state, pull, PAT, { event: "head_ref_restored" });
}
