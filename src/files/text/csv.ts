/** A cell and where it stands: `start`…`end` in the file's text holds its source, quotes included. */
export interface CsvCell {
  readonly start: number;
  readonly end: number;
  readonly value: string;
}

export interface CsvRow {
  /** Line of the file the row begins on, counted from 1. */
  readonly line: number;
  readonly start: number;
  /** Where the row's line end begins, and where the next row begins. */
  readonly end: number;
  readonly next: number;
  readonly cells: readonly CsvCell[];
  /** `false` when the text ends inside the last cell's quotes. */
  readonly isClosed: boolean;
}

export interface CsvText {
  readonly text: string;
  /** All rows but blank lines, the header included. */
  readonly rows: readonly CsvRow[];
  /** The line end most rows have; CRLF for a file without any. */
  readonly eol: string;
}

/**
 * Read CSV into rows and cells that know their exact source spans. Never fails: any text is some CSV.
 *
 * Follows Python's `csv.reader` in its default dialect on a file opened with `newline=""`: LF, CRLF and CR end a row;
 * blank lines are no rows; a quote is special only as a cell's first character; text behind a closing quote belongs
 * to the cell; a quote that is never closed reaches to the end. A byte order mark is skipped.
 */
export function readCsv(text: string): CsvText {
  const rows: CsvRow[] = [];
  const eols = new Map<string, number>();
  let start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  let line = 1;
  const seek = createSeekers(text);
  while (start < text.length) {
    const end = seek.lineEnd(start);
    const isPlain = seek.quote(start) >= end;
    const row = isPlain ? splitRow({ text, start, end, line }) : readRow({ text, start, line, seek });
    if (row.end > row.start) rows.push(row);
    const eol = text.slice(row.end, row.next);
    if (eol !== "") eols.set(eol, (eols.get(eol) ?? 0) + 1);
    line += 1 + (isPlain ? 0 : countLineEnds(row, text));
    start = row.next;
  }
  const [[eol] = ["\r\n"]] = [...eols].sort(([, a], [, b]) => b - a);
  return { text, rows, eol };
}

/** What stands before the header: nothing, as it should be, or a byte order mark and blank lines. */
export function beforeHeader({ text, rows }: CsvText): string {
  return text.slice(0, rows[0]?.start ?? 0);
}

/** Each finds the next of something from an offset on, and is for offsets that only grow. */
interface Seekers {
  quote(from: number): number;
  lineEnd(from: number): number;
  /** The next comma or line end. */
  cellEnd(from: number): number;
}

function createSeekers(text: string): Seekers {
  const [comma, lf, cr] = [createSeeker(text, ","), createSeeker(text, "\n"), createSeeker(text, "\r")];
  const lineEnd = (from: number) => Math.min(lf(from), cr(from));
  return { quote: createSeeker(text, '"'), lineEnd, cellEnd: (from) => Math.min(comma(from), lineEnd(from)) };
}

/** Finds the next of a character from an offset on, `text.length` when there is none; linear for offsets that only grow. */
function createSeeker(text: string, character: string): (from: number) => number {
  let found = -1;
  return (from) => {
    if (found >= from) return found;
    const next = text.indexOf(character, from);
    found = next < 0 ? text.length : next;
    return found;
  };
}

/** A row without quotes, up to `end`. */
function splitRow(row: { readonly text: string; readonly start: number; readonly end: number; readonly line: number }) {
  const { text, start, end, line } = row;
  let at = start;
  const cells = text
    .slice(start, end)
    .split(",")
    .map((value): CsvCell => {
      const cell = { start: at, end: at + value.length, value };
      at = cell.end + 1;
      return cell;
    });
  return { line, start, end, next: skipLineEnd(text, end), cells, isClosed: true };
}

function readRow(row: {
  readonly text: string;
  readonly start: number;
  readonly line: number;
  readonly seek: Seekers;
}): CsvRow {
  const { text, start, line, seek } = row;
  const cells: CsvCell[] = [];
  let at = start;
  for (;;) {
    const { cell, isClosed } = readCell(text, at, seek);
    cells.push(cell);
    at = cell.end;
    if (text.charCodeAt(at) !== COMMA) return { line, start, end: at, next: skipLineEnd(text, at), cells, isClosed };
    at += 1;
  }
}

function readCell(text: string, start: number, seek: Seekers): { cell: CsvCell; isClosed: boolean } {
  if (text.charCodeAt(start) !== QUOTE) {
    const end = seek.cellEnd(start);
    return { cell: { start, end, value: text.slice(start, end) }, isClosed: true };
  }
  let value = "";
  let at = start + 1;
  for (;;) {
    const quote = text.indexOf('"', at);
    if (quote < 0) return { cell: { start, end: text.length, value: value + text.slice(at) }, isClosed: false };
    value += text.slice(at, quote);
    at = quote + 1;
    if (text.charCodeAt(at) !== QUOTE) break;
    value += '"';
    at += 1;
  }
  const end = seek.cellEnd(at);
  return { cell: { start, end, value: value + text.slice(at, end) }, isClosed: true };
}

function skipLineEnd(text: string, start: number): number {
  if (start >= text.length) return start;
  return text.charCodeAt(start) === CR && text.charCodeAt(start + 1) === LF ? start + 2 : start + 1;
}

/** How many line ends the row's cells hold. */
function countLineEnds(row: CsvRow, text: string): number {
  return text.slice(row.start, row.end).match(/\r\n|[\r\n]/g)?.length ?? 0;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const LF = 0x0a;
const CR = 0x0d;
