/**
 * The body and query of `POST /sync`: `categories`, `dryRun`, `force` and `expected`, each at most once. Pure.
 */
import * as z from "zod/mini";
import { type CategoryName, selectCategories } from "../category-names.ts";
import type { Config } from "../config/config.ts";
import { BOOLEAN_WORDS } from "../config/setting-forms.ts";
import { SyncError } from "../core/errors.ts";
import { isJsonObject } from "../core/parse-json.ts";
import type { RunRequest } from "../sync/run-request.ts";

export const MAX_BODY_BYTES = 64 * 1024;

const VALID = `Valid fields: categories (a list, or names separated by commas), dryRun and force (true or false), and expected (the digest of a preview, with force and one category).`;

const flag = z.union([z.boolean(), z.stringbool(BOOLEAN_WORDS)]);
const names = z.union([
  z.array(z.string()),
  z.pipe(
    z.string(),
    z.transform((text: string) => text.split(",")),
  ),
]);

/** A body as JSON; a form and a query carry the same fields as text. */
export const SyncRequestSchema = z.strictObject({
  categories: z.optional(names),
  dryRun: z.optional(flag),
  force: z.optional(flag),
  expected: z.optional(z.string().check(z.regex(/^[0-9a-f]{64}$/))),
});

/**
 * Accepts JSON, a form, or nothing as the body. A field may come from the body or the query, not from both.
 *
 * @throws SyncError `bad-request` with a sentence that says what is valid
 */
export function parseSyncRequest(
  body: string,
  query: URLSearchParams,
  config: Config,
  use: "sync" | "preview" = "sync",
): Omit<RunRequest, "id"> {
  const fields = new Map<string, unknown>();
  for (const [name, value] of [...readBody(body), ...query]) {
    if (!Object.hasOwn(SyncRequestSchema.shape, name))
      throw invalid(`There is no field ${JSON.stringify(name.slice(0, 80))}.`);
    if (fields.has(name)) throw invalid(`${name} is given more than once.`);
    fields.set(name, value);
  }
  if (use === "preview" && (fields.has("dryRun") || fields.has("expected")))
    throw new SyncError("bad-request", "A preview is always a dry run. Valid here: categories and force.");
  const read = (name: "dryRun" | "force") => {
    const parsed = SyncRequestSchema.shape[name].safeParse(fields.get(name));
    if (!parsed.success) throw invalid(`${name} is not a boolean.`);
    return parsed.data ?? false;
  };
  const categories = readCategories(fields.get("categories"), config);
  const isForced = read("force");
  const expected = readExpected(fields.get("expected"));
  if (expected !== null && (!isForced || categories?.length !== 1))
    throw new SyncError("bad-request", "expected is for a force of one category: give force and categories, too.");
  const isDryRun = read("dryRun") || config.dryRun;
  return { trigger: "manual", categories, isDryRun, isForced, ...(expected === null ? {} : { expected }) };
}

function readExpected(value: unknown): string | null {
  const parsed = SyncRequestSchema.shape.expected.safeParse(value ?? undefined);
  if (!parsed.success) throw invalid("expected is not the digest of a category: 64 hexadecimal digits, small letters.");
  return parsed.data ?? null;
}

function readBody(body: string): Iterable<[string, unknown]> {
  const text = body.trim();
  if (text === "") return [];
  if (/^[{["]/.test(text)) {
    const parsed = parseJson(text);
    // By hand, because zod's records pass over `__proto__`.
    if (isJsonObject(parsed)) return Object.entries(parsed);
    throw invalid("The body is not a JSON object.");
  }
  if (/^[\w%+.-]+=/.test(text)) return new URLSearchParams(text);
  throw invalid("The body is neither a JSON object nor a form.");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid("The body is not valid JSON.");
  }
}

function readCategories(value: unknown, config: Config): readonly CategoryName[] | null {
  if (value === undefined || value === null) return null;
  const parsed = SyncRequestSchema.shape.categories.safeParse(value);
  if (!parsed.success || parsed.data === undefined) throw invalid("categories is neither a list of names nor a text.");
  const selected = selectCategories(parsed.data.map((name) => name.trim()).filter((name) => name !== ""));
  if ("problem" in selected) throw new SyncError("bad-request", selected.problem);
  const missing = selected.filter((name) => !config.categories.includes(name));
  if (missing.length === 0) return selected;
  throw new SyncError(
    "bad-request",
    `${missing.join(", ")} is not in CATEGORIES_TO_SYNC. Valid here: ${config.categories.join(", ")}.`,
  );
}

function invalid(problem: string): SyncError {
  return new SyncError("bad-request", `${problem} ${VALID}`);
}
