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
 * What is set aside for new records while they are written, and what each takes of it, in bytes of memory. Tens of
 * thousands at once are more than a Worker has, and would end the run for every other category. There is room for ten
 * times what either repository holds.
 */
const ROOM_FOR_NEW = 64 * 2 ** 20;
const BYTES_A_RECORD = 4096;
const BYTES_A_CHARACTER = 6;

/** @param lengths of the new records' texts, in UTF-16 code units. @throws RecordTooLargeError */
export function requireRoom(lengths: Iterable<number>): void {
  let [count, characters] = [0, 0];
  for (const length of lengths) {
    count += 1;
    characters += length;
  }
  if (count * BYTES_A_RECORD + characters * BYTES_A_CHARACTER <= ROOM_FOR_NEW) return;
  const what = `${count} new records of ${characters} characters in all, which are more than are taken at once`;
  throw new RecordTooLargeError("after", `${what}; commit a part of them by hand, and the rest follows`);
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
