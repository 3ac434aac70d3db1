/**
 * One run over all repositories: read → plan → apply → report. Does I/O through ports.
 */
import { CATEGORIES, type Category, type CategoryName, REPOSITORY_ROLES, type RepositoryRole } from "../categories.ts";
import type { Config } from "../config/config.ts";
import { webUrlOf } from "../config/github-settings.ts";
import {
  isSettled,
  type PlannedFile,
  type RateLimit,
  type Report,
  type ReportedError,
  type RepositoryReport,
  summarize,
  type Trigger,
} from "../contract/report.ts";
import { describeError, SyncError } from "../core/errors.ts";
import type { Logger } from "../core/log.ts";
import { once } from "../core/once.ts";
import { sha256 } from "../files/blob.ts";
import { type BaseHead, type RepositoryResult, syncRepository } from "./attempt.ts";
import { carryForward } from "./carry.ts";
import type { FoundCategory } from "./found.ts";
import { EMPTY_MEMORY, type RepositoryMemory } from "./memory.ts";
import type { PrimaryPort, RepositoryPorts } from "./ports.ts";
import { closeStamps, isOpenStamp, type Stamps } from "./stamps.ts";
import type { RepositoryTask } from "./task.ts";

export interface RunRequest {
  readonly id: string;
  readonly trigger: Trigger;
  /** Categories to look at; `null` means all configured ones. */
  readonly categories: readonly CategoryName[] | null;
  readonly isDryRun: boolean;
  readonly isForced: boolean;
  /**
   * The digest of the changes that the force is for (see `digestOf`), where one category was asked for: if they are
   * others now, it is held.
   */
  readonly expected?: string | null;
  /** When a tick was due (ms since the epoch), from which back-offs count. Default: now. */
  readonly dueAt?: number;
  /** The run before did not settle everything, so that nothing is taken on trust; it may have been a reconcile. */
  readonly isRetry?: boolean;
}

export interface RunContext {
  readonly config: Config;
  readonly primary: PrimaryPort;
  readonly repositories: Readonly<Record<RepositoryRole, RepositoryPorts>>;
  readonly memory: Readonly<Record<string, RepositoryMemory>>;
  /** PRIMARY's timestamp of the last settled run. */
  readonly previous: number | null;
  /** The latest report of each repository. */
  readonly latest: readonly RepositoryReport[];
  readonly requests: () => Report["requests"];
  /** How many requests the run may make. Default: any number. */
  readonly maxRequests?: number;
  /** What GitHub's last answer said is left, if it said so. */
  readonly rateLimit?: () => RateLimit | null;
  readonly now: () => number;
  readonly log: Logger;
}

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
  const done = await lookAtAll(request, { ...context, log }, startedAt);
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
  const againAt = isWhole ? firstOf([done.againAt, nextAttemptOf(done, memory)]) : null;
  const isSettledFully = isWhole && unsettled.length === 0 && againAt === null;
  const hasFailedAnew = done.error !== undefined || countFailures(memory) > countFailures(context.memory);
  const flags = { isComplete: everything, isSettled: isSettledFully, hasFailedAnew };
  return { report, memory, moved, planned, found, ...flags, againAt, retryAt, isStampOpen };
}

/** Attempts in a row that failed, of all repositories and categories. */
function countFailures(memory: RunResult["memory"]): number {
  const times = Object.values(memory).flatMap(({ retry, failures = {} }) => [retry, ...Object.values(failures)]);
  return times.reduce((sum, entry) => sum + (entry?.times ?? 0), 0);
}

/** When the first category or repository that failed is due again. */
function nextAttemptOf({ repositories }: Pick<Done, "repositories">, memory: RunResult["memory"]): number | null {
  const times = repositories.flatMap(({ repository }) => {
    const { failures, retry } = memory[repository] ?? EMPTY_MEMORY;
    // Its categories are not looked at before.
    if (retry !== undefined) return [retry.nextAttemptAt];
    return Object.values(failures ?? {}).map(({ nextAttemptAt }) => nextAttemptAt);
  });
  return firstOf(times);
}

function firstOf(times: readonly (number | null)[]): number | null {
  const known = times.flatMap((time) => time ?? []);
  return known.length === 0 ? null : Math.min(...known);
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

async function lookAtAll(request: RunRequest, context: RunContext, startedAt: number): Promise<Done> {
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
      return carried === null ? syncRepository(task) : { report: carried };
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

interface RoleInput {
  readonly request: RunRequest;
  readonly context: RunContext;
  readonly readStamps: () => Promise<Stamps>;
  readonly requested: readonly CategoryName[];
  readonly lastUpdated: number | null;
  readonly startedAt: number;
}

function toTask(role: RepositoryRole, input: RoleInput): RepositoryTask {
  const { request, context, readStamps, requested, lastUpdated, startedAt } = input;
  const { config } = context;
  const { owner, name, branch } = config.repositories[role];
  const repository = `${owner}/${name}`;
  const { publish, minChanges, maxRemovalPercent } = config;
  const known = CATEGORIES.filter((category: Category) => category.role === role);
  return {
    repository,
    repositoryUrl: `${webUrlOf(config.githubApiUrl)}/${repository}`,
    statusUrl: config.statusUrl,
    categories: known.filter(({ name }) => config.categories.includes(name)),
    known,
    requested,
    ports: context.repositories[role],
    primary: {
      url: config.primaryUrl,
      source: sha256(config.primaryUrl).slice(0, 16),
      lastUpdated,
      read: context.primary.category,
      readStamps,
      trustStamps: request.trigger === "tick" && request.isRetry !== true,
    },
    baseBranch: branch,
    policy: { publish, minChanges, maxRemovalPercent, isForced: request.isForced },
    expected: request.expected ?? null,
    wishes: config.pullRequest,
    ignoredAuthors: config.ignoredAuthors,
    isDryRun: request.isDryRun,
    memory: context.memory[repository] ?? EMPTY_MEMORY,
    now: startedAt,
    dueAt: request.dueAt ?? startedAt,
    requests: () => Object.values(context.requests()).reduce((sum, count) => sum + count, 0),
    maxRequests: context.maxRequests ?? Number.POSITIVE_INFINITY,
    log: context.log.with({ repository }),
  };
}

function retryAtOf(error: unknown): number | null {
  return error instanceof SyncError ? error.retryAt : null;
}
