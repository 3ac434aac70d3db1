import { quoteRaw } from "../json/strings.ts";
import { type CsvRow, type CsvText, readCsv } from "./csv.ts";
import { createDbPrinter, dbEntries } from "./db-json.ts";
import { type Model, readModel } from "./model.ts";
import type { ModelState } from "./model-diff.ts";
import { readSchema, type Schema, STANDARD_COLUMNS } from "./schema.ts";

/** Something about one row of models.csv that a person should look at. */
export interface RowIssue {
  /** Line of the file, counted from 1. */
  readonly line: number;
  /** The name the row gives, possibly empty. */
  readonly name: string;
  /** A sentence that the place goes before: `it has no name`. */
  readonly reason: string;
  /** Whether the row gives no model because of it. */
  readonly isLeftOut: boolean;
}

/** A row that is not the header, and what it means. */
export interface ModelRow {
  readonly row: CsvRow;
  readonly cells: readonly string[];
  /** `null` when the row is malformed. */
  readonly model: Model | null;
}

export interface ModelTable {
  readonly csv: CsvText;
  readonly schema: Schema;
  readonly rows: readonly ModelRow[];
  readonly issues: readonly RowIssue[];
}

export interface TextSources {
  /** The text of models.csv. */
  readonly csv: string;
  /** The texts of defaults.json and generation_params.json. */
  readonly defaults: string;
  readonly generationParams: string;
}

/**
 * What the text repository's own script makes of models.csv: the entries and the text of db.json, byte for byte.
 *
 * A malformed row is left out and told in `issues`; it never stops the others.
 * @throws SyncError `legacy-malformed` when a JSON file is not an object or the header lacks a needed column
 */
export function convertModels(sources: TextSources): {
  readonly entries: ReadonlyMap<string, Model>;
  readonly dbJson: string;
  readonly issues: readonly RowIssue[];
} {
  const { rows, schema, issues } = readTable(sources);
  const entries = dbEntries(rows.flatMap(({ model }) => model ?? []));
  return { entries, dbJson: createDbPrinter(schema).print(entries), issues };
}

/**
 * models.csv with every row read. A file without any row is read as one that holds the standard header only.
 *
 * @throws SyncError as `convertModels`
 */
export function readTable(sources: TextSources): ModelTable {
  const found = readCsv(sources.csv);
  const csv = found.rows.length > 0 ? found : readCsv(`${STANDARD_COLUMNS.join(",")}\r\n`);
  const [header, ...dataRows] = csv.rows;
  const schema = readSchema({ ...sources, header: header === undefined ? [] : cellValues(header) });
  const issues: RowIssue[] = [];
  const rows = dataRows.map((row) => {
    const cells = cellValues(row);
    const reading = readModel(cells, schema);
    const report = (reason: string, isLeftOut: boolean) =>
      issues.push({ line: row.line, name: cells[schema.nameColumn] ?? "", reason, isLeftOut });
    if (reading.kind === "issue") report(reading.reason, true);
    else if (cells.length > schema.width) report("it has more cells than the header", false);
    if (!row.isClosed) report("a quote in it is never closed", reading.kind === "issue");
    return { row, cells, model: reading.kind === "model" ? reading.model : null };
  });
  return { csv, schema, rows, issues };
}

/** What the rows mean. */
export function stateOf({ rows, schema }: ModelTable): ModelState {
  return { models: rows.flatMap(({ model }) => model ?? []), schema };
}

/** `models.csv line 12 ("a/b"): its size "big" is not a number; the row gives no model.` */
export function describeIssue({ line, name, reason, isLeftOut }: RowIssue): string {
  const place = `models.csv line ${line}${name === "" ? "" : ` (${quoteRaw(name)})`}`;
  return `${place}: ${reason}${isLeftOut ? "; the row gives no model" : ""}.`;
}

function cellValues(row: CsvRow): string[] {
  return row.cells.map(({ value }) => value);
}
