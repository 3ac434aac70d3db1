import { type Schema, type Slot, STANDARD_COLUMNS } from "../script/schema.ts";
import type { PrimaryRecord } from "./entries.ts";

const STANDARD: ReadonlySet<string> = new Set(STANDARD_COLUMNS);

/**
 * Whether a column that PRIMARY's record does not know may be the one that the header lacks, by another name: `setting`
 * for `settings`. To empty its cells would lose what they say.
 */
export function isMisspelt({ key, kind, column }: Slot, record: PrimaryRecord, { missing }: Schema): boolean {
  return missing.length > 0 && kind === "text" && column !== null && !STANDARD.has(key) && !record.has(key);
}
