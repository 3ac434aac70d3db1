/**
 * Wires the ports to a run, and decides what a tick does with it (DESIGN.md section 4).
 *
 * All I/O comes in as arguments; one service serves one invocation of the Worker.
 */
import manifest from "../package.json" with { type: "json" };
import { CATEGORIES, type RepositoryRole } from "./categories.ts";
import type { Config } from "./config.ts";
import { describeError } from "./errors.ts";
import { createGitHubClient } from "./github/client.ts";
import { createCredentials, type TokenCache } from "./github/credentials.ts";
import { createGitReader, createGitWriter } from "./github/git.ts";
import { createComments, createPullRequests } from "./github/pull-requests.ts";
import { readRateLimit } from "./github/rate-limit.ts";
import { describeFault, type Logger } from "./log.ts";
import { deriveEvents, isDeed, type SyncEvent } from "./notify/events.ts";
import { createPrimaryClient } from "./primary/client.ts";
import { isBackedOff, isWatchCron, isWatchMinute, nextAttemptAfter, QUIET_REFRESH_MS } from "./schedule.ts";
import { countRun, mergeLatest } from "./state/advance.ts";
import { createRunId, EMPTY_STATE, type StateStore, type SyncState, summarizeRun } from "./state/store.ts";
import type { PrimaryPort, RepositoryPorts } from "./sync/ports.ts";
import type { RateLimit, Report } from "./sync/report.ts";
import { type RunRequest, type RunResult, runSync } from "./sync/run.ts";
import { type Clock, createTransport, type Fetch } from "./transport.ts";

export const VERSION = manifest.version;
export const USER_AGENT = `${manifest.name}/${manifest.version}`;

/** A run that is not done by then makes no further attempt; the next tick goes on. */
const RUN_DEADLINE_MS = 4 * 60_000;
const GITHUB_TIMEOUT_MS = 30_000;
const MAX_BODY_BYTES = 64 * 2 ** 20;

export interface ServiceOptions {
  readonly config: Config;
  readonly store: StateStore;
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly tokens: TokenCache;
  readonly log: Logger;
  /** For one request to GitHub, its answer included. */
  readonly githubTimeoutMs?: number;
  /** Told what a recorded run brought about; must not throw, and is not waited for. */
  readonly notify?: (events: readonly SyncEvent[]) => void;
}

export interface Tick {
  readonly cron: string;
  /** Milliseconds since the epoch. */
  readonly scheduledTime: number;
}

export interface SyncService {
  /** @returns the Report of the run, or `null` when the tick ended before one started */
  tick(tick: Tick): Promise<Report | null>;
  /** A run now, whatever the schedule says. */
  sync(request: Omit<RunRequest, "id">): Promise<Report>;
  /** A dry run, with what it would write. */
  preview(request: Omit<RunRequest, "id">): Promise<Pick<RunResult, "report" | "planned">>;
}

export function createSyncService(options: ServiceOptions): SyncService {
  return {
    tick: (tick) => handleTick(tick, options),
    async sync(request) {
      const state = await loadState(options);
      const ports = connect(options);
      const result = await run(request, state, ports, options);
      await record({ result, request, state, from: options.clock.now() }, options);
      return result.report;
    },
    async preview(request) {
      const state = await loadState(options);
      const { report, planned } = await run({ ...request, isDryRun: true }, state, connect(options), options);
      return { report, planned };
    },
  };
}

async function handleTick(tick: Tick, options: ServiceOptions): Promise<Report | null> {
  const { config } = options;
  const isWatch = isWatchCron(tick.cron);
  if (isWatch && !(config.watch.enabled && isWatchMinute(tick.scheduledTime, config.watch.intervalSeconds)))
    return null;
  const state = await loadState(options);
  if (isBackedOff(state.nextAttemptAt, tick.scheduledTime)) return null;
  const ports = connect(options);
  if (isWatch && !(await isRunDue(state, ports.primary, options))) return null;
  const request = {
    trigger: isWatch ? "tick" : "reconcile",
    categories: null,
    isDryRun: config.dryRun,
    isForced: false,
    isRetry: state.isUnsettled,
  } as const;
  const result = await run(request, state, ports, options);
  await record({ result, request, state, from: tick.scheduledTime }, options);
  return result.report;
}

/** A failure to read the timestamp makes a run due: it fails in the same way, and reports it. */
async function isRunDue(state: SyncState, primary: PrimaryPort, options: ServiceOptions): Promise<boolean> {
  const { config, clock } = options;
  let current: number | null;
  try {
    current = await primary.lastUpdated();
  } catch {
    return true;
  }
  const isFirst = state.lastUpdated === undefined;
  if (state.isUnsettled || (isFirst ? config.watch.startupSync : current !== state.lastUpdated)) return true;
  const quietSince = state.lastCheckedAt === null ? 0 : Date.parse(state.lastCheckedAt);
  const isStale = clock.now() - quietSince >= QUIET_REFRESH_MS || state.consecutiveErrors > 0;
  if ((isFirst || isStale) && !config.dryRun) {
    const lastCheckedAt = new Date(clock.now()).toISOString();
    const quiet = { lastUpdated: current, lastCheckedAt, consecutiveErrors: 0, nextAttemptAt: null };
    await save({ ...state, ...quiet }, state, options);
  }
  return false;
}

interface Ports {
  readonly primary: PrimaryPort;
  readonly repositories: Readonly<Record<RepositoryRole, RepositoryPorts>>;
  readonly requests: () => Report["requests"];
  readonly rateLimit: () => RateLimit | null;
}

function connect(options: ServiceOptions): Ports {
  const { config, clock } = options;
  const counts = { primary: 0, github: 0 };
  let rateLimit: RateLimit | null = null;
  const deadline = clock.now() + RUN_DEADLINE_MS;
  const transport = (target: keyof typeof counts, timeoutMs: number) =>
    createTransport({
      fetch: options.fetch,
      clock,
      timeoutMs,
      deadline,
      maxBodyBytes: MAX_BODY_BYTES,
      onAttempt: () => {
        counts[target]++;
      },
      onAnswer: ({ headers }) => {
        if (target === "github") rateLimit = readRateLimit(headers) ?? rateLimit;
      },
    });
  const primary = createPrimaryClient({
    url: config.primaryUrl,
    transport: transport("primary", config.primaryTimeoutMs),
    userAgent: USER_AGENT,
    now: clock.now,
  });
  const github = transport("github", options.githubTimeoutMs ?? GITHUB_TIMEOUT_MS);
  // A quiet tick asks GitHub nothing, and so must not pay for its clients.
  const repositories = once(() => ({
    image: connectRepository("image", github, options),
    text: connectRepository("text", github, options),
  }));
  return {
    primary: { ...primary, lastUpdated: once(primary.lastUpdated) },
    get repositories() {
      return repositories();
    },
    requests: () => ({ ...counts }),
    rateLimit: () => rateLimit,
  };
}

/** The tick has read the timestamp already when its run begins. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function connectRepository(role: RepositoryRole, transport: Fetch, options: ServiceOptions): RepositoryPorts {
  const { config, clock } = options;
  const { owner, name } = config.repositories[role];
  // A token for a repository that is not synced could be refused for its sake.
  const synced = new Set(
    CATEGORIES.filter((category) => config.categories.includes(category.name)).map(({ role }) => role),
  );
  const siblings = [...synced].map((other) => config.repositories[other]).filter((other) => other.owner === owner);
  const credentials = createCredentials({
    auth: config.auth,
    request: {
      apiUrl: config.githubApiUrl,
      owner,
      repositories: [...new Set(siblings.map((repository) => repository.name))],
      wantsTeam: config.pullRequest.team !== null,
    },
    cache: options.tokens,
    transport,
    userAgent: USER_AGENT,
    now: clock.now,
  });
  const github = createGitHubClient({
    apiUrl: config.githubApiUrl,
    credentials,
    transport,
    userAgent: USER_AGENT,
    clock,
  });
  const repository = { owner, repo: name };
  return {
    read: createGitReader(github, repository),
    write: createGitWriter(github, repository),
    pullRequests: createPullRequests(github, repository, config.pullRequest),
    comments: createComments(github, repository),
  };
}

function run(
  request: Omit<RunRequest, "id">,
  state: SyncState,
  ports: Ports,
  options: ServiceOptions,
): Promise<RunResult> {
  const { config, clock, log } = options;
  const id = createRunId(clock.now(), clock.random);
  const previous = state.lastUpdated ?? null;
  const latest = state.repositories;
  return runSync({ ...request, id }, { config, ...ports, memory: state.memory, previous, latest, now: clock.now, log });
}

interface Finished {
  readonly result: RunResult;
  readonly request: Omit<RunRequest, "id">;
  readonly state: SyncState;
  /** From when a back-off counts (ms since the epoch). */
  readonly from: number;
}

/** At most two KV writes; none after a dry run. KV that fails costs requests, and never a run. */
async function record({ result, request, state, from }: Finished, options: ServiceOptions): Promise<void> {
  const { report } = result;
  if (report.dryRun) return;
  const next = nextState({ result, request, state, from });
  await save(next, state, options);
  try {
    await options.store.recordRun(report);
  } catch (error) {
    options.log.warn("state.record-failed", describeFault(error));
  }
}

function nextState({ result, request, state, from }: Finished): SyncState {
  const { report, memory, isComplete, isSettled, retryAt } = result;
  const checked: SyncState = {
    ...state,
    repositories: mergeLatest(state.repositories, report),
    counters: countRun(state.counters, report),
    lastRun: summarizeRun(report),
    lastError: report.error ?? null,
    rateLimit: report.rateLimit ?? state.rateLimit,
    memory,
    lastCheckedAt: report.finishedAt,
  };
  if (isSettled) {
    const settled = { isUnsettled: false, consecutiveErrors: 0, nextAttemptAt: null };
    return { ...checked, ...settled, lastUpdated: report.primary.lastUpdated, lastSuccessAt: report.finishedAt };
  }
  const hasFailed = report.outcome === "failed" || report.outcome === "partial";
  if (!hasFailed && !isComplete) return checked;
  const isScheduled = request.trigger !== "manual";
  const consecutiveErrors = state.consecutiveErrors + (isScheduled ? 1 : 0);
  const nextAttempt = isScheduled ? nextAttemptAfter(from, consecutiveErrors, retryAt) : retryAt;
  const nextAttemptAt = nextAttempt === null ? state.nextAttemptAt : new Date(nextAttempt).toISOString();
  return { ...checked, isUnsettled: true, consecutiveErrors, nextAttemptAt };
}

async function loadState({ store, log }: ServiceOptions): Promise<SyncState> {
  try {
    return await store.load();
  } catch (error) {
    log.warn("state.load-failed", describeFault(error));
    // Not the first tick, so that a change since the stored timestamp is looked for and not skipped.
    return { ...EMPTY_STATE, isUnsettled: true };
  }
}

/** What is not stored will be seen again, so that only deeds are told of then. */
async function save(state: SyncState, before: SyncState, options: ServiceOptions): Promise<void> {
  const events = deriveEvents(before, state);
  try {
    await options.store.save(state);
    options.notify?.(events);
  } catch (error) {
    options.log.warn("state.save-failed", { ...describeError(error), ...describeFault(error) });
    options.notify?.(events.filter(isDeed));
  }
}
