/**
 * The words for runs: what they did, and not what they looked for. Pure.
 */
import { isDeed, type Report, type RepositoryOutcome, type RunOutcome } from "../contract/report.ts";
import type { RunSummary } from "../state/store.ts";
import { CLOSING, isClosing, nounFor, type Told, type Wording } from "./wording.ts";

export const RUN_OUTCOMES: Readonly<Record<RunOutcome, Omit<Wording, "todo">>> = {
  "in-sync": { label: "in sync", tone: "good", meaning: "There was nothing to publish." },
  published: { label: "published", tone: "good", meaning: "Changes were published." },
  planned: { label: "planned", tone: "wait", meaning: "A dry run: nothing was written." },
  held: {
    label: "held",
    tone: "wait",
    meaning: "Nothing was published: what differs is held, rejected, edited or below the threshold.",
  },
  partial: { label: "partial", tone: "bad", meaning: "A repository or a category failed; the others did not." },
  failed: { label: "failed", tone: "bad", meaning: "Nothing could be brought up to date." },
};

/** The words for a run: those of its outcome, as far as they are the whole truth of what it did. */
export function runWording(report: Pick<Report, "outcome" | "dryRun" | "repositories">): Omit<Wording, "todo"> {
  const { dryRun, repositories } = report;
  // Earlier versions said so of a dry run that found its pull request as it should be.
  const outcome = dryRun && report.outcome === "published" ? "planned" : report.outcome;
  const wording = RUN_OUTCOMES[outcome];
  if (outcome === "failed") return wording;
  if (outcome === "partial") return dryRun ? { ...wording, meaning: `${wording.meaning} ${DRY}` } : wording;
  if (outcome === "in-sync") return dryRun ? { ...wording, meaning: "There is nothing to publish." } : wording;
  if (outcome === "held") return dryRun ? { ...wording, meaning: HELD_DRY } : wording;
  const deeds = repositories.map((entry) => entry.outcome);
  const meaning = dryRun ? plannedMeaning(repositories) : publishedMeaning(deeds);
  const { label } = summaryWording({ outcome, hasWritten: deeds.some(isDeed) });
  return { ...wording, label, meaning: withoutHeld(meaning, repositories) };
}

/** In a list, where no more is known. A run that found its pull request as it should be published nothing. */
export function summaryWording({
  outcome,
  hasWritten,
}: Pick<RunSummary, "outcome" | "hasWritten">): Omit<Wording, "todo"> {
  const wording = RUN_OUTCOMES[outcome];
  return outcome === "published" && hasWritten === false ? { ...wording, label: "nothing new" } : wording;
}

const DRY = "It was a dry run: nothing was written.";
const HELD_DRY =
  "A dry run: what differs is held, rejected, edited or below the threshold, and nothing would be published.";

function plannedMeaning(repositories: readonly Told[]): string {
  const planned = repositories.filter(({ outcome }) => outcome === "planned");
  if (planned.length > 0 && planned.every(isClosing)) return CLOSING;
  if (planned.length > 0) return "A dry run: something would be published, and nothing was written.";
  return "A dry run: the open pull request holds the changes already, and nothing was written.";
}

function publishedMeaning(deeds: readonly RepositoryOutcome[]): string {
  if (!deeds.some(isDeed)) return "The open pull request holds the changes already; nothing was written.";
  const how = [
    ...(deeds.includes("created") || deeds.includes("updated") ? ["in a pull request"] : []),
    ...(deeds.includes("committed") ? ["on the base branch"] : []),
  ];
  if (how.length === 0) return "Nothing was left to merge, so the pull request was closed.";
  return `The changes are ${how.join(" or ")}.`;
}

function withoutHeld(meaning: string, repositories: readonly Told[]): string {
  const waiting = repositories.filter(({ outcome }) => KEPT_BACK.includes(outcome)).length;
  const held = repositories
    .filter(({ outcome }) => !KEPT_BACK.includes(outcome))
    .flatMap(({ categories }) => Object.values(categories))
    .filter((category) => category?.held !== undefined).length;
  const rest = [
    ...(held > 0 ? [`${nounFor(held)} ${held === 1 ? "is" : "are"} held`] : []),
    ...(waiting > 0
      ? [`what differs in ${waiting === 1 ? "one repository" : `${waiting} repositories`} is kept back`]
      : []),
  ];
  return rest.length === 0 ? meaning : `${meaning} But ${rest.join(", and ")}.`;
}

/** What differs in these is not published. */
const KEPT_BACK: readonly RepositoryOutcome[] = ["held", "edited", "rejected", "below-threshold"];

/** Of a preview without any file that would change. */
export function describeNoFile({ outcome, repositories }: Pick<Report, "outcome" | "repositories">): string {
  if (outcome === "failed") return "What would change is not known, because the dry run failed.";
  if (outcome === "partial") return "No file would change of what could be read.";
  const isHeld = repositories.some(
    ({ outcome, categories }) =>
      KEPT_BACK.includes(outcome) || Object.values(categories).some(({ held }) => held !== undefined),
  );
  return isHeld ? "No file would change, because what differs is kept back." : "No file would change.";
}
