import { quoteRaw } from "../../json/strings.ts";
import { listNames } from "../../sentences.ts";
import { sameField } from "../same-field.ts";
import type { Model } from "../script/model.ts";
import type { Schema, Slot } from "../script/schema.ts";
import { isNamed, type PrimaryRecord } from "./entries.ts";
import { isMisspelt } from "./misspelt.ts";

/** Collects what models.csv cannot hold: reasons, each with the models it concerns. */
export type UnsayableLog = Map<string, string[]>;

export interface Comparison {
  readonly record: PrimaryRecord;
  /** What the row means once it says all that it can of the record. */
  readonly model: Model;
  readonly schema: Schema;
}

/** Notes under `reason` that something of the model cannot be said. */
export function note(log: UnsayableLog, reason: string, name: string): void {
  const names = log.get(reason);
  if (names === undefined) log.set(reason, [name]);
  else if (names.at(-1) !== name) names.push(name);
}

/** Compare PRIMARY's record with what the row will mean, and note every difference. */
export function noteUnsayable(log: UnsayableLog, { record, model, schema }: Comparison): void {
  if (!isNamed(record, model.name)) note(log, 'a "name" that is not the key it stands under', model.name);
  let known = record.has("name") ? 1 : 0;
  for (const [index, slot] of schema.slots.entries()) {
    const value = record.get(slot.key);
    if (value !== undefined) known += 1;
    if (sameField(value, model.fields[index]?.text)) continue;
    note(log, isMisspelt(slot, record, schema) ? misspelt(slot, schema) : reasonFor(slot, value), model.name);
  }
  if (known < record.size) noteStrangeFields(log, { record, model, schema });
}

/** One line per reason: `models.csv cannot hold a "nsfw" other than false, which PRIMARY has for 2 models: "a", "b".` */
export function describeUnsayable(log: UnsayableLog): string[] {
  return [...log].map(([reason, names]) => {
    const models = names.length === 1 ? "1 model" : `${names.length} models`;
    return `models.csv cannot hold ${reason}, which PRIMARY has for ${models}: ${listNames(names)}.`;
  });
}

function noteStrangeFields(log: UnsayableLog, { record, model, schema }: Comparison): void {
  const known = new Set(["name", ...schema.slots.map(({ key }) => key)]);
  for (const [key, value] of record) {
    if (known.has(key)) continue;
    note(log, isBlank(value) ? BLANK : `a ${quoteRaw(key)}, without a column`, model.name);
  }
}

const BLANK = "an empty value (the field is left out or takes its default)";

function isBlank(value: string): boolean {
  return /^(?:null|""|\[\s*\]|\{\s*\})$/.test(value);
}

function misspelt({ key }: Slot, { missing }: Schema): string {
  return `the absence of ${quoteRaw(key)} (a column that may be meant as ${missing.map(quoteRaw).join(" or ")}; its cells stay)`;
}

function reasonFor({ key, kind, column, fallback }: Slot, value: string | undefined): string {
  if (value === undefined) return `the absence of ${quoteRaw(key)} (the field takes its default)`;
  if (column === null && (kind === "tags" || kind === "settings"))
    return `${quoteRaw(key)} (its header lacks the column)`;
  if (kind === "tags") return "tags other than the repository's rules derive (sorted, with style and size, no commas)";
  if (isBlank(value)) return BLANK;
  if (kind === "parameters") return `"parameters" that no size in billions gives`;
  if (kind === "settings")
    return "settings that are no object, or have unknown keys or numbers that a double cannot hold";
  if (column !== null) return `a ${quoteRaw(key)} that is not text`;
  return `a ${quoteRaw(key)} other than ${fallback?.text ?? "the derived one"}`;
}
