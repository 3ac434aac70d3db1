/**
 * A run, with the marks and records that tell of it.
 */
import type { Report } from "../contract/report.ts";
import { recordRun } from "../state/record.ts";
import { createRunId, type SyncState } from "../state/store.ts";
import { type RunRequest, type RunResult, runSync } from "../sync/run.ts";
import type { Ports } from "./connect.ts";
import { noteHeartbeat } from "./heartbeat.ts";
import type { ServiceOptions } from "./options.ts";
import { clearMark, markBeginning } from "./run-mark.ts";

export interface DueRun {
  readonly request: Omit<RunRequest, "id">;
  readonly state: SyncState;
  /** When the last run began (ISO 8601). */
  readonly mark: string | null;
  readonly ports: Ports;
  /** From when a back-off counts (ms since the epoch); `null`: from the end of the run. */
  readonly from: number | null;
}

export async function runAndRecord(due: DueRun, options: ServiceOptions): Promise<Report> {
  const { state, mark, ports, from } = due;
  // A setting that says not to write holds whoever asks.
  const request = { ...due.request, isDryRun: due.request.isDryRun || options.config.dryRun };
  if (!request.isDryRun) await markBeginning(mark, state, options);
  const result = await runOnly(request, state, ports, options);
  const { trigger } = request;
  const isRecorded = await recordRun({ result, trigger, from: from ?? options.clock.now() }, state, options);
  if (!isRecorded) await clearMark(options);
  const isKept = options.keepsDryRuns === true || options.remembersDryRuns === true;
  if (request.isDryRun && !isKept && (trigger === "tick" || trigger === "reconcile"))
    await notePassed(state, result.report, options);
  if (!result.report.dryRun && result.moved.length > 0) options.onMoved?.(result.moved);
  return result.report;
}

/** A dry run keeps nothing, but what failed before it must not look so for ever. */
async function notePassed(state: SyncState, { outcome }: Report, options: ServiceOptions): Promise<void> {
  const isPassed = state.failingSince !== null && outcome !== "failed" && outcome !== "partial";
  const passed = { consecutiveErrors: 0, outages: 0, kills: 0, nextAttemptAt: null, lastError: null };
  const cleared = { ...state, ...passed, failingSince: null, isFailingTold: false };
  await noteHeartbeat(isPassed ? cleared : state, options, isPassed);
}

export function runOnly(
  request: Omit<RunRequest, "id">,
  state: SyncState,
  ports: Ports,
  options: ServiceOptions,
): Promise<RunResult> {
  const { config, clock, log } = options;
  const id = createRunId(clock.now(), clock.random);
  const previous = state.lastUpdated ?? null;
  const latest = state.repositories;
  const limit = options.maxRequests === undefined ? {} : { maxRequests: options.maxRequests };
  const known = { memory: state.memory, previous, latest };
  return runSync({ ...request, id }, { config, ...ports, ...known, ...limit, now: clock.now, log });
}
