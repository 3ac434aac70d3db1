import type { CsvCell, CsvRow, CsvText } from "./csv.ts";

export interface CsvEdit {
  /** Wanted cell values by row. A row without an entry keeps its bytes, and so does a cell whose value is the same. */
  readonly changed: ReadonlyMap<CsvRow, readonly string[]>;
  readonly removed: ReadonlySet<CsvRow>;
  /** Rows to add at the end: cells to write, or a row of this file to take there (it is in `removed` too). */
  readonly appended: readonly (readonly string[] | CsvRow)[];
}

/**
 * The file's text with the edit done and every other byte as it was.
 *
 * Written cells are quoted only where they must be. Added rows take the file's line end; a file that did not end
 * with one still does not.
 */
export function editCsv(csv: CsvText, edit: CsvEdit): string {
  const { text, eol } = csv;
  const last = csv.rows.at(-1);
  const isOpenEnded = last !== undefined && last.next === last.end;
  const added = edit.appended.map((row) => renderAppended(row, csv, edit));
  const body = copyRows(csv, edit, added.length > 0);
  if (added.length === 0) return isOpenEnded && edit.removed.has(last) ? body.replace(/(?:\r\n|[\r\n])$/, "") : body;
  const glue = body === "" || body === BOM || /[\r\n]$/.test(body) ? "" : eol;
  const end = isOpenEnded && text !== "" ? "" : eol;
  return body + glue + added.join(eol) + end;
}

/** One row without its line end: `a/b,7,,"x, y"`. */
export function renderRow(values: readonly string[]): string {
  return values.map(quoteCell).join(",");
}

const BOM = "\ufeff";

/** Python's QUOTE_MINIMAL. */
function quoteCell(value: string): string {
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

function copyRows(csv: CsvText, edit: CsvEdit, isContinued: boolean): string {
  const pieces: string[] = [];
  let copied = 0;
  for (const row of csv.rows) {
    const values = edit.changed.get(row);
    if (edit.removed.has(row)) {
      pieces.push(csv.text.slice(copied, row.start));
      copied = row.next;
    } else if (values !== undefined) {
      pieces.push(csv.text.slice(copied, row.start), renderChanged(row, values, csv.text));
      copied = row.end;
    } else if (!row.isClosed && isContinued) {
      pieces.push(csv.text.slice(copied, row.end), '"');
      copied = row.end;
    }
  }
  pieces.push(csv.text.slice(copied));
  return pieces.join("");
}

function renderAppended(row: readonly string[] | CsvRow, { text }: CsvText, { changed }: CsvEdit): string {
  if (!("cells" in row)) return renderRow(row);
  return renderChanged(row, changed.get(row) ?? row.cells.map(({ value }) => value), text);
}

/** The row with the changed cells written and the others copied; cells it lacks are added only as far as needed. */
function renderChanged(row: CsvRow, values: readonly string[], text: string): string {
  const needed = values.findLastIndex((value, index) => value !== "" || index < row.cells.length) + 1;
  const lastCell = row.cells.at(-1);
  const copyOrWrite = (value: string, cell: CsvCell | undefined) => {
    const isKept = cell !== undefined && cell.value === value && (row.isClosed || cell !== lastCell);
    return isKept ? text.slice(cell.start, cell.end) : quoteCell(value);
  };
  return values
    .slice(0, needed)
    .map((value, index) => copyOrWrite(value, row.cells[index]))
    .join(",");
}
