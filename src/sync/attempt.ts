/**
 * A run's work on one repository: observe → desire → reconcile → apply, again when a race was lost. Does I/O through
 * ports.
 */
import type { PlannedFile, RepositoryReport } from "../contract/report.ts";
import { backOffMs } from "../core/back-off.ts";
import { describeError, SyncError } from "../core/errors.ts";
import { describeFault } from "../core/log.ts";
import type { FileShas } from "../files/codec.ts";
import { type Tree, toShas } from "../files/git-tree.ts";
import { type Applied, apply } from "./apply.ts";
import { decorationWarnings, NOT_DECORATED, ornamentKey, rememberDecoration, toOrnaments } from "./decoration.ts";
import { countChanges } from "./delta.ts";
import { type FoundCategory, findChanges } from "./found.ts";
import { toGlimpse } from "./glimpse.ts";
import type { RepositoryMemory } from "./memory.ts";
import type { PullRequest } from "./ports.ts";
import type { Decision } from "./reconcile.ts";
import { remember } from "./remember.ts";
import type { Snapshot } from "./snapshot.ts";
import type { RepositoryTask } from "./task.ts";
import { tellRepository } from "./tell.ts";
import { look, type View } from "./view.ts";

/** What a base branch pointed to when a run looked. */
export interface BaseHead {
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
  readonly planned: readonly PlannedFile[];
  /** What a dry run found, what is held too. */
  readonly found: readonly FoundCategory[];
  /** The base, if its tree is another one than an earlier run remembers: somebody merged, or pushed. */
  readonly moved: BaseHead | null;
  /**
   * When to look again, though nothing failed (ms since the epoch): PRIMARY has nothing to say, or labels are unsure.
   * Nothing else waits for it.
   */
  readonly againAt: number | null;
  /** When a rate limit that ended the work will be lifted (ms since the epoch). */
  readonly retryAt: number | null;
}

const MAX_TRIES = 3;

/** Never throws: a fault becomes a report with outcome `failed`, and the memory stays but for when to try again. */
export async function syncRepository(task: RepositoryTask): Promise<RepositoryResult> {
  const fresh = new Map<number, PullRequest>();
  let lost: { readonly why: string; readonly fault?: SyncError } = { why: "" };
  let attempt = 0;
  try {
    for (let before = task.requests(), cost = 0; attempt < MAX_TRIES; before += cost) {
      if (before + cost > task.maxRequests) break;
      attempt++;
      const view = await look(task, fresh);
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
      cost = task.requests() - before;
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

/** @param applied `null` for a dry run */
function conclude(task: RepositoryTask, view: View, applied: Applied | null): RepositoryResult {
  const { repository, memory, log, primary, now, dueAt } = task;
  const { snapshot, proposal, decision, delta } = view;
  const outcome = applied === null ? plannedOutcome(decision) : decision.outcome;
  const pull = applied?.pull ?? decision.pull;
  const commit = applied?.commit ?? null;
  const { judged } = proposal;
  const isShown = task.isDryRun || task.expected !== null;
  const report = tellRepository({ repository, branch: task.baseBranch, judged, delta, outcome, pull, commit, isShown });
  log.info("sync.concluded", { outcome: report.outcome, pullRequest: report.pullRequest?.number, commit });
  const decorated = applied?.decorated ?? NOT_DECORATED;
  const awaitsPrimary = judged.some(({ standing }) => standing.kind === "held" && standing.awaitsPrimary);
  const hasFailures = judged.some(({ standing }) => standing.kind === "failed");
  const unsureAt = decorated.unknown.length > 0 ? dueAt + againMs(pull, now) : view.undecoratedUntil;
  const againAt = awaitsPrimary && unsureAt === null ? dueAt + AGAIN_MS : unsureAt;
  const decoration = decorationOf(task, view, pull, applied);
  return {
    report,
    memory: {
      ...view.learnt,
      ...remember({
        ...{ before: memory, base: snapshot.base, branch: snapshot.branch, proposal, stamps: view.stamps, now, dueAt },
        paths: task.known.flatMap(({ codec }) => codec.writes),
        source: primary.source,
        outcome: decision.outcome,
        pull,
        commit,
        isSettled: againAt === null && !hasFailures,
      }),
      ...(decoration === undefined ? {} : { decoration }),
      glimpse: toGlimpse(headAfter(view, applied), report.pullRequest === null ? null : pull),
    },
    warnings: [
      ...view.warnings,
      ...(applied?.warnings ?? []),
      ...(pull === null ? [] : decorationWarnings(decorated, pull.number)),
    ],
    planned: [],
    found: [],
    moved: toMoved(task, snapshot),
    againAt,
    retryAt: null,
  };
}

const AGAIN_MS = 10 * 60_000;

/** A new pull request should have its labels within minutes. */
function againMs(pull: PullRequest | null, now: number): number {
  const isNew = pull === null || now - Date.parse(pull.openedAt) < AGAIN_MS;
  return isNew ? 60_000 : AGAIN_MS;
}

/** Where the sync branch is in the end. */
function headAfter({ decision, snapshot }: View, applied: Applied | null): string | null {
  const before = snapshot.branch?.commit ?? null;
  if (applied === null || decision.outcome === "committed") return before;
  if (applied.commit !== null) return applied.commit;
  return decision.actions.some(({ kind }) => kind === "delete-ref") ? null : before;
}

/** What stands on the pull request now counts as done, so that a label that is gone later was taken away. */
function decorationOf(
  { memory, wishes }: RepositoryTask,
  { decision }: View,
  pull: PullRequest | null,
  applied: Applied | null,
) {
  const isOpen = pull?.state === "open" && decision.outcome !== "edited";
  if (!isOpen || applied === null) return memory.decoration;
  const there = new Set(
    toOrnaments({ labels: pull.labels, reviewers: pull.reviewers, team: pull.teams[0] ?? null }).map(ornamentKey),
  );
  const present = toOrnaments(wishes).filter((ornament) => there.has(ornamentKey(ornament)));
  return rememberDecoration(pull.number, memory.decoration, applied.decorated, present);
}

function plannedOutcome({ outcome }: Decision): RepositoryReport["outcome"] {
  return ["created", "updated", "closed", "committed"].includes(outcome) ? "planned" : outcome;
}

function toMoved({ repository, baseBranch, memory }: RepositoryTask, { base }: Snapshot): BaseHead | null {
  if (memory.baseTree?.sha === base.treeSha) return null;
  return {
    repository,
    branch: baseBranch,
    commit: base.commit,
    treeSha: base.treeSha,
    files: toShas(base.files),
  };
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
    ...{ repository, branch: task.baseBranch, outcome },
    ...{ pullRequest: null, commit: null, files: [], categories: {}, error: described },
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
