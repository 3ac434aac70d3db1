/**
 * One category of PRIMARY against the texts of its files. Pure.
 */
import { CATEGORIES, type Category, type CategoryName, selectCategories } from "../categories.ts";
import { SyncError } from "../core/errors.ts";
import type { RecordChange } from "../files/codec.ts";

/** Texts by path, relative to the repository's root; `null` where there is no such file. */
export type Files = Readonly<Record<string, string | null>>;

export interface CompareCategoryInput {
  readonly category: CategoryName;
  /** PRIMARY's answer for the category, as it came: the text of a JSON object `{record name: record}`. */
  readonly primary: string;
  /** The text of every file of the category (see `pathsOf`), as an object or a `Map`. Other paths are not looked at. */
  readonly files: Files | ReadonlyMap<string, string | null>;
}

export interface CategoryComparison {
  /** What differs in meaning, record by record; empty when nothing does. The order of records and fields means nothing. */
  readonly changes: readonly RecordChange[];
  /**
   * The wanted text of every file that must change, by path; empty when none must. A file may have to change without a
   * change of meaning, such as a `db.json` that is not what its `models.csv` makes.
   */
  readonly files: Readonly<Record<string, string>>;
  /** What a reviewer should know beside that, one sentence each, such as what the repository's own check will refuse. */
  readonly warnings: readonly string[];
}

/** The paths of a category's files: those that a sync writes, and those that it only reads. */
export interface CategoryPaths {
  readonly writes: readonly string[];
  readonly reads: readonly string[];
}

/**
 * The files that hold a category.
 *
 * @example pathsOf("esrgan") // { writes: ["esrgan.json"], reads: [] }
 * @throws SyncError `bad-request` for a name that is not a category with files; the message lists those that are
 */
export function pathsOf(category: CategoryName): CategoryPaths {
  const { writes, reads } = find(category).codec;
  return { writes: [...writes], reads: [...reads] };
}

/**
 * Compare PRIMARY's answer for a category with its files, and edit the texts of the files so that they mean what PRIMARY
 * says. Records that do not change keep their bytes.
 *
 * Law: with the texts of the result in the place of the old ones, a second comparison finds no change and no file.
 *
 * Nothing is kept back here: the guard against removing most of a category belongs to a run.
 *
 * @throws SyncError `bad-request` when the category is none, or a file's text is missing; `primary-malformed` when
 *   `primary` is not a JSON object of objects; `legacy-malformed`, naming the file, when a file is not what its format
 *   says
 */
export function compareCategory({ category, primary, files }: CompareCategoryInput): CategoryComparison {
  const { codec } = find(category);
  if (typeof primary !== "string") throw new SyncError("bad-request", "primary must be the text of PRIMARY's answer.");
  const texts = readFiles(files, { category, paths: [...codec.writes, ...codec.reads] });
  const { changes, files: wanted, warnings } = codec.apply({ primary, files: texts });
  return { changes, files: Object.fromEntries(wanted), warnings };
}

function find(name: CategoryName): Category {
  const selected = selectCategories([String(name)]);
  if ("problem" in selected) throw new SyncError("bad-request", selected.problem);
  const found = CATEGORIES.find((category) => category.name === name);
  if (found === undefined) throw new SyncError("internal", `${name} has no codec.`);
  return found;
}

interface Expected {
  readonly category: CategoryName;
  readonly paths: readonly string[];
}

/** A path that is left out is not taken for a file that is not there: all of its records would seem to be new. */
function readFiles(files: CompareCategoryInput["files"], { category, paths }: Expected): Map<string, string | null> {
  const valid = `The files of ${category} are ${paths.join(", ")}: give the text of each, or null where there is none.`;
  if (typeof files !== "object" || files === null) throw new SyncError("bad-request", `files is missing. ${valid}`);
  const texts = new Map<string, unknown>(files instanceof Map ? files : Object.entries(files));
  return new Map(
    paths.map((path) => {
      const text = texts.get(path);
      if (typeof text === "string" || text === null) return [path, text];
      throw new SyncError("bad-request", `files has no text for ${path}. ${valid}`);
    }),
  );
}
