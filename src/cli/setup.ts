/**
 * From arguments and environment to what a command needs, or to everything that is wrong with them. Reads files.
 */
import { isAbsolute, join, resolve } from "node:path";
import { CATEGORY_NAMES, type CategoryName } from "../category-names.ts";
import { type Config, ConfigError, parseConfig } from "../config/config.ts";
import { SETTINGS } from "../config/setting-forms.ts";
import type { Arguments } from "./arguments.ts";
import { type Environment, readEnvironment } from "./env-files.ts";
import type { Host } from "./host.ts";
import { type Asked, canWriteFiles, findContradictions, findIdle, readModes } from "./modes.ts";
import { flagOf, KEY, KEY_PATH, OPTIONS, type Option, OUTPUT_DIR, STATE_FILE } from "./option-table.ts";
import { readTextFile } from "./text-file.ts";

export interface Setup {
  readonly command: Arguments["command"];
  readonly config: Config;
  /** What a single run looks at; `null`: all that are configured. */
  readonly categories: readonly CategoryName[] | null;
  readonly isForced: boolean;
  readonly isJson: boolean;
  readonly isQuiet: boolean;
  /** Absolute, as are all paths here. */
  readonly outputDir: string | null;
  /** Somebody chose it, so that it has to work. */
  readonly stateFile: string | null;
  readonly defaultStateFile: string;
  readonly initialDelayMs: number;
  readonly warnings: readonly string[];
}

export type PreparedSetup =
  | { readonly kind: "ready"; readonly setup: Setup }
  | { readonly kind: "problems"; readonly problems: readonly string[] };

type Surroundings = Pick<Host, "env" | "cwd" | "home" | "platform">;

/** @param doubtful settings of which enough is said */
export function prepareSetup(given: Arguments, host: Surroundings, doubtful: readonly string[] = []): PreparedSetup {
  const problems: string[] = [];
  const environment = { ...readEnvironment(given.envFiles, host, problems), ...given.settings };
  const { [KEY_PATH]: keyPath, [STATE_FILE]: stateFile, [OUTPUT_DIR]: outputDir, ...others } = environment;
  const { [DELAY.name]: delay, ...rest } = others;
  const key = readKey(environment, keyPath, host.cwd, problems);
  const initialDelay = DELAY.read(delay?.trim());
  if (!initialDelay.isValid) problems.push(`${DELAY.name} must be ${DELAY.valid}.`);
  const config = parseOrNull({ ...rest, ...key }, problems);
  const modes = readModes(rest);
  problems.push(...findContradictions(given, modes));
  if (config === null || problems.length > 0) return { kind: "problems", problems: toldOnce(problems, doubtful) };
  const asked: Asked = { given, modes, environment };
  const setup: Setup = {
    command: given.command,
    config: withCategories(config, given.categories),
    categories: given.categories,
    isForced: given.isForced,
    isJson: given.isJson,
    isQuiet: given.isQuiet,
    outputDir: outputDir === undefined || !canWriteFiles(modes) ? null : resolve(host.cwd, outputDir.trim()),
    stateFile: stateFile === undefined ? null : resolve(host.cwd, stateFile.trim()),
    defaultStateFile: defaultStateFile(environment, host),
    initialDelayMs: 1000 * (initialDelay.isValid ? initialDelay.value : 0),
    warnings: [...given.warnings, ...config.warnings, ...findIdle(asked)],
  };
  return { kind: "ready", setup };
}

const DELAY = SETTINGS.watchInitialDelaySeconds;

/** The path is not shown, because any setting's value may be a misplaced secret. */
function readKey(environment: Environment, path: string | undefined, cwd: string, problems: string[]): Environment {
  if (path === undefined || environment[KEY] !== undefined) return {};
  const read = readTextFile(path.trim(), cwd);
  if (read.kind === "unreadable") problems.push(`${KEY_PATH} names a file that cannot be read: ${read.why}.`);
  else if (read.text.trim() === "") problems.push(`${KEY_PATH} names an empty file.`);
  else return { [KEY]: read.text };
  return {};
}

function parseOrNull(environment: Environment, problems: string[]): Config | null {
  try {
    return parseConfig(environment);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    problems.push(...error.problems.map(withOption));
    return null;
  }
}

/** `X is not set; it must be …` → `X is not set; use --x X.` */
function withOption(problem: string): string {
  const [, name] = /^(\S+) is not set;/.exec(problem) ?? [];
  const option: Option | undefined = OPTIONS.find((known) => "setting" in known && known.setting === name);
  return option === undefined ? problem : `${name} is not set; use ${flagOf(option)}.`;
}

function toldOnce(problems: readonly string[], doubtful: readonly string[]): string[] {
  return problems.filter((problem) => !doubtful.some((name) => problem.startsWith(`${name} `)));
}

/**
 * A watch looks at the categories asked for and at no others. A single run may be asked for a part of what is
 * configured, and then keeps the rest of an open pull request as it should be.
 */
function withCategories(config: Config, asked: readonly CategoryName[] | null): Config {
  if (asked === null) return config;
  if (config.watch.enabled) return { ...config, categories: asked };
  return { ...config, categories: CATEGORY_NAMES.filter((name) => [...config.categories, ...asked].includes(name)) };
}

/** @see https://specifications.freedesktop.org/basedir-spec/latest/ */
function defaultStateFile(environment: Environment, { home, platform }: Surroundings): string {
  const chosen = environment[platform === "win32" ? "LOCALAPPDATA" : "XDG_STATE_HOME"];
  const fallback = platform === "win32" ? join(home, "AppData", "Local") : join(home, ".local", "state");
  const folder = chosen !== undefined && isAbsolute(chosen) ? chosen : fallback;
  return join(folder, "horde-model-reference-sync", "state.json");
}
