import type { CategoryName } from "../../categories.ts";
import { indexMembers } from "../../files/json/members.ts";
import { OPEN_BRACE } from "../../files/json/scan.ts";
import { parseNode } from "../../files/json/tree.ts";
import { createDbPrinter, dbEntries } from "../../files/text/script/db-json.ts";
import { describeNonObject } from "./describe-value.ts";
import { findRepeated, joinReasons, REPEATED, tableIssues } from "./issues.ts";
import type { ReferenceIssue } from "./reference-document.ts";
import { type JsonCategoryName, readJsonSource, readTextSource, type SourceFiles } from "./sources.ts";

export { sourcePaths } from "./sources.ts";

/** A category in the v1 format. */
export interface LegacyReference {
  /** A JSON object of records: the file's own text, or for text_generation that of db.json. */
  readonly text: string;
  /** How many records the object has; a name that stands twice counts once. */
  readonly records: number;
  readonly issues: readonly ReferenceIssue[];
}

/**
 * What PRIMARY would serve as v1, made from the files of the repository; `{}` when they are missing or empty.
 *
 * A bad record stays in the text and is told in `issues`; only a malformed row of models.csv is left out.
 * @param files by path, as `sourcePaths` lists them
 * @throws SyncError `legacy-malformed` when a file is not what its format says, or seems to be cut off
 */
export function readLegacy(category: CategoryName, files: SourceFiles): LegacyReference {
  return category === "text_generation" ? readModels(files) : readRecords(category, files);
}

function readRecords(category: JsonCategoryName, files: SourceFiles): LegacyReference {
  const { text, members } = readJsonSource(category, files);
  const records = indexMembers(members);
  const repeated = findRepeated(members.map(({ name }) => name));
  const issues = [...records.values()].flatMap(({ name, value }) => {
    const reasons = repeated.has(name) ? [REPEATED] : [];
    if (value.charCodeAt(0) !== OPEN_BRACE) reasons.push(describeNonObject(parseNode(value)));
    return reasons.length === 0 ? [] : [joinReasons(name, reasons, false)];
  });
  return { text, records: records.size, issues };
}

function readModels(files: SourceFiles): LegacyReference {
  const table = readTextSource(files);
  if (table === null) return { text: "{}", records: 0, issues: [] };
  const entries = dbEntries(table.rows.flatMap(({ model }) => model ?? []));
  const text = createDbPrinter(table.schema).print(entries);
  return { text, records: entries.size, issues: tableIssues(table) };
}
