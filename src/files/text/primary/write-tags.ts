import { parseNode } from "../../json/tree.ts";
import { strip } from "../../python/python-text.ts";
import { ownTags } from "../script/tags.ts";
import { isSayable } from "./sayable.ts";

/** The strings of a JSON list of tags; `null` when it is anything else. */
export function readTags(text: string | undefined): Set<string> | null {
  if (text === undefined || !text.startsWith("[")) return null;
  const node = parseNode(text);
  if (node.kind !== "array") return null;
  const tags = node.items.flatMap((item) => (item.kind === "string" ? [item.content] : []));
  return new Set(tags);
}

/**
 * The tags cell that, with the derived tags, gives the wanted ones.
 *
 * The current cell stays if it does; else its tags keep their order and spacing, those not wanted go, and missing ones
 * are put behind. Tags a cell cannot name (with a comma, or white space around) are left out.
 */
export function writeTags(input: {
  readonly current: string;
  readonly wanted: ReadonlySet<string>;
  readonly derived: ReadonlySet<string>;
}): string {
  const { current, derived } = input;
  const wanted = new Set([...input.wanted].filter((tag) => derived.has(tag) || isNameable(tag)));
  const isRight = (cell: string) => sameSet(new Set([...ownTags(cell), ...derived]), new Set([...wanted, ...derived]));
  if (isRight(current)) return current;
  const own = new Set(ownTags(current));
  const missing = [...wanted].filter((tag) => !derived.has(tag) && !own.has(tag));
  const edited = editTags(current, wanted, missing);
  return isRight(edited) ? edited : joinTags([...wanted].filter((tag) => !derived.has(tag)));
}

function isNameable(tag: string): boolean {
  return !tag.includes(",") && strip(tag) === tag && isSayable(tag);
}

function editTags(cell: string, wanted: ReadonlySet<string>, missing: readonly string[]): string {
  const pieces = cell === "" ? [] : cell.split(",");
  const kept = pieces.filter((piece) => wanted.has(strip(piece)));
  const [first, ...others] = kept;
  if (first === undefined) return joinTags(missing);
  const space = leadingSpace(pieces[1] ?? " ");
  return [leadingSpace(pieces[0] ?? "") + first.trimStart(), ...others, ...missing.map((tag) => space + tag)].join(",");
}

/** A cell is only empty when it names no tag: the empty tag alone is written as a comma. */
function joinTags(tags: readonly string[]): string {
  return tags.length === 1 && tags[0] === "" ? "," : tags.join(", ");
}

function leadingSpace(piece: string): string {
  return piece.slice(0, piece.length - piece.trimStart().length);
}

function sameSet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((item) => b.has(item));
}
