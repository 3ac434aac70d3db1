import { canonicalNumber } from "../../../files/json/numbers.ts";
import type { JsonNode, ObjectNode } from "../../../files/json/tree.ts";
import { strip } from "../../../files/python/python-text.ts";

/**
 * JSON values as pydantic reads them in its lax mode, which the reference converter uses; `null` where it refuses.
 * @see https://docs.pydantic.dev/latest/concepts/conversion_table/
 */

export function parseString(node: JsonNode): string | null {
  return node.kind === "string" ? node.content : null;
}

export function parseStrings(node: JsonNode): string[] | null {
  if (node.kind !== "array") return null;
  const strings = node.items.map(parseString).filter((item) => item !== null);
  return strings.length === node.items.length ? strings : null;
}

export function parseObject(node: JsonNode): ObjectNode | null {
  return node.kind === "object" ? node : null;
}

export function parseBoolean(node: JsonNode): boolean | null {
  if (node.kind === "object" || node.kind === "array") return null;
  const word = node.kind === "string" ? node.content.toLowerCase() : spellScalar(node.source);
  if (TRUE_WORDS.includes(word)) return true;
  return FALSE_WORDS.includes(word) ? false : null;
}

/** A float is one when it is whole and fits 64 bits; an integer may have any size. */
export function parseInteger(node: JsonNode): string | null {
  if (node.kind === "object" || node.kind === "array") return null;
  if (node.kind === "word") return node.source === "true" ? "1" : "0";
  if (node.kind === "string") return printInteger(strip(node.content));
  if (INTEGER.test(node.source)) return printInteger(node.source);
  const whole = printInteger(canonicalNumber(node.source));
  return whole === null || BigInt.asIntN(64, BigInt(whole)).toString() !== whole ? null : whole;
}

/** More digits Python refuses to read. */
const INTEGER = /^[+-]?\d{1,4300}$/;
/** Words that pydantic takes for booleans, in lower case. */
const TRUE_WORDS = ["1", "on", "t", "true", "y", "yes"];
const FALSE_WORDS = ["0", "off", "f", "false", "n", "no"];

function printInteger(text: string): string | null {
  const digits = text.replace(/\.0*$/, "");
  return INTEGER.test(digits) ? BigInt(digits).toString() : null;
}

/** One spelling of `1`, `1.0` and `1e0`; words stay. */
function spellScalar(source: string): string {
  return /^[tfn]/.test(source) ? source : canonicalNumber(source);
}

export function isNull(node: JsonNode): boolean {
  return node.kind === "word" && node.source === "null";
}

/** Python's `not value`. */
export function isFalsy(node: JsonNode): boolean {
  switch (node.kind) {
    case "object":
      return node.members.length === 0;
    case "array":
      return node.items.length === 0;
    case "string":
      return node.content === "";
    case "number":
      return canonicalNumber(node.source) === "0";
    case "word":
      return node.source !== "true";
  }
}
