import { parseNode } from "../../files/json/tree.ts";
import { isDerivedKey } from "../../files/text/primary/entries.ts";
import { strip } from "../../files/text/script/python-text.ts";
import { readSize } from "../../files/text/script/size.ts";
import type { ModelTable } from "../../files/text/script/table.ts";
import { ownTags } from "../../files/text/script/tags.ts";
import { FLAT_VALUE, printFlatValue, printObject, printRecord, printText, printTexts } from "./compact-json.ts";
import { quoteShort } from "./describe-value.ts";
import { METADATA, printClassification } from "./generic-record.ts";
import { rowIssue, tableIssues } from "./issues.ts";
import type { ReferenceDocument } from "./reference-document.ts";
import { textModelGroup } from "./text-model-group.ts";

/**
 * The v2 records of text_generation, one per name; of rows with one name the last counts, at the place of the first.
 *
 * What v1 derives (tags of style and size, a display name, defaults) is not in them. A row that gives no model in v1
 * gives none here.
 */
export function convertTextModels(table: ModelTable): ReferenceDocument {
  const readCells = createCellReader(table);
  const records = new Map<string, string>();
  const issues = tableIssues(table);
  for (const { row, cells, model } of table.rows) {
    if (model === null) continue;
    const name = strip(model.name);
    const reading = readModel(name, readCells(cells));
    if (reading.kind === "record") records.set(name, reading.record);
    else issues.push(rowIssue({ line: row.line, name }, reading.reason, true));
  }
  return { records, issues };
}

/** The cell of a column, empty where the file lacks it. */
type CellReader = (column: string) => string;

type Reading =
  | { readonly kind: "record"; readonly record: string }
  /** `reason` is a sentence about the row: `its name begins with …`. */
  | { readonly kind: "issue"; readonly reason: string };

function createCellReader({ schema }: ModelTable): (cells: readonly string[]) => CellReader {
  const columns = new Map(schema.slots.map(({ key, column }) => [key, column]));
  return (cells) => (key) => cells[columns.get(key) ?? cells.length] ?? "";
}

const CLASSIFICATION = printClassification("text", "generation");
/** A CSV has no files. */
const CONFIG = printRecord({ download: "[]" });

function readModel(name: string, cell: CellReader): Reading {
  if (isDerivedKey(name)) {
    return { kind: "issue", reason: "its name begins with a backend, but only derived entries may have such names" };
  }
  const settings = readSettings(cell("settings"));
  if (settings.kind === "issue") return settings;
  const format = cell("instruct_format");
  const record = printRecord({
    record_type: printText("text_generation"),
    name: printText(name),
    description: printText(cell("description")),
    version: printText(cell("version")),
    metadata: METADATA,
    config: CONFIG,
    model_classification: CLASSIFICATION,
    baseline: printText(cell("baseline")),
    parameters: readSize(cell("parameters"))?.count ?? "0",
    nsfw: String(strip(cell("nsfw")).toLowerCase() === "true"),
    style: printText(cell("style")),
    display_name: printText(cell("display_name")),
    url: printText(cell("url")),
    tags: printTexts(ownTags(cell("tags")).filter((tag) => tag !== "")),
    instruct_format: format === "" ? null : printText(format),
    settings: settings.text,
    text_model_group: printText(textModelGroup(name)),
  });
  return { kind: "record", record };
}

/** Settings that are known to be a flat JSON object; v2 refuses `null` in it, which v1 takes. */
function readSettings(cell: string): { kind: "settings"; text: string | null } | Extract<Reading, { kind: "issue" }> {
  if (cell === "") return { kind: "settings", text: null };
  const node = parseNode(cell);
  if (node.kind !== "object") return { kind: "settings", text: null };
  const members = new Map(node.members.map(({ name, value }) => [name, printFlatValue(value)]));
  for (const [key, value] of members) {
    if (value === null) return { kind: "issue", reason: `its setting ${quoteShort(key)} must be ${FLAT_VALUE}` };
  }
  return { kind: "settings", text: printObject(members) };
}
