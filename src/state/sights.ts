/**
 * What a look at GitHub adds to what is known. Pure.
 */
import type { RepositoryReport } from "../contract/report.ts";
import { OBSTACLES, type Sight } from "../sync/glimpse.ts";
import type { SyncState } from "./store.ts";

/**
 * @param sights by repository (`owner/name`)
 * @param at when it was looked (ISO 8601, UTC)
 */
export function withSights(state: SyncState, sights: ReadonlyMap<string, Sight>, at: string): SyncState {
  if (sights.size === 0) return state;
  const repositories = state.repositories.map((entry) => {
    const sight = sights.get(entry.repository);
    return sight === undefined ? entry : { ...entry, seenAt: at, pullRequest: pullWith(entry, sight) };
  });
  return { ...state, repositories };
}

function pullWith({ pullRequest }: RepositoryReport, { mergeState }: Sight): RepositoryReport["pullRequest"] {
  if (pullRequest === null || mergeState === null) return pullRequest;
  const { merging: _merging, checks, failedChecks: _failed, ...rest } = pullRequest;
  // Once it is known that they cannot be read, it stays known while GitHub says the same of the whole.
  const isStill =
    checks === "unreadable" && mergeState.checks === undefined && mergeState.merging === pullRequest.merging;
  return { ...rest, ...mergeState, ...(isStill ? { checks } : {}) };
}

/** Whether people would read something else, so that it is worth a write. */
export function hasNews(before: SyncState, after: SyncState): boolean {
  const print = ({ repositories }: SyncState) => JSON.stringify(repositories.map(obstaclesOf));
  return before !== after && print(before) !== print(after);
}

function obstaclesOf({ pullRequest }: RepositoryReport) {
  if (pullRequest === null) return null;
  const { merging = "", checks, failedChecks } = pullRequest;
  return [OBSTACLES.includes(merging) ? merging : null, checks, failedChecks];
}
