import { type DbPrinter, dbEntries } from "./script/db-json.ts";
import type { Model } from "./script/model.ts";
import { isStopping, type ModelTable } from "./script/table.ts";

/**
 * What has to happen to db.json.
 *
 * Line ends do not count, because the repository's check reads both texts with any; a file with CRLF keeps it.
 * @returns `text`: the wanted text, `null` when it is there already
 */
export function rewriteDb(input: {
  /** The file's text, `null` when there is none, and `undefined` when it is just what models.csv gives. */
  readonly current: string | null | undefined;
  /** models.csv as it is now. */
  readonly table: ModelTable;
  /** What it gives. */
  readonly now: ReadonlyMap<string, Model>;
  readonly printer: DbPrinter;
  /** The entries that models.csv will give. */
  readonly wanted: ReadonlyMap<string, Model>;
  readonly isCsvNew: boolean;
}): { readonly text: string | null; readonly warnings: readonly string[] } {
  const { current, table, now, printer, wanted, isCsvNew } = input;
  if (current === undefined) {
    return { text: isSame(now, wanted) ? null : printer.print(wanted), warnings: [] };
  }
  if (current === null) {
    const warnings = isCsvNew ? [] : ["db.json was missing; it is made anew from models.csv."];
    return { text: printer.print(wanted), warnings };
  }
  const hasCrlf = isCrlf(current);
  const plain = hasCrlf ? current.replaceAll("\r\n", "\n") : current;
  const isRight = printer.isPrinted(plain, wanted);
  const isFresh = isCsvNew || (isSame(now, wanted) ? isRight : printer.isPrinted(plain, now));
  const text = isRight ? null : printer.print(wanted);
  const warnings = isFresh ? [] : [describeUnfit({ isStopping: isStopping(table), isRight })];
  return { text: hasCrlf && text !== null ? text.replaceAll("\n", "\r\n") : text, warnings };
}

/** Whether db.json is what the script makes of models.csv, whatever its line ends. */
export function isConverted(db: string, table: ModelTable, printer: DbPrinter): boolean {
  return printer.isPrinted(isCrlf(db) ? db.replaceAll("\r\n", "\n") : db, entriesOf(table));
}

/** What models.csv gives. */
export function entriesOf({ rows }: ModelTable): ReadonlyMap<string, Model> {
  return dbEntries(rows.flatMap(({ model }) => model ?? []));
}

function describeUnfit({ isStopping, isRight }: { readonly isStopping: boolean; readonly isRight: boolean }): string {
  const why = isStopping ? "the repository's script stops there" : "the repository's script had not been run";
  const done = isRight
    ? "it is right, and only models.csv is edited"
    : isStopping
      ? "it is made of the rows that the script takes"
      : "it is repaired";
  return `db.json did not fit models.csv (${why}); ${done}.`;
}

function isCrlf(text: string): boolean {
  const newline = text.indexOf("\n");
  return newline > 0 && text.charAt(newline - 1) === "\r";
}

function isSame(a: ReadonlyMap<string, Model>, b: ReadonlyMap<string, Model>): boolean {
  return a.size === b.size && [...a].every(([key, model]) => b.get(key) === model);
}
