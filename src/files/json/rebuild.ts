import type { Layout } from "./layout.ts";

/** An element of the container as it shall become. */
export type Piece =
  /** The old one of this index, with other text or (`null`) as it is. */
  | { readonly from: number; readonly body: string | null }
  /** A new one. `indent` is what its line starts with, or `null` when it shares a line with others. */
  | { readonly from: null; readonly render: (indent: string | null) => string };

/** An object or array in a text, by the offsets of its brackets, with its elements in order: at least one. */
export interface Container {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly elements: readonly { readonly start: number; readonly end: number }[];
}

/**
 * The text of an object or array with other elements, in which everything between the old elements stays as it was.
 *
 * An old element keeps the white space before it, unless one line is shared and it becomes the first or stops being
 * so. A new element stands as the one before it does. A removed one goes with its comma and its line.
 */
export function rebuildContainer(container: Container, pieces: readonly Piece[], layout: Layout): string {
  const { text, start, end, elements } = container;
  if (pieces.length === 0) return text.charAt(start) + text.charAt(end - 1);
  let result = text.charAt(start);
  let lead = "";
  for (let at = 0, piece = pieces[0]; piece !== undefined; piece = pieces[++at]) {
    lead = leadOf({ container, piece, isFirst: at === 0, previous: lead, layout });
    result += (at > 0 ? "," : "") + lead;
    if (piece.from === null) {
      result += piece.render(leadIndent(lead));
      continue;
    }
    const last = piece.body === null ? endOfRun(pieces, at) : at;
    const lastIndex = piece.from + last - at;
    result += piece.body ?? text.slice(elements[piece.from]?.start, elements[lastIndex]?.end);
    if (last > at) lead = seamBefore(container, lastIndex);
    at = last;
    if (at < pieces.length - 1) result += trailBehind(container, lastIndex);
  }
  return result + text.slice(elements.at(-1)?.end ?? end, end);
}

/** The last of the pieces from `start` on that follow each other in the old text and stay as they are. */
function endOfRun(pieces: readonly Piece[], start: number): number {
  let at = start;
  for (;;) {
    const next = pieces[at + 1];
    if (!next || next.from === null || next.body !== null || next.from !== (pieces[at]?.from ?? -1) + 1) return at;
    at += 1;
  }
}

interface LeadInput {
  readonly container: Container;
  readonly piece: Piece;
  readonly isFirst: boolean;
  /** The white space before the piece in front of this one. */
  readonly previous: string;
  readonly layout: Layout;
}

/** The white space that goes before a piece. */
function leadOf({ container, piece, isFirst, previous, layout }: LeadInput): string {
  const first = seamBefore(container, 0);
  const shared = container.elements.length > 1 ? seamBefore(container, 1) : layout.gap;
  if (piece.from === null) {
    if (isFirst) return lastLine(first);
    return lastLine(previous.includes("\n") ? previous : shared);
  }
  const own = seamBefore(container, piece.from);
  if (isFirst === (piece.from === 0) || (own.includes("\n") && first.includes("\n"))) return own;
  return isFirst ? first : shared;
}

/** What stands between the bracket or comma before an old element and the element. */
function seamBefore({ text, start, elements }: Container, index: number): string {
  const element = elements[index];
  const before = elements[index - 1];
  return text.slice(before ? text.indexOf(",", before.end) + 1 : start + 1, element?.start ?? start + 1);
}

/** What stands between an old element and its comma; nothing behind the last one. */
function trailBehind({ text, elements }: Container, index: number): string {
  const element = elements[index];
  if (!element || index === elements.length - 1) return "";
  return text.slice(element.end, text.indexOf(",", element.end));
}

/** White space without its blank lines: the last line ending and what follows it. */
function lastLine(lead: string): string {
  const newline = lead.lastIndexOf("\n");
  if (newline < 0) return lead;
  return lead.slice(lead.charAt(newline - 1) === "\r" ? newline - 1 : newline);
}

function leadIndent(lead: string): string | null {
  const newline = lead.lastIndexOf("\n");
  return newline < 0 ? null : lead.slice(newline + 1);
}
