import { SyncError } from "../../../core/errors.ts";
import { JsonTextError } from "../../json/json-text-error.ts";
import { indexMembers } from "../../json/members.ts";
import { quoteAscii, quoteRaw } from "../../json/strings.ts";
import { type ObjectNode, parseNode } from "../../json/tree.ts";

import { type Field, jsonField } from "./python-json.ts";

/** Where the value of one key of a record comes from. */
export type SlotKind =
  /** A column's text. */
  | "text"
  /** The short name. */
  | "model_name"
  /** A column's text, or what the short name makes of itself. */
  | "display_name"
  | "parameters"
  | "style"
  | "tags"
  | "settings"
  /** Cells beyond the header, which Python's DictReader files under `None`. */
  | "surplus";

/** One key of every record, in the order of db.json. `name` comes before all and has no slot. */
export interface Slot {
  readonly key: string;
  readonly quotedKey: string;
  readonly kind: SlotKind;
  /** The cell it is written in; `null` for what only defaults.json can say. */
  readonly column: number | null;
  /** What defaults.json says where the row says nothing. */
  readonly fallback: Field | null;
  /** The fallback's text when it is a string. */
  readonly fallbackText: string | null;
}

/** How rows of this repository's models.csv become records. */
export interface Schema {
  readonly slots: readonly Slot[];
  /** Number of columns of the header. */
  readonly width: number;
  readonly nameColumn: number;
  readonly sizeColumn: number;
  readonly styleColumn: number | null;
  readonly tagsColumn: number | null;
  readonly settingsColumn: number | null;
  /** Keys that settings may have. */
  readonly settingsKeys: ReadonlySet<string>;
  /** Columns that the header lacks and the script asks every row for: it stops at the first row. */
  readonly missing: readonly string[];
}

/** The columns of a file that is made anew. */
export const STANDARD_COLUMNS = [
  "name",
  "parameters_bn",
  "display_name",
  "url",
  "baseline",
  "description",
  "style",
  "tags",
  "instruct_format",
  "settings",
] as const;

/**
 * The schema that a header and the two JSON files give: model_name, the keys of defaults.json, then the columns in
 * their order, then `parameters`; a key keeps the first place it has.
 *
 * Of two columns with one name the last counts. Only `name` and `parameters_bn` are needed to read a file; a record of
 * one without a column for tags, settings or display names gets them behind `parameters`.
 * @throws SyncError `legacy-malformed` when such a column is missing, or one of the JSON files is not an object
 */
export function readSchema(input: {
  readonly header: readonly string[];
  readonly defaults: string;
  readonly generationParams: string;
}): Schema {
  const columns = new Map(input.header.map((name, index) => [name, index]));
  const nameColumn = requireColumn(columns, "name");
  const sizeColumn = requireColumn(columns, "parameters_bn");
  const defaults = indexMembers(readObject("defaults.json", input.defaults).members);
  const params = readObject("generation_params.json", input.generationParams).members;
  const fallback = (key: string) => {
    const node = defaults.get(key)?.value;
    const fallbackText = node?.kind === "string" ? node.content : null;
    return { fallback: node === undefined ? null : jsonField(node), fallbackText };
  };
  if (defaults.has("name")) {
    throw new SyncError(
      "legacy-malformed",
      'defaults.json has a "name", which would be that of every model; take it out.',
    );
  }
  const ownColumns = [...columns.keys()].filter((key) => key !== "name" && key !== "parameters_bn");
  const keys = new Set(["model_name", ...defaults.keys(), ...ownColumns, NO_COLUMN, ...DERIVED]);
  const slots = [...keys].map((key) => ({
    key,
    quotedKey: quoteAscii(key),
    kind: slotKind(key),
    column: key === "parameters" ? sizeColumn : key === "parameters_bn" ? null : (columns.get(key) ?? null),
    ...fallback(key),
  }));
  return {
    slots,
    width: input.header.length,
    nameColumn,
    sizeColumn,
    styleColumn: columns.get("style") ?? null,
    tagsColumn: columns.get("tags") ?? null,
    settingsColumn: columns.get("settings") ?? null,
    settingsKeys: new Set(params.map(({ name }) => name)),
    missing: ["tags", "settings"].filter((name) => !columns.has(name)),
  };
}

/** What `json.dumps` makes of DictReader's key `None`. */
const NO_COLUMN = "null";
/** Keys every record may have; for those without a column this is their order. */
const DERIVED = ["parameters", "tags", "settings", "display_name"];

function slotKind(key: string): SlotKind {
  switch (key) {
    case "model_name":
    case "display_name":
    case "parameters":
    case "style":
    case "tags":
    case "settings":
      return key;
    default:
      return key === NO_COLUMN ? "surplus" : "text";
  }
}

function requireColumn(columns: ReadonlyMap<string, number>, name: string): number {
  const column = columns.get(name);
  if (column !== undefined) return column;
  const found = [...columns.keys()].slice(0, 20).map(quoteRaw).join(", ");
  throw new SyncError("legacy-malformed", `models.csv has no column "${name}"; its first row is: ${found}.`);
}

function readObject(path: string, text: string): ObjectNode {
  try {
    const node = parseNode(text);
    if (node.kind === "object") return node;
  } catch (cause) {
    if (!(cause instanceof JsonTextError)) throw cause;
    throw new SyncError("legacy-malformed", `${path} is not JSON: ${cause.message}.`, { cause });
  }
  throw new SyncError("legacy-malformed", `${path} is not a JSON object.`);
}
