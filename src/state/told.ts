/**
 * When people are told what the sync did to a pull request: at once, and then at most every half hour, so that many
 * edits in a short time, and a PRIMARY that goes to and fro, are one message. Pure.
 */
import type { Report, RepositoryOutcome, RepositoryReport } from "../contract/report.ts";
import type { SyncState, Told } from "./store.ts";

const APART_MS = 30 * 60_000;

/** What a run did to a pull request. */
const DONE_TO_A_PULL: readonly RepositoryOutcome[] = ["created", "updated", "closed"];

/** After a run that wrote, or tried to. @param latest how the repositories are now */
export function tellLater(
  told: SyncState["told"],
  { repositories, finishedAt: at }: Report,
  latest: readonly RepositoryReport[],
): SyncState["told"] {
  const entries = repositories.flatMap(({ repository, outcome }): [string, Told][] => {
    if (!DONE_TO_A_PULL.includes(outcome)) return [];
    const last = told[repository];
    const pull = openPullOf(latest, repository);
    return [[repository, isLately(last, at) ? { ...last, waits: true } : { at, waits: false, pull }]];
  });
  return tellWaiting({ ...told, ...Object.fromEntries(entries) }, at, latest);
}

/** @param at now (ISO 8601, UTC) */
export function tellWaiting(
  told: SyncState["told"],
  at: string,
  latest: readonly RepositoryReport[],
): SyncState["told"] {
  const next = ([repository, last]: [string, Told]): [string, Told] => {
    const isDue = last.waits && !isLately(last, at);
    return [repository, isDue ? { at, waits: false, pull: openPullOf(latest, repository) } : last];
  };
  return Object.fromEntries(Object.entries(told).map(next));
}

function openPullOf(latest: readonly RepositoryReport[], name: string): number | null {
  const entry = latest.find(({ repository }) => repository === name);
  return entry === undefined || !hasOpenPull(entry) ? null : (entry.pullRequest?.number ?? null);
}

/** Whether the sync's own pull request is open, with nothing of people on it. */
export function hasOpenPull({ outcome }: RepositoryReport): boolean {
  return outcome === "created" || outcome === "updated" || outcome === "current";
}

function isLately(last: Told | undefined, at: string): last is Told {
  return last !== undefined && Math.abs(Date.parse(at) - Date.parse(last.at)) < APART_MS;
}
