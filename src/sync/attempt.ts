/**
 * A run's work on one repository: observe → desire → decide → apply, again when a race was lost. Does I/O through
 * ports.
 */
import type { PlannedFile, RepositoryReport } from "../contract/report.ts";
import { backOffMs } from "../core/back-off.ts";
import { describeError, SyncError } from "../core/errors.ts";
import { describeFault } from "../core/log.ts";
import type { Tree } from "../files/git-tree.ts";
import { apply } from "./apply.ts";
import { conclude, type RepositoryResult } from "./conclude.ts";
import { countChanges } from "./delta.ts";
import { findChanges } from "./found.ts";
import type { PullRequest } from "./ports.ts";
import type { RepositoryTask } from "./task.ts";
import { examine, type View } from "./view.ts";

const MAX_TRIES = 3;

/** Never throws: a fault becomes a report with outcome `failed`, and the memory stays but for when to try again. */
export async function syncRepository(task: RepositoryTask): Promise<RepositoryResult> {
  const fresh = new Map<number, PullRequest>();
  let lost: { readonly why: string; readonly fault?: SyncError } = { why: "" };
  let attempt = 0;
  try {
    for (let before = task.requests.made(), cost = 0; attempt < MAX_TRIES; before += cost) {
      if (attempt > 0 && !task.requests.setAside(cost)) break;
      attempt++;
      const view = await examine(task, fresh);
      const { decision } = view;
      task.log.info("sync.planned", {
        outcome: decision.outcome,
        changes: countChanges(view.delta),
        actions: decision.actions.map(({ kind }) => kind),
        attempt,
      });
      if (task.isDryRun) {
        const found = findChanges(task.repository, view.proposal);
        return { ...conclude(task, view, null), planned: await planFiles(task, view), found };
      }
      const { primary, ports } = task;
      const applied = await apply(decision.actions, {
        ports,
        baseBranch: view.snapshot.base.name,
        lastUpdated: primary.lastUpdated,
      });
      if (applied.kind === "done") return conclude(task, view, applied);
      task.log.warn("sync.lost", { why: applied.why, attempt });
      for (const pull of applied.seen) fresh.set(pull.number, pull);
      lost = applied;
      cost = task.requests.made() - before;
    }
    if (lost.fault !== undefined && lost.fault.code !== "conflict") return fail(task, "failed", lost.fault);
    return fail(
      task,
      "conflict",
      new SyncError("conflict", `Gave up after ${attempt} ${attempt === 1 ? "try" : "tries"}: ${lost.why}`),
    );
  } catch (error) {
    const isFight = error instanceof SyncError && error.code === "conflict";
    return fail(task, isFight ? "conflict" : "failed", error);
  }
}

/** The old text of a derived file was not needed for the plan, but people want to see what changes. */
async function planFiles(
  { ports, repository }: RepositoryTask,
  { proposal, snapshot, blobs }: View,
): Promise<PlannedFile[]> {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const textAt = async (tree: Tree, path: string): Promise<string | null> => {
    const sha = tree.get(path)?.sha;
    return sha === undefined ? null : decoder.decode(blobs.get(sha) ?? (await ports.read.blob(sha)));
  };
  const planned = proposal.delta
    .flatMap(({ files }) => files)
    .map(async (path) => {
      const before = await textAt(snapshot.base.files, path);
      const after = proposal.texts.get(path) ?? (await textAt(proposal.wanted, path)) ?? "";
      return { repository, path, before, after };
    });
  return Promise.all(planned);
}

function fail(task: RepositoryTask, outcome: "failed" | "conflict", error: unknown): RepositoryResult {
  const described = describeError(error);
  const { repository, memory, log, dueAt } = task;
  // What is told of a bug is for people; its cause is for the log.
  log.error("sync.failed", {
    ...described,
    repository,
    ...(described.code === "internal" ? { fault: describeFault(error) } : {}),
  });
  const report: RepositoryReport = {
    repository,
    branch: task.baseBranch,
    outcome,
    pullRequest: null,
    commit: null,
    files: [],
    categories: {},
    error: described,
  };
  const retryAt = error instanceof SyncError ? error.retryAt : null;
  const times = (memory.retry?.times ?? 0) + 1;
  const retry = { times, nextAttemptAt: dueAt + backOffMs(times) };
  return {
    report,
    memory: { ...memory, retry },
    warnings: [],
    planned: [],
    found: [],
    moved: null,
    againAt: null,
    retryAt,
  };
}
