/**
 * What kind of run is asked for, and what does not go with it. Pure.
 */
import { SETTINGS, type Setting } from "../config/setting-forms.ts";
import { createReader } from "../config/settings-reader.ts";
import type { Arguments } from "./arguments.ts";
import type { Environment } from "./env-files.ts";
import { KEY, KEY_PATH, OUTPUT_DIR } from "./option-table.ts";

/** What the settings say of the kind of run, also where others of them are wrong. */
export interface Modes {
  readonly isDry: boolean;
  readonly isWatch: boolean;
  readonly isVerbose: boolean;
}

export function readModes(environment: Environment): Modes {
  const { read } = createReader(environment);
  const is = (setting: Setting<boolean>) => read(setting) ?? false;
  return {
    isDry: is(SETTINGS.dryRun) || is(SETTINGS.noPr),
    isWatch: is(SETTINGS.watchMode),
    isVerbose: is(SETTINGS.verbose),
  };
}

export function canWriteFiles({ isDry, isWatch }: Modes): boolean {
  return isDry && !isWatch;
}

/** Options that do not go together; what only stands in the environment is no contradiction. */
export function findContradictions({ settings, isForced, isQuiet }: Arguments, modes: Modes): string[] {
  const problems: string[] = [];
  if (isQuiet && modes.isVerbose)
    problems.push("--quiet does not go with --verbose; --no-verbose if VERBOSE_LOGGING is set.");
  if (OUTPUT_DIR in settings && modes.isWatch) problems.push("--output-dir is for a single run, not for --watch.");
  if (OUTPUT_DIR in settings && !modes.isDry)
    problems.push("--output-dir needs --dry-run or --no-pr: a run that publishes writes no files.");
  if (isForced && modes.isWatch) {
    const instead = "Run once with --force, and --no-watch if WATCH_MODE is set.";
    problems.push(`--force does not go with --watch, because it would override every hold from then on. ${instead}`);
  }
  return problems;
}

export interface Asked {
  readonly given: Arguments;
  readonly modes: Modes;
  readonly environment: Environment;
}

/** A sentence for each that will not be used. */
export function findIdle({ given: { settings }, modes, environment }: Asked): string[] {
  const idle: string[] = [];
  const ofWatch = [SETTINGS.watchIntervalSeconds.name, SETTINGS.watchStartupSync.name];
  if (!modes.isWatch && ofWatch.some((name) => name in settings))
    idle.push("--watch-interval and --watch-startup-sync have no effect without --watch.");
  if (environment[OUTPUT_DIR] !== undefined && !canWriteFiles(modes))
    idle.push(`${OUTPUT_DIR} has no effect: it is for a single run with NO_PR or DRY_RUN.`);
  if (environment[KEY] !== undefined && environment[KEY_PATH] !== undefined)
    idle.push(`${KEY_PATH} is not used, because ${KEY} is set; take one of them away.`);
  return idle;
}
