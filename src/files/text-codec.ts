/** The text models: models.csv, which people edit, and db.json, which the repository's script makes of it. Pure. */
import { SyncError } from "../core/errors.ts";
import { blobShaOfText } from "./blob.ts";
import type { Codec, CodecDiff, CodecInput, CodecResult, DiffInput, FileTexts } from "./codec.ts";
import { JsonTextError } from "./json/json-text-error.ts";
import { describeIssue, type ModelTable, readTable, stateOf } from "./text/convert.ts";
import { createDbPrinter, dbEntries } from "./text/db-json.ts";
import { entriesOf, rewriteDb } from "./text/db-rewrite.ts";
import { diffModels } from "./text/model-diff.ts";
import { type PrimaryEntries, readPrimary } from "./text/primary.ts";
import { type PutResult, putModels } from "./text/put.ts";
import { describeWarnings } from "./text/warnings.ts";

/**
 * The codec of `text_generation` (DESIGN.md section 6): a lens between models.csv and PRIMARY's db.json shape.
 *
 * Changes are told per model, not per entry of db.json, and their values are records as db.json will hold them. A
 * db.json that does not fit its models.csv is made anew, with a warning and without a change; so is a row that only
 * has to move (`misplacedOwners`).
 * Besides what the contract names, `apply` throws SyncError `legacy-malformed` when a file of `reads` is missing, and
 * `primary-malformed` when PRIMARY's text is not an object of objects.
 */
export function createTextCodec(): Codec {
  return { writes: [CSV, DB], reads: [DEFAULTS, PARAMS], derived: [DB], apply, diff };
}

const NEEDS_DB: CodecResult = { changes: [], files: new Map(), currentRecords: 0, warnings: [], needs: ["db.json"] };

const CSV = "models.csv";
const DB = "db.json";
const DEFAULTS = "defaults.json";
const PARAMS = "generation_params.json";

function apply({ primary, files, shas }: CodecInput): CodecResult {
  const csv = files.get(CSV) ?? null;
  const table = readTable({
    csv: csv ?? "",
    defaults: requireFile(files, DEFAULTS),
    generationParams: requireFile(files, PARAMS),
  });
  const printer = createDbPrinter(table.schema);
  const current = files.get(DB);
  if (current === undefined && shas?.get(DB) !== blobShaOfText(printer.print(entriesOf(table)))) return NEEDS_DB;
  const { entries, put } = putPrimary(table, primary);
  const wanted = dbEntries(put.models);
  const db = rewriteDb({ current, table, printer, wanted, isCsvNew: csv === null });
  const texts = new Map<string, string>();
  if (put.csv !== csv) texts.set(CSV, put.csv);
  if (db.text !== null) texts.set(DB, db.text);
  return {
    changes: put.changes,
    files: texts,
    currentRecords: new Set(table.rows.flatMap(({ model }) => model?.name ?? [])).size,
    warnings: [...describeWarnings({ table, put, entries, wanted }), ...db.warnings],
  };
}

function diff({ before, after }: DiffInput): CodecDiff {
  const [old, now] = [readState(before), readState(after)];
  return { changes: diffModels(stateOf(old), stateOf(now)), warnings: now.issues.map(describeIssue) };
}

function readState(files: FileTexts): ModelTable {
  return readTable({
    csv: files.get(CSV) ?? "",
    defaults: requireFile(files, DEFAULTS),
    generationParams: requireFile(files, PARAMS),
  });
}

/** The script needs the file, so that there is no sense in guessing what it might have said. */
function requireFile(files: CodecInput["files"], path: string): string {
  const text = files.get(path) ?? null;
  if (text !== null) return text;
  throw new SyncError("legacy-malformed", `${path} is missing; ${CSV} cannot be read without it.`);
}

function putPrimary(table: ModelTable, primary: string): { entries: PrimaryEntries; put: PutResult } {
  try {
    const entries = readPrimary(primary);
    return { entries, put: putModels(table, entries) };
  } catch (cause) {
    if (!(cause instanceof JsonTextError)) throw cause;
    const message = `PRIMARY's text models are not an object of records: ${cause.message}.`;
    throw new SyncError("primary-malformed", message, { cause });
  }
}
