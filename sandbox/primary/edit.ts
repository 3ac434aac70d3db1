import type { JsonNode } from "../json/lossless.ts";
import { EDITED, printJson, toNode } from "../json/print.ts";

/**
 * Edits of a category as PRIMARY makes them: the whole text is written anew with two spaces, raw UTF-8 and without a
 * final newline, while every record that was not touched keeps its key order and its spelling of numbers.
 */

/** A category whose every model stands three times, as in db.json. */
const TRIPLED = "text_generation";

export interface RecordEdit {
  readonly category: string;
  readonly name: string;
  /** The category's records, which are changed. */
  readonly entries: Map<string, JsonNode>;
}

/** Adds or replaces a record, and prints the category. */
export function withRecord(edit: RecordEdit & { readonly record: object | string }): string {
  const { entries } = edit;
  const record = toNode(edit.record);
  if (edit.category === TRIPLED) {
    entries.set(edit.name, named(record, edit.name));
    entries.set(`aphrodite/${edit.name}`, named(record, `aphrodite/${edit.name}`));
    settleShortName(entries, shortName(edit.name));
  } else {
    entries.set(edit.name, record);
  }
  return print(entries);
}

/** Removes a record, and prints the category. */
export function withoutRecord(edit: RecordEdit): string {
  const { entries } = edit;
  entries.delete(edit.name);
  if (edit.category === TRIPLED) {
    entries.delete(`aphrodite/${edit.name}`);
    settleShortName(entries, shortName(edit.name));
  }
  return print(entries);
}

/** What stands between the first and the second slash: `a/b/c` is `b`, `a` is `a`. */
export function shortName(name: string): string {
  return name.split("/")[1] ?? name;
}

/** `koboldcpp/<short>` belongs to the last of the models that share the short name, and goes with the last of them. */
function settleShortName(entries: Map<string, JsonNode>, short: string): void {
  const key = `koboldcpp/${short}`;
  const owner = [...entries].findLast(
    ([name]) => shortName(name) === short && !name.startsWith("aphrodite/") && !name.startsWith("koboldcpp/"),
  );
  if (owner === undefined) entries.delete(key);
  else entries.set(key, named(owner[1], key));
}

/** The record under one of its three names: `name` and `model_name` lead, the rest follows as it was. */
function named(record: JsonNode, key: string): JsonNode {
  if (record.kind !== "object") return record;
  const model = key.startsWith("aphrodite/") ? key.slice("aphrodite/".length) : key;
  return {
    kind: "object",
    entries: new Map([
      ["name", { kind: "string", value: key }],
      ["model_name", { kind: "string", value: shortName(model) }],
      ...[...record.entries].filter(([field]) => field !== "name" && field !== "model_name"),
    ]),
  };
}

function print(entries: Map<string, JsonNode>): string {
  return printJson({ kind: "object", entries }, EDITED);
}
