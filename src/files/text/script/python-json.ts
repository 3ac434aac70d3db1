import { indexMembers } from "../../json/members.ts";
import { quoteAscii } from "../../json/strings.ts";
import type { JsonNode } from "../../json/tree.ts";
import { printPythonNumber } from "../../python/python-number.ts";

/** A value of a record, printed twice: on one line, and as it stands in db.json. */
export interface Field {
  /** `json.dumps(value)`: `["3B", "chat"]`. Always JSON: what is none in db.json, such as `NaN`, is `"float('nan')"`. */
  readonly text: string;
  /** `json.dumps(value, indent=4)` as it looks inside a record of db.json. */
  readonly pretty: string;
}

/** Values stand in an entry, which stands in the file. */
const FIELD_DEPTH = 2;
/** Text that needs no escape, which nearly all is. */
const PLAIN = /^[ !#-[\]-~]*$/;

export function stringField(value: string): Field {
  const text = PLAIN.test(value) ? `"${value}"` : quoteAscii(value);
  return { text, pretty: text };
}

/** A JSON value as a field: read and printed the way Python does it, duplicate keys dropped for the last one. */
export function jsonField(node: JsonNode): Field {
  return { text: printLine(node), pretty: printIndented(node, FIELD_DEPTH) };
}

function printLine(node: JsonNode): string {
  if (node.kind === "array") return `[${node.items.map(printLine).join(", ")}]`;
  if (node.kind !== "object") return printSafely(node);
  const members = [...indexMembers(node.members).values()];
  return `{${members.map(({ name, value }) => `${quoteAscii(name)}: ${printLine(value)}`).join(", ")}}`;
}

function printIndented(node: JsonNode, depth: number): string {
  if (node.kind === "array") {
    const items = node.items.map((item) => printIndented(item, depth + 1));
    return wrap(items, { open: "[", close: "]", depth });
  }
  if (node.kind !== "object") return printScalar(node);
  const members = [...indexMembers(node.members).values()];
  const lines = members.map(({ name, value }) => `${quoteAscii(name)}: ${printIndented(value, depth + 1)}`);
  return wrap(lines, { open: "{", close: "}", depth });
}

function wrap(
  lines: readonly string[],
  { open, close, depth }: { open: string; close: string; depth: number },
): string {
  if (lines.length === 0) return open + close;
  const margin = "    ".repeat(depth);
  return `${open}\n    ${margin}${lines.join(`,\n    ${margin}`)}\n${margin}${close}`;
}

function printSafely(node: Scalar): string {
  const text = printScalar(node);
  return STRANGE.get(text) ?? text;
}

/** What Python prints of numbers that JSON does not have, and how Python code would spell them. */
const STRANGE: ReadonlyMap<string, string> = new Map([
  ["NaN", `"float('nan')"`],
  ["Infinity", `"float('inf')"`],
  ["-Infinity", `"float('-inf')"`],
]);

type Scalar = Exclude<JsonNode, { kind: "array" | "object" }>;

function printScalar(node: Scalar): string {
  if (node.kind === "string") return quoteAscii(node.content);
  return node.kind === "number" ? printPythonNumber(node.source) : node.source;
}
