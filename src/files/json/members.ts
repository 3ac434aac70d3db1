import { JsonTextError } from "./json-text-error.ts";
import { CLOSE_BRACE, OPEN_BRACE, skipColon, skipSpace, skipString, skipToSeparator, skipValue } from "./scan.ts";
import { decodeString } from "./strings.ts";

/** One member of a JSON object: its decoded name and the exact source text of its value. */
export interface Member {
  readonly name: string;
  readonly value: string;
  /** Offsets in the object's text: the name's opening quote, the value's first character, the value's end. */
  readonly start: number;
  readonly valueStart: number;
  readonly end: number;
}

/**
 * The members of a JSON object text in source order, duplicates kept.
 *
 * White space around the object and a byte order mark before it are allowed. All of the text is checked.
 * @throws JsonTextError when the text is not exactly one JSON object
 */
export function readMembers(text: string): Member[] {
  return readMembersFrom(text, firstMember(text));
}

/** Members by name as JSON parsers see them: the last of several with one name wins, at the place of the first. */
export function indexMembers<M extends { readonly name: string }>(members: readonly M[]): Map<string, M> {
  return new Map(members.map((member) => [member.name, member]));
}

/** @throws JsonTextError at the first member of `text` whose value is no object */
export function requireObjects(text: string, members: Iterable<Member>): void {
  for (const { valueStart } of members) {
    if (text.charCodeAt(valueStart) !== OPEN_BRACE) throw new JsonTextError(text, valueStart, "an object");
  }
}

/** The members of the text's object from the one at `start` on. @throws JsonTextError */
export function readMembersFrom(text: string, start: number | null): Member[] {
  const members: Member[] = [];
  let at = start;
  while (at !== null) {
    const member = readMember(text, at);
    members.push(member);
    at = nextMember(text, member.end);
  }
  return members;
}

/** The offset of the first member of the text's object, `null` when it has none. @throws JsonTextError */
export function firstMember(text: string): number | null {
  const start = skipSpace(text, text.charCodeAt(0) === BYTE_ORDER_MARK ? 1 : 0);
  if (text.charCodeAt(start) !== OPEN_BRACE) throw new JsonTextError(text, start, "a JSON object");
  const at = skipSpace(text, start + 1);
  return text.charCodeAt(at) === CLOSE_BRACE ? finishObject(text, at) : at;
}

/** The offset of the member behind the one that ends at `end`, `null` behind the last one. @throws JsonTextError */
export function nextMember(text: string, end: number): number | null {
  const at = skipToSeparator(text, end, CLOSE_BRACE);
  return text.charCodeAt(at) === CLOSE_BRACE ? finishObject(text, at) : skipSpace(text, at + 1);
}

/** Reads the member whose name's opening quote is at `start`. @throws JsonTextError */
export function readMember(text: string, start: number): Member {
  const { name, valueStart } = readName(text, start);
  return makeMember({ text, name, start, valueStart, end: skipValue(text, valueStart, 1) });
}

/** Reads a member's name, up to its value. @throws JsonTextError */
export function readName(text: string, start: number): { name: string; valueStart: number } {
  const nameEnd = skipString(text, start);
  return { name: decodeString(text, start, nameEnd), valueStart: skipColon(text, nameEnd) };
}

export function makeMember({ text, ...member }: Omit<Member, "value"> & { readonly text: string }): Member {
  return { ...member, value: text.slice(member.valueStart, member.end) };
}

const BYTE_ORDER_MARK = 0xfeff;

function finishObject(text: string, close: number): null {
  const end = skipSpace(text, close + 1);
  if (end < text.length) throw new JsonTextError(text, end, "nothing after the object");
  return null;
}
