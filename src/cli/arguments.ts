/**
 * The arguments of the command line: what was asked for, or everything that is wrong with it. Pure.
 */
import { CATEGORY_NAMES, type CategoryName, selectCategories } from "../category-names.ts";
import { nearestName } from "../core/nearest-name.ts";
import { OPTIONS, type OptionName } from "./option-table.ts";
import { quote, readWords, type Words } from "./words.ts";

export interface Arguments {
  /** `check`: try what a deployment needs, and sync nothing. */
  readonly command: "sync" | "check";
  /** Settings by their whole name, over those of the environment. Without the categories. */
  readonly settings: Readonly<Record<string, string>>;
  /** `null`: all that are configured. */
  readonly categories: readonly CategoryName[] | null;
  readonly isForced: boolean;
  readonly isJson: boolean;
  readonly isQuiet: boolean;
  /** In the order given. */
  readonly envFiles: readonly string[];
  readonly warnings: readonly string[];
}

/** `migrate`: what a Worker needs of a file of settings. */
export interface Migration {
  readonly file: string;
  readonly outputDir: string | null;
}

export type ParsedArguments =
  | { readonly kind: "help" | "version" }
  | { readonly kind: "arguments"; readonly arguments: Arguments }
  | { readonly kind: "migration"; readonly migration: Migration }
  | {
      readonly kind: "problems";
      readonly problems: readonly string[];
      /** What could be read all the same, so that its own problems can be told too; `null` of a migration. */
      readonly arguments: Arguments | null;
      /** Settings whose option is among the problems; nothing more is to be said of them. */
      readonly doubtful: readonly string[];
    };

export function parseArguments(argv: readonly string[]): ParsedArguments {
  const problems: string[] = [];
  const words = readWords(argv, problems);
  const { given, alone } = words;
  if (given.has("help")) return { kind: "help" };
  if (given.has("version")) return { kind: "version" };
  const [command = "sync", ...operands] = alone;
  if (command === "migrate") return parseMigration(operands, words, problems);
  for (const word of command === "check" ? operands : alone) problems.push(describeWord(word));
  const { settings, doubtful } = readSettingOptions(words, problems);
  const parsed: Arguments = {
    command: command === "check" ? "check" : "sync",
    settings,
    categories: readCategories(words, problems),
    isForced: given.has("force"),
    isJson: given.has("json"),
    isQuiet: given.has("quiet"),
    envFiles: given.get("env-file") ?? [],
    warnings: given.has("target-dir") ? ["--target-dir has no effect: nothing is cloned."] : [],
  };
  if (problems.length > 0) return { kind: "problems", problems, arguments: parsed, doubtful };
  return { kind: "arguments", arguments: parsed };
}

const COMMANDS = ["check", "migrate"];

function describeWord(word: string): string {
  const nearest = nearestName(word, COMMANDS);
  const hint = nearest === null || nearest === word ? "" : ` Did you mean ${nearest}?`;
  return `The only commands are ${COMMANDS.join(" and ")}; ${quote(word)} is none.${hint}`;
}

const OF_MIGRATE: readonly OptionName[] = ["output-dir"];

function parseMigration(operands: readonly string[], { given }: Words, problems: string[]): ParsedArguments {
  const [file, ...more] = operands;
  if (file === undefined) problems.push("migrate needs the file of settings: migrate .env.sync.");
  for (const word of more) problems.push(`migrate takes one file; ${quote(word)} is one too many.`);
  for (const name of given.keys()) if (!OF_MIGRATE.includes(name)) problems.push(`--${name} does not go with migrate.`);
  if (file === undefined || problems.length > 0) return { kind: "problems", problems, arguments: null, doubtful: [] };
  return { kind: "migration", migration: { file, outputDir: given.get("output-dir")?.at(-1) ?? null } };
}

function readSettingOptions({ given }: Words, problems: string[]) {
  const settings: Record<string, string> = {};
  const doubtful: string[] = [];
  for (const option of OPTIONS) {
    const value = given.get(option.name)?.at(-1);
    if (value === undefined || option.name === "categories" || !("setting" in option)) continue;
    if (!("rule" in option) || option.rule.read(value).isValid) settings[option.setting] = value;
    else {
      doubtful.push(option.setting);
      problems.push(`--${option.name} must be ${option.rule.valid}.`);
    }
  }
  return { settings, doubtful };
}

function readCategories({ given }: Words, problems: string[]): readonly CategoryName[] | null {
  const names = given.get("categories")?.flatMap((list) => list.split(",").map((name) => name.trim()));
  if (names === undefined) return null;
  const selected = selectCategories(names.filter((name) => name !== ""));
  if (!("problem" in selected)) return selected;
  const wrong = names.find((name) => name !== "" && !CATEGORY_NAMES.some((known) => known === name)) ?? "";
  const nearest = nearestName(wrong, CATEGORY_NAMES);
  const hint = nearest === null ? "" : ` Did you mean ${nearest}?`;
  problems.push(`--categories: ${selected.problem}${hint}`);
  return null;
}
