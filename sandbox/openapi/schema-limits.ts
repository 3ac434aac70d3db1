import { isObject, type JsonObject } from "../json/value.ts";

/** What a schema says of a value by itself: its type, its limits and its form. Pure. */

/** Where a value is: fields, and numbers of items. */
export type Path = (string | number)[];
export type Report = (path: Path, problem: string) => void;
export type Rule = (value: unknown, path: Path, report: Report) => void;

export function typeTest(type: unknown): (value: unknown) => boolean {
  switch (type) {
    case "object":
      return isObject;
    case "array":
      return Array.isArray;
    case "integer":
      return Number.isInteger;
    case "string":
    case "boolean":
    case "number":
      return (value) => typeof value === type;
    default:
      return () => true;
  }
}

const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

export function limitRule(schema: JsonObject): Rule {
  const listed = Array.isArray(schema["enum"]) ? schema["enum"] : null;
  const pattern = typeof schema["pattern"] === "string" ? new RegExp(schema["pattern"]) : null;
  const form = pattern ?? (schema["format"] === "date-time" ? DATE_TIME : null);
  return (value, path, report) => {
    const [low, high] = limitsOf(schema, value);
    const size = typeof value === "string" || Array.isArray(value) ? value.length : Number(value);
    if (low !== null && size < low) report(path, `is less than ${low}`);
    if (high !== null && size > high) report(path, `is more than ${high}`);
    if (listed !== null && !listed.includes(value)) report(path, `is ${JSON.stringify(value)}, not one of ${listed}`);
    if (form !== null && typeof value === "string" && !form.test(value)) {
      report(path, `is no ${String(schema["pattern"] ?? schema["format"])}`);
    }
  };
}

function limitsOf(schema: JsonObject, value: unknown): [low: number | null, high: number | null] {
  const unit = typeof value === "string" ? "Length" : Array.isArray(value) ? "Items" : "imum";
  const limit = (name: string) => (typeof schema[name] === "number" ? schema[name] : null);
  return [limit(`min${unit}`), limit(`max${unit}`)];
}
