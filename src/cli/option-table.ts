/**
 * The options: what each is called, what it stands for, and what the help says of it.
 */
import { SETTINGS, type Setting } from "../config/setting-forms.ts";
import { PREFIX } from "../config/settings.ts";

export interface Option {
  /** Without the dashes. */
  readonly name: string;
  readonly short?: string;
  /** What the value is called; without it the option is a switch. */
  readonly value?: string;
  readonly help: string;
  /** The setting it stands for, and wins over. A switch with a setting has a `--no-` form, unless it is one itself. */
  readonly setting?: string;
  /** What a value must be. */
  readonly rule?: Pick<Setting<unknown>, "read" | "valid">;
}

/** Settings of the command line alone. */
export const STATE_FILE = `${PREFIX}STATE_FILE`;
/** A file with the App's key, and the key itself, which wins. */
export const KEY_PATH = "GITHUB_APP_PRIVATE_KEY_PATH";
export const KEY = "GITHUB_APP_PRIVATE_KEY";
export const OUTPUT_DIR = `${PREFIX}OUTPUT_DIR`;

export const OPTIONS = [
  {
    name: "primary-url",
    value: "URL",
    help: "base URL of PRIMARY",
    setting: SETTINGS.primaryUrl.name,
    rule: SETTINGS.primaryUrl,
  },
  {
    name: "categories",
    value: "NAMES",
    help: "look at these categories only: names separated by commas; may be repeated",
    setting: SETTINGS.categories.name,
  },
  {
    name: "dry-run",
    help: "plan everything and write nothing; public repositories need no credentials",
    setting: SETTINGS.dryRun.name,
  },
  { name: "force", help: "publish what is held, below the threshold or rejected; not with --watch" },
  {
    name: "no-pr",
    help: "a dry run, as the Python service's: nothing is ever written to GitHub",
    setting: SETTINGS.noPr.name,
  },
  {
    name: "output-dir",
    value: "DIR",
    help: "with --dry-run or --no-pr: write the would-be files and changes.diff there; with migrate: the Worker's settings",
    setting: OUTPUT_DIR,
  },
  { name: "json", help: "print the report as one line of JSON on stdout, and nothing else there" },
  {
    name: "quiet",
    help: "print nothing but trouble and news; for cron, and with --state-file what waits is told once",
  },
  { name: "verbose", help: "show every event and every request", setting: SETTINGS.verbose.name },
  {
    name: "watch",
    help: "stay, look at PRIMARY's timestamp, and run when it changes",
    setting: SETTINGS.watchMode.name,
  },
  {
    name: "watch-interval",
    value: "SECONDS",
    help: "between two looks (60)",
    setting: SETTINGS.watchIntervalSeconds.name,
    rule: SETTINGS.watchIntervalSeconds,
  },
  {
    name: "watch-startup-sync",
    help: "with --watch: compare everything once at the start",
    setting: SETTINGS.watchStartupSync.name,
  },
  { name: "state-file", value: "FILE", help: "keep what was last synced there", setting: STATE_FILE },
  {
    name: "env-file",
    value: "FILE",
    help: "read settings from a file; may be repeated, a later one wins, and the environment wins over all",
  },
  { name: "target-dir", value: "DIR", help: "accepted for old scripts; nothing is cloned" },
  { name: "help", short: "h", help: "show this" },
  { name: "version", help: "show the version" },
] as const satisfies readonly Option[];

export type OptionName = (typeof OPTIONS)[number]["name"];

/** As a user types it. */
export function flagOf(option: Option): string {
  return `--${option.name}${option.value === undefined ? "" : ` ${option.value}`}`;
}

export function isNegatable({ name, value, setting }: Option): boolean {
  return value === undefined && setting !== undefined && !name.startsWith("no-");
}
