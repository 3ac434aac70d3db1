import type { PrintedReader } from "./printed-members.ts";
import type { JsonNode } from "./tree.ts";

/** How the records of a category are compared, told and written. */
export interface RecordRules {
  /** The record as it counts: what it leaves out means nothing, and a new record is written so. */
  readonly form: (record: JsonNode) => JsonNode;
  /** Whether a record that is touched is put in that form altogether, or only where it means something else. */
  readonly isStrict: boolean;
  /** Whether that form leaves out what is null in an object, at any depth; else it only reorders. */
  readonly ignoresNull: boolean;
  /** Reads a file that is just as its check wants it, where there is an expression for that. */
  readonly readPrinted?: PrintedReader;
}

/** Any JSON: everything in a record means something, and its order nothing. */
export const ANY_RECORDS: RecordRules = { form: (record) => record, isStrict: false, ignoresNull: false };
