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
      parameters: [category(LEGACY_NAMES, { type: "string", examples: PRIMARY_CATEGORIES }), REFRESH],
      body: "The records by name",
      errors: { "404": "The category is empty, or GitHub has no file for it", "422": "There is no such category" },
    }),
    [`${base}/v2/{category}`]: serve({
      summary: "A category in the v2 format, converted from the legacy files",
      parameters: [category("The category's own name", { enum: PRIMARY_CATEGORIES }), REFRESH],
      body: "The records by name; those that cannot be converted are left out",
      errors: { "404": "The category is empty, or GitHub has no file for it", "422": "There is no such category" },
    }),
    [`${base}/v2/{category}/model/{name}`]: serve({
      summary: "One record in the v2 format",
      parameters: [category("The category's own name", { enum: PRIMARY_CATEGORIES }), MODEL, REFRESH],
      body: "The record",
      errors: { "404": "The category has no such record", "422": "There is no such category" },
    }),
    "/heartbeat": fixed("That the Worker runs", { type: "object", properties: { status: { const: "ok" } } }),
    "/replicate_mode": fixed("What this server is: a replica, and not writable", REPLICATE_MODE),
  };
  const perVersion = ["v1", "v2"].flatMap((version) => [
    [`${base}/${version}/model_categories`, fixed("The names of all categories", CATEGORY_LIST)],
    [`${base}/${version}/info`, fixed("What this version of the interface is", INFO)],
    [`${base}/${version}/metadata/last_updated`, METADATA],
    [`${base}/${version}/metadata/metadata`, METADATA],
  ]);
  const all = Object.entries<JsonObject>({ ...paths, ...Object.fromEntries(perVersion) });
  return Object.fromEntries(
    all.map(([path, get]) => [path, { servers: SERVERS, get: { tags: [REPLICA_TAG.name], ...get } }]),
  );
}

const LEGACY_NAMES =
  "The category's name, or that of its file: stable_diffusion is image_generation, db.json is text_generation. Each may end in .json";

const CATEGORY_LIST = { type: "array", items: { enum: PRIMARY_CATEGORIES } };
const INFO = { type: "object", properties: { message: { type: "string" } } };
const REPLICATE_MODE = {
  type: "object",
  properties: {
    replicate_mode: { const: "REPLICA" },
    canonical_format: { const: "LEGACY" },
    writable: { const: false },
  },
};

const REFRESH = {
  name: "refresh",
  in: "query",
  description: "Ask GitHub now, past the cache. Takes the trigger token",
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

function fixed(summary: string, schema: JsonObject): JsonObject {
  return { summary, responses: { "200": { description: "Always the same", content: json(schema) } } };
}

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
