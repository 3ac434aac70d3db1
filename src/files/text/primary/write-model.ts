import { decodeString } from "../../json/strings.ts";
import { parseNode } from "../../json/tree.ts";
import { derivedDisplayName, shortNameOf } from "../script/model.ts";
import type { Schema, Slot } from "../script/schema.ts";
import { readSize } from "../script/size.ts";
import { ownTags } from "../script/tags.ts";
import type { PrimaryRecord } from "./entries.ts";
import { isMisspelt } from "./misspelt.ts";
import { isSayable } from "./sayable.ts";
import { writeSettings } from "./write-settings.ts";
import { writeSize } from "./write-size.ts";
import { readTags, writeTags } from "./write-tags.ts";

export interface ModelToWrite {
  readonly schema: Schema;
  readonly name: string;
  readonly record: PrimaryRecord;
  /** The cells of the row to edit; empty for a new row. */
  readonly current: readonly string[];
}

/**
 * The cells that say what PRIMARY's record says, as far as cells can.
 *
 * A cell that means the right thing stays as it is spelled, and so does one whose field no cell could say. The result
 * always reads as a model, even if `current` does not.
 */
export function writeModel(input: ModelToWrite): string[] {
  const { schema, name, record, current } = input;
  const cells = Array.from({ length: schema.width }, (_, column) => current[column] ?? "");
  cells[schema.nameColumn] = name;
  for (const slot of schema.slots) {
    if (slot.column === null || isMisspelt(slot, record, schema)) continue;
    if (slot.kind === "text" || slot.kind === "model_name" || slot.kind === "display_name") {
      cells[slot.column] = writeText(record.get(slot.key), cells[slot.column] ?? "", impliedText(slot, name));
    }
  }
  writeSizeStyleTags(input, cells);
  if (schema.settingsColumn !== null) {
    const cell = cells[schema.settingsColumn] ?? "";
    cells[schema.settingsColumn] = writeSettings(record.get("settings"), cell, schema.settingsKeys);
  }
  return [...cells, ...writeSurplus(record.get("null"))];
}

/** What an empty cell says. */
function impliedText(slot: Slot, name: string): string {
  if (slot.kind === "model_name") return slot.fallbackText ?? shortNameOf(name);
  const derived = slot.kind === "display_name" ? derivedDisplayName(shortNameOf(name)) : "";
  return derived === "" ? (slot.fallbackText ?? "") : derived;
}

function writeText(value: string | undefined, current: string, implied: string): string {
  const text = value === undefined || value === "null" ? "" : sayableText(value);
  if (text === null) return current;
  if (text === (current === "" ? implied : current)) return current;
  return text === implied ? "" : text;
}

/** The string of a JSON text that a cell can hold; `null` for any other value. */
function sayableText(value: string): string | null {
  if (!value.startsWith('"')) return null;
  const text = decodeString(value, 0, value.length);
  return isSayable(text) ? text : null;
}

/** These three go together: the style and the size are tags of their own accord. */
function writeSizeStyleTags({ schema, record, current }: ModelToWrite, cells: string[]): void {
  const currentSize = cells[schema.sizeColumn] ?? "";
  const currentStyle = schema.styleColumn === null ? "" : (cells[schema.styleColumn] ?? "");
  const currentTags = schema.tagsColumn === null ? "" : (cells[schema.tagsColumn] ?? "");
  const own = new Set(ownTags(currentTags));
  const wanted = readTags(record.get("tags"));

  const sizeOrNull = writeSize(record.get("parameters"), currentSize, wanted ?? new Set());
  const size = sizeOrNull ?? (readSize(currentSize) === null ? "0" : currentSize);
  cells[schema.sizeColumn] = size;
  const slot = schema.slots.find(({ kind }) => kind === "style");
  const implied = slot?.fallbackText ?? "";
  const style = writeStyle({ value: record.get("style"), current: currentStyle, implied, own, wanted: wanted ?? own });
  if (schema.styleColumn !== null) cells[schema.styleColumn] = style;
  if (schema.tagsColumn === null || (wanted === null && current.length > 0)) return;
  const sizeTag = readSize(size)?.tag ?? "";
  const derived = new Set([style, sizeTag].filter((tag) => tag !== ""));
  cells[schema.tagsColumn] = writeTags({
    current: currentTags,
    wanted: withoutStaleSizes(wanted ?? new Set(), sizeTag, own),
    derived,
  });
}

/**
 * The tags without sizes that are not the model's: someone changed `parameters` in PRIMARY and left the tag behind.
 *
 * Only where the right one is missing; a size tag beside it, or in the cell, is a tag like any other.
 */
function withoutStaleSizes(tags: ReadonlySet<string>, sizeTag: string, own: ReadonlySet<string>): ReadonlySet<string> {
  if (tags.has(sizeTag)) return tags;
  return new Set([...tags].filter((tag) => own.has(tag) || !/^-?\d+B$/.test(tag)));
}

/** A style that is the default's and not among the tags is the default's own, and its cell is empty. */
function writeStyle(input: {
  readonly value: string | undefined;
  readonly current: string;
  /** The default style. */
  readonly implied: string;
  readonly own: ReadonlySet<string>;
  readonly wanted: ReadonlySet<string>;
}): string {
  const { value, current, implied, own, wanted } = input;
  const style = value === undefined || value === "null" ? "" : sayableText(value);
  if (style === null) return current;
  if (style !== implied) return style;
  const isImplied = !wanted.has(style) || (current === "" && own.has(style));
  return isImplied ? "" : style;
}

/** Cells beyond the header are there only if PRIMARY has them too. */
function writeSurplus(value: string | undefined): string[] {
  const node = value === undefined ? null : parseNode(value);
  if (node?.kind !== "array") return [];
  const items = node.items.flatMap((item) => (item.kind === "string" && isSayable(item.content) ? item.content : []));
  return items.length === node.items.length ? items : [];
}
