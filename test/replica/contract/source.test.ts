/**
 * The recorded facts against the real server's source, where `HORDE_MODEL_REFERENCE_SOURCE` says where its package
 * lies (`…/src/horde_model_reference`). Elsewhere it is skipped.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CANONICAL_FORMATS, CATEGORIES, KEYS, READS, REPLICATE_MODES } from "./real-server.ts";

const SOURCE = process.env["HORDE_MODEL_REFERENCE_SOURCE"];
const read = (path: string) => readFileSync(join(SOURCE ?? "", path), "utf8");

/** The lines of a class, up to the next one. */
function bodyOf(text: string, name: string): string {
  const start = text.search(new RegExp(`^class ${name}\\b`, "m"));
  expect(start, name).toBeGreaterThanOrEqual(0);
  const rest = text.slice(start);
  return rest.slice(0, rest.slice(1).search(/^(?:class |def |@|[A-Za-z_]+ ?[:=])/m) + 1);
}

const membersOf = (body: string) => Array.from(body.matchAll(/^ {4}(\w+) = auto\(\)/gm), ([, name]) => name);
const fieldsOf = (body: string) =>
  Array.from(body.matchAll(/^ {4}([a-z]\w*): (.*)$/gm), ([, name = "", type = ""]) => {
    const alias = /alias="(\w+)"/.exec(type)?.[1];
    return alias ?? name;
  });

/** Paths of a router's GET routes: written at the route, or in a variable before it. */
function getRoutesOf(text: string): string[] {
  const variables = new Map(
    Array.from(text.matchAll(/^(\w+_subpath) = f?"([^"]+)"/gm), ([, name = "", path = ""]) => [name, path]),
  );
  return Array.from(text.matchAll(/@(?:router|app)\.get\(\s*(?:f?"([^"]+)"|(\w+))/g), ([, path, variable = ""]) => {
    const found = path ?? variables.get(variable) ?? `unknown ${variable}`;
    return found.replace(/\{\{\{PathVariables\.(\w+)\}\}\}/g, "{$1}");
  });
}

const ROUTERS: readonly (readonly [file: string, prefix: string])[] = [
  ["service/app.py", ""],
  ["service/v1/routers/references.py", "/v1"],
  ["service/v1/routers/metadata.py", "/v1/metadata"],
  ["service/v2/routers/references.py", "/v2"],
  ["service/v2/routers/metadata.py", "/v2/metadata"],
  ["service/v2/routers/search.py", "/v2"],
  ["service/v2/routers/text_utils.py", "/v2"],
  ["service/v2/routers/user.py", "/v2"],
  ["service/statistics/routers/statistics.py", "/statistics"],
  ["service/statistics/routers/deletion_risk.py", "/statistics"],
];

describe.skipIf(SOURCE === undefined)("the real server's source", () => {
  it("has these categories, modes and formats", () => {
    expect(membersOf(bodyOf(read("meta_consts.py"), "MODEL_REFERENCE_CATEGORY"))).toEqual(CATEGORIES);
    expect(membersOf(bodyOf(read("__init__.py"), "ReplicateMode"))).toEqual(REPLICATE_MODES);
    expect(membersOf(bodyOf(read("__init__.py"), "CanonicalFormat"))).toEqual(CANONICAL_FORMATS);
  });

  it.each([
    ["BackendInfo", "__init__.py", []],
    ["LastUpdatedResponse", "service/v1/routers/metadata.py", []],
    ["SearchResponse", "service/v2/routers/search.py", []],
    ["DownloadRecord", "model_reference_records.py", []],
    ["GenericModelRecordConfig", "model_reference_records.py", []],
    ["GenericModelRecord", "model_reference_records.py", []],
    ["ImageGenerationModelRecord", "model_reference_records.py", ["record_type", "model_classification"]],
    ["TextGenerationModelRecord", "model_reference_records.py", ["record_type", "model_classification"]],
    ["ControlNetModelRecord", "model_reference_records.py", ["record_type", "model_classification"]],
    ["ClipModelRecord", "model_reference_records.py", ["record_type", "model_classification"]],
  ] as const)("writes %s in this order", (name, file, inherited: readonly string[]) => {
    const fields = fieldsOf(bodyOf(read(file), name)).filter((field) => !inherited.includes(field));
    expect(fields).toEqual(KEYS[name]);
  });

  it.each(ROUTERS)("%s: every route that can be read is in the table", (file, prefix) => {
    const known = new Set(READS.map(({ route }) => route));
    const routes = getRoutesOf(read(file)).map((path) => `${prefix}${path}`);
    expect(routes.length).toBeGreaterThan(0);
    expect(routes.filter((route) => !known.has(route))).toEqual([]);
  });
});
