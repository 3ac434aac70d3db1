import { editValue } from "./edit-value.ts";
import { CANONICAL, fileLayout, indentAt, type Layout, localLayout } from "./layout.ts";
import { orderMembers } from "./member-order.ts";
import type { Member } from "./members.ts";
import { type Piece, rebuildContainer } from "./rebuild.ts";
import type { RecordDiff } from "./record-diff.ts";
import { findMovedRecords } from "./record-order.ts";
import { renderElement, renderValue } from "./render.ts";
import { type MemberNode, parseNode, readNode } from "./tree.ts";

/**
 * The file's text after the smallest edit that makes it mean what PRIMARY wants. Without changes it is the same text.
 *
 * Untouched records keep their bytes, and so do untouched fields of modified ones. Byte order mark, line endings,
 * and the presence of a final newline stay. New records follow their PRIMARY predecessor (`orderMembers`).
 * @param file the text that `diff` was made from; it holds an object
 */
export function editRecords(file: string, diff: RecordDiff): string {
  const { changes, current, wanted } = diff;
  if (changes.length === 0) return file;
  const layout = fileLayout(file);
  const first = current[0];
  if (!first) return fillEmptyObject(file, wanted, layout);
  const moved = findMoved(current, wanted);
  const modified = new Set(changes.flatMap((change) => (change.kind === "modified" ? [change.name] : [])));
  let near = 0;
  const pieces = orderMembers({ old: current, wanted, moved }).map((entry): Piece => {
    near = entry.from ?? near;
    const isEdited = entry.from !== null && entry.counts && modified.has(entry.target.name);
    if (entry.from !== null && !isEdited) return { from: entry.from, body: null };
    const local = localLayout(file, neighbours(file, current, near), layout);
    if (entry.from !== null) return { from: entry.from, body: editRecord(file, entry.member, entry.target, local) };
    return { from: null, render: (indent) => renderElement(readTarget(entry.target), local, indent) };
  });
  const place = { text: file, start: file.indexOf("{"), end: file.lastIndexOf("}") + 1, elements: current };
  const outer = localLayout(file, neighbours(file, current, 0), layout);
  return file.slice(0, place.start) + rebuildContainer(place, pieces, outer) + file.slice(place.end);
}

/** The text of a new file: exactly Python's `json.dumps(wanted, indent=4)` and a newline. */
export function renderRecords(wanted: RecordDiff["wanted"]): string {
  return `${renderObject(wanted, CANONICAL)}\n`;
}

function fillEmptyObject(file: string, wanted: RecordDiff["wanted"], layout: Layout): string {
  return file.slice(0, file.indexOf("{")) + renderObject(wanted, layout) + file.slice(file.lastIndexOf("}") + 1);
}

function renderObject(wanted: RecordDiff["wanted"], layout: Layout): string {
  const members = [...wanted.values()].map(readTarget);
  return renderValue({ kind: "object", start: 0, end: 0, members }, layout, "");
}

/** A record that stands twice in the file stays where it is. */
function findMoved(current: readonly Member[], wanted: RecordDiff["wanted"]): Set<string> {
  const names = current.map(({ name }) => name);
  const distinct = new Set(names);
  const moved = findMovedRecords([...distinct], [...wanted.keys()]);
  if (distinct.size === names.length) return moved;
  return new Set([...moved].filter((name) => names.indexOf(name) === names.lastIndexOf(name)));
}

function editRecord(text: string, member: Member, target: Member, layout: Layout): string {
  const node = readNode(text, member.valueStart, 1);
  const wanted = parseNode(target.value);
  const value = editValue({ text, node, wanted, layout, indent: indentAt(text, member.start) });
  return text.slice(member.start, member.valueStart) + value;
}

/** A record of PRIMARY's, whose offsets count from its own text. */
function readTarget({ name, value }: Member): MemberNode {
  return { name, value: parseNode(value), start: 0, end: 0 };
}

/** The record at `index`, the one before it and the one behind it. */
function neighbours(text: string, current: readonly Member[], index: number): MemberNode[] {
  return [current[index], current[index - 1], current[index + 1]].flatMap((member) =>
    member ? [{ ...member, value: readNode(text, member.valueStart, 1) }] : [],
  );
}
