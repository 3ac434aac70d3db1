/**
 * The last 30 days as a strip: one mark a run, at its time, as high as what it changed. Pure.
 */
import type { RunSummary } from "../state/store.ts";
import { summaryWording } from "./run-wording.ts";
import { formatTime } from "./time.ts";
import type { Tone } from "./wording.ts";

const DAY_MS = 86_400_000;
const DAYS = 30;

export interface HistoryMark {
  /** From 0, 30 days ago, to 1, now. */
  readonly at: number;
  /** From 0, no change, to 1, thousands. */
  readonly size: number;
  /** `quiet`: it did nothing, and nothing was wrong. */
  readonly tone: Tone | "quiet";
  /** `2026-11-21 00:33 UTC: published, 3 changes` */
  readonly title: string;
}

export interface History {
  /** Oldest first. */
  readonly marks: readonly HistoryMark[];
  /** `14 runs in 30 days: 3 published, 10 in sync, 1 failed.` */
  readonly summary: string;
}

/** @param runs newest first; those of more than 30 days ago are left out */
export function viewHistory(runs: readonly RunSummary[], now: number): History {
  const recent = runs.filter(({ startedAt }) => now - Date.parse(startedAt) <= DAYS * DAY_MS);
  return { marks: recent.toReversed().map((run) => toMark(run, now)), summary: summarize(recent) };
}

function toMark(run: RunSummary, now: number): HistoryMark {
  const { startedAt, changes = 0 } = run;
  const { label, tone } = summaryWording(run);
  const isQuiet = run.outcome === "in-sync" || (run.outcome === "published" && run.hasWritten === false);
  const counted = changes === 0 ? "" : `, ${changes} ${changes === 1 ? "change" : "changes"}`;
  const age = (now - Date.parse(startedAt)) / (DAYS * DAY_MS);
  return {
    at: Math.min(1, Math.max(0, 1 - age)),
    // One change is seen, and a thousand fits.
    size: Math.min(1, Math.log2(1 + changes) / 10),
    tone: isQuiet ? "quiet" : tone,
    title: `${formatTime(startedAt)}: ${label}${counted}`,
  };
}

function summarize(runs: readonly RunSummary[]): string {
  const counts = new Map<string, number>();
  for (const run of runs) {
    const { label } = summaryWording(run);
    counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  const parts = [...counts].map(([label, count]) => `${count} ${label}`).join(", ");
  return `${runs.length} ${runs.length === 1 ? "run" : "runs"} in ${DAYS} days${parts === "" ? "" : `: ${parts}`}.`;
}
