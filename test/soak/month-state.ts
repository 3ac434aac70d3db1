/**
 * What a month knows of itself while it is lived.
 */
import type { Report } from "../../src/contract/report.ts";
import type { KeptCommits } from "../faults/kept-commits.ts";
import type { Place } from "../faults/person-deeds.ts";
import { openPulls } from "../faults/truth.ts";
import { BRANCH } from "../world/ground.ts";
import { START } from "./soak-clock.ts";
import { count, type Tally } from "./tally.ts";
import type { Trouble } from "./troubles.ts";
import type { SoakWorld } from "./world.ts";

export const MINUTE_MS = 60_000;
export const DAY_MINUTES = 24 * 60;

export interface MonthOptions {
  readonly seed: number;
  readonly days: number;
  /** Troubles that do not happen, by name. */
  readonly without: readonly string[];
  readonly tally: Tally;
  /** Told at the end of each day. */
  readonly onDay?: (day: number) => void;
}

export interface Month extends MonthOptions {
  readonly world: SoakWorld;
  readonly places: readonly Place[];
  readonly kept: ReadonlyMap<string, KeptCommits>;
  readonly next: () => number;
  readonly log: string[];
  minute: number;
  troubles: { readonly trouble: Trouble; readonly since: number; readonly until: number; readonly end: () => void }[];
  /** Runs that stand still, and when they go on. */
  held: { readonly until: number; readonly letGo: () => void; readonly end: Promise<unknown> }[];
  /** Whether the last run that was recorded failed; `null`: not known. */
  isFailing: boolean | null;
  /** When a write was refused last, and when the state was last out of reach or another's, in minutes. */
  refusedAt: number;
  forgottenAt: number;
}

/** Does it, and says so in the log; what cannot be done now is not done. */
export function attempt(month: Month, name: string, act: () => unknown): void {
  try {
    act();
  } catch {
    return;
  }
  count(month.tally.deeds, name);
  month.log.push(`${stamp(month)} ${name}`);
}

/** Into the log and the counts. @throws Error when a repository has more than one pull request of ours */
export function noteReport(month: Month, how: string, report: Report | null | "killed"): void {
  const { world, tally, log } = month;
  if (report === "killed") log.push(`${stamp(month)} a run is killed`);
  if (report === null || report === "killed") return;
  tally.runs++;
  for (const { outcome } of report.repositories) count(tally.outcomes, outcome);
  if (report.repositories.length === 0) count(tally.outcomes, "without a repository");
  const told = report.repositories.map(
    ({ outcome, error }) => `${outcome}${error === undefined ? "" : ` (${error.message})`}`,
  );
  log.push(
    `${stamp(month)}   ${report.trigger} ${how} → ${report.outcome}: ${told.join(", ")} ${report.error?.message ?? ""}`,
  );
  for (const repository of world.repositories) {
    const open = openPulls(world, repository).filter(({ head }) => head.ref === BRANCH);
    if (open.length > 1) throw new Error(`${open.length} pull requests of ${repository} are open.`);
  }
  tally.checks += world.repositories.length;
}

/** `11-28T15:39` */
export function stamp({ minute }: Month): string {
  return new Date(START + minute * MINUTE_MS).toISOString().slice(5, 16);
}
