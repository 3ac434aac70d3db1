import type { CsvCell, CsvRow, CsvText } from "./csv.ts";

/** A row of the edited file. */
export type RowEdit =
  /** An old row; `cells` are its wanted values, and one whose value is the same keeps its bytes. */
  | { readonly row: CsvRow; readonly cells: readonly string[] }
  | { readonly row: null; readonly cells: readonly string[] };

/**
 * The file's text with these rows under its header, and every other byte as it was.
 *
 * Written cells are quoted only where they must be. Added rows take the file's line end; a file that did not end
 * with one still does not. What stands before the header (a byte order mark, blank lines) is taken out; other blank
 * lines stay where they are.
 * @param least how many cells a row has to have, empty ones too
 */
export function editCsv(csv: CsvText, edits: readonly RowEdit[], least = 0): string {
  const { text, eol, rows } = csv;
  const [header] = rows;
  const last = rows.at(-1);
  if (header === undefined || last === undefined) return edits.map(({ cells }) => renderRow(cells) + eol).join("");
  const isOpenEnded = last.next === last.end;
  const blankBefore = blankLines(csv);
  const all: RowEdit[] = [{ row: header, cells: header.cells.map(({ value }) => value) }, ...edits];
  const pieces = all.map((edit, index): string => {
    const isLast = index === all.length - 1;
    const end = isLast && isOpenEnded ? "" : (edit.row && text.slice(edit.row.end, edit.row.next)) || eol;
    if (edit.row === null) return renderRow(edit.cells) + end;
    const isCutShort = !edit.row.isClosed && !isLast && isUnchanged(edit.row, edit.cells);
    return (blankBefore.get(edit.row) ?? "") + renderOld(edit, { ...csv, least }) + (isCutShort ? '"' : "") + end;
  });
  return pieces.join("") + text.slice(last.next);
}

/** One row without its line end: `a/b,7,,"x, y"`. */
export function renderRow(values: readonly string[]): string {
  return values.map(quoteCell).join(",");
}

/** Python's QUOTE_MINIMAL. */
function quoteCell(value: string): string {
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

/** The blank lines before each row, where there are some. They go with the row behind them. */
function blankLines({ text, rows }: CsvText): Map<CsvRow, string> {
  const blank = new Map<CsvRow, string>();
  let end = rows[0]?.start ?? 0;
  for (const row of rows) {
    if (row.start > end) blank.set(row, text.slice(end, row.start));
    end = row.next;
  }
  return blank;
}

function isUnchanged(row: CsvRow, cells: readonly string[]): boolean {
  return row.cells.length === cells.length && row.cells.every(({ value }, index) => value === cells[index]);
}

/**
 * The row with the changed cells written and the others copied. Cells it lacks are added only as far as needed: an empty
 * one only before others, or where it is beyond the header.
 */
function renderOld(
  { row, cells: values }: { readonly row: CsvRow; readonly cells: readonly string[] },
  { text, rows, least }: CsvText & { readonly least: number },
): string {
  if (isUnchanged(row, values)) return text.slice(row.start, row.end);
  const width = rows[0]?.cells.length ?? 0;
  const isNeeded = (value: string, index: number) =>
    value !== "" || index < Math.max(row.cells.length, least) || index >= width;
  const needed = values.findLastIndex(isNeeded) + 1;
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
