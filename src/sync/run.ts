/**
 * One run over all repositories: read → plan → apply → report. Does I/O through ports.
 */
import { REPOSITORY_ROLES } from "../categories.ts";
import {
  isSettled,
  type PlannedFile,
  type Report,
  type ReportedError,
  type RepositoryReport,
  summarize,
} from "../contract/report.ts";
import { describeError, SyncError } from "../core/errors.ts";
import { once } from "../core/once.ts";
import { syncRepository } from "./attempt.ts";
import { carryForward } from "./carry.ts";
import type { BaseHead, RepositoryResult } from "./conclude.ts";
import type { FoundCategory } from "./found.ts";
import type { RepositoryMemory } from "./memory.ts";
import { countFailures, firstOf, nextAttemptOf } from "./next-attempt.ts";
import type { RunContext, RunRequest } from "./run-request.ts";
import { closeStamps, isOpenStamp, type Stamps } from "./stamps.ts";
import { toTask } from "./to-task.ts";

export interface RunResult {
  readonly report: Report;
  /** What a dry run would write; empty otherwise. */
  readonly planned: readonly PlannedFile[];
  /** What a dry run found, record by record, what is held too; empty otherwise. */
  readonly found: readonly FoundCategory[];
  readonly memory: Readonly<Record<string, RepositoryMemory>>;
  /** Bases that are not what an earlier run remembers. */
  readonly moved: readonly BaseHead[];
  /** All configured categories were looked at. */
  readonly isComplete: boolean;
  /** Something was tried and failed; what failed before may just wait for its next attempt. */
  readonly hasFailedAnew: boolean;
  /** … and every repository is settled, so that PRIMARY's timestamp may be stored. */
  readonly isSettled: boolean;
  /**
   * Everything is settled but what waits for a time of its own, the first of it then (ms since the epoch): a category or
   * one of the repositories that failed, an answer of PRIMARY, a label. Nothing else waits for it.
   */
  readonly againAt: number | null;
  /** The earliest time another attempt makes sense, if a rate limit named one. */
  readonly retryAt: number | null;
  /** Another edit may have got PRIMARY's timestamp after it was read, so that it is looked at once more. */
  readonly isStampOpen: boolean;
}

/** Never throws: a fault of PRIMARY or of one repository ends in the report. */
export async function runSync(request: RunRequest, context: RunContext): Promise<RunResult> {
  const startedAt = context.now();
  const log = context.log.with({ run: request.id });
  log.info("run.started", { trigger: request.trigger, dryRun: request.isDryRun, forced: request.isForced });
  const done = await examineAll(request, { ...context, log }, startedAt);
  const finishedAt = context.now();
  const { config } = context;
  const rateLimit = context.rateLimit?.() ?? null;
  const report: Report = {
    id: request.id,
    trigger: request.trigger,
    startedAt: new Date(startedAt).toISOString(),
    finishedAt: new Date(finishedAt).toISOString(),
    durationMs: finishedAt - startedAt,
    dryRun: request.isDryRun,
    forced: request.isForced,
    outcome: done.error === undefined ? summarize(done.repositories, request.isDryRun) : "failed",
    primary: { url: config.primaryUrl, lastUpdated: done.lastUpdated, previous: context.previous },
    repositories: done.repositories,
    warnings: done.warnings,
    requests: context.requests(),
    ...(rateLimit === null ? {} : { rateLimit }),
    ...(done.error === undefined ? {} : { error: done.error }),
  };
  const everything =
    request.categories === null || config.categories.every((name) => request.categories?.includes(name));
  const unsettled = done.repositories.filter(({ outcome }) => !isSettled(outcome));
  log.info("run.finished", { outcome: report.outcome, durationMs: report.durationMs, requests: report.requests });
  const { memory, moved, planned, found, retryAt, isStampOpen } = done;
  // What all of them meet is GitHub's or the credentials' fault, and the whole watch backs off.
  const isAlone = unsettled.length < done.repositories.length && retryAt === null && !request.isDryRun;
  const isWhole = done.error === undefined && everything && (unsettled.length === 0 || isAlone);
  const againAt = isWhole ? firstOf([done.againAt, nextAttemptOf(done.repositories, memory)]) : null;
  const isSettledFully = isWhole && unsettled.length === 0 && againAt === null;
  const hasFailedAnew = done.error !== undefined || countFailures(memory) > countFailures(context.memory);
  const flags = { isComplete: everything, isSettled: isSettledFully, hasFailedAnew };
  return { report, memory, moved, planned, found, ...flags, againAt, retryAt, isStampOpen };
}

interface Done {
  readonly lastUpdated: number | null;
  readonly repositories: readonly RepositoryReport[];
  readonly memory: Readonly<Record<string, RepositoryMemory>>;
  readonly warnings: readonly string[];
  readonly planned: readonly PlannedFile[];
  readonly found: readonly FoundCategory[];
  readonly moved: readonly BaseHead[];
  readonly againAt: number | null;
  readonly retryAt: number | null;
  readonly isStampOpen: boolean;
  readonly error?: ReportedError;
}

async function examineAll(request: RunRequest, context: RunContext, startedAt: number): Promise<Done> {
  let lastUpdated: number | null;
  try {
    lastUpdated = await context.primary.lastUpdated();
  } catch (error) {
    const none = { lastUpdated: null, isStampOpen: false, ...merge([], context.memory) };
    return { ...none, error: describeError(error), retryAt: retryAtOf(error) };
  }
  const isStampOpen = isOpenStamp(lastUpdated, context.now());
  const stamps = once(() => readStamps(context));
  const requested = request.categories ?? context.config.categories;
  const tasks = REPOSITORY_ROLES.map((role) =>
    toTask(role, { request, context, readStamps: stamps, requested, lastUpdated, startedAt }),
  ).filter(({ categories }) => categories.some(({ name }) => requested.includes(name)));
  const results = await Promise.all(
    tasks.map(async (task) => {
      const last = context.latest.find(({ repository }) => repository === task.repository);
      const carried = await carryForward(task, last);
      const result = carried === null ? await syncRepository(task) : { report: carried };
      task.requests.end();
      return result;
    }),
  );
  return { lastUpdated, isStampOpen, ...merge(results, context.memory) };
}

/** Of a repository whose report is carried forward nothing else changes. */
function merge(
  results: readonly (Pick<RepositoryResult, "report"> & Partial<RepositoryResult>)[],
  memory: RunContext["memory"],
): Omit<Done, "lastUpdated" | "isStampOpen"> {
  const limits = results.flatMap(({ retryAt }) => retryAt ?? []);
  return {
    repositories: results.map(({ report }) => report),
    memory: {
      ...memory,
      ...Object.fromEntries(
        results.flatMap(({ report, memory }) => (memory === undefined ? [] : [[report.repository, memory]])),
      ),
    },
    warnings: results.flatMap(({ warnings }) => warnings ?? []),
    planned: results.flatMap(({ planned }) => planned ?? []),
    found: results.flatMap(({ found }) => found ?? []),
    moved: results.flatMap(({ moved }) => moved ?? []),
    againAt: firstOf(results.map(({ againAt }) => againAt ?? null)),
    retryAt: limits.length === 0 ? null : Math.max(...limits),
  };
}

/** Without stamps every category is read, so a failure here costs requests only. */
async function readStamps({ primary, now, log }: RunContext): Promise<Stamps> {
  try {
    return closeStamps(await primary.categoryStamps(), now());
  } catch (error) {
    log.warn("primary.metadata-unavailable", describeError(error));
    return null;
  }
}

function retryAtOf(error: unknown): number | null {
  return error instanceof SyncError ? error.retryAt : null;
}
