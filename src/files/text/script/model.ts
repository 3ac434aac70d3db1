import { quoteAscii, quoteRaw } from "../../json/strings.ts";
import { strip } from "../../python/python-text.ts";
import { type Field, stringField } from "./python-json.ts";
import type { Schema, Slot } from "./schema.ts";
import { readSettings } from "./settings.ts";
import { readSize } from "./size.ts";
import { ownTags, tagsField } from "./tags.ts";

/** The name itself, `aphrodite/` + name, and `koboldcpp/` + short name. */
export type EntryKeys = readonly [string, string, string];

/** One model as the repository's script sees it. */
export interface Model {
  readonly name: string;
  /** The keys of its entries in db.json. */
  readonly keys: EntryKeys;
  /** The values of the schema's slots, in their order; `null` for keys the record lacks. */
  readonly fields: readonly (Field | null)[];
}

/** Why the script stops at a row, and what to do about it: `its size "big" is not a number`, `give it …`. */
export interface Stop {
  readonly reason: string;
  readonly cure: string;
}

export type RowReading =
  | { readonly kind: "model"; readonly model: Model }
  /** The script stops at the row, which says no model. */
  | ({ readonly kind: "stop" } & Stop);

/**
 * What the repository's script makes of a row of models.csv. It takes any name, an empty one and a URL too.
 *
 * @param cells the row's values; missing ones are empty, surplus ones make the record's `null` key, as Python does
 */
export function readModel(cells: readonly string[], schema: Schema): RowReading {
  const name = cells[schema.nameColumn];
  if (name === undefined) return stop("it ends before its name", "give it all cells, or remove it");
  const sizeCell = cells[schema.sizeColumn];
  const size = sizeCell === undefined ? null : readSize(sizeCell);
  if (size === null) {
    return stop(
      `its size ${shorten(sizeCell ?? "")} is not a number`,
      "give it a size in billions, such as 7, or remove it",
    );
  }
  const settings = readSettings(cellAt(cells, schema.settingsColumn), schema.settingsKeys);
  if (settings.kind === "issue") return stop(settings.reason, "mend its settings, or leave them empty");
  if (cells.some((cell) => cell.includes("\0"))) return stop("it holds a NUL character", "take that out");

  const shortName = shortNameOf(name);
  const derivedTags = [cellAt(cells, schema.styleColumn), size.tag].filter((tag) => tag !== "");
  const fieldOf = (slot: Slot): Field | null => {
    switch (slot.kind) {
      case "model_name":
        return textField(cells, slot) ?? slot.fallback ?? stringField(shortName);
      case "display_name":
        return textField(cells, slot) ?? displayField(shortName) ?? slot.fallback;
      case "parameters":
        return size.count === "0" ? slot.fallback : { text: size.count, pretty: size.count };
      case "tags":
        return tagsField(ownTags(cellAt(cells, schema.tagsColumn)), derivedTags);
      case "settings":
        return settings.field ?? slot.fallback;
      case "surplus":
        return surplusField(cells, schema.width);
      case "style":
      case "text":
        return textField(cells, slot) ?? slot.fallback;
    }
  };
  return { kind: "model", model: { name, keys: entryKeys(name), fields: schema.slots.map(fieldOf) } };
}

export function entryKeys(name: string): EntryKeys {
  return [name, `aphrodite/${name}`, `koboldcpp/${shortNameOf(name)}`];
}

/** What stands between the first and the second slash of the name, or the whole name without one. */
export function shortNameOf(name: string): string {
  const slash = name.indexOf("/");
  if (slash < 0) return name;
  const next = name.indexOf("/", slash + 1);
  return name.slice(slash + 1, next < 0 ? name.length : next);
}

/** The display name of a model that has none of its own: `Marx-3B_V3` → `Marx 3B V3`. */
export function derivedDisplayName(shortName: string): string {
  return strip(shortName.replace(/[-_ ]+/g, " "));
}

/** The cells beyond the header. */
function surplusField(cells: readonly string[], width: number): Field | null {
  if (cells.length <= width) return null;
  const items = cells.slice(width).map(quoteAscii);
  return { text: `[${items.join(", ")}]`, pretty: `[\n            ${items.join(",\n            ")}\n        ]` };
}

function stop(reason: string, cure: string): RowReading {
  return { kind: "stop", reason, cure };
}

function shorten(text: string): string {
  return quoteRaw(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}

function cellAt(cells: readonly string[], column: number | null): string {
  return column === null ? "" : (cells[column] ?? "");
}

function textField(cells: readonly string[], slot: Slot): Field | null {
  const cell = cellAt(cells, slot.column);
  return cell === "" ? null : stringField(cell);
}

function displayField(shortName: string): Field | null {
  const derived = derivedDisplayName(shortName);
  return derived === "" ? null : stringField(derived);
}
