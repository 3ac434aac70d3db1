import { isDeepStrictEqual } from "node:util";
import type { GitHubState, Lag, Pull, RepositoryState } from "./state.ts";

/**
 * Reads of pull requests that do not know yet what happened: their lists, `head.sha`, `updated_at` and events come
 * from tables that GitHub updates after the ref, mostly within seconds, sometimes after more than an hour. Refs are
 * right at once, and so is the answer of a write.
 */
export interface LagOptions {
  /**
   * `heads`: only `head.sha`, `base.sha` and `updated_at` of open pull requests are old. `everything` (default): a
   * pull request, its state, its texts, its events are, and a new one is not in any list.
   */
  readonly scope?: "heads" | "everything";
  /** How far back reads look, on the sandbox's clock. Default: nothing moves until the lag is released. */
  readonly ms?: number;
}

export function startLag(state: GitHubState, repository: RepositoryState, options: LagOptions): void {
  const { scope = "everything", ms = null } = options;
  repository.lag = { scope, ms, versions: [{ at: state.now(), pulls: repository.pulls.map(copyOf) }] };
}

/** Called after whatever may have changed a pull request. */
export function noteVersion(state: GitHubState, repository: RepositoryState): void {
  const versions = repository.lag?.versions;
  if (versions === undefined) return;
  const pulls = repository.pulls.map(copyOf);
  if (!isSame(versions.at(-1)?.pulls ?? [], pulls)) versions.push({ at: state.now(), pulls });
}

/** The pull requests as a read sees them now. */
export function visiblePulls(state: GitHubState, repository: RepositoryState): readonly Pull[] {
  const { lag } = repository;
  if (lag === null) return repository.pulls;
  const until = lag.ms === null ? Number.NEGATIVE_INFINITY : state.now() - lag.ms;
  const seen = (lag.versions.findLast(({ at }) => at <= until) ?? lag.versions[0])?.pulls ?? [];
  return lag.scope === "everything" ? seen : repository.pulls.map((pull) => withOldHead(pull, seen, lag));
}

/** A pull request that was opened later than what is seen shows the head that it was opened with. */
function withOldHead(pull: Pull, seen: readonly Pull[], lag: Lag): Pull {
  if (pull.state === "closed") return pull;
  const isIt = ({ number }: Pull) => number === pull.number;
  const old = seen.find(isIt) ?? lag.versions.flatMap(({ pulls }) => pulls.filter(isIt))[0];
  if (old === undefined) return pull;
  return { ...pull, headSha: old.headSha, baseSha: old.baseSha, updatedAt: old.updatedAt };
}

function copyOf(pull: Pull): Pull {
  return {
    ...pull,
    labels: new Set(pull.labels),
    reviewers: new Set(pull.reviewers),
    teams: new Set(pull.teams),
    comments: pull.comments.map((comment) => ({ ...comment })),
    reviews: [...pull.reviews],
    events: [...pull.events],
  };
}

/** The repository of the head is left out: it is the same object, and a large one. */
function isSame(left: readonly Pull[], right: readonly Pull[]): boolean {
  const plain = (pulls: readonly Pull[]) => pulls.map(({ headRepository: _, ...pull }) => pull);
  return isDeepStrictEqual(plain(left), plain(right));
}
