import type { FieldChange, RecordChange } from "../codec.ts";
import { indexMembers, type Member } from "./members.ts";
import { type PairedMembers, pairMembers } from "./pair-members.ts";
import { compactSource } from "./render.ts";
import { sameMeaning, sameSpan } from "./same-meaning.ts";
import { type MemberNode, parseNode } from "./tree.ts";

/** A category's two sides, and how they differ in meaning. */
export interface RecordDiff {
  /** Added and modified records in PRIMARY's order, then removed ones in the file's. */
  readonly changes: readonly RecordChange[];
  /** All members of the file's object, with duplicates. */
  readonly current: readonly Member[];
  /** How many of them count: each name once. */
  readonly currentRecords: number;
  /** The records that PRIMARY wants; of duplicates the last, at the place of the first. */
  readonly wanted: ReadonlyMap<string, Member>;
}

/**
 * Compares two texts of `{record name: record}` by meaning.
 * @throws JsonTextError when one of them is not exactly one JSON object
 */
export function diffRecords(file: string, primary: string): RecordDiff {
  const paired = pairMembers(file, primary);
  const wanted = indexMembers(paired.b);
  const counting = indexMembers(paired.a);
  const changes: RecordChange[] = [];
  for (const [name, member] of wanted) {
    const current = counting.get(name);
    if (!current) changes.push({ kind: "added", name, value: member.value });
    else if (!isSame({ file, primary, paired, current, member })) {
      changes.push({ kind: "modified", name, value: member.value, fields: diffFields(current.value, member.value) });
    }
  }
  for (const [name, { value }] of counting) {
    if (!wanted.has(name)) changes.push({ kind: "removed", name, before: value });
  }
  return { changes, current: paired.a, currentRecords: counting.size, wanted };
}

interface RecordPair {
  readonly file: string;
  readonly primary: string;
  readonly paired: PairedMembers;
  readonly current: Member;
  readonly member: Member;
}

function isSame({ file, primary, paired, current, member }: RecordPair): boolean {
  if (paired.same.get(current) === member) return true;
  return sameSpan(
    { text: file, start: current.valueStart, end: current.end },
    { text: primary, start: member.valueStart, end: member.end },
  );
}

/** Fields in PRIMARY's order, then removed ones in the file's. Values that are no objects have no fields. */
function diffFields(before: string, after: string): FieldChange[] {
  const old = readFields(before);
  const wanted = readFields(after);
  const changes: FieldChange[] = [];
  for (const [field, value] of wanted) {
    const oldValue = old.get(field) ?? null;
    if (oldValue === null || !sameMeaning(oldValue, value)) changes.push({ field, before: oldValue, after: value });
  }
  for (const [field, value] of old) {
    if (!wanted.has(field)) changes.push({ field, before: value, after: null });
  }
  return changes;
}

/** Each field's value without white space between its tokens. */
function readFields(record: string): Map<string, string> {
  const node = parseNode(record);
  if (node.kind !== "object") return new Map();
  const fields = indexMembers<MemberNode>(node.members);
  return new Map([...fields].map(([name, { value }]) => [name, compactSource(record, value)]));
}
