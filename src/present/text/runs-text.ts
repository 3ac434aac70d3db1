import type { RunPage, RunSummary } from "../../state/store.ts";
import { summaryWording } from "../run-wording.ts";
import { formatDuration, formatTime } from "../time.ts";

/** A page of runs as plain text, with the path of the next page at its end. */
export function renderRuns({ runs }: RunPage, next: string | null): string {
  const lines = runs.length === 0 ? ["No run here."] : runs.map(renderRunLine);
  if (next !== null) lines.push(`older: ${next}`);
  return `${lines.join("\n")}\n`;
}

/** `2026-11-21 12:00 UTC  tick       in sync         850 ms  mhx0k3v9a-4f7c2e` */
export function renderRunLine(run: RunSummary): string {
  const { startedAt, trigger, durationMs, id } = run;
  const duration = formatDuration(durationMs).padStart(9);
  return `${formatTime(startedAt)}  ${trigger.padEnd(9)}  ${summaryWording(run).label.padEnd(11)}  ${duration}  ${id}`;
}
