/**
 * Whether PRIMARY says anything that people have not rejected already. Does I/O through ports.
 *
 * The fingerprint in a closed pull request tells the same drift from another. But the drift is a difference, and so
 * changes with the base too: then the files that were rejected are compared with PRIMARY themselves.
 */
import { SyncError } from "../core/errors.ts";
import { type CategoryState, isDrifting } from "./drift.ts";
import { evaluateCategory } from "./evaluate.ts";
import { isWithdrawn, readFingerprint } from "./message.ts";
import type { RepositoryRun } from "./observe.ts";
import type { FileShas, GitReadPort, PullRequest } from "./ports.ts";
import type { Reads } from "./reads.ts";

export interface Looking {
  readonly run: RepositoryRun;
  readonly reads: Reads;
}

export interface RejectionQuery {
  readonly pullRequest: PullRequest | null;
  readonly states: readonly CategoryState[];
  readonly fingerprint: string;
}

/** Costs requests only after a rejection, when the drift is not the rejected one. */
export async function saysNothingNew({ run, reads }: Looking, query: RejectionQuery): Promise<boolean> {
  const { pullRequest, fingerprint } = query;
  const drifting = query.states.filter(isDrifting);
  if (drifting.length === 0 || run.isForced || pullRequest?.state !== "closed") return false;
  if (isWithdrawn(pullRequest.body) || readFingerprint(pullRequest.body) === fingerprint) return false;
  const rejected = await filesOrNull(run.ports.read, pullRequest.headSha);
  if (rejected === null) return false;
  for (const { category } of drifting) if (!(await isSaidBy(rejected, category, { run, reads }))) return false;
  return true;
}

/** A pull request's commits outlive its branch; where they do not, the fingerprint alone decides. */
async function filesOrNull(read: GitReadPort, commit: string): Promise<FileShas | null> {
  try {
    return await read.files(commit);
  } catch (error) {
    if (error instanceof SyncError && error.code === "github-not-found") return null;
    throw error;
  }
}

async function isSaidBy(files: FileShas, name: CategoryState["category"], { run, reads }: Looking): Promise<boolean> {
  const category = run.categories.find((candidate) => candidate.name === name);
  if (category === undefined) return false;
  const state = await evaluateCategory({
    category,
    baseFiles: files,
    known: run.memory.sameness[name],
    answer: await reads.category(name),
    readBlob: reads.blob,
    maxRemovalPercent: 100,
    isForced: true,
  });
  return state.held === null && state.files.size === 0;
}
