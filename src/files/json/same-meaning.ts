import { canonicalNode } from "./canonical.ts";
import { type JsonNode, readNode } from "./tree.ts";
import { walkValue } from "./walk.ts";

/** A value inside a text: its first character and the offset behind its last. */
export interface Span {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Whether two JSON value texts mean the same: equal `canonicalJson`, found out without building it where possible.
 *
 * Both must be well-formed values without white space around them, as `readMembers` gives them.
 */
export function sameMeaning(a: string, b: string): boolean {
  return sameSpan({ text: a, start: 0, end: a.length }, { text: b, start: 0, end: b.length });
}

/**
 * `sameMeaning` of values inside larger texts.
 *
 * Cheapest first: the same bytes; then a walk through both at once, which needs the keys in the same order; then the
 * normal forms, because reordered and duplicate keys make the walk fail for values that mean the same.
 * @param form what of a value means something; all of it unless told
 */
export function sameSpan(a: Span, b: Span, form = (node: JsonNode) => node): boolean {
  const length = a.end - a.start;
  if (length === b.end - b.start && a.text.startsWith(b.text.slice(b.start, b.end), a.start)) return true;
  if (walkValue({ a: a.text, b: b.text, atA: a.start, atB: b.start, depth: 0 })) return true;
  return canonicalNode(form(readNode(a.text, a.start))) === canonicalNode(form(readNode(b.text, b.start)));
}
