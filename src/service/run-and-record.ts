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
import { markBeginning } from "./run-mark.ts";

export interface DueRun {
  readonly request: Omit<RunRequest, "id">;
  readonly state: SyncState;
  /** When the last run began (ISO 8601). */
  readonly mark: string | null;
  readonly ports: Ports;
  /** From when a back-off counts (ms since the epoch); `null`: from the end of the run. */
  readonly from: number | null;
}

export async function runAndRecord(
  { request, state, mark, ports, from }: DueRun,
  options: ServiceOptions,
): Promise<Report> {
  if (!request.isDryRun) await markBeginning(mark, state, options);
  else if (request.trigger === "tick" || request.trigger === "reconcile") await noteHeartbeat(state, options);
  const result = await runOnly(request, state, ports, options);
  const { trigger } = request;
  await recordRun({ result, trigger, from: from ?? options.clock.now() }, state, options);
  if (!result.report.dryRun && result.moved.length > 0) options.onMoved?.(result.moved);
  return result.report;
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
  return runSync({ ...request, id }, { config, ...ports, memory: state.memory, previous, latest, now: clock.now, log });
}
