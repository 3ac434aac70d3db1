import { elementsOf, holdsContainer, isFilled } from "./elements.ts";
import type { Layout } from "./layout.ts";
import { indexMembers } from "./members.ts";
import { quoteRaw } from "./strings.ts";
import type { JsonNode, MemberNode } from "./tree.ts";

/**
 * A value written anew: numbers and words as they were spelled, everything else in `layout`.
 *
 * @param indent what the line starts with on which the value begins, or `null` to keep the value on that line
 */
export function renderValue(node: JsonNode, layout: Layout, indent: string | null): string {
  if (node.kind === "string") return layout.quote(node.content);
  if (node.kind === "number" || node.kind === "word") return node.source;
  const [open, close] = node.kind === "object" ? ["{", "}"] : ["[", "]"];
  if (!isFilled(node)) return open + close;
  if (indent === null || isOneLine(node, layout)) {
    const parts = meantElements(node).map((element) => renderElement(element, layout, null));
    return open + parts.join(`,${layout.gap}`) + close;
  }
  const inner = indent + layout.unit;
  const lines = meantElements(node).map((element) => layout.eol + inner + renderElement(element, layout, inner));
  return open + lines.join(",") + layout.eol + indent + close;
}

/** A member or an item, without the white space before it. Parameters as of `renderValue`. */
export function renderElement(element: JsonNode | MemberNode, layout: Layout, indent: string | null): string {
  if (!("name" in element)) return renderValue(element, layout, indent);
  return layout.quote(element.name) + layout.colon + renderValue(element.value, layout, indent);
}

/**
 * A value on one line, for people and for comparison: `{"a":[1.0,"é"]}`.
 *
 * Numbers as spelled in their source, strings in the raw spelling; of several members with one name the last.
 */
export function printPlain(node: JsonNode): string {
  switch (node.kind) {
    case "object":
      return `{${[...indexMembers(node.members).values()].map(({ name, value }) => `${quoteRaw(name)}:${printPlain(value)}`).join(",")}}`;
    case "array":
      return `[${node.items.map(printPlain).join(",")}]`;
    case "string":
      return quoteRaw(node.content);
    case "number":
    case "word":
      return node.source;
  }
}

/** The elements that count: of several members with one name the last, at the place of the first. */
function meantElements(node: JsonNode): readonly (JsonNode | MemberNode)[] {
  return node.kind === "object" ? [...indexMembers(node.members).values()] : elementsOf(node);
}

function isOneLine(node: JsonNode, { inline }: Layout): boolean {
  if (inline.all) return true;
  if (holdsContainer(node)) return false;
  return node.kind === "object" ? inline.leafObjects : inline.leafArrays;
}
