import { isObject, type JsonObject } from "../json/value.ts";
import { limitRule, type Path, type Report, type Rule, typeTest } from "./schema-limits.ts";

/**
 * Checks JSON values against schemas of GitHub's description. Pure; each schema is worked out once.
 *
 * Stricter than JSON Schema in one way: a field that the description does not name is a problem, because whoever
 * reads it believes in something that GitHub does not send (or, in a request, does not take).
 */
export interface SchemaCheck {
  /** @returns one sentence for each problem, each beginning with the place, such as `$.head.sha` */
  check(schema: unknown, value: unknown, root?: string): string[];
}

/** @param schemas by the names that `$ref` uses */
export function createSchemaCheck(schemas: JsonObject): SchemaCheck {
  const known = new Map<unknown, Rule>();
  const ruleOf = (schema: unknown): Rule => {
    const found = known.get(schema);
    if (found !== undefined) return found;
    const rule = compile({ schemas, ruleOf }, resolve(schemas, schema));
    known.set(schema, rule);
    return rule;
  };
  return {
    check(schema, value, root = "$") {
      const problems: string[] = [];
      ruleOf(schema)(value, [root], (path, problem) => problems.push(`${printPath(path)} ${problem}`));
      return problems;
    },
  };
}

interface Compiler {
  readonly schemas: JsonObject;
  readonly ruleOf: (schema: unknown) => Rule;
}

function printPath(path: Path): string {
  return path.map((step, index) => (typeof step === "number" ? `[${step}]` : index === 0 ? step : `.${step}`)).join("");
}

function resolve(schemas: JsonObject, schema: unknown): JsonObject {
  if (!isObject(schema)) return {};
  const name = schema["$ref"];
  if (typeof name !== "string") return schema;
  const found = schemas[name];
  if (!isObject(found)) throw new Error(`GitHub's description has no schema ${name}`);
  return resolve(schemas, found);
}

/** Inner schemas are worked out when a value first needs them, because some hold themselves. */
function compile(compiler: Compiler, schema: JsonObject): Rule {
  const isNullable = allowsNull(compiler, schema);
  const isRightType = typeTest(schema["type"]);
  const limits = limitRule(schema);
  const inside = insideRule(compiler, schema);
  const alternatives = alternativesRule(compiler, schema);
  return (value, path, report) => {
    if (value === null) {
      if (!isNullable) report(path, "is null");
      return;
    }
    if (!isRightType(value)) return report(path, `is no ${String(schema["type"])}`);
    limits(value, path, report);
    inside(value, path, report);
    alternatives(value, path, report);
  };
}

/** A schema of nothing but alternatives takes null where one of them does. */
function allowsNull(compiler: Compiler, schema: JsonObject): boolean {
  if (schema["nullable"] === true) return true;
  const choices = [...listOf(schema["anyOf"]), ...listOf(schema["oneOf"])];
  if (choices.some((inner) => allowsNull(compiler, resolve(compiler.schemas, inner)))) return true;
  return schema["type"] === undefined && choices.length === 0 && schema["allOf"] === undefined;
}

function insideRule(compiler: Compiler, schema: JsonObject): Rule {
  const items = schema["items"] ?? {};
  const fields = fieldsRule(compiler, schema);
  return (value, path, report) => {
    if (isObject(value)) return fields(value, path, report);
    if (!Array.isArray(value)) return;
    const rule = compiler.ruleOf(items);
    for (const [index, item] of value.entries()) rule(item, [...path, index], report);
  };
}

function fieldsRule(compiler: Compiler, schema: JsonObject): (value: JsonObject, path: Path, report: Report) => void {
  const required = listOf(schema["required"]).map(String);
  const own = isObject(schema["properties"]) ? schema["properties"] : {};
  const names = namesOf(compiler, schema);
  const additional = schema["additionalProperties"];
  const isOpen = names.size === 0 || additional === true;
  return (value, path, report) => {
    for (const name of required) if (!Object.hasOwn(value, name)) report([...path, name], "is missing");
    for (const [name, inner] of Object.entries(value)) {
      const place = [...path, name];
      if (Object.hasOwn(own, name)) compiler.ruleOf(own[name])(inner, place, report);
      else if (names.has(name)) continue;
      else if (isObject(additional)) compiler.ruleOf(additional)(inner, place, report);
      else if (!isOpen) report(place, "is not in the description");
    }
  };
}

/** The names that a schema has, its own and those of its parts. */
function namesOf(compiler: Compiler, schema: JsonObject): Set<string> {
  const names = new Set(isObject(schema["properties"]) ? Object.keys(schema["properties"]) : []);
  for (const part of ["allOf", "anyOf", "oneOf"].flatMap((key) => listOf(schema[key]))) {
    for (const name of namesOf(compiler, resolve(compiler.schemas, part))) names.add(name);
  }
  return names;
}

/** Of a choice the nearest counts: it has no problems when the value fits. */
function alternativesRule(compiler: Compiler, schema: JsonObject): Rule {
  const names = namesOf(compiler, schema);
  const partsOf = (key: string) => listOf(schema[key]).map((part) => widen(resolve(compiler.schemas, part), names));
  const all = partsOf("allOf");
  const choices = [partsOf("anyOf"), partsOf("oneOf")].filter((parts) => parts.length > 0);
  return (value, path, report) => {
    for (const part of all) compiler.ruleOf(part)(value, path, report);
    for (const parts of choices) {
      const results = parts.map((part) => {
        const found: [Path, string][] = [];
        compiler.ruleOf(part)(value, path, (place, problem) => found.push([place, problem]));
        return found;
      });
      const [nearest = []] = results.sort((left, right) => left.length - right.length);
      for (const [place, problem] of nearest) report(place, problem);
    }
  };
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
