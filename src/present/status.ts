/**
 * What `GET /status` says. Pure.
 */
import { CATEGORIES, type CategoryName } from "../categories.ts";
import type { Config } from "../config/config.ts";
import type { Configured } from "../config/configured.ts";
import { type Auth, webUrlOf } from "../config/github-settings.ts";
import {
  countReported,
  type RateLimit,
  type ReportedError,
  type RepositoryOutcome,
  type RepositoryReport,
} from "../contract/report.ts";
import type { ReplicaStatus } from "../replica/status.ts";
import type { Alarm } from "../service/alarms.ts";
import { DEGRADED_AFTER_ERRORS } from "../state/alarm-limits.ts";
import type { Pause, RunSummary, SyncState } from "../state/store.ts";
import { compareSubjects, forgetOthers, hasUncheckedCategory, subjectsOf } from "../state/subjects.ts";
import { isDone, type ServiceState } from "./wording.ts";

export const SERVICE = "horde-model-reference-sync";

/** Either the settings, or why they cannot be used. */
export interface Status {
  readonly service: string;
  readonly version: string;
  readonly state: ServiceState;
  readonly config: {
    readonly primaryUrl: string | null;
    readonly publish: Config["publish"] | null;
    readonly dryRun: boolean | null;
    /** `NO_PR`: a dry run that is kept. */
    readonly noPr: boolean | null;
    /** Where people see the repositories, such as `https://github.com`. */
    readonly webUrl: string | null;
    /** Whether a trigger token is set, without which nothing can be started by hand. */
    readonly hasTrigger: boolean;
    readonly auth: Auth["kind"];
    readonly categories: readonly CategoryName[];
    readonly watch: { readonly enabled: boolean; readonly intervalSeconds: number } | null;
  };
  /** What is wrong though no attempt failed. */
  readonly alarms: readonly Alarm[];
  /** The schedule stands still because somebody said so. */
  readonly paused: Pause | null;
  readonly problems: readonly string[];
  /** While misconfigured: the names of the settings that have a value, which is never told. */
  readonly given: readonly string[];
  readonly warnings: readonly string[];
  readonly primary: { readonly lastUpdated: number | null };
  readonly lastCheckedAt: string | null;
  readonly lastSuccessAt: string | null;
  readonly consecutiveErrors: number;
  /** When the first of the failures in a row was; `null` while nothing fails. */
  readonly failingSince: string | null;
  /** The last tick that got as far as the state, to 15 minutes. */
  readonly heartbeatAt: string | null;
  /** Why the last run failed before any repository was looked at. */
  readonly lastError: ReportedError | null;
  /** The end of a back-off; `null` while the ordinary schedule holds. */
  readonly nextAttemptAt: string | null;
  readonly repositories: readonly RepositoryReport[];
  /** Every configured category, in the order of the table of categories. */
  readonly categories: readonly CategoryStanding[];
  readonly rateLimit: RateLimit | null;
  readonly runs: readonly RunSummary[];
  /** `null` while it is off or cannot be read; then a warning says so. */
  readonly replica: ReplicaStatus | null;
}

/** How one category stands. */
export interface CategoryStanding {
  readonly category: CategoryName;
  readonly repository: string;
  readonly branch: string;
  /** The outcome of its repository where the category drifts; `unchecked` when the last run did not get to it. */
  readonly state: RepositoryOutcome | "unchecked";
  readonly added: number;
  readonly removed: number;
  readonly modified: number;
}

export interface StatusInput {
  readonly version: string;
  readonly settings: Configured;
  readonly state: SyncState;
  readonly alarms?: readonly Alarm[];
  readonly paused?: Pause | null;
  readonly runs: readonly RunSummary[];
  readonly replica: KnownReplica;
}

/** `off`: its settings cannot be used; `unknown`: what it knows cannot be read now. */
export type KnownReplica = ReplicaStatus | "off" | "unknown";

const NO_REPLICA = {
  off: "The replica is off, because the settings it needs cannot be used.",
  unknown: "How the replica stands is unknown: it cannot be read now.",
};

const UNCHECKED =
  "The settings name another PRIMARY, GitHub, repository or branch than the last run looked at. Nothing is known of it until the next run, which compares everything.";

export function buildStatus({ alarms = [], paused = null, ...input }: StatusInput): Status {
  const { version, settings, runs, replica } = input;
  const isKnown = typeof replica === "object";
  const config = settings.kind === "configured" ? settings.config : null;
  const state = config === null ? input.state : forgetOthers(input.state, config);
  const repositories = currentRepositories(config, state);
  return {
    service: SERVICE,
    version,
    state: stateOf(settings, state, repositories, alarms),
    config: {
      primaryUrl: config?.primaryUrl ?? null,
      publish: config?.publish ?? null,
      dryRun: config?.dryRun ?? null,
      noPr: config?.noPr ?? null,
      webUrl: webUrlIn(settings),
      hasTrigger: config !== null && config.triggerToken !== null,
      auth: config?.auth.kind ?? "none",
      categories: config?.categories ?? [],
      watch:
        config === null
          ? null
          : { enabled: config.watch.enabled, intervalSeconds: Math.max(60, config.watch.intervalSeconds) },
    },
    alarms,
    paused,
    problems: settings.kind === "misconfigured" ? settings.problems : [],
    given: settings.kind === "misconfigured" ? (settings.given ?? []) : [],
    warnings: [
      ...(settings.kind === "misconfigured" ? settings.warnings : settings.config.warnings),
      ...(config !== null && compareSubjects(input.state, subjectsOf(config)) === "other" ? [UNCHECKED] : []),
      ...(isKnown ? [] : [NO_REPLICA[replica]]),
    ],
    primary: { lastUpdated: state.lastUpdated ?? null },
    lastCheckedAt: state.lastCheckedAt,
    lastSuccessAt: state.lastSuccessAt,
    consecutiveErrors: state.consecutiveErrors,
    failingSince: state.failingSince,
    heartbeatAt: state.heartbeatAt,
    lastError: state.lastError,
    nextAttemptAt: state.nextAttemptAt ?? (state.failingSince === null ? null : (state.awaiting?.until ?? null)),
    repositories,
    categories: config === null ? [] : config.categories.map((name) => standingOf(name, config, repositories)),
    rateLimit: state.rateLimit,
    runs,
    replica: isKnown ? replica : null,
  };
}

/** Where people see the repositories; `null` while that is not known. */
export function webUrlIn(settings: Configured): string | null {
  return settings.kind === "configured" ? webUrlOf(settings.config.githubApiUrl) : null;
}

/** Without those that the settings no longer name. */
function currentRepositories(config: Config | null, { repositories }: SyncState): readonly RepositoryReport[] {
  if (config === null) return repositories;
  const names = Object.values(config.repositories).map(({ owner, name }) => `${owner}/${name}`);
  return repositories.filter(({ repository }) => names.includes(repository));
}

function stateOf(
  settings: Configured,
  state: SyncState,
  repositories: readonly RepositoryReport[],
  alarms: readonly Alarm[],
): ServiceState {
  if (settings.kind === "misconfigured") return "misconfigured";
  if (state.consecutiveErrors >= DEGRADED_AFTER_ERRORS) return "degraded";
  if (state.failingSince !== null || alarms.length > 0) return "failing";
  if (repositories.length === 0) return state.isUnsettled ? "pending" : "unknown";
  const isSettled = repositories.every(
    ({ outcome, categories }) =>
      isDone(outcome) &&
      Object.values(categories).every(({ held, failed }) => held === undefined && failed === undefined),
  );
  const isUnchecked = hasUncheckedCategory(state, settings.config);
  return isSettled && !state.isUnsettled && !isUnchecked ? "in-sync" : "pending";
}

function standingOf(name: CategoryName, config: Config, repositories: readonly RepositoryReport[]): CategoryStanding {
  const role = CATEGORIES.find((category) => category.name === name)?.role ?? "image";
  const target = config.repositories[role];
  const repository = `${target.owner}/${target.name}`;
  const latest = repositories.find((entry) => entry.repository === repository);
  const report = latest?.categories[name];
  const counts = {
    added: report?.added.length ?? 0,
    removed: report?.removed.length ?? 0,
    modified: (report?.modified.length ?? 0) + (report?.renamed?.length ?? 0),
  };
  return { category: name, repository, branch: target.branch, state: categoryState(name, latest), ...counts };
}

function categoryState(name: CategoryName, latest: RepositoryReport | undefined): CategoryStanding["state"] {
  if (latest === undefined) return "unchecked";
  const report = latest.categories[name];
  if (report?.failed !== undefined) return "failed";
  if (report?.held !== undefined) return "held";
  const changes = report === undefined ? 0 : countReported(report);
  if (changes > 0) return latest.outcome;
  const isUnknown = latest.outcome === "failed" || latest.outcome === "conflict";
  const isNew = latest.checked !== undefined && !latest.checked.includes(name);
  return isUnknown || isNew ? "unchecked" : "in-sync";
}
