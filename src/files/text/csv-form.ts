/**
 * What the text repository's hooks refuse of models.csv: white space at the end of a line, and every other spelling
 * than that of CleverCSV's `standardize` (RFC 4180: CRLF, quotes only where they must be). Pure.
 *
 * @see https://github.com/alan-turing-institute/CleverCSV-pre-commit
 */

import { refusedForm } from "../checks/text-form.ts";
import type { CsvRow, CsvText } from "./csv.ts";
import { renderRow } from "./csv-edit.ts";

/** One phrase for each, such as `it has 2 rows without CRLF at the end (the first on line 5)`. */
export function refusedCsv(csv: CsvText): string[] {
  const { text, rows } = csv;
  const isSpelled = (row: CsvRow) => {
    const source = text.slice(row.start, row.end);
    return !source.includes('"') || (row.isClosed && source === renderRow(row.cells.map(({ value }) => value)));
  };
  const isEnded = ({ end, next }: CsvRow) => next === end || text.slice(end, next) === "\r\n";
  return [
    ...tell("with quotes that they do not need, or without some that they do", rows, isSpelled),
    ...tell("without CRLF at the end", rows, isEnded),
    ...refusedForm(text),
  ];
}

function tell(what: string, rows: readonly CsvRow[], isRight: (row: CsvRow) => boolean): string[] {
  const wrong = rows.filter((row) => !isRight(row));
  const [first] = wrong;
  if (first === undefined) return [];
  return [
    `it has ${wrong.length === 1 ? "a row" : `${wrong.length} rows`} ${what} (${wrong.length === 1 ? "" : "the first on "}line ${first.line})`,
  ];
}
