/**
 * What counts as a reference from PRIMARY: a JSON object whose values are all objects. Pure.
 */
import { SyncError } from "../core/errors.ts";

/**
 * The text of a category's body as PRIMARY spelled it, without a byte order mark.
 *
 * @throws SyncError `primary-malformed` when the bytes are not UTF-8
 */
export function decodeReference(category: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw malformed(category, "not valid UTF-8", cause);
  }
}

/**
 * What is wrong with a category's text, in words for a person: `primary-malformed`, naming the category and what came
 * instead of an object of records. `null` when nothing is.
 */
export function explainReference(category: string, text: string): SyncError | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    return malformed(category, describeBrokenText(text), cause);
  }
  if (!isObject(value)) return malformed(category, describeType(value));
  for (const [name, record] of Object.entries(value)) {
    if (isObject(record)) continue;
    const where = `the record ${JSON.stringify(name.slice(0, 80))}`;
    return malformed(category, `broken: ${where} is ${describeType(record)} instead of an object`);
  }
  return null;
}

function malformed(category: string, what: string, cause?: unknown): SyncError {
  const message = `PRIMARY's answer for ${category} is ${what}; expected a JSON object of records.`;
  return new SyncError("primary-malformed", message, { cause });
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
