import { CATEGORIES, type CategoryName } from "../../categories.ts";
import { SyncError } from "../../core/errors.ts";
import { JsonTextError } from "../../files/json/json-text-error.ts";
import { type Member, readMembers } from "../../files/json/members.ts";
import { asPrimaryReads } from "../../files/text/primary/holdable.ts";
import { type ModelTable, readTable } from "../../files/text/script/table.ts";

/** The texts of the files a category is read from, by path; `null` for one that is missing. */
export type SourceFiles = ReadonlyMap<string, string | null>;

/** The categories that are one JSON file. */
export type JsonCategoryName = Exclude<CategoryName, "text_generation">;

/** The files a category is read from. db.json is derived, so that models.csv tells all. */
export function sourcePaths(category: CategoryName): readonly string[] {
  if (category === "text_generation") return [CSV, DEFAULTS, PARAMS];
  return CATEGORIES.find(({ name }) => name === category)?.codec.writes ?? [];
}

/**
 * The text of a JSON category's file without a byte order mark, and its members, duplicates kept. A file that is
 * missing, or has nothing but white space, is read as `{}`.
 *
 * @throws SyncError `legacy-malformed` when it is not one JSON object
 */
export function readJsonSource(category: JsonCategoryName, files: SourceFiles): { text: string; members: Member[] } {
  const [path = ""] = sourcePaths(category);
  const text = readText(files, path) ?? "{}";
  try {
    return { text, members: readMembers(text) };
  } catch (cause) {
    if (!(cause instanceof JsonTextError)) throw cause;
    throw new SyncError("legacy-malformed", `${path} is not a JSON object: ${cause.message}.`, { cause });
  }
}

/**
 * The rows of models.csv, `null` when the file is missing or has nothing but white space.
 *
 * @throws SyncError `legacy-malformed` when models.csv ends inside a quote, which is how a file looks that was cut off,
 *   when its header lacks a needed column, or when defaults.json or generation_params.json is missing or no object
 */
export function readTextSource(files: SourceFiles): ModelTable | null {
  const csv = readText(files, CSV);
  if (csv === null) return null;
  const table = asPrimaryReads(
    readTable({ csv, defaults: requireText(files, DEFAULTS), generationParams: requireText(files, PARAMS) }),
  );
  const last = table.csv.rows.at(-1);
  if (last?.isClosed !== false) return table;
  const message = `${CSV} ends inside a quote that line ${last.line} opens; the file seems to be cut off.`;
  throw new SyncError("legacy-malformed", message);
}

const CSV = "models.csv";
const DEFAULTS = "defaults.json";
const PARAMS = "generation_params.json";
const BYTE_ORDER_MARK = "\ufeff";

function readText(files: SourceFiles, path: string): string | null {
  const text = files.get(path) ?? "";
  if (text.trim() === "") return null;
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
}

function requireText(files: SourceFiles, path: string): string {
  const text = readText(files, path);
  if (text !== null) return text;
  throw new SyncError("legacy-malformed", `${path} is missing or empty; ${CSV} cannot be read without it.`);
}
