import type { FieldChange, RecordChange } from "../codec.ts";
import { canonicalNode } from "./canonical.ts";
import { indexMembers } from "./members.ts";
import type { RecordDiff } from "./record-diff.ts";
import type { RecordRules } from "./record-rules.ts";
import { printPlain } from "./render.ts";
import { type JsonNode, parseNode } from "./tree.ts";

/** A record that came or differs, as it stands in the new text. */
export interface Written {
  readonly name: string;
  readonly record: JsonNode;
}

/** The changes, told from what was written: `written` in the order of the new text, then the removed ones. */
export function describeChanges(diff: RecordDiff, written: Iterable<Written>, rules: RecordRules): RecordChange[] {
  const changes: RecordChange[] = [];
  const formOf = (name: string): JsonNode => rules.form(parseNode(diff.counting.get(name)?.value ?? "null"));
  for (const { name, record } of written) {
    const wanted = rules.form(record);
    const value = printPlain(wanted);
    const from = diff.renamed.get(name);
    if (diff.added.has(name)) {
      changes.push({ kind: "added", name, value });
      continue;
    }
    const old = formOf(from ?? name);
    const before = printPlain(old);
    const fields = diffFields(old, wanted);
    if (from === undefined) changes.push({ kind: "modified", name, before, value, fields });
    else changes.push({ kind: "renamed", from, name, before, value, fields: withoutName(fields, from, name) });
  }
  for (const name of diff.removed) changes.push({ kind: "removed", name, before: printPlain(formOf(name)) });
  return changes;
}

/** Fields in the new record's order, then those that are gone. Values that are no objects have no fields. */
function diffFields(before: JsonNode, after: JsonNode): FieldChange[] {
  const old = fieldsOf(before);
  const wanted = fieldsOf(after);
  const changes: FieldChange[] = [];
  for (const [field, value] of wanted) {
    const oldValue = old.get(field);
    if (oldValue !== undefined && canonicalNode(oldValue) === canonicalNode(value)) continue;
    changes.push({ field, before: oldValue === undefined ? null : printPlain(oldValue), after: printPlain(value) });
  }
  for (const [field, value] of old) {
    if (!wanted.has(field)) changes.push({ field, before: printPlain(value), after: null });
  }
  return changes;
}

function fieldsOf(record: JsonNode): Map<string, JsonNode> {
  if (record.kind !== "object") return new Map();
  return new Map([...indexMembers(record.members).values()].map(({ name, value }) => [name, value]));
}

function withoutName(fields: readonly FieldChange[], from: string, name: string): FieldChange[] {
  const follows = ({ field, before, after }: FieldChange) =>
    field === "name" && before === JSON.stringify(from) && after === JSON.stringify(name);
  return fields.filter((field) => !follows(field));
}
