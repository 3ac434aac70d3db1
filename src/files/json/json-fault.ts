import { JsonTextError } from "./json-text-error.ts";
import { firstMember, nextMember, readName } from "./members.ts";
import { skipValue } from "./scan.ts";
import { quoteRaw } from "./strings.ts";

/** Longer names are cut: the sentence goes into a report. */
const MOST_CHARACTERS = 80;

/**
 * What is wrong with a text that is not a JSON object of records, and where: `expected a value but found "N" at line 1,
 * column 11, in the record "a"`.
 */
export function describeJsonFault(text: string, fault: JsonTextError): string {
  const record = recordAt(text, fault.position);
  return record === null
    ? fault.message
    : `${fault.message}, in the record ${quoteRaw(record.slice(0, MOST_CHARACTERS))}`;
}

/** The name of the record whose value holds the first fault of the text; `null` when that stands between records. */
function recordAt(text: string, position: number): string | null {
  let name: string | null = null;
  try {
    for (let at = firstMember(text); at !== null; ) {
      const { name: next, valueStart } = readName(text, at);
      name = next;
      const end = skipValue(text, valueStart, 1);
      if (position < end) return name;
      name = null;
      at = nextMember(text, end);
    }
  } catch (error) {
    if (!(error instanceof JsonTextError)) throw error;
  }
  return name;
}
