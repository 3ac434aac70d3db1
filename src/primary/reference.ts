/**
 * What counts as a reference from PRIMARY: a JSON object whose values are all objects. Pure.
 */
import { SyncError } from "../errors.ts";

/**
 * Decode and check a category's body. The text comes back as PRIMARY spelled it, without a byte order mark.
 *
 * @throws SyncError `primary-malformed` naming the category and what came instead
 */
export function readReference(category: string, bytes: Uint8Array): { text: string; records: number } {
  const fail = (what: string, cause?: unknown) => {
    throw new SyncError(
      "primary-malformed",
      `PRIMARY's answer for ${category} is ${what}; expected a JSON object of records.`,
      { cause },
    );
  };
  let text = "";
  let value: unknown = null;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    fail("not valid UTF-8", cause);
  }
  try {
    value = JSON.parse(text);
  } catch (cause) {
    fail(describeBrokenText(text), cause);
  }
  if (!isObject(value)) fail(describeType(value));
  const records = Object.entries(isObject(value) ? value : {});
  for (const [name, record] of records) {
    if (!isObject(record))
      fail(`broken: the record ${JSON.stringify(name.slice(0, 80))} is ${describeType(record)} instead of an object`);
  }
  return { text, records: records.length };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function describeType(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

function describeBrokenText(text: string): string {
  const start = text.trimStart();
  if (start === "") return "empty";
  if (start.startsWith("<")) return "HTML or XML";
  return /^[[{"]/.test(start) ? "not valid JSON (cut short or damaged)" : "not JSON";
}
