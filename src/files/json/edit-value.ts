import { alignLists } from "./align.ts";
import { canonicalNode, orderedNode } from "./canonical.ts";
import { isFilled } from "./elements.ts";
import { indentAt } from "./indent.ts";
import { type Layout, localLayout } from "./layout.ts";
import { followMembers, orderMembers } from "./member-order.ts";
import { indexMembers } from "./members.ts";
import { type Piece, rebuildContainer } from "./rebuild.ts";
import { renderElement, renderValue } from "./render.ts";
import type { ArrayNode, JsonNode, MemberNode, ObjectNode } from "./tree.ts";

interface Edit<Old extends JsonNode = JsonNode, Wanted extends JsonNode = JsonNode> {
  /** The file's text, which `node` was read from. */
  readonly text: string;
  readonly node: Old;
  /** What the value shall mean; read from another text. */
  readonly wanted: Wanted;
  /** How the surroundings are written. */
  readonly layout: Layout;
  /** The indentation of the line that the value belongs to, `null` on a shared line. */
  readonly indent: string | null;
  /** Whether the members of objects shall stand in the order of `wanted`, each once. */
  readonly isStrict: boolean;
}

/**
 * The text of a value that is not as `wanted` yet, after the smallest edit that makes it so: mean the same or, where
 * that is strict, stand in the same order too.
 *
 * What is so already keeps its bytes, at any depth: members are matched by name (the last of duplicates counts and
 * is edited, those before it stay), array items by meaning and then by place. Only the rest is written anew, as its
 * neighbours are.
 */
export function editValue(edit: Edit): string {
  const { text, node, wanted, layout, indent } = edit;
  if (isFilled(node)) {
    if (node.kind === "object" && wanted.kind === "object") return editObject({ ...edit, node, wanted });
    if (node.kind === "array" && wanted.kind === "array") return editArray({ ...edit, node, wanted });
  }
  return renderValue(wanted, localLayout(text, [node], layout), indent);
}

function editObject({ text, node, wanted, layout, isStrict }: Edit<ObjectNode, ObjectNode>): string {
  const { members, start, end } = node;
  const order = isStrict ? followMembers : orderMembers;
  let near = 0;
  const pieces = order({ old: members, wanted: indexMembers(wanted.members) }).map((entry): Piece => {
    near = entry.from ?? near;
    const { target } = entry;
    if (entry.from === null) {
      const local = localLayout(text, nearestFirst(members, near), layout);
      return { from: null, render: (indent) => renderElement(target, local, indent) };
    }
    const { from, member, counts } = entry;
    if (!counts || isAsWanted(member.value, target.value, isStrict)) return { from, body: null };
    return { from, body: editMember({ text, members, index: from, member, target, layout, isStrict }) };
  });
  return rebuildContainer({ text, start, end, elements: members }, pieces, localLayout(text, members, layout));
}

interface MemberEdit {
  readonly text: string;
  readonly members: readonly MemberNode[];
  readonly index: number;
  readonly member: MemberNode;
  readonly target: MemberNode;
  readonly layout: Layout;
  readonly isStrict: boolean;
}

function editMember({ text, members, index, member, target, layout, isStrict }: MemberEdit): string {
  const local = localLayout(text, nearestFirst(members, index), layout);
  const indent = indentAt(text, member.start);
  const value = editValue({ text, node: member.value, wanted: target.value, layout: local, indent, isStrict });
  return text.slice(member.start, member.value.start) + value;
}

function editArray({ text, node, wanted, layout, isStrict }: Edit<ArrayNode, ArrayNode>): string {
  const { items, start, end } = node;
  const pairings = alignLists(items.map(canonicalNode), wanted.items.map(canonicalNode));
  let near = 0;
  const pieces = pairings.flatMap(({ from, to }): Piece[] => {
    const target = wanted.items[to];
    if (!target) return [];
    near = from ?? near;
    const item = from === null ? undefined : items[from];
    if (from !== null && item && isAsWanted(item, target, isStrict)) return [{ from, body: null }];
    const local = localLayout(text, nearestFirst(items, near), layout);
    if (from === null || !item) return [{ from: null, render: (indent) => renderValue(target, local, indent) }];
    const indent = indentAt(text, item.start);
    return [{ from, body: editValue({ text, node: item, wanted: target, layout: local, indent, isStrict }) }];
  });
  return rebuildContainer({ text, start, end, elements: items }, pieces, localLayout(text, items, layout));
}

/** How many elements on either side are asked for their layout. */
const NEIGHBOURHOOD = 20;

/** The element at `index` and those before it, going back, then those behind it. */
function nearestFirst<T>(elements: readonly T[], index: number): T[] {
  const before = elements.slice(Math.max(0, index + 1 - NEIGHBOURHOOD), index + 1);
  return [...before.reverse(), ...elements.slice(index + 1, index + 1 + NEIGHBOURHOOD)];
}

function isAsWanted(node: JsonNode, wanted: JsonNode, isStrict: boolean): boolean {
  return isStrict ? orderedNode(node) === orderedNode(wanted) : canonicalNode(node) === canonicalNode(wanted);
}
