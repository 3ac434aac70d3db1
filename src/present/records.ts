/**
 * Records that differ, as people read them: what kind of change it is, and each value old and new. Pure.
 */
import { fieldsWithoutValues, type ModifiedRecord } from "../contract/report.ts";
import { cutMiddle } from "../core/cut-middle.ts";
import { toOneLine } from "../core/inert.ts";
import { toTwoLines } from "../core/side-by-side.ts";
import type { FieldChange, RecordChange } from "../files/codec.ts";
import { type Member, readMembers } from "../files/json/members.ts";
import { leafChanges } from "../files/leaf-changes.ts";
import type { Tone } from "./wording.ts";

export interface RecordView {
  readonly kind: RecordChange["kind"];
  /** On one line; of a renamed record `old → new`. */
  readonly name: string;
  /** Values on one line, cut; `null` for absent. */
  readonly fields: readonly FieldChange[];
  /** Names of fields that changed as well. */
  readonly others: readonly string[];
}

/** A sign as in a diff, and a colour, which never tells anything alone. */
export const RECORD_KINDS: Readonly<Record<RecordChange["kind"], { readonly sign: string; readonly tone: Tone }>> = {
  added: { sign: "+", tone: "good" },
  removed: { sign: "-", tone: "bad" },
  modified: { sign: "~", tone: "wait" },
  renamed: { sign: ">", tone: "wait" },
};

const MAX_NAME = 120;
const MAX_VALUE = 240;
const MAX_FIELDS = 30;

export function viewChange(change: RecordChange): RecordView {
  const { kind, name } = change;
  switch (kind) {
    case "added":
      return { kind, name: shortName(name), ...viewFields(readMembers(change.value).map(toAdded)) };
    case "removed":
      return { kind, name: shortName(name), ...viewFields(readMembers(change.before).map(toRemoved)) };
    case "renamed":
      return { kind, name: toTwoLines(change.from, name, MAX_NAME).join(" → "), ...viewFields(change.fields) };
    case "modified":
      return { kind, name: shortName(name), ...viewFields(change.fields) };
  }
}

/** Of a Report, which has cut its values already. */
export function viewModified(record: ModifiedRecord): RecordView {
  const { name, changes = [] } = record;
  const others = fieldsWithoutValues(record).map((field) => toOneLine(field, MAX_NAME));
  const shown = changes.map(({ field, ...values }) => ({ field: toOneLine(field, MAX_NAME), ...values }));
  return { kind: "modified", name: shortName(name), fields: shown, others };
}

function viewFields(changes: readonly FieldChange[]): Pick<RecordView, "fields" | "others"> {
  const others = changes.slice(MAX_FIELDS).map(({ field }) => toOneLine(field, MAX_NAME));
  return { fields: changes.slice(0, MAX_FIELDS).flatMap(leafChanges).map(viewField), others };
}

/** Of two long values the place where they part is shown, and of one alone its ends. */
function viewField({ field, before, after }: FieldChange): FieldChange {
  const name = toOneLine(field, MAX_NAME);
  if (before !== null && after !== null) {
    const [old, now] = toTwoLines(before, after, MAX_VALUE);
    return { field: name, before: old, after: now };
  }
  return { field: name, before: cut(before, MAX_VALUE), after: cut(after, MAX_VALUE) };
}

function toAdded({ name, value }: Member): FieldChange {
  return { field: name, before: null, after: value };
}

function toRemoved({ name, value }: Member): FieldChange {
  return { field: name, before: value, after: null };
}

function cut(value: string | null, limit: number): string | null {
  return value === null ? null : cutMiddle(value, limit);
}

function shortName(name: string): string {
  return toOneLine(name, MAX_NAME);
}
