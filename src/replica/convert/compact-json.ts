import { quoteRaw } from "../../files/json/strings.ts";
import type { JsonNode } from "../../files/json/tree.ts";
import { printPythonNumber } from "../../files/python/python-number.ts";

/**
 * An object on one line, from the JSON texts of its values; members whose value is `null` are left out.
 *
 * @param members under names that stand in our code, which need no escapes and keep their order
 */
export function printRecord(members: Readonly<Record<string, string | null>>): string {
  let printed = "";
  for (const name in members) {
    const value = members[name] ?? null;
    if (value !== null) printed += `,"${name}":${value}`;
  }
  return `{${printed.slice(1)}}`;
}

/** The same whatever the names are. */
export function printObject(members: Iterable<readonly [name: string, value: string | null]>): string {
  let printed = "";
  for (const [name, value] of members) {
    if (value !== null) printed += `,${printText(name)}:${value}`;
  }
  return `{${printed.slice(1)}}`;
}

/** A string's JSON text. Most need no escape, and finding that out is faster than `JSON.stringify`. */
export function printText(value: string): string {
  return PLAIN.test(value) ? `"${value}"` : quoteRaw(value);
}

/** The same for a string that may be absent. */
export function printOptional(value: string | null): string | null {
  return value === null ? null : printText(value);
}

export function printTexts(values: readonly string[]): string {
  return `[${values.map(printText).join(",")}]`;
}

/** What a value of `requirements` or `settings` must be, for messages. */
export const FLAT_VALUE = "true, false, a number, a string, or a list of only numbers or only strings";

/**
 * A value of `requirements` or `settings`, numbers as Python prints them: `0.10` → `0.1`, `[1, 2.5]` → `[1.0,2.5]`.
 *
 * @returns `null` when it is none that the v2 format can hold (`FLAT_VALUE`)
 */
export function printFlatValue(node: JsonNode): string | null {
  switch (node.kind) {
    case "string":
      return printText(node.content);
    case "number":
      return printFinite(node.source);
    case "word":
      return node.source === "true" || node.source === "false" ? node.source : null;
    case "object":
      return null;
    case "array":
      return printFlatList(node.items);
  }
}

const MOST_DIGITS = 4300;
const PLAIN = /^[ !#-[\]-~]*$/;

/** The v2 format has lists of strings, of integers and of floats. One fraction makes floats of all numbers. */
function printFlatList(items: readonly JsonNode[]): string | null {
  if (items.every(({ kind }) => kind === "string")) return `[${items.map(printFlatValue).join(",")}]`;
  const numbers = items.map(spellNumber);
  const hasFraction = numbers.some((source) => source !== null && !isInteger(source));
  const printed = numbers.map((source) => {
    if (source === null) return null;
    return printFinite(hasFraction && isInteger(source) ? `${printPythonNumber(source)}.0` : source);
  });
  return printed.includes(null) ? null : `[${printed.join(",")}]`;
}

/** In a list, `true` and `false` are the numbers 1 and 0. */
function spellNumber(node: JsonNode): string | null {
  if (node.kind === "number") return node.source;
  if (node.kind !== "word") return null;
  return node.source === "true" ? "1" : node.source === "false" ? "0" : null;
}

/**
 * Python would print a number beyond the range of a double as `Infinity`, which is not JSON, and reads no integer of
 * more digits.
 */
function printFinite(source: string): string | null {
  if (source.length > MOST_DIGITS && /^-?\d{4301,}$/.test(source)) return null;
  const printed = printPythonNumber(source);
  return printed.endsWith("y") ? null : printed;
}

function isInteger(source: string): boolean {
  return /^-?\d+$/.test(source);
}
