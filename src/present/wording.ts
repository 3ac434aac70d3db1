/**
 * The words for every state: one table for the page, the plain text, the notifications of a terminal and docs/operating.md.
 * Pure.
 */
import { countReported, type RepositoryOutcome, type RepositoryReport } from "../contract/report.ts";

export type ServiceState = "in-sync" | "pending" | "failing" | "degraded" | "misconfigured" | "unknown";

/** Nothing to do, somebody has something to do, or something is broken. */
export type Tone = "good" | "wait" | "bad";

export interface Wording {
  /** As a heading: `pull request open`. */
  readonly label: string;
  readonly tone: Tone;
  readonly meaning: string;
  /** What a person can do, or `null` when nothing waits for anybody. */
  readonly todo: string | null;
}

export const SERVICE_STATES: Readonly<Record<ServiceState, Wording>> = {
  "in-sync": {
    label: "in sync",
    tone: "good",
    meaning: "Every repository means what PRIMARY says, as far as its files can.",
    todo: null,
  },
  pending: {
    label: "pending",
    tone: "wait",
    meaning: "Something waits: for a review, for a decision, or for the next attempt.",
    todo: "See what each repository below asks for.",
  },
  failing: {
    label: "failing",
    tone: "bad",
    meaning: "The last attempt failed, or a part of it; it goes on trying.",
    todo: "Read the error below: it says what to do.",
  },
  degraded: {
    label: "degraded",
    tone: "bad",
    meaning: "At least ten attempts in a row failed; it goes on trying, at most an hour apart.",
    todo: "Read the error, and check PRIMARY, GitHub's status and the credentials.",
  },
  misconfigured: {
    label: "misconfigured",
    tone: "bad",
    meaning: "The settings cannot be used, so nothing is synced.",
    todo: "Mend every problem listed, and deploy again.",
  },
  unknown: {
    label: "unknown",
    tone: "wait",
    meaning: "No run has been recorded yet.",
    todo: "Wait for the first tick, or start a run with POST /sync.",
  },
};

/** What matters of a status here. */
interface ServiceTold {
  readonly state: ServiceState;
  readonly config: {
    readonly dryRun: boolean | null;
    readonly noPr: boolean | null;
    readonly watch: { readonly enabled: boolean } | null;
  };
  readonly paused: object | null;
  readonly failingSince: string | null;
  readonly alarms: readonly { readonly message: string }[];
}

/** The words for the service, as far as they are true with its settings. */
export function serviceWording({ state, config, paused, failingSince, alarms }: ServiceTold): Wording {
  const wording = SERVICE_STATES[state];
  if (state === "failing" && failingSince === null && alarms.length > 0)
    return {
      ...wording,
      meaning: "No attempt failed, and all the same it does not do its work.",
      todo: "Read below what to do.",
    };
  if (state !== "unknown") return wording;
  if (config.dryRun === true && config.noPr !== true)
    return {
      ...wording,
      meaning: "No run has been recorded, because dry runs are not.",
      todo: "See a preview instead.",
    };
  const awaitsTick = config.watch?.enabled === true && paused === null;
  return awaitsTick ? wording : { ...wording, todo: "Start a run with POST /sync." };
}

/** At the top, where nothing is written to GitHub whatever the rest says; `null` where it is. */
export function dryRunNotice({ dryRun, noPr }: ServiceTold["config"]): string | null {
  if (dryRun !== true) return null;
  const name = noPr === true ? "NO_PR" : "DRY_RUN";
  return `Nothing is written to GitHub, whoever asks: HORDE_GITHUB_SYNC_${name} is set.`;
}

/** How changes get to GitHub, or would. */
export const PUBLISHES = { "pull-request": "pull request", commit: "commit to the base branch" } as const;

/** Beside the service's state, which goes on being told. */
export const PAUSED: Wording = {
  label: "paused",
  tone: "bad",
  meaning: "Somebody paused the schedule: no tick starts a run. Runs by hand go on.",
  todo: "POST /resume lets it go on.",
};

export const OUTCOMES: Readonly<Record<RepositoryOutcome, Wording>> = {
  "in-sync": {
    label: "in sync",
    tone: "good",
    meaning: "The base branch means what PRIMARY says, as far as its files can.",
    todo: null,
  },
  created: {
    label: "pull request opened",
    tone: "wait",
    meaning: "A pull request was opened with the changes.",
    todo: "Review and merge the pull request; close it unmerged to reject just these changes.",
  },
  updated: {
    label: "pull request updated",
    tone: "wait",
    meaning: "The open pull request was brought up to date with PRIMARY and the base branch.",
    todo: "Review and merge the pull request; close it unmerged to reject just these changes.",
  },
  current: {
    label: "pull request open",
    tone: "wait",
    meaning: "The open pull request holds the changes.",
    todo: "Review and merge the pull request; close it unmerged to reject just these changes.",
  },
  closed: {
    label: "pull request closed",
    tone: "good",
    meaning: "Nothing was left to merge, so the sync closed its pull request.",
    todo: null,
  },
  committed: {
    label: "committed",
    tone: "good",
    meaning: "The changes were committed to the base branch.",
    todo: null,
  },
  planned: {
    label: "planned",
    tone: "wait",
    meaning: "A dry run: the changes would be published, and nothing was written.",
    todo: "Run without the dry run to publish.",
  },
  "below-threshold": {
    label: "below threshold",
    tone: "wait",
    meaning: "There are fewer changes than MIN_CHANGES_THRESHOLD, so they wait for more.",
    todo: "Wait, or POST /sync with force to publish them now.",
  },
  held: {
    label: "held",
    tone: "wait",
    meaning: "The changes are kept back, because they would remove too much or PRIMARY has nothing to say.",
    todo: "Check PRIMARY. If the removals are meant, POST /sync with force and the category.",
  },
  edited: {
    label: "edited",
    tone: "wait",
    meaning: "A person's commit is on the sync branch, so the sync leaves the branch and its pull request alone.",
    todo: "Merge the pull request, or close it; closed and with its branch deleted, the next run starts afresh.",
  },
  rejected: {
    label: "rejected",
    tone: "wait",
    meaning: "The last pull request with just these changes was closed unmerged, which is respected.",
    todo: "Change PRIMARY, or POST /sync with force to open a new pull request.",
  },
  conflict: {
    label: "conflict",
    tone: "bad",
    meaning: "Somebody else kept writing to the branch at the same time.",
    todo: "Nothing yet: the next tick tries again.",
  },
  failed: {
    label: "failed",
    tone: "bad",
    meaning: "The repository could not be brought up to date; the error says why.",
    todo: "Mend what the error names, if it is ours; the next tick tries again.",
  },
};

/** A category has the words of its repository's outcome, or these. */
const UNCHECKED: Wording = {
  label: "not looked at",
  tone: "wait",
  meaning: "The last run did not get to the category.",
  todo: null,
};

export function categoryWording(state: RepositoryOutcome | "unchecked"): Wording {
  return state === "unchecked" ? UNCHECKED : OUTCOMES[state];
}

/** The words for a repository: those of its outcome, as far as they are the whole truth. */
export function repositoryWording({ outcome, pullRequest, categories }: Told): Wording {
  const wording = OUTCOMES[outcome];
  if (outcome === "edited" && pullRequest === null) return { ...wording, todo: EDITED_ALONE };
  if (isClosing({ outcome, pullRequest, categories })) return { ...wording, meaning: CLOSING };
  const all = Object.values(categories);
  const failed = all.filter((category) => category?.failed !== undefined).length;
  const held = outcome === "held" ? 0 : all.filter((category) => category?.held !== undefined).length;
  if (failed + held === 0 || outcome === "failed" || outcome === "conflict") return wording;
  const rest = [
    ...(held > 0 ? [nounFor(held, "held ")] : []),
    ...(failed > 0 ? [`${nounFor(failed)} that failed`] : []),
  ].join(" and ");
  const { meaning } = wording;
  const todo = [wording.todo, "Read below why."].filter((part) => part !== null).join(" ");
  return { ...wording, tone: failed > 0 ? "bad" : "wait", meaning: `${meaning.slice(0, -1)}, but for ${rest}.`, todo };
}

/** A dry run that would only close the pull request. */
export function isClosing({ outcome, pullRequest, categories }: Told): boolean {
  const changes = Object.values(categories).reduce((sum, category) => sum + countReported(category), 0);
  return outcome === "planned" && pullRequest !== null && changes === 0;
}

export const CLOSING = "A dry run: nothing is left to merge, so the pull request would be closed.";

/** `1 category`, `2 held categories`. */
export function nounFor(count: number, adjective = ""): string {
  return `${count} ${adjective}${count === 1 ? "category" : "categories"}`;
}

export type Told = Pick<RepositoryReport, "outcome" | "pullRequest" | "categories">;

const EDITED_ALONE =
  "Delete the branch sync/model-references, or open a pull request for it; without it the next run starts afresh.";

/** Nothing of the repository waits for anybody. */
export function isDone(outcome: RepositoryOutcome): boolean {
  return OUTCOMES[outcome].tone === "good";
}
