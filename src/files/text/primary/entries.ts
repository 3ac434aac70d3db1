import { indexMembers, type Member, readMembers, requireObjects } from "../../json/members.ts";
import { requireModestRecords } from "../../json/record-size.ts";
import { quoteAscii } from "../../json/strings.ts";
import { sameField } from "../same-field.ts";
import type { Model } from "../script/model.ts";
import type { Schema } from "../script/schema.ts";
import { type PrimaryEntry, readPrintedEntries, type ScriptOutput } from "./printed-entries.ts";

/** A record of PRIMARY: the JSON text of every field, by key. */
export type PrimaryRecord = ReadonlyMap<string, string>;

/** PRIMARY's answer, its entries not yet read. */
export type PrimaryEntries = ReadonlyMap<string, PrimaryEntry>;

/**
 * Entries by key; of several with one key the last counts.
 * @param script what the script makes of models.csv, which most of PRIMARY's entries say too
 * @throws JsonTextError when one is no object
 * @throws RecordTooLargeError
 */
export function readPrimary(text: string, script?: ScriptOutput): PrimaryEntries {
  const printed = script && readPrintedEntries(text, script);
  if (printed) return indexMembers(printed);
  const members = readMembers(text);
  requireModestRecords("after", members);
  requireObjects(text, members);
  return indexMembers(members);
}

/** A model of PRIMARY and the entry that tells what it is. */
export interface PrimaryModel {
  readonly name: string;
  readonly entry: PrimaryEntry;
}

/**
 * The models of PRIMARY, without the entries derived from them, in PRIMARY's order.
 *
 * A key that begins with `aphrodite/` or `koboldcpp/` is derived, unless its own `aphrodite/` entry exists: every model
 * has one, and derived entries have none. So a model that is really named `koboldcpp/x` is told by
 * `aphrodite/koboldcpp/x`, and that is where it is read, because `koboldcpp/x` may have become that of `a/x`.
 */
export function primaryModels(entries: PrimaryEntries): PrimaryModel[] {
  return [...entries].flatMap(([name, own]) => {
    const entry = isDerivedKey(name) ? entries.get(`aphrodite/${name}`) : own;
    return entry === undefined ? [] : [{ name, entry }];
  });
}

/** Whether the key has the form of a derived entry's. */
export function isDerivedKey(key: string): boolean {
  return DERIVED.test(key);
}

export function readRecord(entry: Member): PrimaryRecord {
  return new Map(readMembers(entry.value).map(({ name, value }) => [name, value]));
}

/** Whether PRIMARY's record says of every key, but for `name`, what the model says. */
export function recordMeans(record: PrimaryRecord, model: Model, schema: Schema): boolean {
  let found = record.has("name") ? 1 : 0;
  for (const [index, { key }] of schema.slots.entries()) {
    const value = record.get(key);
    if (!sameField(value, model.fields[index]?.text)) return false;
    if (value !== undefined) found += 1;
  }
  return found === record.size;
}

/** Whether the record's `name` is the model's, or that of the entry the model was read from. */
export function isNamed(record: PrimaryRecord, name: string): boolean {
  const value = record.get("name");
  if (sameField(value, quoteAscii(name))) return true;
  return isDerivedKey(name) && sameField(value, quoteAscii(`aphrodite/${name}`));
}

const DERIVED = /^(?:aphrodite|koboldcpp)\//;
