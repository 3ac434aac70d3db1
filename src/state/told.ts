/**
 * When people are told that a pull request changed: at once, and then at most every half hour, so that many edits in a
 * short time are one message. Pure.
 */
import type { Report } from "../contract/report.ts";
import type { SyncState, Told } from "./store.ts";

const APART_MS = 30 * 60_000;

/** After a run that wrote, or tried to. */
export function tellLater(told: SyncState["told"], { repositories, finishedAt: at }: Report): SyncState["told"] {
  const entries = repositories.flatMap(({ repository, outcome }): [string, Told][] => {
    const last = told[repository];
    if (outcome === "created") return [[repository, { at, waits: false }]];
    if (outcome === "updated")
      return [[repository, isLately(last, at) ? { ...last, waits: true } : { at, waits: false }]];
    return [];
  });
  return tellWaiting({ ...told, ...Object.fromEntries(entries) }, at);
}

/** @param at now (ISO 8601, UTC) */
export function tellWaiting(told: SyncState["told"], at: string): SyncState["told"] {
  const next = ([repository, last]: [string, Told]): [string, Told] => {
    return [repository, last.waits && !isLately(last, at) ? { at, waits: false } : last];
  };
  return Object.fromEntries(Object.entries(told).map(next));
}

function isLately(last: Told | undefined, at: string): last is Told {
  return last !== undefined && Math.abs(Date.parse(at) - Date.parse(last.at)) < APART_MS;
}
