import type { ModelTable } from "./convert.ts";
import { type DbPrinter, dbEntries } from "./db-json.ts";
import type { Model } from "./model.ts";

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
  readonly printer: DbPrinter;
  /** The entries that models.csv will give. */
  readonly wanted: ReadonlyMap<string, Model>;
  readonly isCsvNew: boolean;
}): { readonly text: string | null; readonly warnings: readonly string[] } {
  const { current, table, printer, wanted, isCsvNew } = input;
  if (current === undefined) {
    return { text: isSame(entriesOf(table), wanted) ? null : printer.print(wanted), warnings: [] };
  }
  if (current === null) {
    const warnings = isCsvNew ? [] : ["db.json was missing; it is made anew from models.csv."];
    return { text: printer.print(wanted), warnings };
  }
  const hasCrlf = /^[^\n]*\r\n/.test(current);
  const plain = hasCrlf ? current.replaceAll("\r\n", "\n") : current;
  const isRight = printer.isPrinted(plain, wanted);
  const entries = entriesOf(table);
  const isFresh = isCsvNew || (isSame(entries, wanted) ? isRight : printer.isPrinted(plain, entries));
  const text = isRight ? null : printer.print(wanted);
  return { text: hasCrlf && text !== null ? text.replaceAll("\n", "\r\n") : text, warnings: isFresh ? [] : [STALE] };
}

/** What models.csv gives. */
export function entriesOf({ rows }: ModelTable): ReadonlyMap<string, Model> {
  return dbEntries(rows.flatMap(({ model }) => model ?? []));
}

const STALE = "db.json did not fit models.csv (the repository's script had not been run); it is repaired.";

function isSame(a: ReadonlyMap<string, Model>, b: ReadonlyMap<string, Model>): boolean {
  return a.size === b.size && [...a].every(([key, model]) => b.get(key) === model);
}
