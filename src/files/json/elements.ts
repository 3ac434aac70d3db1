import type { JsonNode, MemberNode } from "./tree.ts";

/** Whether an object or array has anything in it. */
export function isFilled(node: JsonNode): boolean {
  return elementsOf(node).length > 0;
}

/** Members of an object, items of an array, nothing of any other value. */
export function elementsOf(node: JsonNode): readonly (JsonNode | MemberNode)[] {
  if (node.kind === "object") return node.members;
  return node.kind === "array" ? node.items : [];
}

/** Whether an object or array holds another one. */
export function holdsContainer(node: JsonNode): boolean {
  return elementsOf(node).some((element) => {
    const { kind } = "name" in element ? element.value : element;
    return kind === "object" || kind === "array";
  });
}
