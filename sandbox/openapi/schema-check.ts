import { isObject, type JsonObject } from "../json/value.ts";

/**
 * Checks a JSON value against a schema of GitHub's description. Pure.
 *
 * Stricter than JSON Schema in one way: a field that the description does not name is a problem, because whoever
 * reads it believes in something that GitHub does not send (or, in a request, does not take).
 */
export interface SchemaCheck {
  /** Schemas by the names that `$ref` uses. */
  readonly schemas: JsonObject;
}

/** @returns one sentence for each problem, each beginning with the place, such as `$.head.sha` */
export function checkValue(check: SchemaCheck, schema: unknown, value: unknown, place = "$"): string[] {
  const known = resolve(check, schema);
  if (value === null) return allowsNull(check, known) ? [] : [`${place} is null`];
  const own = [...checkType(known, value, place), ...checkLimits(known, value, place)];
  if (own.length > 0) return own;
  const inner = Array.isArray(value)
    ? value.flatMap((item, index) => checkValue(check, known["items"] ?? {}, item, `${place}[${index}]`))
    : isObject(value)
      ? checkObject(check, known, value, place)
      : [];
  return [...inner, ...checkAlternatives(check, known, value, place)];
}

function resolve({ schemas }: SchemaCheck, schema: unknown): JsonObject {
  if (!isObject(schema)) return {};
  const name = schema["$ref"];
  if (typeof name !== "string") return schema;
  const found = schemas[name];
  if (!isObject(found)) throw new Error(`GitHub's description has no schema ${name}`);
  return resolve({ schemas }, found);
}

/** A schema of nothing but alternatives takes null where one of them does. */
function allowsNull(check: SchemaCheck, schema: JsonObject): boolean {
  if (schema["nullable"] === true) return true;
  const alternatives = [...listOf(schema["anyOf"]), ...listOf(schema["oneOf"])];
  if (alternatives.some((inner) => allowsNull(check, resolve(check, inner)))) return true;
  return schema["type"] === undefined && alternatives.length === 0 && schema["allOf"] === undefined;
}

function checkType(schema: JsonObject, value: unknown, place: string): string[] {
  const wanted = schema["type"];
  const isRight = {
    object: isObject(value),
    array: Array.isArray(value),
    string: typeof value === "string",
    boolean: typeof value === "boolean",
    number: typeof value === "number",
    integer: Number.isInteger(value),
  };
  if (typeof wanted !== "string" || !Object.hasOwn(isRight, wanted)) return [];
  const found = Object.entries(isRight).find(([type, isIt]) => type === wanted && isIt);
  return found === undefined ? [`${place} is no ${wanted}`] : [];
}

function checkLimits(schema: JsonObject, value: unknown, place: string): string[] {
  const limit = (name: string) => (typeof schema[name] === "number" ? schema[name] : null);
  const size = typeof value === "string" || Array.isArray(value) ? value.length : value;
  const unit = typeof value === "string" ? "Length" : Array.isArray(value) ? "Items" : "imum";
  const [low, high] = [limit(`min${unit}`), limit(`max${unit}`)];
  const isNumber = typeof size === "number";
  return [
    ...(isNumber && low !== null && size < low ? [`${place} is less than ${low}`] : []),
    ...(isNumber && high !== null && size > high ? [`${place} is more than ${high}`] : []),
    ...(isListed(schema, value) ? [] : [`${place} is ${JSON.stringify(value)}, not one of ${schema["enum"]}`]),
    ...(hasFormat(schema, value) ? [] : [`${place} is no ${schema["format"] ?? schema["pattern"]}`]),
  ];
}

function isListed(schema: JsonObject, value: unknown): boolean {
  return !Array.isArray(schema["enum"]) || schema["enum"].includes(value);
}

function hasFormat(schema: JsonObject, value: unknown): boolean {
  if (typeof value !== "string") return true;
  if (typeof schema["pattern"] === "string" && !new RegExp(schema["pattern"]).test(value)) return false;
  if (schema["format"] !== "date-time") return true;
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/.test(value);
}

function checkObject(check: SchemaCheck, schema: JsonObject, value: JsonObject, place: string): string[] {
  const missing = listOf(schema["required"]).filter((name) => !Object.hasOwn(value, String(name)));
  const properties = propertiesOf(check, schema);
  const additional = schema["additionalProperties"];
  const isOpen = properties.size === 0 || additional === true || isObject(additional);
  return [
    ...missing.map((name) => `${place}.${String(name)} is missing`),
    ...Object.entries(value).flatMap(([name, inner]) => {
      const own = isObject(schema["properties"]) ? schema["properties"][name] : undefined;
      if (own !== undefined) return checkValue(check, own, inner, `${place}.${name}`);
      if (properties.has(name)) return [];
      if (isObject(additional)) return checkValue(check, additional, inner, `${place}.${name}`);
      return isOpen ? [] : [`${place}.${name} is not in the description`];
    }),
  ];
}

/** The names that a schema has, its own and those of its parts. */
function propertiesOf(check: SchemaCheck, schema: JsonObject): Set<string> {
  const parts = ["allOf", "anyOf", "oneOf"].flatMap((key) => listOf(schema[key]));
  const names = new Set(isObject(schema["properties"]) ? Object.keys(schema["properties"]) : []);
  for (const part of parts) for (const name of propertiesOf(check, resolve(check, part))) names.add(name);
  return names;
}

function checkAlternatives(check: SchemaCheck, schema: JsonObject, value: unknown, place: string): string[] {
  const names = propertiesOf(check, schema);
  const checkPart = (part: unknown) => checkValue(check, widen(resolve(check, part), names), value, place);
  const all = listOf(schema["allOf"]).flatMap(checkPart);
  const choices = ["anyOf", "oneOf"].flatMap((key) => (schema[key] === undefined ? [] : [listOf(schema[key])]));
  return [...all, ...choices.flatMap((parts) => checkChoice(parts.map(checkPart)))];
}

/** Nothing when one fits; else what the nearest one lacks. */
function checkChoice(results: readonly string[][]): string[] {
  return [...results].sort((left, right) => left.length - right.length)[0] ?? [];
}

/** A part of a schema need not name what its siblings name. */
function widen(part: JsonObject, names: ReadonlySet<string>): JsonObject {
  if (part["properties"] === undefined && part["required"] === undefined) return part;
  const own = isObject(part["properties"]) ? part["properties"] : {};
  const others = [...names].filter((name) => !Object.hasOwn(own, name)).map((name) => [name, { nullable: true }]);
  return { ...part, properties: { ...Object.fromEntries(others), ...own } };
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
