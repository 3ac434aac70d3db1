/**
 * A run, with the marks and records that tell of it.
 */
import type { Report } from "../contract/report.ts";
import type { FinishedRun } from "../state/advance.ts";
import { noteDryRun } from "../state/advance-by-dry-run.ts";
import { createRunId, type SyncState } from "../state/store.ts";
import { compareSubjects, subjectsOf } from "../state/subjects.ts";
import { type RunResult, runSync } from "../sync/run.ts";
import type { RunRequest } from "../sync/run-request.ts";
import type { Ports } from "./connect.ts";
import { noteHeartbeat } from "./heartbeat.ts";
import type { ServiceOptions } from "./options.ts";
import { isUnknown, recordRun, saveState } from "./record.ts";
import { clearMark, markBeginning } from "./run-mark.ts";
import { QUIET_REFRESH_MS } from "./schedule.ts";

export interface DueRun {
  readonly request: Omit<RunRequest, "id">;
  readonly state: SyncState;
  /** When the last run began (ISO 8601). */
  readonly mark: string | null;
  readonly ports: Ports;
  /** From when a back-off counts (ms since the epoch); `null`: from the end of the run. */
  readonly from: number | null;
  /** The cron started it. */
  readonly isTick: boolean;
}

export async function runAndRecord(due: DueRun, options: ServiceOptions): Promise<Report> {
  const { state, mark, ports, from, isTick } = due;
  // A setting that says not to write holds whoever asks.
  const request = { ...due.request, isDryRun: due.request.isDryRun || options.config.dryRun };
  if (!request.isDryRun) await markBeginning(mark, state, options);
  const result = await runOnly(request, state, ports, options);
  const { trigger } = request;
  const subjects = subjectsOf(options.config);
  const run = { result, trigger, subjects, from: from ?? options.clock.now(), isTick };
  const isRecorded = await recordRun(run, state, options);
  if (!isRecorded) await clearMark(options);
  const isKept = options.keepsDryRuns === true || options.remembersDryRuns === true;
  if (request.isDryRun && !isKept && isTick) await noteWhetherItWorks(state, run, options);
  if (!result.report.dryRun && result.moved.length > 0) options.onMoved?.(result.moved);
  return result.report;
}

/** A dry run keeps nothing but whether it works: a failure at once, a success with the heartbeat. */
async function noteWhetherItWorks(state: SyncState, run: FinishedRun, options: ServiceOptions): Promise<void> {
  // Nothing may be written over a state that could not be read.
  if (isUnknown(state)) return;
  const noted = noteDryRun(state, run);
  const isLate = options.clock.now() - Date.parse(state.lastSuccessAt ?? "1970-01-01") >= QUIET_REFRESH_MS;
  const isAbout = (one: SyncState) => `${one.awaiting?.lastUpdated} ${compareSubjects(one, run.subjects)}`;
  const isSameAbout = isAbout(state) === isAbout(noted);
  if (state.failingSince === null && noted.failingSince === null && !isLate && isSameAbout)
    return noteHeartbeat(state, options);
  const heartbeatAt = new Date(options.clock.now()).toISOString();
  await saveState({ ...noted, heartbeatAt }, state, options);
}

export async function runOnly(
  request: Omit<RunRequest, "id">,
  state: SyncState,
  ports: Ports,
  options: ServiceOptions,
): Promise<RunResult> {
  const { config, clock, log } = options;
  const id = createRunId(clock.now(), clock.random);
  const previous = state.lastUpdated ?? null;
  const latest = state.repositories;
  const known = { memory: state.memory, previous, latest };
  const repositories = await ports.repositories();
  return runSync({ ...request, id }, { config, ...ports, repositories, ...known, now: clock.now, log });
}
