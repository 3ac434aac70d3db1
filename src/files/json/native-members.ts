/**
 * The members of an object of records, told by `JSON.parse`: a short way in front of `readMembers`, which steps through
 * every character and so is dear where nothing is compiled yet.
 *
 * It may be taken where the records stand on lines of their own, all indented alike, and nothing stands in the text of
 * which a JavaScript value would lose something. So of two such texts the records mean the same exactly when their
 * values are equal, and the members are those that `readMembers` finds. Any other text is for that to read.
 */
import { parseJsonOrNull } from "../../core/parse-json.ts";
import type { Member } from "./members.ts";
import { holdsTooMuch } from "./record-size.ts";
import { skipColon, skipSpace } from "./scan.ts";

export interface NativeMember extends Member {
  /** What the member's value is in JavaScript. */
  readonly native: unknown;
}

/** The beginning of such a text, up to the first name: the line ending and the indentation. */
const BEGINNING = /^\ufeff?\{(\r?\n)([ \t]*)"/;

/** A number of more than 15 digits, or with an exponent: two of them can be one double. Some are found in strings. */
const LOSSY_NUMBER = /[:,[]\s*-?(?:\d[\d.]{15}|[\d.]+[eE][+-]?\d)/;

/** Put before the name of every record, so that the parser tells whether it found just these, in this order. */
const MARK = "\x7f";
const QUOTES = 2;
/** A text in which a name could have the mark of its own. */
const HAS_MARK = /\x7f|\\u007[fF]/;

/** The members in source order; `null` where the short way cannot be taken, malformed texts and ones with a name twice included. */
export function readNativeMembers(text: string): NativeMember[] | null {
  const [beginning, eol, indent] = BEGINNING.exec(text) ?? [];
  if (beginning === undefined || LOSSY_NUMBER.test(text) || HAS_MARK.test(text) || hasEscapedName(text)) return null;
  const separator = `,${eol}${indent}"`;
  const pieces = text.slice(beginning.length).split(separator);
  // As values it would take many times its size, and it is refused anyway.
  if (pieces.some(holdsTooMuch)) return null;
  const value = parseJsonOrNull(`{"${MARK}${pieces.join(`,"${MARK}`)}`);
  if (typeof value !== "object" || value === null) return null;
  const entries = Object.entries(value);
  if (entries.length !== pieces.length) return null;
  const members: NativeMember[] = [];
  let start = beginning.length - 1;
  for (const [index, [marked, native]] of entries.entries()) {
    if (!marked.startsWith(MARK)) return null;
    const piece = pieces[index] ?? "";
    const isLast = index === pieces.length - 1;
    const source = (isLast ? piece.slice(0, piece.lastIndexOf("}")) : piece).trimEnd();
    const name = marked.slice(MARK.length);
    if (!text.startsWith(`"${name}"`, start)) return null;
    const end = start + 1 + source.length;
    const valueStart = skipColon(text, start + name.length + QUOTES);
    members.push({ name, value: text.slice(valueStart, end), start, valueStart, end, native });
    start += piece.length + separator.length;
  }
  return members;
}

/**
 * Whether a name of a JSON text, at any depth, is spelled with an escape, which `JSON.parse` is not to be trusted with:
 * V8 13.6, the one of Node 24, takes a name that it expects, since an object had it at this place before, for one that
 * begins alike in the text. After `{"a":1,"\\":1}` it reads `{"a":1,"\u00e9":1}` as `{"a":1,"\\":1}`.
 */
export function hasEscapedName(text: string): boolean {
  let close = -1;
  for (let at = text.indexOf("\\"); at >= 0; at = text.indexOf("\\", at)) {
    at += 2;
    // Looked for anew only where it was passed, so that each character is looked at once, however many escapes there are.
    if (close < at) close = text.indexOf('"', at);
    if (close < 0) return false;
    const next = text.indexOf("\\", at);
    if (next >= 0 && next < close) continue;
    if (text.charAt(skipSpace(text, close + 1)) === ":") return true;
    at = close;
  }
  return false;
}
