import { elementsOf, holdsContainer, isFilled } from "./elements.ts";
import { eolBefore, indentAt } from "./indent.ts";
import { quoteAscii, quoteRaw } from "./strings.ts";
import type { JsonNode, MemberNode } from "./tree.ts";

/** How new material is written at one place of a file. */
export interface Layout {
  /** `\n` or `\r\n`. */
  readonly eol: string;
  /** One level of indentation. */
  readonly unit: string;
  /** From a name's closing quote to its value, such as `: `. */
  readonly colon: string;
  /** White space behind the comma of values that share a line. */
  readonly gap: string;
  readonly quote: (value: string) => string;
  /** Whether every object or array goes on one line, or only those that hold no other object or array. */
  readonly inline: { readonly all: boolean; readonly leafObjects: boolean; readonly leafArrays: boolean };
}

/** Python's `json.dumps(value, indent=4)`. */
export const CANONICAL: Layout = {
  eol: "\n",
  unit: "    ",
  colon: ": ",
  gap: " ",
  quote: quoteAscii,
  inline: { all: false, leafObjects: false, leafArrays: false },
};

/** What holds for a whole file: its first line ending, and raw characters if it has any beyond ASCII. */
export function fileLayout(text: string): Layout {
  const newline = text.indexOf("\n");
  const eol = newline > 0 && text.charAt(newline - 1) === "\r" ? "\r\n" : "\n";
  return { ...CANONICAL, eol, quote: quoteAs(text) };
}

/**
 * The layout that `neighbours` show, nearest first; what none of them shows is as in `around`.
 *
 * Each property is decided by the first neighbour with evidence of it, because one file may mix styles.
 */
export function localLayout(text: string, neighbours: readonly (JsonNode | MemberNode)[], around: Layout): Layout {
  const members = neighbours.filter((neighbour) => "name" in neighbour);
  const values = neighbours.map((neighbour) => ("name" in neighbour ? neighbour.value : neighbour));
  const containers = values.filter(isFilled);
  const nested = containers.find(({ kind }) => kind === "object");
  const leaves = { object: findLeaf(containers, "object"), array: findLeaf(containers, "array") };
  const colon = firstOf(members, (member) => colonOf(text, member)) ?? around.colon;
  return {
    ...around,
    eol: firstOf(neighbours, (element) => eolOf(text, element)) ?? around.eol,
    colon,
    unit: firstOf(neighbours, (element) => unitOf(text, element)) ?? around.unit,
    gap: firstOf(containers, (node) => gapOf(text, node)) ?? (colon.endsWith(" ") ? " " : ""),
    inline: {
      all: nested ? isInline(text, nested) : around.inline.all,
      leafObjects: leaves.object ? isInline(text, leaves.object) : around.inline.leafObjects,
      leafArrays: leaves.array ? isInline(text, leaves.array) : around.inline.leafArrays,
    },
  };
}

/** Anything beyond ASCII but a byte order mark at the start. */
const HAS_RAW_CHARACTERS = /(?!^\ufeff)[^\0-\x7f]/;

/** Searches the text only when a string comes up for which it matters. */
function quoteAs(text: string): Layout["quote"] {
  let isRaw: boolean | undefined;
  return (value) => {
    const ascii = quoteAscii(value);
    if (ascii === quoteRaw(value)) return ascii;
    isRaw ??= HAS_RAW_CHARACTERS.test(text);
    return isRaw ? quoteRaw(value) : ascii;
  };
}

function isInline(text: string, node: JsonNode): boolean {
  const first = elementsOf(node)[0];
  return first !== undefined && !text.slice(node.start, first.start).includes("\n");
}

function findLeaf(nodes: readonly JsonNode[], kind: "object" | "array"): JsonNode | undefined {
  return firstOf(nodes, (node) => {
    if (!isFilled(node)) return undefined;
    if (node.kind === kind && !holdsContainer(node)) return node;
    return findLeaf(
      elementsOf(node).map((element) => ("name" in element ? element.value : element)),
      kind,
    );
  });
}

/** The line ending before an element, or before the first one in it. */
function eolOf(text: string, element: JsonNode | MemberNode): string | undefined {
  const own = eolBefore(text, element.start);
  const inner = elementsOf("name" in element ? element.value : element)[0];
  return own ?? (inner && eolBefore(text, inner.start));
}

function colonOf(text: string, member: MemberNode): string | undefined {
  const nameEnd = text.lastIndexOf('"', text.lastIndexOf(":", member.value.start - 1)) + 1;
  const colon = text.slice(nameEnd, member.value.start);
  return colon.includes("\n") ? undefined : colon;
}

/** How much deeper the first element of a value stands than its closing bracket, or than the line where it begins. */
function unitOf(text: string, element: JsonNode | MemberNode): string | undefined {
  const node = "name" in element ? element.value : element;
  const first = elementsOf(node)[0];
  const inner = first && indentAt(text, first.start);
  const outer = indentAt(text, node.end - 1) ?? indentAt(text, element.start);
  if (inner === null || inner === undefined || outer === null) return undefined;
  return inner.length > outer.length && inner.startsWith(outer) ? inner.slice(outer.length) : undefined;
}

function gapOf(text: string, node: JsonNode): string | undefined {
  const [first, second] = elementsOf(node);
  if (!first || !second) return undefined;
  const between = text.slice(first.end, second.start);
  return between.includes("\n") ? undefined : between.slice(between.indexOf(",") + 1);
}

function firstOf<T, R>(items: readonly T[], read: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const result = read(item);
    if (result !== undefined) return result;
  }
  return undefined;
}
