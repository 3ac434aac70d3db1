/**
 * PRIMARY's entries, told by what the script makes of models.csv: a short way in front of reading every character.
 *
 * PRIMARY is a Python program too. It has the category as db.json has it or, after an edit there, with two spaces and
 * without escapes: an entry that says what a row says has the bytes that the script gives it, and needs no reading.
 */
import { JsonTextError } from "../../json/json-text-error.ts";
import { type Member, readMember } from "../../json/members.ts";
import { isLargeRecord } from "../../json/record-size.ts";
import type { Model } from "../script/model.ts";

/** An entry, and what is known of it. */
export interface PrimaryEntry extends Member {
  /** The model that it is an entry of, saying all that the script says and nothing else. */
  readonly says?: Model;
}

/** What the script makes of models.csv. */
export interface ScriptOutput {
  /** Whose entry each key of db.json is. */
  readonly entries: ReadonlyMap<string, Model>;
  /** What stands in db.json behind the name of every entry of a model: `,\n        "model_name": …\n    }`. */
  readonly bodyOf: (model: Model) => string;
}

/**
 * The entries in PRIMARY's order. `null` for a text in another layout, a malformed one, one with a key twice or an
 * entry that is large or no object.
 */
export function readPrintedEntries(text: string, script: ScriptOutput): PrimaryEntry[] | null {
  const margin = /^\{\n( {2}| {4})"/.exec(text)?.[1];
  const close = text.lastIndexOf("\n}");
  if (margin === undefined || /[^ \t\r\n]/.test(text.slice(close + 2))) return null;
  const separator = `,\n${margin}"`;
  let start = separator.length - 1;
  const pieces = text.slice(start + 1, close).split(separator);
  const findSaid = createFinder(margin, script);
  const entries: PrimaryEntry[] = [];
  for (const piece of pieces) {
    const end = start + 1 + piece.length;
    const entry = isLargeRecord(piece) ? null : (findSaid(piece, start) ?? readEntry(text, start, end));
    if (entry === null) return null;
    entries.push(entry);
    start += piece.length + separator.length;
  }
  return new Set(entries.map(({ name }) => name)).size === entries.length ? entries : null;
}

/** What JSON spells in another way than it is, control characters included, which it does not take as they are. */
const NOT_PLAIN = /[\\\p{Cc}]/u;

/** Finds what a text from behind the first quote of a key says, where it says just what the script does. */
function createFinder(margin: string, { entries, bodyOf }: ScriptOutput) {
  const bodies = new Map<Model, string | null>();
  return (piece: string, start: number): PrimaryEntry | null => {
    const name = piece.slice(0, piece.indexOf('"'));
    const says = entries.get(name);
    if (says === undefined || NOT_PLAIN.test(name)) return null;
    const known = bodies.get(says);
    const body = known === undefined ? bodyAs(bodyOf(says), margin) : known;
    bodies.set(says, body);
    if (body === null) return null;
    const head = `${name}": {\n${margin}${margin}"name": "${name}"`;
    const isSaid = piece.length === head.length + body.length && piece.startsWith(head) && piece.endsWith(body);
    if (!isSaid) return null;
    const valueStart = name.length + `": `.length;
    return {
      name,
      value: piece.slice(valueStart),
      start,
      valueStart: start + 1 + valueStart,
      end: start + 1 + piece.length,
      says,
    };
  };
}

/** A body in PRIMARY's layout; `null` where that may have other bytes than these, or be no JSON, and for a large one. */
function bodyAs(body: string, margin: string): string | null {
  if (isLargeRecord(body) || /NaN|Infinity/.test(body)) return null;
  if (margin.length === 4) return body;
  if (/\\\\|\\u00[01]/.test(body)) return null;
  return body.replace(/\n( +)\1/g, "\n$1").replace(/(?:\\u[\da-f]{4})+/g, (units) => JSON.parse(`"${units}"`));
}

/** Reads an entry losslessly, if it is just what stands there. */
function readEntry(text: string, start: number, end: number): PrimaryEntry | null {
  try {
    const member = readMember(text, start);
    return member.end === end && member.value.startsWith("{") ? member : null;
  } catch (error) {
    if (error instanceof JsonTextError) return null;
    throw error;
  }
}
