/**
 * Decides what a tick does, runs, and records what came of it (DESIGN.md section 4).
 *
 * All I/O comes in as arguments; one service serves one invocation of the Worker, or one process.
 */

import { runCheck } from "../check/check.ts";
import type { CheckReport } from "../check/items.ts";
import type { Report } from "../contract/report.ts";
import { loadState, type RecordOptions, recordRun, saveState } from "../state/record.ts";
import { type Awaiting, createRunId, type SyncState } from "../state/store.ts";
import type { BaseHead } from "../sync/attempt.ts";
import type { PrimaryPort } from "../sync/ports.ts";
import { type RunRequest, type RunResult, runSync } from "../sync/run.ts";
import { type ConnectOptions, connect, type Ports } from "./connect.ts";
import { isBackedOff, isWatchCron, isWatchMinute, QUIET_REFRESH_MS } from "./schedule.ts";

export interface ServiceOptions extends ConnectOptions, RecordOptions {
  /** Told of base branches that a recorded run found elsewhere than the one before; must not throw, and is not waited for. */
  readonly onMoved?: (heads: readonly BaseHead[]) => void;
}

export interface Tick {
  readonly cron: string;
  /** Milliseconds since the epoch. */
  readonly scheduledTime: number;
}

/** How a look at PRIMARY ended. */
export type Look =
  /** An attempt failed a short while ago, or a rate limit is not over; nothing was asked. */
  | { readonly kind: "backed-off"; readonly until: string }
  /** PRIMARY's timestamp is the one that is stored, or was stored now because there was none. */
  | { readonly kind: "quiet"; readonly lastUpdated: number | null; readonly isFirst: boolean }
  | { readonly kind: "ran"; readonly report: Report };

/** Times are milliseconds since the epoch; a back-off counts from them. */
export interface SyncService {
  /** Look at PRIMARY's timestamp, and run when that is due. */
  watch(at: number): Promise<Look>;
  /** Run whatever the timestamp says, but not within a back-off. */
  reconcile(at: number): Promise<Look>;
  /** @returns the Report of the run, or `null` when the tick ended before one started */
  tick(tick: Tick): Promise<Report | null>;
  /** A run now, whatever the schedule says. */
  sync(request: Omit<RunRequest, "id">): Promise<Report>;
  /** A dry run, with what it would write. */
  preview(request: Omit<RunRequest, "id">): Promise<Pick<RunResult, "report" | "planned">>;
  /** Everything that a deployment needs, tried one by one; reads only. @param of `hasState`: whether state is kept here */
  check(of: { readonly hasState: boolean }): Promise<CheckReport>;
}

export function createSyncService(options: ServiceOptions): SyncService {
  const watch = (at: number) => look("tick", at, options);
  const reconcile = (at: number) => look("reconcile", at, options);
  return {
    watch,
    reconcile,
    async tick({ cron, scheduledTime }) {
      const { enabled, intervalSeconds } = options.config.watch;
      const isWatch = isWatchCron(cron);
      if (isWatch && !(enabled && isWatchMinute(scheduledTime, intervalSeconds))) return null;
      const done = await (isWatch ? watch(scheduledTime) : reconcile(scheduledTime));
      return done.kind === "ran" ? done.report : null;
    },
    async sync(request) {
      const state = await loadState(options);
      return runAndRecord({ request, state, ports: connect(options), from: null }, options);
    },
    async check({ hasState }) {
      const { primary, repositories, readInstallation } = connect(options);
      const { image, text } = repositories;
      return runCheck({
        config: options.config,
        primary,
        repositories: { image: image.inspection, text: text.inspection },
        readInstallation,
        readState: hasState ? () => options.store.load() : null,
        now: options.clock.now(),
      });
    },
    async preview(request) {
      const state = await loadState(options);
      const { report, planned } = await run({ ...request, isDryRun: true }, state, connect(options), options);
      return { report, planned };
    },
  };
}

async function look(trigger: "tick" | "reconcile", at: number, options: ServiceOptions): Promise<Look> {
  const { config } = options;
  const state = await loadState(options);
  if (state.nextAttemptAt !== null && isBackedOff(state.nextAttemptAt, at))
    return { kind: "backed-off", until: state.nextAttemptAt };
  const ports = connect(options);
  if (trigger === "tick") {
    const quiet = await lookAtTimestamp(state, ports.primary, at, options);
    if (quiet !== null) return quiet;
  }
  const { dryRun: isDryRun } = config;
  const request = { trigger, categories: null, isDryRun, isForced: false, isRetry: state.isUnsettled, dueAt: at };
  return { kind: "ran", report: await runAndRecord({ request, state, ports, from: at }, options) };
}

/**
 * @returns `null` when a run is due. A failure to read the timestamp makes one due: it fails in the same way, and
 *   reports it.
 */
async function lookAtTimestamp(
  state: SyncState,
  primary: PrimaryPort,
  at: number,
  options: ServiceOptions,
): Promise<Look | null> {
  const { config, clock } = options;
  let current: number | null;
  try {
    current = await primary.lastUpdated();
  } catch {
    return null;
  }
  const isFirst = state.lastUpdated === undefined;
  const isAwaiting = state.awaiting !== null && isPending(state.awaiting, current, at);
  const isDue = isFirst && !isAwaiting ? config.watch.startupSync : current !== state.lastUpdated && !isAwaiting;
  if (state.isUnsettled || isDue) return null;
  const quietSince = state.lastCheckedAt === null ? 0 : Date.parse(state.lastCheckedAt);
  const isStale = clock.now() - quietSince >= QUIET_REFRESH_MS || (state.consecutiveErrors > 0 && !isAwaiting);
  if (((isFirst && !isAwaiting) || isStale) && (!config.dryRun || options.remembersDryRuns === true)) {
    const lastCheckedAt = new Date(clock.now()).toISOString();
    const settled = { lastUpdated: current, consecutiveErrors: 0, nextAttemptAt: null };
    const quiet = { ...(isAwaiting ? {} : settled), lastCheckedAt };
    await saveState({ ...state, ...quiet }, state, options);
  }
  return { kind: "quiet", lastUpdated: current, isFirst };
}

/** A clock that jumped must not stop the categories' next attempt for good. */
const MAX_AWAITING_MS = 2 * 60 * 60_000;

/** Whether all that is left to do at this timestamp waits for a category's next attempt. */
function isPending({ lastUpdated, until }: Awaiting, current: number | null, now: number): boolean {
  const leftMs = Date.parse(until) - now;
  return lastUpdated === current && leftMs > 0 && leftMs <= MAX_AWAITING_MS;
}

interface DueRun {
  readonly request: Omit<RunRequest, "id">;
  readonly state: SyncState;
  readonly ports: Ports;
  /** From when a back-off counts; `null`: from the end of the run. */
  readonly from: number | null;
}

async function runAndRecord({ request, state, ports, from }: DueRun, options: ServiceOptions): Promise<Report> {
  const result = await run(request, state, ports, options);
  const { trigger } = request;
  await recordRun({ result, trigger, from: from ?? options.clock.now() }, state, options);
  if (!result.report.dryRun && result.moved.length > 0) options.onMoved?.(result.moved);
  return result.report;
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
