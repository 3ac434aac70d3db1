import { JsonTextError } from "../json/json-text-error.ts";
import { indexMembers } from "../json/members.ts";
import { quoteRaw } from "../json/strings.ts";
import { type JsonNode, type MemberNode, parseNode } from "../json/tree.ts";
import { type Field, jsonField } from "./python-json.ts";
import { printPythonNumber } from "./python-number.ts";
import { sameField } from "./same-field.ts";

export type SettingsReading =
  /** `field` is `null` for a cell without settings. */
  { readonly kind: "settings"; readonly field: Field | null } | { readonly kind: "issue"; readonly reason: string };

/**
 * What a settings cell means: a flat JSON object whose keys are all in generation_params.json.
 *
 * Flat: every value is a scalar or a list of scalars. A number beyond the range of a double is an issue too, because
 * the script would print it as `Infinity`, which is not JSON.
 */
export function readSettings(cell: string, known: ReadonlySet<string>): SettingsReading {
  if (cell === "") return { kind: "settings", field: null };
  const node = parse(cell);
  if (node instanceof JsonTextError) return { kind: "issue", reason: `its settings are not JSON: ${node.message}` };
  if (node.kind !== "object") return { kind: "issue", reason: "its settings are not a JSON object" };
  for (const member of node.members) {
    const reason = objectionTo(member, known);
    if (reason !== null) return { kind: "issue", reason };
  }
  return { kind: "settings", field: node.members.length === 0 ? null : jsonField(node) };
}

/**
 * The settings cell for PRIMARY's settings: the current one if it means the same, else one line with PRIMARY's
 * spelling of every value: `{"temperature": 0.7, "stop_sequence": ["a", "b"]}`.
 *
 * Members a cell cannot hold are left out; settings that are no object at all leave the cell as it is.
 */
export function writeSettings(settings: string | undefined, current: string, known: ReadonlySet<string>): string {
  const cell = renderSettings(settings, known);
  if (cell === null) return readSettings(current, known).kind === "settings" ? current : "";
  return meansSame(readSettings(current, known), readSettings(cell, known)) ? current : cell;
}

function parse(text: string): JsonNode | JsonTextError {
  try {
    return parseNode(text);
  } catch (error) {
    if (error instanceof JsonTextError) return error;
    throw error;
  }
}

function objectionTo({ name, value }: MemberNode, known: ReadonlySet<string>): string | null {
  if (!known.has(name)) return `its settings have the key ${quoteRaw(name)}, which generation_params.json lacks`;
  const scalars = value.kind === "array" ? value.items : [value];
  if (scalars.some(({ kind }) => kind === "array" || kind === "object")) return "its settings are not flat";
  const isTooLarge = scalars.some((item) => item.kind === "number" && /y$/.test(printPythonNumber(item.source)));
  return isTooLarge ? `its settings have a number in ${quoteRaw(name)} that is too large` : null;
}

function renderSettings(settings: string | undefined, known: ReadonlySet<string>): string | null {
  if (settings === undefined || settings === "null") return "";
  const node = parseNode(settings);
  if (node.kind !== "object") return null;
  const members = [...indexMembers(node.members).values()].filter((member) => objectionTo(member, known) === null);
  if (members.length === 0) return "";
  const source = (value: JsonNode): string =>
    value.kind === "array" ? `[${value.items.map(source).join(", ")}]` : settings.slice(value.start, value.end);
  return `{${members.map(({ name, value }) => `${quoteRaw(name)}: ${source(value)}`).join(", ")}}`;
}

function meansSame(a: SettingsReading, b: SettingsReading): boolean {
  if (a.kind === "issue" || b.kind === "issue") return false;
  return sameField(a.field?.text, b.field?.text);
}
