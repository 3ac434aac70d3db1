import { beforeHeader, type CsvRow, type CsvText, readCsv } from "../csv.ts";
import { createDbPrinter, dbEntries } from "./db-json.ts";
import { type Model, readModel, type Stop } from "./model.ts";
import { readSchema, type Schema, STANDARD_COLUMNS } from "./schema.ts";

/** Something about one row of models.csv that a person should look at. */
export interface RowIssue extends Stop {
  /** Line of the file, counted from 1. */
  readonly line: number;
  /** The name the row gives, possibly empty. */
  readonly name: string;
  /** Whether the script stops at it, so that the repository's check fails. */
  readonly isStop: boolean;
  /** Whether the row gives no model because of it. */
  readonly isLeftOut: boolean;
}

export type IssueOfRow = Omit<RowIssue, "line" | "name">;

/** A row that is not the header, and what it means. */
export interface ModelRow {
  readonly row: CsvRow;
  readonly cells: readonly string[];
  /** `null` when the script stops at the row. */
  readonly model: Model | null;
  /** Without a line, which an edit may change. */
  readonly issues: readonly IssueOfRow[];
}

export interface ModelTable {
  readonly csv: CsvText;
  readonly schema: Schema;
  readonly rows: readonly ModelRow[];
  readonly issues: readonly RowIssue[];
}

/** What the rows of one state of models.csv mean, in their order. */
export interface ModelState {
  readonly models: readonly Model[];
  readonly schema: Schema;
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
 * A row at which the script would stop is left out and told in `issues`; it never stops the others.
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
  const rows = dataRows.map((row) => readRow(row, schema));
  const issues = rows.flatMap(({ row, cells, issues }) =>
    issues.map((issue) => ({ ...issue, line: row.line, name: cells[schema.nameColumn] ?? "" })),
  );
  return { csv, schema, rows, issues };
}

export function stateOf({ rows, schema }: ModelTable): ModelState {
  return { models: rows.flatMap(({ model }) => model ?? []), schema };
}

/** Whether the script would not come to the end of the rows. */
export function isStopping({ csv, schema, issues }: ModelTable): boolean {
  return beforeHeader(csv) !== "" || schema.missing.length > 0 || issues.some(({ isStop }) => isStop);
}

/** Python's csv module refuses longer cells. */
const MOST_CHARACTERS = 131_072;

function readRow(row: CsvRow, schema: Schema): ModelRow {
  const cells = cellValues(row);
  const reading = readModel(cells, schema);
  const issues: IssueOfRow[] = [];
  if (reading.kind === "stop")
    issues.push({ reason: reading.reason, cure: reading.cure, isStop: true, isLeftOut: true });
  if (!row.isClosed) issues.push(note("a quote in it is never closed", "close it"));
  const model = reading.kind === "model" ? reading.model : null;
  return { row, cells, model, issues: [...issues, ...issuesOfCells(cells, schema)] };
}

/** What is to tell of cells, whether they say a model or not. */
export function issuesOfCells(cells: readonly string[], schema: Schema): IssueOfRow[] {
  const isLong = cells.some(isTooLong);
  return [
    ...(cells.length > schema.width ? [note("it has more cells than the header", "remove those")] : []),
    ...(isLong ? [{ ...TOO_LONG, isStop: true, isLeftOut: false }] : []),
  ];
}

const TOO_LONG: Stop = { reason: "it has a cell of more than 131,072 characters", cure: "shorten it" };

/** Whether a cell has too many characters, of which one beyond U+FFFF is one. */
function isTooLong(cell: string): boolean {
  if (cell.length <= MOST_CHARACTERS) return false;
  let count = 0;
  for (const _ of cell) count += 1;
  return count > MOST_CHARACTERS;
}

/** The script goes on. */
function note(reason: string, cure: string): IssueOfRow {
  return { reason, cure, isStop: false, isLeftOut: false };
}

function cellValues(row: CsvRow): string[] {
  return row.cells.map(({ value }) => value);
}
