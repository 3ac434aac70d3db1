/**
 * A change of a nested value as the changes of what is in it: of `config` the one path that is another. Pure.
 */
import type { FieldChange } from "./codec.ts";
import { type JsonNode, parseNode } from "./json/tree.ts";

/** Shorter values are seen whole at a glance. */
const MIN_CHARACTERS = 60;
/** More say less than the whole. */
const MAX_LEAVES = 6;

/**
 * The changes of `change`'s members and items, as far as both sides have an object or an array of one length; the change
 * itself where that would say more with less.
 *
 * @example leafChanges({ field: "config", before: '{"files":[{"path":"a"}]}', after: '{"files":[{"path":"b"}]}' })
 * // [{ field: "config.files[0].path", before: '"a"', after: '"b"' }], where the values are long
 */
export function leafChanges(change: FieldChange): readonly FieldChange[] {
  const { field, before, after } = change;
  if (before === null || after === null || before.length + after.length < 2 * MIN_CHARACTERS) return [change];
  const leaves = diffNodes(field, { text: before, node: parseNode(before) }, { text: after, node: parseNode(after) });
  return leaves.length === 0 || leaves.length > MAX_LEAVES ? [change] : leaves;
}

interface Value {
  readonly text: string;
  readonly node: JsonNode;
}

function diffNodes(path: string, before: Value, after: Value): FieldChange[] {
  const [old, now] = [textOf(before), textOf(after)];
  if (old === now) return [];
  const at = (value: Value, node: JsonNode | undefined): Value | null =>
    node === undefined ? null : { text: value.text, node };
  if (before.node.kind === "object" && after.node.kind === "object") {
    const members = (node: typeof before.node) => new Map(node.members.map(({ name, value }) => [name, value]));
    const [a, b] = [members(before.node), members(after.node)];
    return [...new Set([...a.keys(), ...b.keys()])].flatMap((name) =>
      diffSides(`${path}.${name}`, at(before, a.get(name)), at(after, b.get(name))),
    );
  }
  if (
    before.node.kind === "array" &&
    after.node.kind === "array" &&
    before.node.items.length === after.node.items.length
  ) {
    const { items } = after.node;
    return before.node.items.flatMap((item, index) =>
      diffSides(`${path}[${index}]`, at(before, item), at(after, items[index])),
    );
  }
  return [{ field: path, before: old, after: now }];
}

function diffSides(path: string, before: Value | null, after: Value | null): FieldChange[] {
  if (before !== null && after !== null) return diffNodes(path, before, after);
  return [{ field: path, before: before && textOf(before), after: after && textOf(after) }];
}

function textOf({ text, node }: Value): string {
  return text.slice(node.start, node.end);
}
