/**
 * Decides what a tick does, runs, and records what came of it (DESIGN.md section 4).
 *
 * All I/O comes in as arguments; one service serves one invocation of the Worker, or one process.
 */

import { REPOSITORY_ROLES } from "../categories.ts";
import { runCheck } from "../check/check.ts";
import type { CheckReport } from "../check/items.ts";
import type { Report } from "../contract/report.ts";
import { describeError } from "../core/errors.ts";
import { describeFault } from "../core/log.ts";
import { advanceKilled } from "../state/advance.ts";
import { loadState, type RecordOptions, recordRun, saveState, UNKNOWN_STATE } from "../state/record.ts";
import { type Awaiting, createRunId, type SyncState } from "../state/store.ts";
import type { BaseHead } from "../sync/attempt.ts";
import { hasActed, waitsOnGitHub } from "../sync/glimpse.ts";
import { EMPTY_MEMORY } from "../sync/memory.ts";
import type { PrimaryPort } from "../sync/ports.ts";
import { type RunRequest, type RunResult, runSync } from "../sync/run.ts";
import { type ConnectOptions, connect, type Ports, RUN_DEADLINE_MS } from "./connect.ts";
import { isBackedOff, isFirstIn, isWatchCron, isWatchMinute, QUIET_REFRESH_MS } from "./schedule.ts";

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
      if (isWatch && !isWatchMinute(scheduledTime, intervalSeconds)) return null;
      if (isWatch && !enabled) {
        await noteHeartbeat(await loadState(options), options);
        return null;
      }
      const done = await (isWatch ? watch(scheduledTime) : reconcile(scheduledTime));
      return done.kind === "ran" ? done.report : null;
    },
    async sync(request) {
      const [state, mark] = await Promise.all([loadState(options), readMark(options)]);
      return runAndRecord({ request, state, mark, ports: connect(options), from: null }, options);
    },
    async check({ hasState }) {
      // With a token of its own: what an old one may do is not what the App may do now.
      const { primary, repositories, readInstallation } = connect({ ...options, tokens: new Map() });
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
  const [loaded, mark] = await Promise.all([loadState(options), readMark(options)]);
  let state = loaded;
  const unsavedUntil = options.unsaved?.until ?? null;
  if (unsavedUntil !== null && at < unsavedUntil)
    return { kind: "backed-off", until: new Date(unsavedUntil).toISOString() };
  if (state.nextAttemptAt !== null && isBackedOff(state.nextAttemptAt, at)) {
    await noteHeartbeat(state, options);
    return { kind: "backed-off", until: state.nextAttemptAt };
  }
  if (mark !== null && wasKilled(mark, state, at)) {
    state = advanceKilled(state, mark, { at, from: Date.parse(mark) + KILLED_AFTER_MS });
    await saveState(state, loaded, options);
    if (state.nextAttemptAt !== null && isBackedOff(state.nextAttemptAt, at))
      return { kind: "backed-off", until: state.nextAttemptAt };
  }
  const ports = connect(options);
  const isActed = trigger === "tick" && (await havePeopleActed(state, ports, at, options));
  if (trigger === "tick" && !isActed) {
    const quiet = await lookAtTimestamp(state, ports.primary, at, options);
    if (quiet !== null) return quiet;
  }
  const { dryRun: isDryRun } = config;
  const isRetry = state.isUnsettled || isActed;
  const request = { trigger, categories: null, isDryRun, isForced: false, isRetry, dueAt: at };
  return { kind: "ran", report: await runAndRecord({ request, state, mark, ports, from: at }, options) };
}

/** Looks at what waits on GitHub, when that is due. A failure counts as a deed: the run fails in the same way, and reports it. */
async function havePeopleActed(
  state: SyncState,
  ports: Ports,
  at: number,
  { config, log }: ServiceOptions,
): Promise<boolean> {
  const { watch, publish, dryRun } = config;
  const isDue = isFirstIn(watch.githubCheckSeconds, at, Math.max(60, watch.intervalSeconds));
  if (!isDue || dryRun || publish !== "pull-request") return false;
  try {
    const looks = REPOSITORY_ROLES.map(async (role) => {
      const { owner, name } = config.repositories[role];
      const last = state.repositories.find(({ repository }) => repository === `${owner}/${name}`);
      if (last === undefined || !waitsOnGitHub(last)) return false;
      // Read only here, as to check the memory costs more than the rest of a quiet tick.
      const memory = state.memory[last.repository] ?? EMPTY_MEMORY;
      // One that failed has a next attempt of its own.
      return memory.retry === undefined && hasActed(last, memory, ports.repositories[role]);
    });
    return (await Promise.all(looks)).includes(true);
  } catch (error) {
    log.warn("github.look-failed", describeError(error));
    return true;
  }
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
  const isOverdue = state.awaiting !== null && !isAwaiting;
  const isNew = isFirst ? config.watch.startupSync : current !== state.lastUpdated;
  const isDue = isOverdue || (isNew && !isAwaiting);
  if (state.isUnsettled || isDue) return null;
  const quietSince = state.lastCheckedAt === null ? 0 : Date.parse(state.lastCheckedAt);
  const isStale = clock.now() - quietSince >= QUIET_REFRESH_MS || (state.consecutiveErrors > 0 && !isAwaiting);
  const isRemembered = options.remembersDryRuns === true || options.keepsDryRuns === true;
  if (((isFirst && !isAwaiting) || isStale) && (!config.dryRun || isRemembered)) {
    const lastCheckedAt = new Date(clock.now()).toISOString();
    const passed = { consecutiveErrors: 0, outages: 0, nextAttemptAt: null, failingSince: null, isFailingTold: false };
    const settled = { lastUpdated: current, ...passed, ...(state.failingSince === null ? {} : { lastError: null }) };
    const quiet = { ...(isAwaiting ? {} : settled), lastCheckedAt, heartbeatAt: lastCheckedAt };
    await saveState({ ...state, ...quiet }, state, options);
  } else await noteHeartbeat(state, options);
  return { kind: "quiet", lastUpdated: current, isFirst };
}

async function readMark({ store, log }: ServiceOptions): Promise<string | null> {
  try {
    return await store.readMark();
  } catch (error) {
    log.warn("state.load-failed", describeFault(error));
    return null;
  }
}

/** What is older is a leftover of a time when the state was lost. */
const MAX_MARK_MS = 2 * 60 * 60_000;

/** A run has its deadline, and two minutes to be recorded. */
const KILLED_AFTER_MS = RUN_DEADLINE_MS + 2 * 60_000;

function wasKilled(mark: string, state: SyncState, at: number): boolean {
  return isOpen(mark, state, at) && at - Date.parse(mark) >= KILLED_AFTER_MS;
}

/** Whether nothing is known of the run that began then: it is at work, or was killed. */
function isOpen(mark: string, { markSeen }: SyncState, at: number): boolean {
  const began = Date.parse(mark);
  if (!(at >= began) || at - began > MAX_MARK_MS) return false;
  return markSeen === null || Date.parse(markSeen) < began;
}

/** Noted before every early end, at most every 15 minutes, and by dry runs too: silence is a failure. */
async function noteHeartbeat(state: SyncState, options: ServiceOptions): Promise<void> {
  const now = options.clock.now();
  // Nothing may be written over a state that could not be read.
  if (state === UNKNOWN_STATE) return;
  if (state.heartbeatAt !== null && Math.abs(now - Date.parse(state.heartbeatAt)) < QUIET_REFRESH_MS) return;
  await saveState({ ...state, heartbeatAt: new Date(now).toISOString() }, state, options);
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
  /** When the last run began (ISO 8601). */
  readonly mark: string | null;
  readonly ports: Ports;
  /** From when a back-off counts; `null`: from the end of the run. */
  readonly from: number | null;
}

async function runAndRecord(due: DueRun, options: ServiceOptions): Promise<Report> {
  const { state, mark, ports, from } = due;
  // A setting that says not to write holds whoever asks.
  const request = { ...due.request, isDryRun: due.request.isDryRun || options.config.dryRun };
  if (!request.isDryRun) await markBeginning(mark, state, options);
  else if (request.trigger === "tick" || request.trigger === "reconcile") await noteHeartbeat(state, options);
  const result = await run(request, state, ports, options);
  const { trigger } = request;
  await recordRun({ result, trigger, from: from ?? options.clock.now() }, state, options);
  if (!result.report.dryRun && result.moved.length > 0) options.onMoved?.(result.moved);
  return result.report;
}

/**
 * What is not marked cannot be missed; it costs nothing else. The mark of a run whose end nobody knows yet stays: were
 * it moved by the run of every minute, it would never grow old enough.
 */
async function markBeginning(mark: string | null, state: SyncState, options: ServiceOptions): Promise<void> {
  const { store, clock, log } = options;
  const at = clock.now();
  if (mark !== null && isOpen(mark, state, at)) return;
  try {
    await store.mark(new Date(at).toISOString());
  } catch (error) {
    log.warn("state.save-failed", describeFault(error));
  }
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
