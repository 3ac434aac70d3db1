/**
 * A short look at what waits on GitHub: whether somebody merged, closed, reopened or pushed since a run looked in full.
 * Does I/O through ports.
 */
import type { RepositoryReport } from "../contract/report.ts";
import type { RepositoryMemory } from "./memory.ts";
import type { PullRequest, RepositoryPorts } from "./ports.ts";
import { SYNC_BRANCH } from "./snapshot.ts";

/** Whether something of this repository is up to people on GitHub. */
export function waitsOnGitHub({ outcome, pullRequest }: RepositoryReport): boolean {
  return pullRequest !== null || outcome === "edited" || outcome === "rejected";
}

/** The branch and the pull request in one line, such as `3f2a… #12 open`. */
export function toGlimpse(head: string | null, pull: Pick<PullRequest, "number" | "state"> | null): string {
  return `${head ?? "-"} ${pull === null ? "-" : `#${pull.number} ${pull.state}`}`;
}

/**
 * At most two requests.
 *
 * @returns whether it is another picture than the last run had; `false` where that is not known
 * @throws SyncError when GitHub does not answer
 */
export async function hasActed(
  { pullRequest }: RepositoryReport,
  { glimpse }: RepositoryMemory,
  { read, pullRequests }: Pick<RepositoryPorts, "read" | "pullRequests">,
): Promise<boolean> {
  if (glimpse === undefined) return false;
  const [refs, pull] = await Promise.all([
    read.branches(SYNC_BRANCH),
    pullRequest === null ? null : pullRequests.get(pullRequest.number),
  ]);
  return toGlimpse(refs.get(SYNC_BRANCH) ?? null, pull) !== glimpse;
}
