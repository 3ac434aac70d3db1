/**
 * Decides what a tick does, runs, and records what came of it (DESIGN.md section 4).
 *
 * All I/O comes in as arguments; one service serves one invocation of the Worker.
 */
import { type ConnectOptions, connect, type Ports } from "./connect.ts";
import { describeFault, type Logger } from "./log.ts";
import { deriveEvents, isDeed, type SyncEvent } from "./notify/events.ts";
import { isBackedOff, isWatchCron, isWatchMinute, QUIET_REFRESH_MS } from "./schedule.ts";
import { advanceState } from "./state/advance.ts";
import { createRunId, EMPTY_STATE, type StateStore, type SyncState } from "./state/store.ts";
import type { PrimaryPort } from "./sync/ports.ts";
import type { Report } from "./sync/report.ts";
import { type RunRequest, type RunResult, runSync } from "./sync/run.ts";

export interface ServiceOptions extends ConnectOptions {
  readonly store: StateStore;
  readonly log: Logger;
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
  const next = advanceState(state, { result, trigger: request.trigger, from });
  await save(next, state, options);
  try {
    await options.store.recordRun(report);
  } catch (error) {
    options.log.warn("state.record-failed", describeFault(error));
  }
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
    options.log.warn("state.save-failed", describeFault(error));
    options.notify?.(events.filter(isDeed));
  }
}
