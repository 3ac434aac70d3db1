import type { CategoryName } from "../../../src/categories.ts";
import { convertReference } from "../../../src/replica/convert/convert.ts";
import { sourcePaths } from "../../../src/replica/convert/legacy.ts";
import type { ReferenceDocument } from "../../../src/replica/convert/reference-document.ts";
import { DEFAULTS, PARAMS } from "../../files/text/arbitraries.ts";

/** The files of a category whose first one has this text; the JSON files beside models.csv are as they should be. */
export function filesOf(category: CategoryName, text: string | null): Map<string, string | null> {
  const [path = "", defaults, params] = sourcePaths(category);
  const files = new Map([[path, text]]);
  if (defaults !== undefined && params !== undefined) files.set(defaults, DEFAULTS).set(params, PARAMS);
  return files;
}

export function convertFile(category: CategoryName, text: string | null): ReferenceDocument {
  return convertReference(category, filesOf(category, text));
}

/** What becomes of one record, `null` when it is left out, and the reasons told. */
export function convertRecord(category: CategoryName, record: string): { record: string | null; reasons: string[] } {
  const { records, issues } = convertFile(category, `{"m": ${record}}`);
  return { record: records.get("m") ?? null, reasons: issues.map(({ reason }) => reason) };
}

/** A record's fields as JSON texts: `{"name": "m", …}`. */
export function recordText(fields: Readonly<Record<string, string>>): string {
  return `{${Object.entries(fields)
    .map(([key, value]) => `${JSON.stringify(key)}: ${value}`)
    .join(", ")}}`;
}
