/**
 * The options: what each is called, what it stands for, and what the help says of it.
 */
import { SETTINGS, type Setting } from "../config/setting-schemas.ts";
import { PREFIX } from "../config/settings.ts";

export interface Option {
  /** Without the dashes. */
  readonly name: string;
  readonly short?: string;
  /** What the value is called; without it the option is a switch. */
  readonly value?: string;
  readonly help: string;
  /** The setting it stands for, and wins over. A switch with a setting has a `--no-` form. */
  readonly setting?: string;
  /** What a value must be. */
  readonly rule?: Pick<Setting<unknown>, "schema" | "valid">;
}

export const STATE_FILE = `${PREFIX}STATE_FILE`;

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
  { name: "output-dir", value: "DIR", help: "with a dry run: write the would-be files and changes.diff there" },
  { name: "json", help: "print the report as one line of JSON on stdout, and nothing else there" },
  { name: "quiet", help: "print nothing but trouble, and the summary when there is anything in it; for cron" },
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

export function isNegatable({ value, setting }: Option): boolean {
  return value === undefined && setting !== undefined;
}
