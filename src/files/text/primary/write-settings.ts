import { indexMembers } from "../../json/members.ts";
import { quoteRaw } from "../../json/strings.ts";
import { type JsonNode, type MemberNode, parseNode } from "../../json/tree.ts";
import { printPythonNumber } from "../../python/python-number.ts";
import { sameField } from "../same-field.ts";
import { readSettings, type SettingsReading } from "../script/settings.ts";

/**
 * The settings cell for PRIMARY's settings: the current one if it means the same, else one line with PRIMARY's
 * spelling of every number: `{"temperature": 0.7, "stop_sequence": ["a", "b"]}`.
 *
 * Members a cell cannot hold are left out; settings that are no object at all leave the cell as it is.
 */
export function writeSettings(settings: string | undefined, current: string, known: ReadonlySet<string>): string {
  const cell = renderSettings(settings, known);
  if (cell === null) return readSettings(current, known).kind === "settings" ? current : "";
  return meansSame(readSettings(current, known), readSettings(cell, known)) ? current : cell;
}

function renderSettings(settings: string | undefined, known: ReadonlySet<string>): string | null {
  if (settings === undefined || settings === "null") return "";
  const node = parseNode(settings);
  if (node.kind !== "object") return null;
  const members = [...indexMembers(node.members).values()].filter((member) => canHold(member, known));
  return members.length === 0 ? "" : printSpaced({ ...node, members });
}

/** The script would stop at other keys and at endless integers, and print numbers beyond a double as no JSON. */
function canHold({ name, value }: MemberNode, known: ReadonlySet<string>): boolean {
  return known.has(name) && !holdsUnprintable(value);
}

function holdsUnprintable(node: JsonNode): boolean {
  if (node.kind === "object") return node.members.some(({ value }) => holdsUnprintable(value));
  if (node.kind === "array") return node.items.some(holdsUnprintable);
  return node.kind === "number" && (node.source.length > MOST_DIGITS || printPythonNumber(node.source).endsWith("y"));
}

/** Longer integers are refused by Python's `int()`. */
const MOST_DIGITS = 4300;

/** As Python's `json.dumps(value, ensure_ascii=False)`, numbers as spelled. */
function printSpaced(node: JsonNode): string {
  switch (node.kind) {
    case "object":
      return `{${[...indexMembers(node.members).values()].map(({ name, value }) => `${quoteRaw(name)}: ${printSpaced(value)}`).join(", ")}}`;
    case "array":
      return `[${node.items.map(printSpaced).join(", ")}]`;
    case "string":
      return quoteRaw(node.content);
    case "number":
    case "word":
      return node.source;
  }
}

function meansSame(a: SettingsReading, b: SettingsReading): boolean {
  if (a.kind === "issue" || b.kind === "issue") return false;
  return sameField(a.field?.text, b.field?.text);
}
