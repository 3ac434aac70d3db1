/** The text models: models.csv, which people edit, and db.json, which the repository's script makes of it. Pure. */
import { SyncError } from "../core/errors.ts";
import { blobShaOfText } from "./blob.ts";
import type { Codec, CodecDiff, CodecInput, CodecResult, DiffInput, FileTexts } from "./codec.ts";
import { describeJsonFault } from "./json/json-fault.ts";
import { JsonTextError } from "./json/json-text-error.ts";
import { RecordTooLargeError } from "./json/record-size.ts";
import { entriesOf, isConverted, rewriteDb } from "./text/db-rewrite.ts";
import { diffModels } from "./text/model-diff.ts";
import { type PrimaryEntries, readPrimary } from "./text/primary/entries.ts";
import type { ScriptOutput } from "./text/primary/printed-entries.ts";
import { type PutResult, putModels } from "./text/put.ts";
import { createDbPrinter, dbEntries } from "./text/script/db-json.ts";
import { type ModelTable, readTable, stateOf } from "./text/script/table.ts";
import { describePut, describeState } from "./text/warnings.ts";

/**
 * The codec of `text_generation`: a lens between models.csv and PRIMARY's db.json shape.
 *
 * Two sets of rules, never mixed: what the repository's script does with a row decides db.json, what PRIMARY can mean
 * by it decides drift. Changes are told per model, not per entry of db.json, and their values are records as db.json will
 * hold them. A db.json that does not fit its models.csv is made anew, with a warning and without a change; so is a row
 * that only has to move, and a byte order mark or a blank line that has to go.
 *
 * - GetPut: where PRIMARY says what the script makes of models.csv, nothing changes. (The script makes nothing of a
 *   file at which it stops; what is mended there changes no meaning.)
 * - PutGet: the new models.csv means what PRIMARY says, for all that a CSV can say. Three exceptions: rows that PRIMARY
 *   cannot hold stay; so do the cells of a column that may be a misspelt one, until that is mended; and of a model
 *   `koboldcpp/x` beside one called `aphrodite/koboldcpp/x`, both entries that tell what it is can be another model's, so
 *   that nobody could.
 *
 * Besides what the contract names, `apply` throws SyncError `legacy-malformed` when a file of `reads` is missing, and
 * `primary-malformed` when PRIMARY's text is not an object of objects.
 * @param read how PRIMARY's text is read; as a whole, in tests of the short way through it
 */
export function createTextCodec(read: EntryReader = readPrimary): Codec {
  return { writes: [CSV, DB], reads: [DEFAULTS, PARAMS], derived: [DB], apply: (input) => apply(input, read), diff };
}

/** Reads PRIMARY's entries; what the script makes of models.csv may spare it most of the text. */
export type EntryReader = (primary: string, script: ScriptOutput) => PrimaryEntries;

const CSV = "models.csv";
const DB = "db.json";
const DEFAULTS = "defaults.json";
const PARAMS = "generation_params.json";

const NEEDS_DB: CodecResult = { changes: [], files: new Map(), currentRecords: 0, warnings: [], needs: [DB] };

function apply({ primary, files, shas }: CodecInput, read: EntryReader): CodecResult {
  const csv = files.get(CSV) ?? null;
  const table = readState(files);
  const printer = createDbPrinter(table.schema);
  const current = files.get(DB);
  const now = entriesOf(table);
  if (current === undefined && shas?.get(DB) !== blobShaOfText(printer.print(now))) return NEEDS_DB;
  const { entries, put } = putPrimary(table, () => read(primary, { entries: now, bodyOf: printer.bodyOf }), primary);
  const currentRecords = new Set(table.rows.flatMap(({ model }) => model?.name ?? [])).size;
  const isNothing = isBlank(csv) && put.models.length === 0 && isBlank(current ?? null);
  if (isNothing) return { changes: [], files: new Map(), currentRecords, warnings: [] };
  const wanted = dbEntries(put.models);
  const db = rewriteDb({ current, table, now, printer, wanted, isCsvNew: csv === null });
  const texts = new Map<string, string>();
  if (put.csv !== csv) texts.set(CSV, put.csv);
  if (db.text !== null) texts.set(DB, db.text);
  const warnings = [...describePut(table, put, entries), ...db.warnings];
  return { changes: put.changes, files: texts, currentRecords, warnings };
}

function diff({ before, after }: DiffInput): CodecDiff {
  const read = (files: FileTexts) => (isBlank(files.get(CSV) ?? null) ? null : readState(files));
  const [old, now] = [read(before), read(after)];
  const warnings = [
    ...(old === null ? [] : describeRepair(before, old)),
    ...(now === null ? [] : [...describeState(now), ...describeDb(after, now)]),
  ];
  const some = now ?? old;
  if (some === null) return { changes: [], warnings };
  const stateOrNone = (table: ModelTable | null) => stateOf(table ?? { ...some, rows: [] });
  return { changes: diffModels(stateOrNone(old), stateOrNone(now)), warnings };
}

/** Where the old db.json is given, the new one being what the script makes. */
function describeRepair(files: FileTexts, table: ModelTable): string[] {
  const db = files.get(DB) ?? null;
  if (db === null || isConverted(db, table, createDbPrinter(table.schema))) return [];
  return ["db.json did not fit models.csv; it is brought in line with it."];
}

/** The text repository's check also fails where the script was not run. */
function describeDb(files: FileTexts, table: ModelTable): string[] {
  const db = files.get(DB);
  if (db === undefined || (db !== null && isConverted(db, table, createDbPrinter(table.schema)))) return [];
  return [`The repository's check will refuse db.json: it is not what convert.py makes of models.csv; run convert.py.`];
}

function isBlank(text: string | null): boolean {
  return text === null || text.trim() === "";
}

function readState(files: FileTexts): ModelTable {
  return readTable({
    csv: files.get(CSV) ?? "",
    defaults: requireFile(files, DEFAULTS),
    generationParams: requireFile(files, PARAMS),
  });
}

/** The script needs the file, so that there is no sense in guessing what it might have said. */
function requireFile(files: FileTexts, path: string): string {
  const text = files.get(path) ?? null;
  if (text !== null) return text;
  throw new SyncError("legacy-malformed", `${path} is missing; ${CSV} cannot be read without it.`);
}

function putPrimary(
  table: ModelTable,
  read: () => PrimaryEntries,
  primary: string,
): { entries: PrimaryEntries; put: PutResult } {
  try {
    const entries = read();
    return { entries, put: putModels(table, entries) };
  } catch (cause) {
    if (cause instanceof RecordTooLargeError)
      throw new SyncError("primary-malformed", `PRIMARY's text models hold ${cause.message}.`, { cause });
    if (!(cause instanceof JsonTextError)) throw cause;
    const what = describeJsonFault(primary, cause);
    const message = `PRIMARY's text models are not an object of records: ${what}.`;
    throw new SyncError("primary-malformed", message, { cause });
  }
}
