/**
 * Searches over HTTP, as far as GitHub's files have what they ask for.
 */
import type { Context } from "hono";
import { type CategoryName, PRIMARY_CATEGORIES, type PrimaryCategory } from "../../categories.ts";
import { ANY_RECORD, RECORD_TYPES } from "../search/fields.ts";
import { completeRecord, type FullRecord } from "../search/full-record.ts";
import { OrderError, requireField } from "../search/order.ts";
import { BACKEND_PREFIXES, requireFields, type Search, searchRecords, type TextSearch } from "../search/search.ts";
import { answerDetail, answerUnknownSearchCategory } from "./detail.ts";
import type { ReplicaRouteOptions } from "./options.ts";
import { type Query, readQuery } from "./query.ts";
import { readReference } from "./reference-routes.ts";
import { findCategory, hasLegacyFile } from "./target.ts";

/** `GET /v2/{category}/search`, and with `null` `GET /v2/search`. */
export async function serveSearch(c: Context, name: string | null, options: ReplicaRouteOptions): Promise<Response> {
  const category = name === null ? null : findCategory(name);
  if (name !== null && category === null) return answerUnknownSearchCategory(name);
  const query = readQuery(c);
  const search = readSearch(query, category);
  if (query.problems.length > 0) return answerDetail(422, query.problems);
  const problem = findProblem(query, search, category);
  if (problem !== null) return answerDetail(400, problem);
  const records = await readRecords(c, category, options);
  return records instanceof Response ? records : answerSearch(records, search);
}

/** `GET /v2/{category}/popular`: how much models are used is the live Horde's to know. */
export function servePopular(name: string): Response {
  const category = findCategory(name);
  if (category === null) return answerUnknownSearchCategory(name);
  if (category === "image_generation" || category === "text_generation")
    return answerDetail(503, "A replica does not know how much models are used; ask PRIMARY.");
  return Response.json([], { headers: { "cache-control": "no-cache" } });
}

const MOST_RESULTS = 500;
const RESULTS = 50;

function readSearch(query: Query, category: PrimaryCategory | null): Search {
  const isText = category === "text_generation";
  const path = query.text("sort_by");
  const isDescending = query.flag("sort_desc") ?? false;
  return {
    nsfw: query.flag("nsfw"),
    baseline: category === null ? null : query.text("baseline"),
    inpainting: category === null ? null : query.flag("inpainting"),
    tagsAny: query.texts("tags_any"),
    tagsAll: query.texts("tags_all"),
    tagsNone: query.texts("tags_none"),
    nameContains: query.text("name_contains"),
    order: path === null ? null : { path, isDescending },
    limit: query.integer("limit", { least: 1, most: MOST_RESULTS, otherwise: RESULTS }),
    offset: query.integer("offset", { least: 0, otherwise: 0 }),
    text: category === null ? null : readTextSearch(query, isText),
  };
}

/** Its parameters are checked for every category, and count only for text models. */
function readTextSearch(query: Query, isText: boolean): TextSearch | null {
  const isWithoutBackends = query.flag("exclude_backend_variations") ?? false;
  const isQuantised = query.flag("quantized");
  const backend = query.text("backend");
  const backendPrefix = backend !== null && Object.hasOwn(BACKEND_PREFIXES, backend) ? BACKEND_PREFIXES[backend] : null;
  return isText ? { isWithoutBackends, isQuantised, backendPrefix: backendPrefix ?? null } : null;
}

/** What the real server answers 400 for. */
function findProblem(query: Query, search: Search, category: PrimaryCategory | null): string | null {
  const source = category === null ? null : query.text("source");
  if (source !== null && source !== "horde" && source !== "any")
    return `Unknown source: No provider registered under source id '${source.slice(0, 80)}'. Registered providers: [].`;
  const backend = search.text === null ? null : query.text("backend");
  if (backend !== null && !Object.hasOwn(BACKEND_PREFIXES, backend))
    return `Unknown backend '${backend.slice(0, 80)}'. Valid backends: ${Object.keys(BACKEND_PREFIXES).join(", ")}.`;
  const type = category === null ? ANY_RECORD : RECORD_TYPES[category];
  return (
    (category === null
      ? null
      : findOrderProblem(() => requireFields(search, type), "Filter not supported for this category")) ??
    findOrderProblem(() => search.order !== null && requireField(search.order.path, type), "Invalid sort_by field")
  );
}

function findOrderProblem(check: () => unknown, what: string): string | null {
  try {
    check();
    return null;
  } catch (error) {
    if (error instanceof OrderError) return `${what}: ${error.message}`;
    throw error;
  }
}

/** @returns the answer where one of the categories cannot be had: a part of the results would look like all of them */
async function readRecords(
  c: Context,
  category: PrimaryCategory | null,
  options: ReplicaRouteOptions,
): Promise<readonly FullRecord[] | Response> {
  const categories = category === null ? IN_ORDER : hasLegacyFile(category) ? [category] : [];
  const records: FullRecord[] = [];
  for (const name of categories) {
    const found = await readReference(c, name, options);
    if (found instanceof Response) return found;
    const { records: read } = await found.body("v2");
    records.push(...lastOfEachName(Array.from(read().values(), (text) => completeRecord(name, text))));
  }
  return records;
}

/** The real server's order. */
const IN_ORDER: readonly CategoryName[] = PRIMARY_CATEGORIES.filter(hasLegacyFile);

/** The real server knows records by the names in them, of which the last counts, at the place of the first. */
function lastOfEachName(records: readonly FullRecord[]): FullRecord[] {
  return [...new Map(records.map((record) => [record.name, record])).values()];
}

function answerSearch(records: readonly FullRecord[], search: Search): Response {
  let found: ReturnType<typeof searchRecords>;
  try {
    found = searchRecords(records, search);
  } catch (error) {
    if (error instanceof OrderError) return answerDetail(400, `Invalid sort_by field: ${error.message}`);
    throw error;
  }
  const { results, total } = found;
  const { offset, limit } = search;
  const page = JSON.stringify({ total, offset, limit, has_more: offset + limit < total }).slice(1);
  const body = `{"results":[${results.map(({ text }) => text).join(",")}],${page}`;
  return new Response(body, { headers: { "content-type": "application/json", "cache-control": "no-cache" } });
}
