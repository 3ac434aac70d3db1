/**
 * The table of docs/settings.md: what each setting is for is written here, and its default and what is valid come from
 * the code that reads it.
 */
import { readFileSync } from "node:fs";
import { SETTINGS, type Setting } from "../src/config/setting-forms.ts";
import { PREFIX } from "../src/config/settings.ts";

export interface SettingRow {
  /** Whole names; further ones mean the same or belong together. */
  readonly names: readonly string[];
  /** In their place, where there are many. */
  readonly shown?: string;
  readonly what: string;
  /** Where no schema tells it. */
  readonly byDefault?: string;
}

const own = (name: string, what: string, byDefault?: string): SettingRow => whole([PREFIX + name], what, byDefault);
const whole = (names: readonly string[], what: string, byDefault?: string): SettingRow => {
  return { names, what, ...(byDefault === undefined ? {} : { byDefault }) };
};

const FORKS = ["IMAGE", "TEXT"].flatMap((role) =>
  ["OWNER", "NAME", "BRANCH"].map((part) => `HORDE_MODEL_REFERENCE_${role}_GITHUB_REPO_${part}`),
);

/** In the order of a reader. */
export const SETTING_ROWS: readonly SettingRow[] = [
  own("PRIMARY_API_URL", "base URL of PRIMARY, with or without a trailing slash or path"),
  own("PRIMARY_API_TIMEOUT", "seconds per request"),
  whole([`${PREFIX}GITHUB_TOKEN`, "GITHUB_TOKEN"], "secret; a personal access token; the prefixed one wins", "none"),
  whole(
    ["GITHUB_APP_ID", "GITHUB_APP_PRIVATE_KEY"],
    "the GitHub App; wins over a token. The key is a secret: as GitHub hands it out (PKCS#1) or as PKCS#8, with real or `\\n` newlines; quotes, indents, and spaces for newlines do no harm",
    "none",
  ),
  whole(["GITHUB_APP_INSTALLATION_ID", "GITHUB_INSTALLATION_ID"], "of the App", "looked up"),
  own("GITHUB_IMAGE_REPO", "`owner/name`", "Haidra-Org/AI-Horde-image-model-reference"),
  own("GITHUB_TEXT_REPO", "`owner/name`", "Haidra-Org/AI-Horde-text-model-reference"),
  own("GITHUB_BRANCH", "base branch of both", "main"),
  {
    names: FORKS,
    shown: "*whole* `HORDE_MODEL_REFERENCE_{IMAGE,TEXT}_GITHUB_REPO_{OWNER,NAME,BRANCH}`",
    what: "for forks; each wins over the three above (also spelled `REPO__OWNER` …)",
    byDefault: "none",
  },
  own("GITHUB_API_URL", "for GitHub Enterprise"),
  own("CATEGORIES_TO_SYNC", "which categories are synced", "all that have a legacy file"),
  own("PUBLISH", "`commit`: straight to the base branch, fast-forward only"),
  own("PR_LABELS", "labels of a pull request"),
  own("PR_REVIEWERS", "user names"),
  own("PR_AUTO_ASSIGN_TEAM", "asked for a review", "none"),
  own("PR_REMINDER_DAYS", "an open pull request older than so many days is told of once more"),
  own("IGNORED_AUTHORS", "e-mail addresses of bots that write on the sync branch; their commits do not stop the sync"),
  own("MIN_CHANGES_THRESHOLD", "changes per repository below which nothing is published"),
  own("MAX_REMOVAL_PERCENT", "a category that would lose more (and at least 5 records) is held"),
  own("WATCH_MODE", "look at PRIMARY's timestamp on each tick"),
  own(
    "WATCH_INTERVAL_SECONDS",
    "between two looks. A Worker's ticks come by the minute, so that less than 60 means 60",
  ),
  own("WATCH_ENABLE_STARTUP_SYNC", "run on the very first tick; without it that one only stores the timestamp"),
  own(
    "GITHUB_CHECK_SECONDS",
    "how often a tick looks whether somebody merged, closed or pushed, while a pull request waits",
  ),
  own(
    "DRY_RUN",
    "plan everything and write nothing, anywhere. Nothing is remembered either: what PRIMARY changes is planned at once, and the same every 15 minutes",
  ),
  own(
    "NO_PR",
    "a dry run, as the Python service means it: nothing is ever written to GitHub, whoever asks. A Worker keeps what it planned for the status page, plans again every 15 minutes, and publishes when it is taken away",
  ),
  own("VERBOSE_LOGGING", "log every request and decision"),
  own(
    "TRIGGER_TOKEN",
    "secret; the bearer token of everything that is not open to everybody. Unset: manual triggers are off. One of fewer than 16 characters works, with a warning",
  ),
  own(
    "PUBLIC",
    "what is open to everybody. Without `status`, the status, the runs, the metrics and the badge take the trigger token, and `/healthz` says only whether it is well and why not; without `replica`, the replica takes it. `none` closes both",
  ),
  own("NOTIFY_WEBHOOK_URL", "secret; a Discord-style webhook that is told of what happens"),
  own(
    "STATUS_URL",
    "the address of this service's page, such as `https://sync.example.workers.dev`; pull requests and messages link to it",
  ),
  whole(
    ["GITHUB_WEBHOOK_SECRET"],
    "secret; what GitHub signs its webhook's calls with. Unset: `POST /github` takes none",
    "none",
  ),
  whole(["HORDE_MODEL_REFERENCE_CACHE_TTL_SECONDS"], "how long the replica answers without asking GitHub again"),
];

export function renderSettings(): string {
  const inWrangler = readWranglerVars();
  const rows = SETTING_ROWS.map((row) => {
    const [first = ""] = row.names;
    const setting = Object.values<Setting<unknown>>(SETTINGS).find(({ name }) => name === first);
    const byDefault = row.byDefault ?? (setting === undefined ? "none" : defaultOf(setting));
    const chosen = inWrangler.get(first) ?? "";
    const isOther = chosen !== "" && chosen !== byDefault && row.byDefault === undefined;
    return [
      row.shown ?? row.names.map(showName).join(", "),
      isOther ? `${byDefault}; in \`wrangler.toml\` ${chosen}` : byDefault,
      row.what,
      setting?.valid ?? "",
    ];
  });
  const table = [["name", "default", "what", "valid"], ["---", "---", "---", "---"], ...rows];
  return table.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function showName(name: string): string {
  return name.startsWith(PREFIX) ? `\`${name.slice(PREFIX.length)}\`` : `*whole* \`${name}\``;
}

function defaultOf({ read }: Setting<unknown>): string {
  const reading = read(undefined);
  if (!reading.isValid) return "required";
  const { value } = reading;
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.join(",");
  return value === undefined ? "none" : String(value);
}

function readWranglerVars(): ReadonlyMap<string, string> {
  const text = readFileSync(new URL("../wrangler.toml", import.meta.url), "utf8");
  const lines = text.slice(text.indexOf("[vars]")).matchAll(/^(\w+) = "(.*)"$/gm);
  return new Map(Array.from(lines, ([, name = "", value = ""]) => [name, value]));
}
