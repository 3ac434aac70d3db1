import { editValue } from "./edit-value.ts";
import { indentAt } from "./indent.ts";
import type { Layout } from "./layout.ts";
import type { Member } from "./members.ts";
import type { Piece } from "./rebuild.ts";
import type { RecordDiff } from "./record-diff.ts";
import type { RecordRules } from "./record-rules.ts";
import { renderElement } from "./render.ts";
import { type JsonNode, type MemberNode, parseNode, readNode } from "./tree.ts";

/** What all records of a file have in common. */
interface FileEdit {
  readonly file: string;
  readonly diff: RecordDiff;
  readonly rules: RecordRules;
}

/** How things are written where the record stands, and the old record there. */
interface Local {
  readonly layout: Layout;
  readonly beside: Member | undefined;
}

/** A record's text, and what it says there. */
interface EditedRecord {
  readonly piece: Piece;
  readonly record: JsonNode;
}

/** A new record. Its brackets take the indentation of those beside it, also where these stand elsewhere than the name. */
export function addRecord({ file, rules }: FileEdit, target: Member, { layout, beside }: Local): EditedRecord {
  const member = readTarget(target, rules);
  const base = beside && indentAt(file, beside.end - 1);
  const render = (indent: string | null) => renderElement(member, layout, indent === null ? null : (base ?? indent));
  return { piece: { from: null, render }, record: member.value };
}

/** A record that means something else now, has another name, or both. A name that stays keeps its spelling. */
export function editRecord(
  { file, diff, rules }: FileEdit,
  { from, member, target }: { readonly from: number; readonly member: Member; readonly target: Member },
  { layout }: Local,
): EditedRecord {
  const node = readNode(file, member.valueStart, 1);
  const wanted = rules.form(parseNode(target.value));
  const indent = indentAt(file, member.start);
  const value = editValue({ text: file, node, wanted, layout, indent, isStrict: rules.isStrict });
  const source = file.slice(member.start, member.valueStart);
  const isRenamed = diff.renamed.has(target.name);
  const name = isRenamed ? layout.quote(target.name) + source.slice(source.lastIndexOf('"') + 1) : source;
  return { piece: { from, body: name + value }, record: parseNode(value) };
}

/** A record of PRIMARY's, whose offsets count from its own text. */
export function readTarget({ name, value }: Member, rules: RecordRules): MemberNode {
  return { name, value: rules.form(parseNode(value)), start: 0, end: 0 };
}
