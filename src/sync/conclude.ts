/**
 * What came of a look at a repository and of what was done: the report, and what is remembered. Pure.
 */
import { isDeed, type PlannedFile, type RepositoryReport } from "../contract/report.ts";
import type { FileShas } from "../files/codec.ts";
import { toShas } from "../files/git-tree.ts";
import type { Applied } from "./apply.ts";
import type { Decision } from "./decision.ts";
import { carries, decorationWarnings, NOT_DECORATED, rememberDecoration, toOrnaments } from "./decoration.ts";
import type { FoundCategory } from "./found.ts";
import { toGlimpse } from "./glimpse.ts";
import type { RepositoryMemory } from "./memory.ts";
import type { PullRequest } from "./ports.ts";
import { remember } from "./remember.ts";
import type { Snapshot } from "./snapshot.ts";
import type { RepositoryTask } from "./task.ts";
import { tellRepository } from "./tell.ts";
import type { View } from "./view.ts";

/** What a base branch pointed to when a run looked. */
export interface BaseHead {
  /** `owner/name` */
  readonly repository: string;
  readonly branch: string;
  readonly commit: string;
  readonly treeSha: string;
  readonly files: FileShas;
  /** It was read then, or later (ms since the epoch). */
  readonly readAt: number;
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

/** @param applied `null` for a dry run */
export function conclude(task: RepositoryTask, view: View, applied: Applied | null): RepositoryResult {
  const { repository, memory, log, primary, now, dueAt } = task;
  const { snapshot, proposal, decision, delta } = view;
  const outcome = applied === null ? plannedOutcome(decision) : decision.outcome;
  const pull = applied?.pull ?? decision.pull;
  const commit = applied?.commit ?? null;
  const { judged } = proposal;
  const isShown = task.isDryRun || task.guard.expected !== null;
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
        before: memory,
        base: snapshot.base,
        branch: snapshot.branch,
        proposal,
        stamps: view.stamps,
        now,
        dueAt,
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
  const present = toOrnaments(wishes).filter((ornament) => carries(pull, ornament));
  return rememberDecoration(pull.number, memory.decoration, applied.decorated, present);
}

function plannedOutcome({ outcome }: Decision): RepositoryReport["outcome"] {
  return isDeed(outcome) ? "planned" : outcome;
}

function toMoved({ repository, baseBranch, memory, now }: RepositoryTask, { base }: Snapshot): BaseHead | null {
  if (memory.baseTree?.sha === base.treeSha) return null;
  return {
    repository,
    branch: baseBranch,
    commit: base.commit,
    treeSha: base.treeSha,
    files: toShas(base.files),
    readAt: now,
  };
}
