/**
 * An old and a new text on one line each, cut so that what differs is seen. Pure.
 */
import { toOneLine } from "./inert.ts";

/** Of the shown text, how much may stand before the first difference. */
const LEAD = 1 / 4;

/**
 * Both texts as `toOneLine` makes them. Where one is too long, both are cut around their first difference: two JSON
 * texts that differ are never shown as the same.
 *
 * @param limit of characters, at least 40
 * @example toTwoLines(`${long}1`, `${long}2`, 40) // ["…abcdefghij1", "…abcdefghij2"]
 */
export function toTwoLines(before: string, after: string, limit: number): readonly [before: string, after: string] {
  const at = firstDifference(before, after);
  const lead = [...toOneLine(before.slice(0, limit).slice(0, at), 6 * limit)].length;
  const isWhole = [before, after].every((text) => toOneLine(text, limit + 1) === toOneLine(text, limit));
  if (isWhole || (at <= limit && lead <= limit / 2)) return [toOneLine(before, limit), toOneLine(after, limit)];
  const kept = Math.floor(limit * LEAD);
  const start = wholeCharacter(before, at - kept);
  const shared = [...toOneLine(before.slice(start, at), 12 * kept)].slice(-kept).join("");
  const show = (text: string) => `…${shared}${toOneLine(text.slice(at), limit - 1 - kept)}`;
  return [show(before), show(after)];
}

function firstDifference(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let at = 0;
  while (at < most && a[at] === b[at]) at += 1;
  return wholeCharacter(a, at);
}

/** A place that does not stand within a character of two units. */
function wholeCharacter(text: string, at: number): number {
  const isWithin = at > 0 && /[\ud800-\udbff]/.test(text[at - 1] ?? "");
  return isWithin ? at - 1 : Math.max(0, at);
}
