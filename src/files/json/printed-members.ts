/**
 * The members of a file that is just as its repository's check wants it, told by one regular expression for a record:
 * a short way in front of `readMembers`, which steps through every character and so is dear where nothing is compiled.
 */
import { type Member, makeMember } from "./members.ts";
import { decodeString } from "./strings.ts";

/** Tells the members of a text that is `json.dumps(records, indent=4)` and a newline; `null` for any other text. */
export type PrintedReader = (text: string) => Member[] | null;

/**
 * @param name a regular expression's source for a string as it is printed
 * @param record a regular expression's source for right records as they are printed in such a text, and for no others:
 *   what has a name twice, or another spelling than Python's, is none
 */
export function createPrintedReader(name: string, record: string): PrintedReader {
  const source = `\\n    (?<quoted>${name}): ${record}(?<behind>,|\\n\\}\\n$)`;
  // One object for all texts: it is compiled with its first use, which takes longer than the use.
  const member = new RegExp(source, "y");
  return (text) => readPrinted(text, member);
}

function readPrinted(text: string, member: RegExp): Member[] | null {
  if (!text.startsWith("{")) return null;
  const members: Member[] = [];
  const names = new Set<string>();
  member.lastIndex = 1;
  for (;;) {
    const start = member.lastIndex + LEAD;
    const { quoted, behind } = member.exec(text)?.groups ?? {};
    if (quoted === undefined || behind === undefined) return null;
    const valueStart = start + quoted.length + COLON;
    const name = decodeString(quoted, 0, quoted.length);
    members.push(makeMember({ text, name, start, valueStart, end: member.lastIndex - behind.length }));
    names.add(name);
    if (behind !== ",") return names.size === members.length ? members : null;
  }
}

/** A newline and four spaces. */
const LEAD = 5;
const COLON = 2;
