import { indexMembers } from "./members.ts";
import { canonicalNumber } from "./numbers.ts";
import { quoteRaw } from "./strings.ts";
import { type JsonNode, type MemberNode, parseNode } from "./tree.ts";

/**
 * The normal form of a JSON value: two values mean the same exactly when their normal forms are the same text.
 *
 * No white space; object keys sorted by UTF-16 code unit, the last of several equal keys kept; strings quoted one
 * way; numbers by exact decimal value (`1.0`, `1e0` and `10E-1` are `1`, `-0` is `0`). The form is JSON itself.
 * @throws JsonTextError when the text is not exactly one JSON value
 */
export function canonicalJson(valueText: string): string {
  return canonicalNode(parseNode(valueText));
}

/** `canonicalJson` of a value that is parsed already. */
export function canonicalNode(node: JsonNode): string {
  return printMeaning(node, (members) =>
    [...indexMembers(members).values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
  );
}

/** The same with the members of objects in their own order, duplicates kept: what a stricter reader tells apart. */
export function orderedNode(node: JsonNode): string {
  return printMeaning(node, (members) => members);
}

type Arrange = (members: readonly MemberNode[]) => readonly MemberNode[];

function printMeaning(node: JsonNode, arrange: Arrange): string {
  switch (node.kind) {
    case "object": {
      const members = arrange(node.members).map(
        ({ name, value }) => `${quoteRaw(name)}:${printMeaning(value, arrange)}`,
      );
      return `{${members.join(",")}}`;
    }
    case "array":
      return `[${node.items.map((item) => printMeaning(item, arrange)).join(",")}]`;
    case "string":
      return quoteRaw(node.content);
    case "number":
      return canonicalNumber(node.source);
    case "word":
      return node.source;
  }
}
