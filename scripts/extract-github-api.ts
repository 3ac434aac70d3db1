/**
 * What GitHub's own OpenAPI description says of the operations that are used here, as facts without prose, for the
 * sandbox to be held to: parameters, bodies, statuses, fields, types. Run it again for a newer description:
 *
 *     npm run github-api [version]
 *
 * The description is in the npm package `@octokit/openapi`, which is too large to depend on (400 MB); it is fetched
 * into a temporary folder, and one file of it is read.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isObject, type JsonObject } from "../sandbox/json/value.ts";
import { FACTS_FILE } from "../sandbox/openapi/facts.ts";
import { OPERATIONS } from "../sandbox/openapi/operations.ts";

const MAX_BYTES = 64 * 1024 * 1024;

function main(version: string): void {
  const description = fetchDescription(version);
  const operations = Object.fromEntries(OPERATIONS.map((name) => [name, operationFacts(description, name)]));
  const schemas = reachableSchemas(description, operations);
  const source = `@octokit/openapi ${String(at(description, "info", "version"))}`;
  writeFileSync(fileURLToPath(FACTS_FILE), print({ source, operations, schemas }));
  console.log(`${source}: ${OPERATIONS.length} operations, ${Object.keys(schemas).length} schemas`);
}

function fetchDescription(version: string): JsonObject {
  const folder = mkdtempSync(join(tmpdir(), "github-api-"));
  try {
    execFileSync("npm", ["pack", "--silent", `@octokit/openapi@${version}`], { cwd: folder });
    const [tarball = ""] = readdirSync(folder);
    const args = ["-xzOf", join(folder, tarball), "package/generated/api.github.com.json"];
    const value: unknown = JSON.parse(execFileSync("tar", args, { maxBuffer: MAX_BYTES }).toString());
    if (isObject(value)) return value;
    throw new Error("The description is no JSON object.");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function operationFacts(description: JsonObject, name: string): JsonObject {
  const [method = "", path = ""] = name.split(" ");
  const operation = at(description, "paths", path, method.toLowerCase());
  if (!isObject(operation)) throw new Error(`GitHub's description has no ${name}.`);
  const parameters = listOf(operation["parameters"]).map((parameter) =>
    parameterFacts(resolve(description, parameter)),
  );
  const body = at(operation, "requestBody", "content", "application/json", "schema");
  const answers = Object.entries(objectOf(operation["responses"])).map(([status, answer]) => {
    const schema = at(resolve(description, answer), "content", "application/json", "schema");
    return [status, schema === undefined ? null : schemaFacts(schema)];
  });
  return {
    parameters,
    ...(body === undefined
      ? {}
      : { body: schemaFacts(body), isBodyRequired: at(operation, "requestBody", "required") === true }),
    answers: Object.fromEntries(answers),
  };
}

function parameterFacts(parameter: JsonObject): JsonObject {
  return {
    name: parameter["name"],
    in: parameter["in"],
    ...(parameter["required"] === true ? { required: true } : {}),
    ...(parameter["x-multi-segment"] === true ? { isRest: true } : {}),
    schema: schemaFacts(parameter["schema"]),
  };
}

/** The part of a schema that a value can be checked against. */
const KEPT = [
  ...["type", "format", "nullable", "enum", "required", "pattern", "additionalProperties"],
  ...["minLength", "maxLength", "minItems", "maxItems", "minimum", "maximum"],
];

function schemaFacts(schema: unknown): unknown {
  if (!isObject(schema)) return schema;
  if (typeof schema["$ref"] === "string") return { $ref: schema["$ref"].split("/").at(-1) };
  const facts: Record<string, unknown> = {};
  for (const key of KEPT) {
    if (schema[key] !== undefined) facts[key] = key === "additionalProperties" ? schemaFacts(schema[key]) : schema[key];
  }
  for (const key of ["allOf", "anyOf", "oneOf"]) {
    if (Array.isArray(schema[key])) facts[key] = schema[key].map(schemaFacts);
  }
  if (schema["items"] !== undefined) facts["items"] = schemaFacts(schema["items"]);
  if (isObject(schema["properties"])) {
    const properties = Object.entries(schema["properties"]).map(([name, inner]) => [name, schemaFacts(inner)]);
    facts["properties"] = Object.fromEntries(properties);
  }
  return facts;
}

function reachableSchemas(description: JsonObject, operations: unknown): Record<string, unknown> {
  const found = new Map<string, unknown>();
  const waiting = refsIn(operations);
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (found.has(name)) continue;
    const schema = schemaFacts(at(description, "components", "schemas", name));
    found.set(name, schema);
    waiting.push(...refsIn(schema));
  }
  return Object.fromEntries([...found].sort(([left], [right]) => (left < right ? -1 : 1)));
}

function refsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(refsIn);
  if (!isObject(value)) return [];
  if (typeof value["$ref"] === "string") return [value["$ref"]];
  return Object.values(value).flatMap(refsIn);
}

/** One line for each operation and schema, so that a newer description shows as a readable diff. */
function print({
  source,
  operations,
  schemas,
}: {
  source: string;
  operations: JsonObject;
  schemas: JsonObject;
}): string {
  const lines = (entries: JsonObject) =>
    Object.entries(entries).map(([name, value]) => `    ${JSON.stringify(name)}: ${JSON.stringify(value)}`);
  const block = (entries: JsonObject) => `{\n${lines(entries).join(",\n")}\n  }`;
  return `{\n  "source": ${JSON.stringify(source)},\n  "operations": ${block(operations)},\n  "schemas": ${block(schemas)}\n}\n`;
}

function resolve(description: JsonObject, value: unknown): JsonObject {
  const object = objectOf(value);
  const ref = object["$ref"];
  return typeof ref === "string" ? objectOf(at(description, ...ref.split("/").slice(1))) : object;
}

function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce((inner: unknown, field) => (isObject(inner) ? inner[field] : undefined), value);
}

function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

main(process.argv[2] ?? "latest");
