import { JsonTextError } from "../../json/json-text-error.ts";
import { quoteRaw } from "../../json/strings.ts";
import { type JsonNode, parseNode } from "../../json/tree.ts";
import { type Field, jsonField } from "./python-json.ts";

export type SettingsReading =
  /** `field` is `null` for a cell without settings. */
  { readonly kind: "settings"; readonly field: Field | null } | { readonly kind: "issue"; readonly reason: string };

/** What Python's `json.loads` takes beyond JSON. */
const PYTHON_WORDS = ["NaN", "Infinity", "-Infinity"];
/** `int()` refuses more digits. */
const MOST_DIGITS = 4300;

/**
 * What the script makes of a settings cell: any JSON object whose keys are all in generation_params.json, however deep,
 * NaN and Infinity included. At everything else it stops.
 */
export function readSettings(cell: string, known: ReadonlySet<string>): SettingsReading {
  if (cell === "") return { kind: "settings", field: null };
  const node = readPythonJson(cell);
  if (node instanceof JsonTextError) return { kind: "issue", reason: `its settings are not JSON: ${node.message}` };
  if (node.kind !== "object") return { kind: "issue", reason: "its settings are not a JSON object" };
  const strange = node.members.find(({ name }) => !known.has(name));
  if (strange !== undefined) {
    const key = quoteRaw(strange.name.slice(0, 60));
    return { kind: "issue", reason: `its settings have the key ${key}, which generation_params.json lacks` };
  }
  if (hasEndlessInteger(node))
    return { kind: "issue", reason: `its settings have a number of over ${MOST_DIGITS} digits` };
  return { kind: "settings", field: node.members.length === 0 ? null : jsonField(node) };
}

/** A JSON text as Python reads it; the fault where it does not. */
export function readPythonJson(text: string): JsonNode | JsonTextError {
  try {
    return parseNode(text, PYTHON_WORDS);
  } catch (error) {
    if (error instanceof JsonTextError) return error;
    throw error;
  }
}

function hasEndlessInteger(node: JsonNode): boolean {
  if (node.kind === "object") return node.members.some(({ value }) => hasEndlessInteger(value));
  if (node.kind === "array") return node.items.some(hasEndlessInteger);
  return node.kind === "number" && node.source.length > MOST_DIGITS && /^-?\d{4301,}$/.test(node.source);
}
