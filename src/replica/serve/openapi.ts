/**
 * The replica's part of the description of the HTTP interface: the real server's read routes. Pure.
 */
import { PRIMARY_CATEGORIES } from "../../categories.ts";

type JsonObject = Readonly<Record<string, unknown>>;

export const REPLICA_TAG = {
  name: "replica",
  description:
    "What GitHub holds, as PRIMARY would serve it; read only. Every path works with and without /api before it.",
};

/** Both spellings of a path, as clients of the real server have one or the other. */
const SERVERS = [{ url: "/" }, { url: "/api", description: "The same, as the real server is mounted" }];

export function replicaPaths(): JsonObject {
  const base = "/model_references";
  const paths: Readonly<Record<string, JsonObject>> = {
    [`${base}/v1/{category}`]: serve({
      summary: "A category in the legacy format",
      parameters: [category(LEGACY_NAMES, { type: "string", examples: PRIMARY_CATEGORIES }), INCLUDE_GROUP, REFRESH],
      body: "The records by name",
      errors: { "404": "The category is empty, or GitHub has no file for it", "422": "There is no such category" },
    }),
    [`${base}/v2/{category}`]: serve({
      summary: "A category in the v2 format, converted from the legacy files",
      parameters: [category("The category's own name", { enum: PRIMARY_CATEGORIES }), REFRESH],
      body: "The records by name; those that cannot be converted are left out. {} where GitHub never had a file",
      errors: { "404": "The category's file is missing or empty", "422": "There is no such category" },
    }),
    [`${base}/v2/{category}/model/{name}`]: serve({
      summary: "One record in the v2 format",
      parameters: [category("The category's own name", { enum: PRIMARY_CATEGORIES }), MODEL, REFRESH],
      body: "The record",
      errors: { "404": "The category has no such record", "422": "There is no such category" },
    }),
    [`${base}/v2/search`]: search("Records of all categories", SHARED_FILTERS),
    [`${base}/v2/{category}/search`]: search("Records of a category", [
      category("The category's own name", { enum: PRIMARY_CATEGORIES }),
      ...SHARED_FILTERS,
      ...CATEGORY_FILTERS,
    ]),
    "/heartbeat": fixed("That the Worker runs", { type: "object", properties: { status: { const: "ok" } } }),
    "/replicate_mode": fixed("What this server is: a replica, and not writable", REPLICATE_MODE),
  };
  const perVersion = ["v1", "v2"].flatMap((version) => [
    [`${base}/${version}/model_categories`, fixed("The names of the categories", CATEGORY_LIST)],
    [`${base}/${version}/info`, fixed("What this version of the interface is", INFO)],
    [`${base}/${version}/metadata/last_updated`, version === "v1" ? LAST_UPDATED : METADATA],
    [`${base}/${version}/metadata/metadata`, METADATA],
  ]);
  const all = Object.entries<JsonObject>({ ...paths, ...Object.fromEntries(perVersion) });
  return Object.fromEntries(
    all.map(([path, get]) => [path, { servers: SERVERS, get: { tags: [REPLICA_TAG.name], ...get } }]),
  );
}

const LEGACY_NAMES =
  "The category's name, or that of its file: stable_diffusion is image_generation, db.json is text_generation. Each may end in .json";

const COUNT = { type: "integer" };
const CATEGORY_LIST = { type: "array", items: { enum: PRIMARY_CATEGORIES } };
const INFO = { type: "object", properties: { message: { type: "string" } } };
const REPLICATE_MODE = {
  type: "object",
  properties: {
    replicate_mode: { const: "REPLICA" },
    canonical_format: { const: "legacy" },
    writable: { const: false },
  },
};

const REFRESH = {
  name: "refresh",
  in: "query",
  description: "Ask GitHub now, past the cache. Takes the trigger token",
  schema: { type: "boolean", default: false },
};
const INCLUDE_GROUP = {
  name: "include_group",
  in: "query",
  description: "Of text_generation: with each model's group, and what the group's members have in common",
  schema: { type: "boolean", default: false },
};
const MODEL = {
  name: "name",
  in: "path",
  required: true,
  description: "The record's name; it may hold slashes",
  schema: { type: "string" },
};

function category(description: string, schema: JsonObject): JsonObject {
  return { name: "category", in: "path", required: true, description, schema };
}

interface Served {
  readonly summary: string;
  readonly parameters: readonly JsonObject[];
  /** What the body holds. */
  readonly body: string;
  readonly errors: Readonly<Record<string, string>>;
}

function serve({ summary, parameters, body, errors }: Served): JsonObject {
  const content = { "application/json": { schema: { type: "object" } } };
  return {
    summary,
    security: [{}, { bearer: [] }],
    parameters,
    responses: {
      "200": { description: body, headers: HEADERS, content },
      "304": { description: "Not changed since the ETag of If-None-Match" },
      ...details({
        "401": "A refresh was asked for without the trigger token",
        ...errors,
        "429": "Too many wrong tokens; see Retry-After",
        "503": "Nothing was ever read and GitHub does not help now, or the settings cannot be used",
      }),
    },
  };
}

const SHARED_FILTERS = [
  filter("nsfw", { type: "boolean" }),
  filter("name_contains", { type: "string" }),
  ...["tags_any", "tags_all", "tags_none"].map((name) => filter(name, { type: "array", items: { type: "string" } })),
  filter("sort_by", { type: "string" }),
  filter("sort_desc", { type: "boolean", default: false }),
  filter("limit", { type: "integer", minimum: 1, maximum: 500, default: 50 }),
  filter("offset", { type: "integer", minimum: 0, default: 0 }),
];
const CATEGORY_FILTERS = [
  filter("baseline", { type: "string" }),
  filter("inpainting", { type: "boolean" }),
  filter("backend", { enum: ["aphrodite", "koboldcpp"] }),
  filter("exclude_backend_variations", { type: "boolean", default: false }),
  filter("quantized", { type: "boolean" }),
  filter("source", { enum: ["horde", "any"], default: "horde" }),
];

function filter(name: string, schema: JsonObject): JsonObject {
  return { name, in: "query", schema };
}

function search(summary: string, parameters: readonly JsonObject[]): JsonObject {
  const page = { results: { type: "array", items: { type: "object" } }, total: COUNT, offset: COUNT, limit: COUNT };
  const schema = { type: "object", properties: { ...page, has_more: { type: "boolean" } } };
  return {
    summary,
    security: [{}, { bearer: [] }],
    parameters: [...parameters, REFRESH],
    responses: {
      "200": { description: "A page of those that match, with all their fields", content: json(schema) },
      ...details({
        "400": "The records have no such field, or no such order",
        "401": "A refresh was asked for without the trigger token",
        "422": "There is no such category, or a parameter has no such value",
        "429": "Too many wrong tokens; see Retry-After",
        "503": "A category cannot be read now",
      }),
    },
  };
}

function fixed(summary: string, schema: JsonObject): JsonObject {
  return { summary, responses: { "200": { description: "Always the same", content: json(schema) } } };
}

const LAST_UPDATED = {
  summary: "PRIMARY's timestamp that the repositories were last brought to",
  responses: {
    "200": {
      description: "Seconds since 1970, or null",
      content: json({ type: "object", properties: { last_updated: { type: ["integer", "null"] } } }),
    },
    ...details({ "503": "No run has settled yet" }),
  },
};

const METADATA = {
  summary: "Nothing: only PRIMARY keeps metadata",
  responses: details({ "503": "A replica has no metadata" }),
};

function details(descriptions: Readonly<Record<string, string>>): JsonObject {
  const schema = { $ref: "#/components/schemas/Detail" };
  return Object.fromEntries(
    Object.entries(descriptions).map(([status, description]) => [status, { description, content: json(schema) }]),
  );
}

function json(schema: JsonObject): JsonObject {
  return { "application/json": { schema } };
}

const header = (description: string, type = "string"): JsonObject => ({ description, schema: { type } });

const HEADERS = {
  etag: header("Names the content, also compressed; a strong validator"),
  age: header("Seconds since GitHub confirmed the content", "integer"),
  "x-reference-commit": header("The newest commit that is known to hold it"),
  "x-reference-issues": header("How many records are left out", "integer"),
  "x-reference-stale": header("Only where GitHub could not confirm it since: the code of the error"),
  warning: header("111, beside X-Reference-Stale"),
};
