/** Narrowing of parsed JSON: requests are data of unknown shape until these have looked at it. */

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The string in a field, or null when the field is missing or something else. */
export function stringIn(object: JsonObject, field: string): string | null {
  const value = object[field];
  return typeof value === "string" ? value : null;
}

/** The strings of an array; null when it is no array or holds anything else. */
export function stringsOf(value: unknown): string[] | null {
  if (!Array.isArray(value)) return null;
  const strings = value.filter((item) => typeof item === "string");
  return strings.length === value.length ? strings : null;
}

export function parseJsonObject(bytes: Uint8Array): JsonObject | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString("utf8"));
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}
