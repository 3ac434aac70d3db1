import type { Written } from "./describe-changes.ts";
import { addRecord, editRecord, readTarget } from "./edit-record.ts";
import { CANONICAL, fileLayout, type Layout, localLayout } from "./layout.ts";
import { orderMembers } from "./member-order.ts";
import type { Member } from "./members.ts";
import { type Piece, rebuildContainer } from "./rebuild.ts";
import { isUnchanged, type RecordDiff } from "./record-diff.ts";
import { findMovedRecords, findStrays } from "./record-order.ts";
import { ANY_RECORDS, type RecordRules } from "./record-rules.ts";
import { renderValue } from "./render.ts";
import { type MemberNode, readNode } from "./tree.ts";

export interface EditedRecords {
  readonly text: string;
  /** The records that came or differ, in the order of `text`, with the spelling they have there. */
  readonly written: readonly Written[];
}

/**
 * The file's text after the smallest edit that makes it mean what PRIMARY wants. Without changes it is the same text.
 *
 * Untouched records keep their bytes, and so do untouched fields of modified ones. Byte order mark, line endings,
 * and the presence of a final newline stay. New records follow their PRIMARY predecessor (`orderMembers`) and are indented
 * as it is, its brackets too where these stand elsewhere than its name; a renamed one stays in its place.
 * @param file the text that `diff` was made from; it holds an object
 */
export function editRecords(file: string, diff: RecordDiff, rules: RecordRules): EditedRecords {
  if (isUnchanged(diff)) return { text: file, written: [] };
  const { current, wanted } = diff;
  const layout = fileLayout(file);
  if (current.length === 0) return fillEmptyObject(file, diff, layout, rules);
  const old = withNewNames(diff);
  const names = new Set(diff.renamed.keys());
  const order = orderMembers({
    old,
    wanted,
    moved: findMoved(old, diff),
    stray: findStrays(old, [...wanted.keys()], names),
  });
  const layoutAt = diff.isPrinted ? () => CANONICAL : rememberLayouts(file, current, layout);
  const edit = { file, diff, rules };
  const written: Written[] = [];
  let near = 0;
  const pieces = order.map((entry): Piece => {
    near = entry.from ?? near;
    const { name } = entry.target;
    const isEdited = entry.from !== null && entry.counts && (diff.modified.has(name) || diff.renamed.has(name));
    if (entry.from !== null && !isEdited) return { from: entry.from, body: null };
    const local = { layout: layoutAt(near), beside: current[near] };
    const { piece, record } =
      entry.from === null ? addRecord(edit, entry.target, local) : editRecord(edit, entry, local);
    written.push({ name, record });
    return piece;
  });
  const place = { text: file, start: file.indexOf("{"), end: file.lastIndexOf("}") + 1, elements: current };
  const text = file.slice(0, place.start) + rebuildContainer(place, pieces, layoutAt(0)) + file.slice(place.end);
  return { text, written };
}

/** The text of a new file: exactly Python's `json.dumps(wanted, indent=4)` and a newline. */
export function renderRecords(wanted: RecordDiff["wanted"], rules = ANY_RECORDS): string {
  return `${renderObject(readTargets(wanted, rules), CANONICAL)}\n`;
}

/** What `renderRecords` writes. */
export function writtenRecords(wanted: RecordDiff["wanted"], rules: RecordRules): Written[] {
  return readTargets(wanted, rules).map(({ name, value }) => ({ name, record: value }));
}

function fillEmptyObject(file: string, { wanted }: RecordDiff, layout: Layout, rules: RecordRules): EditedRecords {
  const members = readTargets(wanted, rules);
  const text = file.slice(0, file.indexOf("{")) + renderObject(members, layout) + file.slice(file.lastIndexOf("}") + 1);
  return { text, written: members.map(({ name, value }) => ({ name, record: value })) };
}

function renderObject(members: readonly MemberNode[], layout: Layout): string {
  return renderValue({ kind: "object", start: 0, end: 0, members }, layout, "");
}

function readTargets(wanted: RecordDiff["wanted"], rules: RecordRules): MemberNode[] {
  return [...wanted.values()].map((target) => readTarget(target, rules));
}

/** The file's members under the names that they shall have. Of a name that stands twice the last one is the record. */
function withNewNames({ current, counting, renamed }: RecordDiff): readonly Member[] {
  if (renamed.size === 0) return current;
  const names = new Map([...renamed].map(([to, from]) => [counting.get(from), to]));
  return current.map((member) => {
    const name = names.get(member);
    return name === undefined ? member : { ...member, name };
  });
}

/** A record that stands twice in the file stays where it is, and so does a renamed one. */
function findMoved(old: readonly Member[], { wanted, renamed }: RecordDiff): Set<string> {
  const count = new Map<string, number>();
  for (const { name } of old) count.set(name, (count.get(name) ?? 0) + 1);
  const isFree = (name: string) => !renamed.has(name);
  const moved = findMovedRecords([...count.keys()].filter(isFree), [...wanted.keys()].filter(isFree));
  return new Set([...moved].filter((name) => count.get(name) === 1));
}

/** The layout near the record of an index, found out once for each: many new records can stand at one place. */
function rememberLayouts(text: string, current: readonly Member[], around: Layout): (index: number) => Layout {
  const known = new Map<number, Layout>();
  return (index) => {
    const layout = known.get(index) ?? localLayout(text, neighbours(text, current, index), around);
    known.set(index, layout);
    return layout;
  };
}

/** The record at `index`, the one before it and the one behind it. */
function neighbours(text: string, current: readonly Member[], index: number): MemberNode[] {
  return [current[index], current[index - 1], current[index + 1]].flatMap((member) =>
    member ? [{ ...member, value: readNode(text, member.valueStart, 1) }] : [],
  );
}
