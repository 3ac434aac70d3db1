/**
 * Totals over all runs, for the metrics. Pure.
 */
import type { Report } from "../contract/report.ts";

/** Totals since the state began. Concurrent runs may lose one another's; a lost state starts again at zero. */
export interface Counters {
  readonly runs: Readonly<Partial<Record<Report["trigger"], Readonly<Partial<Record<Report["outcome"], number>>>>>>;
  readonly requests: Report["requests"];
  readonly durationMs: number;
}

export const NO_COUNTS: Counters = { runs: {}, requests: { primary: 0, github: 0 }, durationMs: 0 };

export function countRun(counters: Counters, { trigger, outcome, requests, durationMs }: Report): Counters {
  const byOutcome = counters.runs[trigger] ?? {};
  return {
    runs: { ...counters.runs, [trigger]: { ...byOutcome, [outcome]: (byOutcome[outcome] ?? 0) + 1 } },
    requests: {
      primary: counters.requests.primary + requests.primary,
      github: counters.requests.github + requests.github,
    },
    durationMs: counters.durationMs + durationMs,
  };
}
