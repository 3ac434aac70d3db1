import type { FieldChange, RecordChange } from "../codec.ts";
import { printPlain } from "../json/render.ts";
import { parseNode } from "../json/tree.ts";
import { findRenames, type Sayings } from "../renames.ts";
import { readTags } from "./primary/write-tags.ts";
import { sameField } from "./same-field.ts";
import { printRecord } from "./script/db-json.ts";
import type { Model } from "./script/model.ts";
import type { Schema } from "./script/schema.ts";
import type { ModelState } from "./script/table.ts";

/**
 * How two states differ, told per model and in the fields of db.json: those that came or differ in the order of the
 * new rows, then those that went in the order of the old ones. Of several rows with one name the last counts.
 */
export function diffModels(before: ModelState, after: ModelState): RecordChange[] {
  const old = countingModels(before.models);
  const wanted = countingModels(after.models);
  const gone = [...old.values()].filter(({ name }) => !wanted.has(name));
  const come = [...wanted.values()].filter(({ name }) => !old.has(name));
  const renamed = renamesOf({ ...before, models: gone }, { ...after, models: come });
  const changes = [...wanted.values()].flatMap((model) => {
    const from = renamed.get(model.name);
    const held = old.get(from ?? model.name);
    return held === model ? [] : describe({ held, model, from, before: before.schema, after: after.schema });
  });
  const continued = new Set(renamed.values());
  for (const model of gone) {
    if (continued.has(model.name)) continue;
    changes.push({ kind: "removed", name: model.name, before: printPlainly(model, before.schema) });
  }
  return changes;
}

/** New names and the old ones of the models that go on under them. */
export function renamesOf(gone: ModelState, come: ModelState): Map<string, string> {
  if (gone.models.length === 0 || come.models.length === 0) return new Map();
  const read = ({ models, schema }: ModelState) => models.map((model) => sayingsOf(model, schema));
  return findRenames(read(gone), read(come));
}

/** Models by name in the order of the rows that count. */
export function countingModels(models: readonly Model[]): Map<string, Model> {
  const counting = new Map<string, Model>();
  for (const model of models) {
    counting.delete(model.name);
    counting.set(model.name, model);
  }
  return counting;
}

function describe(input: {
  readonly held: Model | undefined;
  readonly model: Model;
  readonly from: string | undefined;
  readonly before: Schema;
  readonly after: Schema;
}): RecordChange[] {
  const { held, model, from } = input;
  const { name } = model;
  const value = printPlainly(model, input.after);
  if (held === undefined) return [{ kind: "added", name, value }];
  const fields = changedFields(fieldsOf(held, input.before), fieldsOf(model, input.after));
  const before = printPlainly(held, input.before);
  if (from !== undefined) return [{ kind: "renamed", from, name, before, value, fields }];
  return fields.length === 0 ? [] : [{ kind: "modified", name, before, value, fields }];
}

function changedFields(old: ReadonlyMap<string, string>, now: ReadonlyMap<string, string>): FieldChange[] {
  const changed: FieldChange[] = [];
  for (const [field, after] of now) {
    const before = old.get(field);
    if (sameField(before, after)) continue;
    changed.push({ field, before: before === undefined ? null : plain(before), after: plain(after) });
  }
  for (const [field, before] of old) if (!now.has(field)) changed.push({ field, before: plain(before), after: null });
  return changed;
}

/** db.json's record in the spelling of a change: for people, without escapes. */
function printPlainly(model: Model, schema: Schema): string {
  return plain(printRecord(model, schema));
}

function plain(json: string): string {
  return printPlain(parseNode(json));
}

/** The JSON text of every field that the record has, by key. */
function fieldsOf(model: Model, schema: Schema): Map<string, string> {
  const fields = new Map<string, string>();
  schema.slots.forEach(({ key }, index) => {
    const field = model.fields[index] ?? null;
    if (field !== null) fields.set(key, field.text);
  });
  return fields;
}

/** What the row says of its own: not the size, which many have, nor what defaults.json says. */
function sayingsOf(model: Model, schema: Schema): Sayings {
  const says = new Set<string>();
  schema.slots.forEach(({ key, kind, fallback }, index) => {
    const field = model.fields[index] ?? null;
    if (field === null || field.text === fallback?.text || kind === "parameters") return;
    if (kind === "tags") for (const tag of readTags(field.text) ?? []) says.add(`${key}=${tag}`);
    else says.add(`${key}=${field.text}`);
  });
  return { name: model.name, says };
}
