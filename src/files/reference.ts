/**
 * What counts as a reference from PRIMARY: a JSON object whose values are all objects. Pure.
 */
import { SyncError } from "../core/errors.ts";
import { isJsonObject, parseJsonOrNull } from "../core/parse-json.ts";
import { describeJsonFault } from "./json/json-fault.ts";
import { JsonTextError } from "./json/json-text-error.ts";
import { readMembers } from "./json/members.ts";

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
 * What is wrong with a category's text, in words for a person: `primary-malformed`, naming the category, what came
 * instead of an object of records, and where: line, column and record. `null` when nothing is.
 */
export function explainReference(category: string, text: string): SyncError | null {
  try {
    const wrong = readMembers(text).find(({ valueStart }) => text.charAt(valueStart) !== "{");
    if (wrong === undefined) return null;
    const { line, column } = new JsonTextError(text, wrong.valueStart, "an object");
    const where = `the record ${JSON.stringify(wrong.name.slice(0, 80))}`;
    const what = describeType(JSON.parse(wrong.value));
    return malformed(category, `broken: ${where} is ${what} instead of an object, at line ${line}, column ${column}`);
  } catch (cause) {
    if (!(cause instanceof JsonTextError)) throw cause;
    const value = parseJsonOrNull(text);
    if (value !== null || text.trim() === "null") {
      const isDeep = isJsonObject(value);
      return malformed(
        category,
        isDeep ? `nested too deeply: ${describeJsonFault(text, cause)}` : describeType(value),
        cause,
      );
    }
    return malformed(category, describeBrokenText(text, cause), cause);
  }
}

function malformed(category: string, what: string, cause?: unknown): SyncError {
  const message = `PRIMARY's answer for ${category} is ${what}; expected a JSON object of records.`;
  return new SyncError("primary-malformed", message, { cause });
}

function describeType(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  return `a ${typeof value}`;
}

function describeBrokenText(text: string, fault: JsonTextError): string {
  const start = text.trimStart();
  if (start === "") return "empty";
  if (start.startsWith("<")) return "HTML or XML";
  if (!/^[[{"]/.test(start)) return "not JSON";
  return `not valid JSON (cut short or damaged): ${describeJsonFault(text, fault)}`;
}
