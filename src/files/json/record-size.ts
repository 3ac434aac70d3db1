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
 * Eight times as many as either repository holds. To write a new one takes some ten times its text, so that tens of
 * thousands of tiny ones are more than a Worker has memory for, and would end the run for every other category.
 */
const MOST_NEW_RECORDS = 4096;

/** @throws RecordTooLargeError */
export function requireFewNew(count: number): void {
  if (count <= MOST_NEW_RECORDS) return;
  throw new RecordTooLargeError("after", `${count} new records, and at most ${MOST_NEW_RECORDS} are taken at once`);
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
