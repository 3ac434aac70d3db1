/**
 * A short look at what waits on GitHub: whether somebody merged, closed, reopened or pushed since a run looked in full,
 * and how the pull request stands. Does I/O through ports.
 */

import { SYNC_BRANCH } from "../config/sync-branch.ts";
import type { ReportedPullRequest, RepositoryReport } from "../contract/report.ts";
import type { RepositoryMemory } from "./memory.ts";
import type { Checks, PullRequest, RepositoryPorts } from "./ports.ts";

/** Whether something of this repository is up to people on GitHub. */
export function waitsOnGitHub({ outcome, pullRequest }: RepositoryReport): boolean {
  return pullRequest !== null || outcome === "edited" || outcome === "rejected";
}

/** The branch and the pull request in one line, such as `3f2a… #12 open`. */
export function toGlimpse(head: string | null, pull: Pick<PullRequest, "number" | "state"> | null): string {
  return `${head ?? "-"} ${pull === null ? "-" : `#${pull.number} ${pull.state}`}`;
}

/** How a pull request stands, beside its number. */
export type MergeState = Pick<ReportedPullRequest, "merging" | "checks" | "failedChecks">;

export interface Sight {
  /** It is another picture than the last run had; a run has to see to it. */
  readonly hasChanged: boolean;
  /** `null`: there is no open pull request, or GitHub has yet to find out. */
  readonly mergeState: MergeState | null;
}

/** GitHub's word for a pull request that conflicts with its base. */
const CONFLICT = "dirty";

/** GitHub's words for a pull request whose checks, or whose reviews, are not there yet. */
const UNFINISHED = ["unstable", "blocked"];

/** What stands in the way of a merge. */
export const OBSTACLES: readonly string[] = [CONFLICT, ...UNFINISHED, "draft", "behind"];

/**
 * Two requests at most, but for a branch whose checks went away, once.
 *
 * @param last what is told of the repository
 * @param isThorough asks for checks also where there were none, or they could not be read
 * @returns `null` where no run has left a picture to compare with
 * @throws SyncError when GitHub does not answer
 */
export async function lookAtBranch(
  { pullRequest: last }: Pick<RepositoryReport, "pullRequest">,
  { glimpse }: RepositoryMemory,
  { read, pullRequests }: Pick<RepositoryPorts, "read" | "pullRequests">,
  isThorough = false,
): Promise<Sight | null> {
  if (glimpse === undefined) return null;
  const hasChecks = UNFINISHED.includes(last?.merging ?? "") && (last?.checks !== "unreadable" || isThorough);
  const [{ head, checks }, pull] = await Promise.all([
    readHead(read, hasChecks),
    last === null ? null : pullRequests.get(last.number, SYNC_BRANCH),
  ]);
  const merging = pull?.state === "open" ? pull.merging : undefined;
  const isKnown = merging !== undefined && merging !== "unknown";
  // The base moved in our files: a run brings the branch up to date, where it is ours.
  const isNewConflict = merging === CONFLICT && last?.merging !== CONFLICT;
  return {
    hasChanged: isNewConflict || toGlimpse(head, pull) !== glimpse,
    mergeState: isKnown ? { merging, ...readChecks(merging, checks) } : null,
  };
}

/** @returns `checks`: `undefined` where they were not asked for */
async function readHead(
  read: RepositoryPorts["read"],
  hasChecks: boolean,
): Promise<{ readonly head: string | null; readonly checks?: Checks | null }> {
  // Checks that cannot be had now say nothing of the branch, which is asked for then.
  const checks = hasChecks ? await read.checks(SYNC_BRANCH).catch(() => undefined) : undefined;
  if (checks != null) return { head: checks.commit, checks };
  const head = (await read.branches(SYNC_BRANCH)).get(SYNC_BRANCH) ?? null;
  return checks === undefined ? { head } : { head, checks };
}

function readChecks(merging: string, checks: Checks | null | undefined): MergeState {
  if (!UNFINISHED.includes(merging) || checks === undefined) return {};
  if (checks === null) return { checks: "unreadable" };
  return { checks: checks.state, ...(checks.failed.length === 0 ? {} : { failedChecks: checks.failed.slice(0, 5) }) };
}
