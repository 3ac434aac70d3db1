/**
 * What a Worker needs of the settings of the Python service, and what changes for who runs it. Pure; no sentence shows a
 * value.
 */
import { ConfigError, parseConfig } from "./config.ts";
import { readPrivateKey } from "./private-key.ts";
import { BOOLEAN_WORDS, SETTINGS } from "./setting-forms.ts";
import { isKnownName, PREFIX, readSettings, type Settings, WITHOUT_EFFECT } from "./settings.ts";

export interface Migration {
  /** For `[vars]` of `wrangler.toml`, by name. */
  readonly vars: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
  /** What is left out, and what means something else in a Worker; a sentence each. */
  readonly notes: readonly string[];
  /** Why the Worker would refuse to sync with all this. */
  readonly problems: readonly string[];
}

/** What is set with `wrangler secret put`. The App's ids are no secrets, and are kept with its key. */
export const SECRETS: readonly string[] = [
  "GITHUB_TOKEN",
  `${PREFIX}GITHUB_TOKEN`,
  "GITHUB_APP_ID",
  "GITHUB_APP_INSTALLATION_ID",
  "GITHUB_INSTALLATION_ID",
  "GITHUB_APP_PRIVATE_KEY",
  "GITHUB_WEBHOOK_SECRET",
  `${PREFIX}TRIGGER_TOKEN`,
  `${PREFIX}NOTIFY_WEBHOOK_URL`,
];

/** Of the old service's surroundings: others read them, and it did not. */
const OF_OTHERS: ReadonlyMap<string, string> = new Map([
  ["GIT_AUTHOR_NAME", "commits carry the App's name, or the token owner's, so that GitHub signs those of an App"],
  ["GIT_AUTHOR_EMAIL", "commits carry the App's address, or the token owner's"],
  ["GIT_COMMITTER_NAME", "commits carry the App's name, or the token owner's"],
  ["GIT_COMMITTER_EMAIL", "commits carry the App's address, or the token owner's"],
  ["SYNC_INTERVAL", "the crons of wrangler.toml say when it looks: every minute, and in full every six hours"],
  ["AIWORKER_CACHE_HOME", "nothing is kept on a disk"],
]);

export const LASTING_CHANGES: readonly string[] = [
  "Stop the Python service first: two services that know nothing of each other open two pull requests.",
  "There is one pull request per repository, on the branch sync/model-references. Later changes are appended to it; it is not closed and opened anew.",
  "Branches sync/… and pull requests that the Python service left stay: close and delete them. GET /check names them.",
];

/** @param env with the key in place of its path, where the file could be read */
export function planMigration(env: Readonly<Record<string, unknown>>): Migration {
  const settings = readSettings(env);
  const vars: Record<string, string> = {};
  const secrets: Record<string, string> = {};
  const others: Record<string, string> = {};
  const notes: string[] = [];
  for (const [name, value] of settings) {
    const reason = WITHOUT_EFFECT.get(name) ?? OF_OTHERS.get(name);
    if (reason !== undefined) notes.push(`${name} is left out: ${reason}.`);
    else if (SECRETS.includes(name)) secrets[name] = name === "GITHUB_APP_PRIVATE_KEY" ? tidyKey(value) : value;
    else if (isKnownName(name)) vars[name] = value;
    else others[name] = value;
  }
  notes.push(...describeMeanings(settings));
  const { problems, warnings } = tryOut({ ...vars, ...secrets, ...others });
  for (const name of Object.keys(others)) {
    const isTold = [...problems, ...warnings].some((sentence) => sentence.startsWith(`${name} `));
    if (!isTold) notes.push(`${name} is left out: it is not a setting of this service.`);
  }
  // A value that is refused may be a secret in the wrong place, such as a URL with a password.
  const isRefused = (name: string) => problems.some((sentence) => sentence.startsWith(`${name} `));
  const taken = Object.fromEntries(Object.entries(vars).filter(([name]) => !isRefused(name)));
  return { vars: taken, secrets, notes: [...notes, ...warnings], problems };
}

function tidyKey(text: string): string {
  const read = readPrivateKey(text);
  return read.kind === "key" ? read.pem : text;
}

/** Of `wrangler.toml`. */
const PRIMARY = "https://models.aihorde.net";

function tryOut(
  settings: Readonly<Record<string, string>>,
): Pick<Migration, "problems"> & { warnings: readonly string[] } {
  try {
    const { warnings } = parseConfig({ [SETTINGS.primaryUrl.name]: PRIMARY, ...settings });
    return { problems: [], warnings };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { problems: error.problems, warnings: error.warnings };
  }
}

/** What the same value means for a Worker, where that is not what it meant. */
function describeMeanings(settings: Settings): string[] {
  const get = (setting: { readonly name: string }) => settings.get(setting.name)?.toLowerCase();
  const isOn = (setting: { readonly name: string }) => BOOLEAN_WORDS.truthy.includes(get(setting) ?? "");
  const notes: string[] = [];
  const primary = get(SETTINGS.primaryUrl);
  if (primary === undefined)
    notes.push(`${SETTINGS.primaryUrl.name} is not set: what wrangler.toml says counts, ${PRIMARY}.`);
  else if (isPrivate(primary))
    notes.push(
      `${SETTINGS.primaryUrl.name} is an address that only your own network knows. A Worker is outside: give it PRIMARY's public address, or run the command line inside.`,
    );
  if (get(SETTINGS.watchMode) !== undefined && !isOn(SETTINGS.watchMode))
    notes.push(
      `${SETTINGS.watchMode.name} is off: the Worker compares every six hours, and does not look every minute. Leave it out for that.`,
    );
  if (Number(get(SETTINGS.watchIntervalSeconds) ?? "60") < 60)
    notes.push(`${SETTINGS.watchIntervalSeconds.name} is less than 60, and means 60: ticks come by the minute.`);
  if (isOn(SETTINGS.noPr) || isOn(SETTINGS.dryRun))
    notes.push("Nothing is written to GitHub until NO_PR and DRY_RUN are taken away.");
  if (settings.has("GITHUB_APP_ID") && (settings.has("GITHUB_TOKEN") || settings.has(`${PREFIX}GITHUB_TOKEN`)))
    notes.push("An App and a token are set: the App is used, and the token may go.");
  if (!settings.has(SETTINGS.triggerToken.name))
    notes.push(
      `${SETTINGS.triggerToken.name} is new, and opens POST /sync, /preview and /check: openssl rand -hex 32 | npx wrangler secret put ${SETTINGS.triggerToken.name}`,
    );
  return notes;
}

/** A name without a dot, such as a container's, or an address of a private network. */
function isPrivate(url: string): boolean {
  const host = URL.canParse(url) ? new URL(url).hostname : "";
  const isLocal =
    /^(localhost|127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.|\[)|\.(local|internal|lan)$/.test(host);
  return host !== "" && (isLocal || !host.includes("."));
}
