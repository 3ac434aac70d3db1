import { quoteRaw } from "../../files/json/strings.ts";
import type { JsonNode } from "../../files/json/tree.ts";

/** A value in a message, kept short: `missing`, `an object`, `"abc"`, `1.5`. */
export function describeValue(node: JsonNode | undefined): string {
  if (node === undefined) return "missing";
  if (node.kind === "object") return "an object";
  if (node.kind === "array") return "a list";
  return node.kind === "string" ? quoteShort(node.content) : shorten(node.source);
}

/** Why a record that is no object is bad. */
export function describeNonObject(record: JsonNode): string {
  return `the record is ${describeValue(record)} but must be an object`;
}

/** A string in a message, quoted and kept short. */
export function quoteShort(text: string): string {
  return quoteRaw(shorten(text));
}

/** Strings in a message: `"ckpt"`, or `one of "clip", "coca"`. */
export function listChoices(choices: readonly string[]): string {
  const listed = choices.map(quoteShort).join(", ");
  return choices.length === 1 ? listed : `one of ${listed}`;
}

const LONGEST_VALUE = 60;

function shorten(text: string): string {
  return text.length <= LONGEST_VALUE ? text : `${text.slice(0, LONGEST_VALUE)}…`;
}
