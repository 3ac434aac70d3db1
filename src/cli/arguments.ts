/**
 * The arguments of the command line: what was asked for, or everything that is wrong with it. Pure.
 */
import { parseArgs } from "node:util";
import { CATEGORY_NAMES, type CategoryName, selectCategories } from "../categories.ts";
import { nearestName } from "../core/nearest-name.ts";
import { flagOf, isNegatable, OPTIONS, type Option, type OptionName } from "./option-table.ts";

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
  readonly outputDir: string | null;
  /** In the order given. */
  readonly envFiles: readonly string[];
  readonly warnings: readonly string[];
}

export type ParsedArguments =
  | { readonly kind: "help" | "version" }
  | { readonly kind: "arguments"; readonly arguments: Arguments }
  | { readonly kind: "problems"; readonly problems: readonly string[] };

export function parseArguments(argv: readonly string[]): ParsedArguments {
  const problems: string[] = [];
  const { given, isCheck } = readTokens(argv, problems);
  if (given.has("help")) return { kind: "help" };
  if (given.has("version")) return { kind: "version" };
  const names = given.get("categories")?.flatMap((list) => list.split(",").map((name) => name.trim()));
  const categories = names === undefined ? null : readCategories(names, problems);
  const settings: Record<string, string> = {};
  for (const option of OPTIONS) {
    const value = given.get(option.name)?.at(-1);
    if (value === undefined) continue;
    if ("rule" in option && !option.rule.schema.safeParse(value).success)
      problems.push(`--${option.name} must be ${option.rule.valid}.`);
    else if (option.name !== "categories" && "setting" in option) settings[option.setting] = value;
  }
  if (problems.length > 0) return { kind: "problems", problems };
  const warnings = given.has("target-dir") ? ["--target-dir has no effect: nothing is cloned."] : [];
  return {
    kind: "arguments",
    arguments: {
      command: isCheck ? "check" : "sync",
      settings,
      categories,
      isForced: given.has("force"),
      isJson: given.has("json"),
      isQuiet: given.has("quiet"),
      outputDir: given.get("output-dir")?.at(-1) ?? null,
      envFiles: given.get("env-file") ?? [],
      warnings,
    },
  };
}

type Given = ReadonlyMap<OptionName, readonly string[]>;

/** Values of the options that are there; a switch's are `true` and `false`. */
function readTokens(argv: readonly string[], problems: string[]): { readonly given: Given; readonly isCheck: boolean } {
  const { tokens } = parseArgs({
    args: [...argv],
    options: PARSED,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const given = new Map<OptionName, string[]>();
  let hasUnknown = false;
  let isCheck = false;
  for (const token of tokens) {
    if (token.kind === "option-terminator") continue;
    if (token.kind === "positional") {
      if (token.value === "check") isCheck = true;
      else problems.push(`The only command is check; ${quote(token.value)} is none.`);
      continue;
    }
    const meant = MEANT.get(token.rawName);
    if (meant === undefined) {
      hasUnknown = true;
      const nearest = nearestName(token.rawName, [...MEANT.keys()]);
      const hint = nearest === null ? "" : ` Did you mean ${nearest}?`;
      problems.push(`There is no option ${quote(token.rawName)}.${hint}`);
      continue;
    }
    const value = readValue(meant, token);
    if ("problem" in value) problems.push(value.problem);
    else given.set(meant.option.name, [...(given.get(meant.option.name) ?? []), value.text]);
  }
  if (hasUnknown) problems.push(`Valid options: ${[...MEANT.keys()].join(", ")}.`);
  return { given, isCheck };
}

interface Meant {
  readonly option: Option & { readonly name: OptionName };
  readonly isNegated: boolean;
}

interface OptionToken {
  readonly rawName: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}

function readValue({ option, isNegated }: Meant, token: OptionToken): { text: string } | { problem: string } {
  const { rawName, value, inlineValue } = token;
  if (option.value === undefined) {
    return value === undefined
      ? { text: String(!isNegated) }
      : { problem: `${rawName} is a switch and takes no value.` };
  }
  // `--categories --dry-run` forgot a value; `--categories=--dry-run` did not.
  if (value === undefined || value === "" || (value.startsWith("-") && inlineValue !== true)) {
    return { problem: `${rawName} needs a value: ${flagOf(option)}.` };
  }
  return { text: value };
}

function readCategories(names: readonly string[], problems: string[]): readonly CategoryName[] {
  const selected = selectCategories(names.filter((name) => name !== ""));
  if (!("problem" in selected)) return selected;
  const wrong = names.find((name) => name !== "" && !CATEGORY_NAMES.some((known) => known === name)) ?? "";
  const nearest = nearestName(wrong, CATEGORY_NAMES);
  const hint = nearest === null ? "" : ` Did you mean ${nearest}?`;
  problems.push(`--categories: ${selected.problem}${hint}`);
  return [];
}

/** Every spelling, with its dashes. */
const MEANT: ReadonlyMap<string, Meant> = new Map(OPTIONS.flatMap(spellingsOf));

function spellingsOf(option: Meant["option"]): (readonly [string, Meant])[] {
  const plain: Meant = { option, isNegated: false };
  const long = [`--${option.name}`, plain] as const;
  const short = option.short === undefined ? [] : [[`-${option.short}`, plain] as const];
  const negated = isNegatable(option) ? [[`--no-${option.name}`, { option, isNegated: true }] as const] : [];
  return [long, ...short, ...negated];
}

/** What Node's parser has to know: which options take a value. */
const PARSED = Object.fromEntries(
  OPTIONS.flatMap((option: Option) => {
    const type = option.value === undefined ? ("boolean" as const) : ("string" as const);
    const parsed = { type, ...(option.short === undefined ? {} : { short: option.short }) };
    return [[option.name, parsed], ...(isNegatable(option) ? [[`no-${option.name}`, parsed]] : [])];
  }),
);

function quote(text: string): string {
  return JSON.stringify(text.slice(0, 80));
}
