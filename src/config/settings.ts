/**
 * The names of the settings, and how raw values are read from an environment.
 */

export const PREFIX = "HORDE_GITHUB_SYNC_";

/** Names that carry the prefix and mean something here. */
const PREFIXED: readonly string[] = [
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
  "VERBOSE_LOGGING",
  "PUBLIC",
  "PUBLISH",
  "MAX_REMOVAL_PERCENT",
  "TRIGGER_TOKEN",
  "NOTIFY_WEBHOOK_URL",
];

/** Settings of the Python service that have nothing to act on in a Worker, with what to do instead. */
const WITHOUT_EFFECT: Readonly<Record<string, string>> = {
  [`${PREFIX}TARGET_CLONE_DIR`]: "nothing is cloned",
  [`${PREFIX}WATCH_INITIAL_DELAY_SECONDS`]: "the cron trigger decides when the first tick comes",
  [`${PREFIX}STATE_FILE`]: "a Worker keeps its state in KV",
  GITHUB_APP_PRIVATE_KEY_PATH: "a Worker has no files; put the key itself into GITHUB_APP_PRIVATE_KEY",
};

/** Raw values by name: trimmed, never empty. */
export type Settings = ReadonlyMap<string, string>;

/** Collect the values that are set. Wrangler variables may be numbers, booleans or arrays; they become their text. */
export function readSettings(env: Readonly<Record<string, unknown>>): Settings {
  const settings = new Map<string, string>();
  for (const [name, value] of Object.entries(env)) {
    const text = asText(value)?.trim();
    if (text !== undefined && text !== "") settings.set(name, text);
  }
  return settings;
}

/** A sentence for every setting that is present and will not be used. */
export function findUnknownSettings(env: Readonly<Record<string, unknown>>): string[] {
  const warnings: string[] = [];
  for (const name of readSettings(env).keys()) {
    const reason = Object.hasOwn(WITHOUT_EFFECT, name) ? WITHOUT_EFFECT[name] : undefined;
    if (reason !== undefined) warnings.push(`${name} has no effect here: ${reason}.`);
    else if (name.startsWith(PREFIX) && !PREFIXED.includes(name.slice(PREFIX.length))) {
      warnings.push(`${name} is not a setting of this service and is ignored.`);
    }
  }
  return warnings;
}

function asText(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return Array.isArray(value) ? JSON.stringify(value) : undefined;
}
