/**
 * A run's work on one repository: read → plan (pure) → apply, again when a race was lost. Does I/O through ports.
 */

import type { PlannedFile, ReportedPullRequest, RepositoryReport } from "../contract/report.ts";
import { describeError, SyncError } from "../core/errors.ts";
import { isAwaiting, isDrifting, toCategoryReport } from "./drift.ts";
import type { RepositoryMemory } from "./memory.ts";
import { type Found, observe, type RepositoryRun } from "./observe.ts";
import { type Action, planRepository } from "./plan.ts";
import type { FileShas, PullRequest } from "./ports.ts";
import { publish } from "./publish.ts";
import type { PublishInput } from "./published.ts";
import { type Concluded, remember } from "./remember.ts";

/** What a base branch pointed to when a run looked. */
export interface RepositoryHead {
  /** `owner/name` */
  readonly repository: string;
  readonly branch: string;
  readonly commit: string;
  readonly treeSha: string;
  readonly files: FileShas;
}

export interface RepositoryResult {
  readonly report: RepositoryReport;
  readonly memory: RepositoryMemory;
  readonly warnings: readonly string[];
  /** What a dry run would write. */
  readonly planned?: readonly PlannedFile[];
  /** The base, if its tree is another one than an earlier run remembers: somebody merged, or pushed. */
  readonly moved: RepositoryHead | null;
  /** PRIMARY has nothing to say about a category that GitHub holds; it has to be asked again. */
  readonly awaitsPrimary: boolean;
  /** When a rate limit that ended the work will be lifted (ms since the epoch). */
  readonly retryAt: number | null;
}

const MAX_TRIES = 3;

/** Never throws: a fault becomes a report with outcome `failed` and the memory as it was. */
export async function syncRepository(run: RepositoryRun): Promise<RepositoryResult> {
  let lost: { readonly why: string; readonly fault?: SyncError } = { why: "" };
  try {
    for (let attempt = 1; attempt <= MAX_TRIES; attempt++) {
      const blobs = new Map<string, Uint8Array>();
      const found = await observe(run.isDryRun ? keepingBlobs(run, blobs) : run, { isBranchKnown: attempt > 1 });
      const action = planAction(run, found);
      run.log.info("sync.planned", { action: action.kind, changes: found.changes, attempt });
      if (run.isDryRun)
        return { ...conclude(run, found, dryOutcome(action, found)), planned: await planFiles(run, found, blobs) };
      const published = await publish(action, toPublish(run, found));
      if (published.kind === "done") return conclude(run, found, published);
      run.log.warn("sync.lost", { why: published.why, attempt });
      lost = published;
    }
    if (lost.fault !== undefined && lost.fault.code !== "conflict") return fail(run, "failed", lost.fault);
    return fail(run, "conflict", new SyncError("conflict", `Gave up after ${MAX_TRIES} tries: ${lost.why}`));
  } catch (error) {
    return fail(run, "failed", error);
  }
}

function planAction(run: RepositoryRun, found: Found): Action {
  const hasHeld = found.states.some(({ held }) => held !== null);
  const { publish, minChanges, isForced } = run;
  return planRepository({ ...found, hasHeld, isAbandoned: isAbandoned(run, found), publish, minChanges, isForced });
}

/** No run lives that long, so that none of those at the same moment is still about to do it. */
const ABANDONED_AFTER_MS = 15 * 60_000;

/**
 * The run that opens a pull request remembers that it came to the labels. Of one that died, only GitHub can tell that
 * nothing happened since: once somebody did anything, a missing label may have been taken away on purpose.
 */
function isAbandoned({ memory, startedAt }: RepositoryRun, { pullRequest }: Found): boolean {
  if (pullRequest?.isUntouched !== true) return false;
  if (memory.published?.pullRequest === pullRequest.number && memory.published.isDecorated === true) return false;
  return startedAt - Date.parse(pullRequest.openedAt ?? "") > ABANDONED_AFTER_MS;
}

function toPublish(run: RepositoryRun, found: Found): PublishInput {
  const { states, fingerprint } = found;
  const message = { states, fingerprint, primaryUrl: run.primaryUrl, lastUpdated: run.lastUpdated };
  return { ...found, ports: run.ports, baseBranch: run.baseBranch, message };
}

function dryOutcome(action: Action, found: Found): Concluded {
  const rest = {
    pullRequest: found.pullRequest?.state === "open" ? found.pullRequest : null,
    commit: null,
    warnings: [],
  };
  if (action.kind === "rest") return { outcome: action.outcome, ...rest };
  if (action.kind === "decorate") return { outcome: "current", ...rest };
  if (action.kind === "clean-up") return { outcome: "in-sync", ...rest };
  return { outcome: action.kind === "leave-edited" ? "edited" : "planned", ...rest };
}

function conclude(run: RepositoryRun, found: Found, done: Concluded): RepositoryResult {
  const drifting = found.states.filter(isDrifting);
  const told = found.states.filter(
    ({ changes, warnings, held }) => changes.length + warnings.length > 0 || held !== null,
  );
  const report: RepositoryReport = {
    repository: run.repository,
    branch: run.baseBranch,
    outcome: done.outcome,
    pullRequest: done.pullRequest === null ? null : toReported(done.pullRequest),
    commit: done.commit,
    files: drifting.flatMap(({ files }) => [...files.keys()]),
    categories: Object.fromEntries(told.map((state) => [state.category, toCategoryReport(state)])),
    checked: found.states.map(({ category }) => category),
  };
  run.log.info("sync.concluded", {
    outcome: report.outcome,
    pullRequest: report.pullRequest?.number,
    commit: report.commit,
  });
  return {
    report,
    memory: remember(run, found, done),
    warnings: done.warnings,
    moved: toMoved(run, found),
    awaitsPrimary: isAwaiting(found.states),
    retryAt: null,
  };
}

function toMoved(
  { repository, baseBranch: branch, memory }: RepositoryRun,
  { base, baseFiles: files }: Found,
): RepositoryHead | null {
  if (memory.baseTree === null || memory.baseTree.sha === base.treeSha) return null;
  return { repository, branch, commit: base.sha, treeSha: base.treeSha, files };
}

function toReported({ number, url, openedAt }: PullRequest): ReportedPullRequest {
  return { number, url, ...(openedAt === undefined ? {} : { openedAt }) };
}

/** A dry run keeps what it downloads, so that it can show old and new side by side without asking twice. */
function keepingBlobs(run: RepositoryRun, blobs: Map<string, Uint8Array>): RepositoryRun {
  const blob = async (sha: string) => {
    const bytes = await run.ports.read.blob(sha);
    blobs.set(sha, bytes);
    return bytes;
  };
  return { ...run, ports: { ...run.ports, read: { ...run.ports.read, blob } } };
}

/** The old text of a derived file was not needed for the plan, but people want to see what changes. */
async function planFiles(
  run: RepositoryRun,
  found: Found,
  blobs: ReadonlyMap<string, Uint8Array>,
): Promise<PlannedFile[]> {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const planned = [...found.texts].map(async ([path, after]) => {
    const sha = found.baseFiles.get(path);
    const bytes = sha === undefined ? null : (blobs.get(sha) ?? (await run.ports.read.blob(sha)));
    return { repository: run.repository, path, before: bytes === null ? null : decoder.decode(bytes), after };
  });
  return Promise.all(planned);
}

function fail(run: RepositoryRun, outcome: "failed" | "conflict", error: unknown): RepositoryResult {
  const described = describeError(error);
  run.log.error("sync.failed", { ...described, repository: run.repository });
  const report: RepositoryReport = {
    repository: run.repository,
    branch: run.baseBranch,
    outcome,
    pullRequest: null,
    commit: null,
    files: [],
    categories: {},
    error: described,
  };
  return {
    report,
    memory: run.memory,
    warnings: [],
    moved: null,
    awaitsPrimary: false,
    retryAt: error instanceof SyncError ? error.retryAt : null,
  };
}
