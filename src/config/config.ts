/**
 * Settings: the environment in, a readonly `Config` out.
 *
 * Names are those of the Python service, so that its `.env.sync` carries over. All problems are reported at once, and
 * no message ever shows a value, because any value may be a misplaced secret.
 */
import { CATEGORY_NAMES, type CategoryName, type RepositoryRole, selectCategories } from "../category-names.ts";
import { SyncError } from "../core/errors.ts";
import { type Access, readAccess } from "./access.ts";
import { type Auth, expectTwo, type RepositoryTarget, readAuth, readTargets } from "./github-settings.ts";
import { findMisnamed } from "./misnamed.ts";
import { findRepeated } from "./repeated.ts";
import { SETTINGS } from "./setting-forms.ts";
import { PREFIX } from "./settings.ts";
import { createReader, type SettingsReader } from "./settings-reader.ts";

/** What the replica needs: it serves also where the sync itself is not configured. */
export interface ReplicaConfig extends Access {
  /** Without a trailing slash. */
  readonly githubApiUrl: string;
  readonly auth: Auth;
  readonly repositories: Readonly<Record<RepositoryRole, RepositoryTarget>>;
  readonly cacheTtlSeconds: number;
}

export interface Config extends ReplicaConfig {
  /** Without a trailing slash; `/model_references/…` is appended. */
  readonly primaryUrl: string;
  readonly primaryTimeoutMs: number;
  readonly categories: readonly CategoryName[];
  readonly pullRequest: {
    readonly reviewers: readonly string[];
    readonly labels: readonly string[];
    /** The team's slug, without its organisation. */
    readonly team: string | null;
    /** After so many days an open one is told of once more; 0: never. */
    readonly reminderDays: number;
  };
  /** E-mail addresses whose commits on the sync branch do not count as a person's; in lower case. */
  readonly ignoredAuthors: readonly string[];
  readonly publish: "pull-request" | "commit";
  readonly minChanges: number;
  readonly maxRemovalPercent: number;
  readonly watch: {
    readonly enabled: boolean;
    readonly intervalSeconds: number;
    readonly startupSync: boolean;
    /** How often a tick looks at what waits on GitHub. */
    readonly githubCheckSeconds: number;
  };
  /** Every run is one, whatever it is asked for: it plans, and writes nothing. */
  readonly dryRun: boolean;
  /** `dryRun` as well, and a Worker remembers what it planned; none of it counts as published. */
  readonly noPr: boolean;
  readonly verbose: boolean;
  /** Of the service's own page, without a trailing slash, for links to it in pull requests. */
  readonly statusUrl: string | null;
  readonly notifyWebhookUrl: string | null;
  /** What GitHub signs its webhook's calls with; `null`: none are taken. */
  readonly githubWebhookSecret: string | null;
  /** Sentences about settings that are accepted but probably not meant. */
  readonly warnings: readonly string[];
}

/** Raised with every problem in one message; `problems` holds them one by one. */
export class ConfigError extends SyncError {
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
  /** Names of the settings that have a value. */
  readonly given: readonly string[];
  /** Settings that cannot be used open nothing. */
  readonly access: Access;

  constructor(
    { settings, problems, warnings }: Pick<SettingsReader, "settings" | "problems" | "warnings">,
    access: Access,
  ) {
    super("misconfigured", problems.join(" "));
    this.problems = problems;
    this.warnings = warnings;
    this.given = [...settings.keys()].sort();
    this.access = access;
  }
}

/**
 * Parse the environment of a Worker or a process. Unrelated names are ignored; empty values count as unset.
 *
 * @throws ConfigError with a sentence for every problem, none of which shows a value
 */
export function parseConfig(env: Readonly<Record<string, unknown>>): Config {
  const reader = createReader(env);
  for (const { problems, warnings } of [findMisnamed(reader.settings), findRepeated(env, reader.settings)]) {
    reader.problems.push(...problems);
    reader.warnings.push(...warnings);
  }
  const config = assemble(reader);
  expectTwo(config.repositories, reader.problems);
  if (reader.problems.length > 0) throw new ConfigError(reader, config);
  return config;
}

/**
 * Parse what the replica needs, and nothing else. Credentials that cannot be used are no problem here: public
 * repositories are read without any, and `parseConfig` tells what is wrong with them. So it is with the trigger token,
 * without which nobody may ask for a refresh. What is public is no such matter: where that cannot be read, nothing is.
 *
 * @throws ConfigError when it is not clear which repositories are meant, or how long they are fresh
 */
export function parseReplicaConfig(env: Readonly<Record<string, unknown>>): ReplicaConfig {
  const lenient = createReader(env);
  const auth = readAuth(lenient, true);
  const isUsable = lenient.problems.length === 0;
  const access = readAccess(lenient);
  const reader = createReader(env);
  const config = {
    githubApiUrl: reader.read(SETTINGS.githubApiUrl) ?? "",
    repositories: readTargets(reader),
    cacheTtlSeconds: reader.read(SETTINGS.cacheTtlSeconds) ?? 60,
  };
  if (reader.problems.length > 0) throw new ConfigError(reader, access);
  return { ...config, ...access, auth: isUsable ? auth : { kind: "none" } };
}

function assemble(reader: SettingsReader): Config {
  const { text, read, warnings } = reader;
  const noPr = read(SETTINGS.noPr) ?? false;
  const dryRun = (read(SETTINGS.dryRun) ?? false) || noPr;
  return {
    primaryUrl: read(SETTINGS.primaryUrl) ?? "",
    primaryTimeoutMs: 1000 * (read(SETTINGS.primaryTimeoutSeconds) ?? 0),
    githubApiUrl: read(SETTINGS.githubApiUrl) ?? "",
    auth: readAuth(reader, dryRun),
    repositories: readTargets(reader),
    categories: readCategories(reader, read(SETTINGS.categories)),
    pullRequest: {
      reviewers: (read(SETTINGS.reviewers) ?? []).flatMap((name) => name.replace(/^@/, "") || []),
      labels: read(SETTINGS.labels) ?? [],
      team: read(SETTINGS.team),
      reminderDays: read(SETTINGS.reminderDays) ?? 7,
    },
    ignoredAuthors: (read(SETTINGS.ignoredAuthors) ?? []).map((address) => address.toLowerCase()),
    publish: read(SETTINGS.publish) ?? "pull-request",
    minChanges: read(SETTINGS.minChanges) ?? 1,
    maxRemovalPercent: read(SETTINGS.maxRemovalPercent) ?? 0,
    watch: {
      enabled: read(SETTINGS.watchMode) ?? false,
      intervalSeconds: read(SETTINGS.watchIntervalSeconds) ?? 60,
      startupSync: read(SETTINGS.watchStartupSync) ?? false,
      githubCheckSeconds: read(SETTINGS.githubCheckSeconds) ?? 300,
    },
    dryRun,
    noPr,
    verbose: read(SETTINGS.verbose) ?? false,
    ...readAccess(reader),
    statusUrl: read(SETTINGS.statusUrl) ?? null,
    notifyWebhookUrl: read(SETTINGS.notifyWebhookUrl) ?? null,
    githubWebhookSecret: text("GITHUB_WEBHOOK_SECRET") ?? null,
    cacheTtlSeconds: read(SETTINGS.cacheTtlSeconds) ?? 60,
    warnings,
  };
}

/** The sentence of `selectCategories` would show what was set, which may be a misplaced secret. */
function readCategories({ problems }: SettingsReader, names: readonly string[] | null): readonly CategoryName[] {
  if (names === null) return [];
  const selected = selectCategories(names);
  if (!("problem" in selected)) return selected;
  const wrong = names.length === 0 ? "names no category" : "names something that has no legacy file";
  problems.push(`${PREFIX}CATEGORIES_TO_SYNC ${wrong}. Valid categories: ${CATEGORY_NAMES.join(", ")}.`);
  return [];
}
