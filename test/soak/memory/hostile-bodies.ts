/**
 * Answers that cost much more than they weigh.
 */
import { gzipSync } from "node:zlib";

const MIB = 2 ** 20;

/** A megabyte that becomes a gigabyte: a JSON text of blanks. */
export function gzipBomb(): Uint8Array {
  return gzipSync(Buffer.alloc(1000 * MIB, " "), { level: 9 });
}

/** `{"name": {"type": "x", "field 0": 0, …}}` */
export function manyFields(name: string, fields: number, value: number): string {
  const record = Object.fromEntries(Array.from({ length: fields }, (_, index) => [`field ${index}`, value]));
  return JSON.stringify({ [name]: { name, type: "x", ...record } });
}

export function longName(bytes: number): string {
  const name = "n".repeat(bytes);
  return JSON.stringify({ [name]: { type: "x" } });
}

/** A reference of so many bytes, of records of about five kilobytes: as many as may be new at once. */
export function manyRecords(bytes: number): string {
  const description = "d".repeat(5000);
  const count = Math.floor(bytes / 5050);
  const records = Array.from({ length: count }, (_, index) => [
    `Model ${String(index).padStart(6, "0")}`,
    { type: "x", description },
  ]);
  const text = JSON.stringify(Object.fromEntries(records));
  return text + " ".repeat(Math.max(0, bytes - text.length));
}
