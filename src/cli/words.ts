/**
 * The words of an invocation: which options they give, with their values, and what stands alone. Pure.
 */
import { parseArgs } from "node:util";
import { nearestName } from "../core/nearest-name.ts";
import { flagOf, isNegatable, OPTIONS, type Option, type OptionName } from "./option-table.ts";

export interface Words {
  /** Values of the options that are there, in the order given; a switch's are `true` and `false`. */
  readonly given: ReadonlyMap<OptionName, readonly string[]>;
  readonly alone: readonly string[];
}

/** @param problems gets a sentence for every word that means nothing */
export function readWords(argv: readonly string[], problems: string[]): Words {
  const { tokens } = parseArgs({
    args: [...argv],
    options: PARSED,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const given = new Map<OptionName, string[]>();
  const alone: string[] = [];
  let hasUnknown = false;
  for (const token of tokens) {
    if (token.kind === "option-terminator") continue;
    if (token.kind === "positional") {
      alone.push(token.value);
      continue;
    }
    const meant = MEANT.get(token.rawName);
    if (meant === undefined) {
      hasUnknown = true;
      problems.push(describeUnknown(token.rawName));
      continue;
    }
    const value = readValue(meant, token);
    if ("problem" in value) problems.push(value.problem);
    else given.set(meant.option.name, [...(given.get(meant.option.name) ?? []), value.text]);
  }
  if (hasUnknown) problems.push(`Valid options: ${[...MEANT.keys()].join(", ")}.`);
  return { given, alone };
}

function describeUnknown(rawName: string): string {
  const nearest = nearestName(rawName, [...MEANT.keys()]);
  const hint = nearest === null ? "" : ` Did you mean ${nearest}?`;
  return `There is no option ${quote(rawName)}.${hint}`;
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

export function quote(text: string): string {
  return JSON.stringify(text.slice(0, 80));
}
