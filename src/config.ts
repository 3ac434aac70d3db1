/**
 * Settings: the environment in, a readonly `Config` out (DESIGN.md section 11).
 *
 * Names are those of the Python service, so that its `.env.sync` carries over. All problems are reported at once, and
 * no message ever shows a value, because any value may be a misplaced secret.
 */
import { CATEGORY_NAMES, type CategoryName, type RepositoryRole, selectCategories } from "./categories.ts";
import { SyncError } from "./errors.ts";
import { SETTINGS, type Setting } from "./setting-schemas.ts";
import { findUnknownSettings, PREFIX, readSettings, type Settings } from "./settings.ts";

export interface RepositoryTarget {
  readonly owner: string;
  readonly name: string;
  readonly branch: string;
}

export type Auth =
  | { readonly kind: "none" }
  | { readonly kind: "token"; readonly token: string }
  | {
      readonly kind: "github-app";
      readonly appId: string;
      readonly installationId: number | null;
      readonly privateKey: string;
    };

export interface Config {
  /** Without a trailing slash; `/model_references/…` is appended. */
  readonly primaryUrl: string;
  readonly primaryTimeoutMs: number;
  readonly githubApiUrl: string;
  readonly auth: Auth;
  readonly repositories: Readonly<Record<RepositoryRole, RepositoryTarget>>;
  readonly categories: readonly CategoryName[];
  readonly pullRequest: {
    readonly reviewers: readonly string[];
    readonly labels: readonly string[];
    /** The team's slug, without its organisation. */
    readonly team: string | null;
  };
  readonly publish: "pull-request" | "commit";
  readonly minChanges: number;
  readonly maxRemovalPercent: number;
  readonly watch: { readonly enabled: boolean; readonly intervalSeconds: number; readonly startupSync: boolean };
  readonly dryRun: boolean;
  readonly verbose: boolean;
  readonly triggerToken: string | null;
  readonly notifyWebhookUrl: string | null;
  readonly cacheTtlSeconds: number;
  /** Sentences about settings that are accepted but probably not meant. */
  readonly warnings: readonly string[];
}

/** Raised with every problem in one message; `problems` holds them one by one. */
export class ConfigError extends SyncError {
  readonly problems: readonly string[];
  readonly warnings: readonly string[];

  constructor(problems: readonly string[], warnings: readonly string[]) {
    super("misconfigured", problems.join(" "));
    this.problems = problems;
    this.warnings = warnings;
  }
}

/**
 * Parse the environment of a Worker or a process. Unrelated names are ignored; empty values count as unset.
 *
 * @throws ConfigError with a sentence for every problem, none of which shows a value
 */
export function parseConfig(env: Readonly<Record<string, unknown>>): Config {
  const settings = readSettings(env);
  const problems: string[] = [];
  const warnings = findUnknownSettings(env);
  const read = <T>({ name, schema, valid }: Setting<T>): T | null => {
    const parsed = schema.safeParse(settings.get(name));
    if (!parsed.success) problems.push(`${name} must be ${valid}.`);
    return parsed.success ? parsed.data : null;
  };
  const config = assemble({ settings, read, problems, warnings });
  if (problems.length > 0) throw new ConfigError(problems, warnings);
  return config;
}

interface Reader {
  readonly settings: Settings;
  /** `null` only after a problem was noted, so that the placeholder behind `??` is never used. */
  readonly read: <T>(setting: Setting<T>) => T | null;
  readonly problems: string[];
  readonly warnings: string[];
}

function assemble(reader: Reader): Config {
  const { settings, read, warnings } = reader;
  const dryRun = read(SETTINGS.dryRun) ?? false;
  return {
    primaryUrl: read(SETTINGS.primaryUrl) ?? "",
    primaryTimeoutMs: 1000 * (read(SETTINGS.primaryTimeoutSeconds) ?? 0),
    githubApiUrl: read(SETTINGS.githubApiUrl) ?? "",
    auth: readAuth(reader, dryRun),
    repositories: { image: readTarget(reader, "image"), text: readTarget(reader, "text") },
    categories: readCategories(reader, read(SETTINGS.categories)),
    pullRequest: {
      reviewers: (read(SETTINGS.reviewers) ?? []).map((name) => name.replace(/^@/, "")),
      labels: read(SETTINGS.labels) ?? [],
      team: (settings.get(`${PREFIX}PR_AUTO_ASSIGN_TEAM`) ?? "").replace(/^@/, "").split("/").at(-1) || null,
    },
    publish: read(SETTINGS.publish) ?? "pull-request",
    minChanges: read(SETTINGS.minChanges) ?? 1,
    maxRemovalPercent: read(SETTINGS.maxRemovalPercent) ?? 0,
    watch: {
      enabled: read(SETTINGS.watchMode) ?? false,
      intervalSeconds: read(SETTINGS.watchIntervalSeconds) ?? 60,
      startupSync: read(SETTINGS.watchStartupSync) ?? false,
    },
    dryRun,
    verbose: read(SETTINGS.verbose) ?? false,
    triggerToken: read(SETTINGS.triggerToken) ?? null,
    notifyWebhookUrl: read(SETTINGS.notifyWebhookUrl) ?? null,
    cacheTtlSeconds: read(SETTINGS.cacheTtlSeconds) ?? 60,
    warnings,
  };
}

function readAuth({ settings, problems, warnings }: Reader, dryRun: boolean): Auth {
  const appId = settings.get("GITHUB_APP_ID");
  const privateKey = settings.get("GITHUB_APP_PRIVATE_KEY");
  const installation = settings.get("GITHUB_APP_INSTALLATION_ID");
  const token = settings.get(`${PREFIX}GITHUB_TOKEN`) ?? settings.get("GITHUB_TOKEN");
  const incomplete =
    appId !== undefined || privateKey !== undefined
      ? `The GitHub App needs both GITHUB_APP_ID and GITHUB_APP_PRIVATE_KEY; ${appId === undefined ? "GITHUB_APP_ID" : "GITHUB_APP_PRIVATE_KEY"} is missing`
      : null;
  if (appId !== undefined && privateKey !== undefined) {
    if (!/^[\w.-]+$/.test(appId)) problems.push("GITHUB_APP_ID must be the App's numeric id or its client id.");
    if (installation !== undefined && !/^[1-9]\d{0,14}$/.test(installation)) {
      problems.push("GITHUB_APP_INSTALLATION_ID must be a positive whole number (leave it out to have it looked up).");
    }
    if (!/-----BEGIN (RSA )?PRIVATE KEY-----/.test(privateKey)) {
      problems.push(
        "GITHUB_APP_PRIVATE_KEY must be the content of the App's .pem file (PKCS#1 or PKCS#8), with real or \\n newlines.",
      );
    }
    return {
      kind: "github-app",
      appId,
      installationId: installation === undefined ? null : Number(installation),
      privateKey,
    };
  }
  if (token !== undefined) {
    if (incomplete !== null) warnings.push(`${incomplete}; the token is used instead.`);
    return { kind: "token", token };
  }
  const missing = `No GitHub credentials: set GITHUB_APP_ID and GITHUB_APP_PRIVATE_KEY, or ${PREFIX}GITHUB_TOKEN.`;
  if (incomplete !== null) problems.push(`${incomplete}.`);
  else if (dryRun) warnings.push(`${missing} A dry run reads without them, at 60 requests an hour.`);
  else problems.push(missing);
  return { kind: "none" };
}

function readTarget({ settings, problems }: Reader, role: RepositoryRole): RepositoryTarget {
  const upper = role.toUpperCase();
  const fork = (part: string) =>
    settings.get(`HORDE_MODEL_REFERENCE_${upper}_GITHUB_REPO_${part}`) ??
    settings.get(`HORDE_MODEL_REFERENCE_${upper}_GITHUB_REPO__${part}`);
  const key = `${PREFIX}GITHUB_${upper}_REPO`;
  const [owner, name, ...rest] = (settings.get(key) ?? `Haidra-Org/AI-Horde-${role}-model-reference`).split("/");
  const target = {
    owner: fork("OWNER") ?? owner ?? "",
    name: fork("NAME") ?? name ?? "",
    branch: fork("BRANCH") ?? settings.get(`${PREFIX}GITHUB_BRANCH`) ?? "main",
  };
  if (rest.length > 0 || !/^[\w.-]+$/.test(target.owner) || !/^[\w.-]+$/.test(target.name)) {
    problems.push(`${key} must be "owner/name" (or set HORDE_MODEL_REFERENCE_${upper}_GITHUB_REPO_OWNER and _NAME).`);
  }
  if (!isBranchName(target.branch)) {
    problems.push(
      `The branch of the ${role} repository (${PREFIX}GITHUB_BRANCH or HORDE_MODEL_REFERENCE_${upper}_GITHUB_REPO_BRANCH) must be a valid branch name.`,
    );
  }
  return target;
}

/** The rules of `git check-ref-format --branch` that a typing mistake can break. */
function isBranchName(name: string): boolean {
  return !/^[-/]|[/.]$|\.\.|\/\/|@\{|\.lock$|[\s~^:?*[\\\p{Cc}]/u.test(name);
}

/** The sentence of `selectCategories` would show what was set, which may be a misplaced secret. */
function readCategories({ problems }: Reader, names: readonly string[] | null): readonly CategoryName[] {
  if (names === null) return [];
  const selected = selectCategories(names);
  if (!("problem" in selected)) return selected;
  const wrong = names.length === 0 ? "names no category" : "names something that has no legacy file";
  problems.push(`${PREFIX}CATEGORIES_TO_SYNC ${wrong}. Valid categories: ${CATEGORY_NAMES.join(", ")}.`);
  return [];
}
