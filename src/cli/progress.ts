/**
 * The core's log events as short lines for people. Pure but for the writer that it is given.
 */

import { REPOSITORY_OUTCOMES } from "../contract/report.ts";
import { breakCommands, toOneLine } from "../core/inert.ts";
import type { LogFields, Logger, LogLevel } from "../core/log.ts";
import { OUTCOMES } from "../present/wording.ts";
import type { Paint } from "./colours.ts";

export interface ProgressOptions {
  /** Receives one line without a newline. */
  readonly write: (line: string) => void;
  readonly paint: Paint;
  /** Every event with all its fields, instead of lines for the ones that matter to people. */
  readonly isVerbose: boolean;
  /** Trouble only. */
  readonly isQuiet?: boolean;
}

export function createProgress(options: ProgressOptions, base: LogFields = {}): Logger {
  const emit = (level: LogLevel, event: string, fields: LogFields = {}) => {
    if (options.isQuiet === true && (level === "debug" || level === "info")) return;
    const all = { ...base, ...fields };
    const line = options.isVerbose ? showAll(event, all) : describe(level, event, all);
    if (line !== null) options.write(options.paint(COLOURS[level], line));
  };
  return {
    debug: (event, fields) => emit("debug", event, fields),
    info: (event, fields) => emit("info", event, fields),
    warn: (event, fields) => emit("warn", event, fields),
    error: (event, fields) => emit("error", event, fields),
    with: (fields) => createProgress(options, { ...base, ...fields }),
  };
}

const COLOURS = { debug: "faint", info: "faint", warn: "yellow", error: "red" } as const;
const MAX_LINE = 600;

/** `sync.planned run=mhx0… repository=o/n changes=3` */
function showAll(event: string, fields: LogFields): string {
  const known = Object.entries(fields).filter(([, value]) => value !== undefined);
  const pairs = known.map(([name, value]) => `${name}=${showValue(value)}`);
  return breakCommands(toOneLine([event, ...pairs].join(" "), 4 * MAX_LINE));
}

function showValue(value: unknown): string {
  if (typeof value === "string") return /^[\w.:/@-]+$/.test(value) ? value : JSON.stringify(value);
  return JSON.stringify(value) ?? String(value);
}

/** `null`: not for people. */
function describe(level: LogLevel, event: string, fields: LogFields): string | null {
  const known = Object.hasOwn(LINES, event) ? LINES[event] : undefined;
  if (known !== undefined) return breakCommands(toOneLine(known(fields), MAX_LINE));
  if (level === "debug" || level === "info") return null;
  const why = fields["message"] ?? fields["reason"] ?? fields["why"];
  return breakCommands(toOneLine(`${event}${why === undefined ? "" : `: ${String(why)}`}`, MAX_LINE));
}

const LINES: Readonly<Record<string, (fields: LogFields) => string>> = {
  "run.started": ({ run, trigger, dryRun }) => `run ${run} (${dryRun === true ? "dry run, " : ""}${trigger})`,
  "primary.fetched": ({ category, bytes }) =>
    `${category}: ${bytes === null ? "PRIMARY has none" : `fetched, ${showSize(bytes)}`}`,
  "category.compared": (fields) => `${fields["category"]}: compared, ${showChanges(fields)}`,
  "sync.planned": ({ repository, changes, outcome }) =>
    `${repository}: ${count(changes, "change")}, ${PLANS[String(outcome)] ?? outcome}`,
  "sync.lost": ({ repository, why }) => `${repository}: somebody else was faster, looking again (${why})`,
  "sync.concluded": ({ repository, outcome, pullRequest }) =>
    `${repository}: ${labelOf(outcome)}${pullRequest === undefined ? "" : `, #${pullRequest}`}`,
  "sync.failed": ({ repository, message }) => `${repository}: failed: ${message}`,
  "primary.metadata-unavailable": ({ message }) =>
    `PRIMARY does not tell which categories moved, so all are read: ${message}`,
  "state.save-failed": ({ message }) => `the state could not be saved: ${message}`,
  "state.load-failed": ({ message }) => `the state could not be read, so everything is compared: ${message}`,
  "notify.sent": () => "the webhook was told",
  "notify.refused": ({ status }) => `the webhook answered ${status}`,
  "notify.failed": ({ reason }) => `the webhook could not be reached (${reason})`,
};

const PLANS: Readonly<Record<string, string>> = {
  "in-sync": "nothing to write",
  current: "the pull request is right",
  created: "a pull request is due",
  updated: "the pull request is out of date",
  committed: "a commit is due",
  closed: "the pull request has nothing left to merge",
  edited: "a person's commit is on the branch",
  rejected: "a person closed the pull request that said just this",
  held: "everything is kept back",
  "below-threshold": "too few to be published",
};

function labelOf(outcome: unknown): string {
  return REPOSITORY_OUTCOMES.flatMap((known) => (known === outcome ? OUTCOMES[known].label : []))[0] ?? String(outcome);
}

function showSize(bytes: unknown): string {
  return typeof bytes === "number" && bytes >= 1000 ? `${Math.round(bytes / 1000)} kB` : `${bytes} B`;
}

function showChanges({ standing, added, removed, modified }: LogFields): string {
  if (standing === "in-sync") return "in sync";
  const counts = Object.entries({ added, removed, modified }).filter(([, amount]) => Number(amount) > 0);
  const parts = counts.map(([kind, amount]) => `${amount} ${kind}`);
  if (standing !== "drift") parts.push(String(standing));
  return parts.length === 0 ? "to be repaired" : parts.join(", ");
}

function count(amount: unknown, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? "" : "s"}`;
}
