import type { CategoryName } from "../../categories.ts";
import { convertRecords } from "./json/json-records.ts";
import type { ReferenceDocument } from "./reference-document.ts";
import { readJsonSource, readTextSource, type SourceFiles } from "./sources.ts";
import { convertTextModels } from "./text/text-records.ts";

/** Part of the names of v2 bodies. Change it when the same files shall give another text. */
export const CONVERSION = "v2.2";

/**
 * A category in the v2 format, made from the files of the repository; without records when
 * they are missing or empty.
 *
 * A record that cannot be converted is left out and told in `issues`; it never stops the others.
 * @param files by path, as `sourcePaths` lists them
 * @throws SyncError `legacy-malformed` when a file is not what its format says, or seems to be cut off
 */
export function convertReference(category: CategoryName, files: SourceFiles): ReferenceDocument {
  if (category !== "text_generation") return convertRecords(category, readJsonSource(category, files).members);
  const table = readTextSource(files);
  return table === null ? { records: new Map(), issues: [] } : convertTextModels(table);
}
