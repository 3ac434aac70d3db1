import type { Member } from "./members.ts";
import { quoteRaw } from "./strings.ts";

/**
 * More than a hundred times what is usual, in UTF-16 code units. What is larger was meant to hurt: a record of three
 * megabytes takes two hundred to compare, and a name is told in every report and parsed with the state by every tick.
 */
const MOST_OF_A_RECORD = 2 ** 18;
const MOST_OF_A_NAME = 2 ** 14;

/** Whether a text may hold a record, or the name of one, that is refused. */
export function isLargeRecord(text: string): boolean {
  return text.length > MOST_OF_A_NAME;
}

/** Whether a text that holds one record and its name holds one that is refused. */
export function holdsTooMuch(text: string): boolean {
  return text.length > MOST_OF_A_RECORD + MOST_OF_A_NAME;
}

/**
 * What is set aside for records while they are written, and what each takes of it, in bytes of memory. Tens of thousands
 * at once, or long lists of numbers, are more than a Worker has, and would end the run for every other category. There is
 * room for ten times what either repository holds.
 */
const ROOM_FOR_WRITTEN = 64 * 2 ** 20;
const BYTES_A_RECORD = 4096;
const BYTES_A_CHARACTER = 4;
const BYTES_A_VALUE = 170;
const BYTES_A_NAME = 60;
/** Of a record, whose own bytes hold these. */
const FEW_VALUES = 8;

/** @param texts of new or changed records, as JSON. @throws RecordTooLargeError */
export function requireRoom(texts: Iterable<string>): void {
  let [records, characters, bytes] = [0, 0, 0];
  for (const text of texts) {
    records += 1;
    characters += text.length;
    // At least as many as there are: what stands in a string counts, too.
    const values = Math.max(0, count(text, ",") + count(text, "{") + count(text, "[") - FEW_VALUES);
    bytes += BYTES_A_RECORD + text.length * BYTES_A_CHARACTER;
    bytes += values * BYTES_A_VALUE + count(text, ":") * BYTES_A_NAME;
  }
  if (bytes <= ROOM_FOR_WRITTEN) return;
  const what = `${records} new or changed records of ${characters} characters in all, which are more than are taken at once`;
  throw new RecordTooLargeError("after", `${what}; commit a part of them by hand, and the rest follows`);
}

function count(text: string, character: string): number {
  let found = 0;
  for (let at = text.indexOf(character); at >= 0; at = text.indexOf(character, at + 1)) found += 1;
  return found;
}

/** How much of a name stands in the sentence. */
const SHOWN_CHARACTERS = 80;

/** A record that is refused for its size; the message says which, and what is taken. */
export class RecordTooLargeError extends Error {
  override readonly name = "RecordTooLargeError";
  /** Of two texts, the one that holds it. */
  readonly side: "before" | "after";

  constructor(side: RecordTooLargeError["side"], message: string) {
    super(message);
    this.side = side;
  }
}

/** @throws RecordTooLargeError */
export function requireModestRecords(side: RecordTooLargeError["side"], members: Iterable<Member>): void {
  for (const { name, valueStart, end } of members) {
    const length = end - valueStart;
    if (name.length <= MOST_OF_A_NAME && length <= MOST_OF_A_RECORD) continue;
    const shown = quoteRaw(name.length > SHOWN_CHARACTERS ? `${name.slice(0, SHOWN_CHARACTERS)}…` : name);
    const what =
      name.length > MOST_OF_A_NAME
        ? `a record's name of ${name.length} characters (${shown}), and at most ${MOST_OF_A_NAME} are taken`
        : `a record of ${length} characters (${shown}), and at most ${MOST_OF_A_RECORD} are taken`;
    throw new RecordTooLargeError(side, what);
  }
}
