/**
 * What `GET /status` and `GET /healthz` say (DESIGN.md section 8). Pure.
 */
import type { Auth, Config } from "../config.ts";
import { DEGRADED_AFTER_ERRORS, STALE_AFTER_MS } from "../schedule.ts";
import type { RunSummary, SyncState } from "../state/store.ts";
import type { RepositoryOutcome, RepositoryReport } from "../sync/report.ts";

export const SERVICE = "horde-model-reference-sync";

/** Either the settings, or why they cannot be used. */
export type Settings =
  | { readonly kind: "configured"; readonly config: Config }
  | { readonly kind: "misconfigured"; readonly problems: readonly string[]; readonly warnings: readonly string[] };

export type ServiceState = "in-sync" | "pending" | "degraded" | "misconfigured" | "unknown";

export interface Status {
  readonly service: string;
  readonly version: string;
  readonly state: ServiceState;
  readonly config: {
    readonly primaryUrl: string | null;
    readonly publish: Config["publish"] | null;
    readonly dryRun: boolean | null;
    readonly auth: Auth["kind"];
    readonly categories: readonly string[];
  };
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
  readonly primary: { readonly lastUpdated: number | null };
  readonly lastCheckedAt: string | null;
  readonly lastSuccessAt: string | null;
  readonly consecutiveErrors: number;
  readonly nextAttemptAt: string | null;
  readonly repositories: readonly RepositoryReport[];
  readonly runs: readonly RunSummary[];
}

export interface StatusInput {
  readonly version: string;
  readonly settings: Settings;
  readonly state: SyncState;
  readonly runs: readonly RunSummary[];
}

export function buildStatus({ version, settings, state, runs }: StatusInput): Status {
  const config = settings.kind === "configured" ? settings.config : null;
  return {
    service: SERVICE,
    version,
    state: stateOf(settings, state),
    config: {
      primaryUrl: config?.primaryUrl ?? null,
      publish: config?.publish ?? null,
      dryRun: config?.dryRun ?? null,
      auth: config?.auth.kind ?? "none",
      categories: config?.categories ?? [],
    },
    problems: settings.kind === "misconfigured" ? settings.problems : [],
    warnings: settings.kind === "misconfigured" ? settings.warnings : settings.config.warnings,
    primary: { lastUpdated: state.lastUpdated ?? null },
    lastCheckedAt: state.lastCheckedAt,
    lastSuccessAt: state.lastSuccessAt,
    consecutiveErrors: state.consecutiveErrors,
    nextAttemptAt: state.nextAttemptAt,
    repositories: state.repositories,
    runs,
  };
}

function stateOf(settings: Settings, state: SyncState): ServiceState {
  if (settings.kind === "misconfigured") return "misconfigured";
  if (state.consecutiveErrors >= DEGRADED_AFTER_ERRORS) return "degraded";
  if (state.repositories.length === 0) return state.isUnsettled ? "pending" : "unknown";
  const isDone = state.repositories.every(({ outcome }) => OUTCOMES[outcome].isDone);
  return isDone && !state.isUnsettled ? "in-sync" : "pending";
}

export interface OutcomeWording {
  /** Nothing waits for anybody. */
  readonly isDone: boolean;
  readonly meaning: string;
}

/** One sentence for each outcome of a repository, the same on the page, in plain text and in the README. */
export const OUTCOMES: Readonly<Record<RepositoryOutcome, OutcomeWording>> = {
  "in-sync": { isDone: true, meaning: "The base branch means what PRIMARY says." },
  created: { isDone: false, meaning: "A pull request was opened; review and merge it." },
  updated: { isDone: false, meaning: "The open pull request was brought up to date; review and merge it." },
  current: { isDone: false, meaning: "The open pull request holds everything; review and merge it." },
  closed: { isDone: true, meaning: "Nothing was left to merge, so the pull request was closed." },
  committed: { isDone: true, meaning: "The changes were committed to the base branch." },
  planned: { isDone: false, meaning: "A dry run: this would be published." },
  "below-threshold": { isDone: false, meaning: "Fewer changes than MIN_CHANGES_THRESHOLD; force publishes them." },
  held: { isDone: false, meaning: "Held back because too much would be removed; check PRIMARY, then force." },
  edited: { isDone: false, meaning: "A person's commit is on the sync branch; merge or close the pull request." },
  rejected: {
    isDone: false,
    meaning: "The last pull request with just these changes was closed unmerged; force reopens the question.",
  },
  conflict: { isDone: false, meaning: "Somebody else kept writing at the same time; the next tick tries again." },
  failed: { isDone: false, meaning: "Something went wrong; the next tick tries again." },
};

/** Why the service needs a person, or an empty list. */
export function healthReasons(settings: Settings, state: SyncState, now: number): string[] {
  if (settings.kind === "misconfigured") return ["misconfigured"];
  const reasons: string[] = [];
  if (state.consecutiveErrors >= DEGRADED_AFTER_ERRORS) reasons.push("degraded");
  const lastGood = state.lastSuccessAt ?? state.lastCheckedAt;
  if (lastGood !== null && now - Date.parse(lastGood) > STALE_AFTER_MS) reasons.push("stale");
  return reasons;
}
