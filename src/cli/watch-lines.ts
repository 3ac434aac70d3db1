/**
 * What a watch says of itself. Pure.
 */
import { formatTime, fromUnixSeconds } from "../present/time.ts";
import type { Look } from "../service/look.ts";
import type { SyncState } from "../state/store.ts";
import { showTime } from "./session.ts";
import type { Setup } from "./setup.ts";

/** What the watch did since it began. */
export interface Tally {
  /** Milliseconds since the epoch. */
  readonly since: number;
  checks: number;
  runs: number;
  /** The end of the back-off that was told of last. */
  backedOffUntil: string | null;
}

export function describeStart({ config, initialDelayMs, stateFile, defaultStateFile }: Setup): string[] {
  const { intervalSeconds, startupSync } = config.watch;
  const state = config.dryRun ? "none, as this is a dry run" : (stateFile ?? defaultStateFile);
  return [
    `watching ${config.primaryUrl}; stop with Ctrl+C`,
    `  interval      ${intervalSeconds} s`,
    `  initial delay ${initialDelayMs / 1000} s`,
    `  startup sync  ${startupSync ? "yes" : "no"}`,
    `  categories    ${config.categories.join(", ")}`,
    `  state file    ${state}`,
  ];
}

/** `null`: not worth a line. */
export function describeLook(look: Look, { backedOffUntil }: Tally, isVerbose: boolean): string | null {
  switch (look.kind) {
    case "quiet":
      if (look.isFirst) return `PRIMARY's timestamp is ${look.lastUpdated}; the first change after it starts a run`;
      return isVerbose ? `no change; PRIMARY's timestamp is ${look.lastUpdated}` : null;
    case "backed-off":
      if (backedOffUntil === look.until && !isVerbose) return null;
      return `waiting until ${showTime(Date.parse(look.until))} before the next attempt`;
    case "spent":
      if (backedOffUntil === look.until && !isVerbose) return null;
      return `many runs of late; the next one may begin at ${showTime(Date.parse(look.until))}`;
    case "paused":
      return isVerbose ? `paused since ${showTime(Date.parse(look.since))}` : null;
    case "ran":
      return `run ${look.report.id}: ${look.report.outcome} in ${look.report.durationMs} ms`;
  }
}

/** `watching: 5 checks and 1 run since 2026-11-21 12:00:00Z; PRIMARY last changed …; no errors` */
export function describeStatus({ since, checks, runs }: Tally, state: SyncState | null): string {
  const changedAt = fromUnixSeconds(state?.lastUpdated ?? null);
  const errors = state?.consecutiveErrors ?? 0;
  const parts = [
    `watching: ${count(checks, "check")} and ${count(runs, "run")} since ${showTime(since)}`,
    `PRIMARY last changed ${changedAt === null ? "at a time unknown" : formatTime(changedAt)}`,
    errors === 0 ? "no errors" : `${count(errors, "error")} in a row`,
  ];
  return parts.join("; ");
}

function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? "" : "s"}`;
}
