/**
 * The names of the settings, and how raw values are read from an environment.
 */

export const PREFIX = "HORDE_GITHUB_SYNC_";

/** Names that carry the prefix and mean something here, without it. */
export const PREFIXED: readonly string[] = [
  "PRIMARY_API_URL",
  "PRIMARY_API_TIMEOUT",
  "GITHUB_TOKEN",
  "GITHUB_IMAGE_REPO",
  "GITHUB_TEXT_REPO",
  "GITHUB_BRANCH",
  "GITHUB_API_URL",
  "CATEGORIES_TO_SYNC",
  "PR_REVIEWERS",
  "PR_LABELS",
  "PR_AUTO_ASSIGN_TEAM",
  "PR_REMINDER_DAYS",
  "IGNORED_AUTHORS",
  "MIN_CHANGES_THRESHOLD",
  "WATCH_MODE",
  "GITHUB_CHECK_SECONDS",
  "WATCH_INTERVAL_SECONDS",
  "WATCH_ENABLE_STARTUP_SYNC",
  "DRY_RUN",
  "NO_PR",
  "VERBOSE_LOGGING",
  "PUBLIC",
  "PUBLISH",
  "MAX_REMOVAL_PERCENT",
  "TRIGGER_TOKEN",
  "NOTIFY_WEBHOOK_URL",
  "STATUS_URL",
];

const REPOSITORY_PARTS = ["OWNER", "NAME", "BRANCH"] as const;

/** Names that carry no prefix of ours. */
export const WHOLE: readonly string[] = [
  "GITHUB_TOKEN",
  "GITHUB_APP_ID",
  "GITHUB_APP_INSTALLATION_ID",
  "GITHUB_INSTALLATION_ID",
  "GITHUB_APP_PRIVATE_KEY",
  "GITHUB_WEBHOOK_SECRET",
  "HORDE_MODEL_REFERENCE_CACHE_TTL_SECONDS",
  ...["IMAGE", "TEXT"].flatMap((role) =>
    REPOSITORY_PARTS.flatMap((part) => [
      `HORDE_MODEL_REFERENCE_${role}_GITHUB_REPO_${part}`,
      `HORDE_MODEL_REFERENCE_${role}_GITHUB_REPO__${part}`,
    ]),
  ),
];

/** Settings of the Python service and of the command line that have nothing to act on in a Worker, and why. */
export const WITHOUT_EFFECT: ReadonlyMap<string, string> = new Map([
  [`${PREFIX}TARGET_CLONE_DIR`, "nothing is cloned"],
  [`${PREFIX}SYNC_TEMP_DIR`, "nothing is cloned"],
  [`${PREFIX}SUPPRESS_META_WARNINGS`, "what is wrong with the settings is always told"],
  [`${PREFIX}WATCH_INITIAL_DELAY_SECONDS`, "the cron trigger decides when the first tick comes"],
  [`${PREFIX}OUTPUT_DIR`, "a Worker has no files; GET /preview shows what would be written"],
  [`${PREFIX}STATE_FILE`, "a Worker keeps its state in KV"],
  ["GITHUB_APP_PRIVATE_KEY_PATH", "a Worker has no files; put the key itself into GITHUB_APP_PRIVATE_KEY"],
]);

const KNOWN: ReadonlySet<string> = new Set([
  ...PREFIXED.map((name) => PREFIX + name),
  ...WHOLE,
  ...WITHOUT_EFFECT.keys(),
]);

/** Raw values by name: trimmed, never empty. */
export type Settings = ReadonlyMap<string, string>;

/**
 * Collect the values that are set. Wrangler variables may be numbers, booleans or arrays; they become their text. A name
 * may be in lower case, as the Python service takes it; the name as it is listed here wins over that.
 */
export function readSettings(env: Readonly<Record<string, unknown>>): Settings {
  const settings = new Map<string, string>();
  for (const [name, value] of Object.entries(env)) {
    const text = asText(value)?.trim();
    const known = toKnownName(name);
    if (text === undefined || text === "" || (known !== name && settings.has(known))) continue;
    settings.set(known, text);
  }
  return settings;
}

/** Every value of the settings that are given in another case than their own, by the names that are listed. */
export function readRepeated(env: Readonly<Record<string, unknown>>): ReadonlyMap<string, readonly string[]> {
  const repeated = new Map<string, string[]>();
  for (const name of Object.keys(env)) if (toKnownName(name) !== name) repeated.set(toKnownName(name), []);
  if (repeated.size === 0) return repeated;
  for (const [name, value] of Object.entries(env)) {
    const text = asText(value)?.trim() ?? "";
    if (text !== "") repeated.get(toKnownName(name))?.push(text);
  }
  return repeated;
}

/** Names of settings that are set to what is no text and has none, such as a table of `wrangler.toml`. */
export function findUnreadable(env: Readonly<Record<string, unknown>>): ReadonlySet<string> {
  const isLost = (value: unknown) => value !== undefined && value !== null && asText(value) === undefined;
  const names = Object.entries(env).flatMap(([name, value]) => (isLost(value) ? [toKnownName(name)] : []));
  return new Set(names.filter((name) => isKnownName(name) && !WITHOUT_EFFECT.has(name)));
}

/** The name of the setting that it is in any case; any other name as it stands. */
export function toKnownName(name: string): string {
  const upper = name.toUpperCase();
  return KNOWN.has(upper) ? upper : name;
}

export function isKnownName(name: string): boolean {
  return KNOWN.has(name);
}

function asText(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return Array.isArray(value) ? JSON.stringify(value) : undefined;
}
