import { JsonTextError } from "../../../files/json/json-text-error.ts";
import { strip } from "../../../files/python/python-text.ts";
import { isDerivedKey } from "../../../files/text/primary/entries.ts";
import { readPythonJson } from "../../../files/text/script/settings.ts";
import { readSize } from "../../../files/text/script/size.ts";
import type { ModelTable } from "../../../files/text/script/table.ts";
import { ownTags } from "../../../files/text/script/tags.ts";
import { FLAT_VALUE, printFlatValue, printObject, printRecord, printText, printTexts } from "../compact-json.ts";
import { quoteShort } from "../describe-value.ts";
import { REPEATED, rowIssue } from "../issues.ts";
import { METADATA, printClassification } from "../json/generic-record.ts";
import { isNull } from "../json/lax-values.ts";
import type { ReferenceDocument } from "../reference-document.ts";
import { textModelGroup } from "./text-model-group.ts";

/**
 * The v2 records of text_generation, one per name; of rows with one name the last counts, at the place of the first.
 *
 * What v1 derives (tags of style and size, a display name, defaults) is not in them. The rules are those of the
 * reference converter and not of v1: a row without a size has 0 parameters, a name may be a URL, and settings may have
 * any key.
 */
export function convertTextModels(table: ModelTable): ReferenceDocument {
  const readCells = createCellReader(table);
  const records = new Map<string, string>();
  const notes = table.issues.filter(({ isLeftOut }) => !isLeftOut);
  const issues = notes.map(({ line, name, reason }) => rowIssue({ line, name }, reason, false));
  const repeated = new Set<string>();
  for (const { row, cells } of table.rows) {
    const name = strip(cells[table.schema.nameColumn] ?? "");
    const reading = readModel(name, readCells(cells));
    if (reading.kind === "issue") {
      issues.push(rowIssue({ line: row.line, name }, reading.reason, true));
      continue;
    }
    if (reading.note !== null) issues.push(rowIssue({ line: row.line, name }, reading.note, false));
    if (records.has(name)) repeated.add(name);
    records.set(name, reading.record);
  }
  issues.push(...Array.from(repeated, (name) => ({ name, reason: REPEATED, isLeftOut: false })));
  return { records, issues };
}

/** The cell of a column, empty where the file lacks it. */
type CellReader = (column: string) => string;

type Reading =
  | { readonly kind: "record"; readonly record: string; readonly note: string | null }
  /** `reason` is a sentence about the row: `its name begins with …`. */
  | Issue;

interface Issue {
  readonly kind: "issue";
  readonly reason: string;
}

function createCellReader({ schema }: ModelTable): (cells: readonly string[]) => CellReader {
  const columns = new Map(schema.slots.map(({ key, column }) => [key, column]));
  return (cells) => (key) => cells[columns.get(key) ?? cells.length] ?? "";
}

const CLASSIFICATION = printClassification("text", "generation");
/** A CSV has no files. */
const CONFIG = printRecord({ download: "[]" });

function readModel(name: string, cell: CellReader): Reading {
  if (name === "") return { kind: "issue", reason: "it has no name" };
  if (isDerivedKey(name)) {
    return { kind: "issue", reason: "its name begins with a backend, but only derived entries may have such names" };
  }
  const sizeCell = cell("parameters");
  const size = strip(sizeCell) === "" ? "0" : (readSize(sizeCell)?.count ?? null);
  if (size === null) return { kind: "issue", reason: `its size ${quoteShort(sizeCell)} is not a number` };
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
    parameters: size,
    nsfw: String(strip(cell("nsfw")).toLowerCase() === "true"),
    style: printText(cell("style")),
    display_name: printText(cell("display_name")),
    url: printText(cell("url")),
    tags: printTexts(ownTags(cell("tags")).filter((tag) => tag !== "")),
    instruct_format: format === "" ? null : printText(format),
    settings: settings.text,
    text_model_group: printText(textModelGroup(name)),
  });
  return { kind: "record", record, note: strip(sizeCell) === "" ? NO_SIZE : null };
}

const NO_SIZE = "it has no size, and counts as one of 0 parameters";

/** Settings must be a flat JSON object, or say nothing; a number that JSON cannot have is none. */
function readSettings(text: string): { readonly kind: "settings"; readonly text: string | null } | Issue {
  const cell = strip(text);
  const node = cell === "" ? null : readPythonJson(cell);
  if (node instanceof JsonTextError) return { kind: "issue", reason: `its settings are not JSON: ${node.message}` };
  if (node === null || isNull(node)) return { kind: "settings", text: null };
  if (node.kind !== "object") return { kind: "issue", reason: "its settings are not a JSON object" };
  const members = new Map(node.members.map(({ name, value }) => [name, printFlatValue(value)]));
  for (const [key, value] of members) {
    if (value === null) return { kind: "issue", reason: `its setting ${quoteShort(key)} must be ${FLAT_VALUE}` };
  }
  return { kind: "settings", text: printObject(members) };
}
