/** A category that is one JSON file, `{record name: record}`. Pure. */
import { SyncError } from "../core/errors.ts";
import { refusedJson } from "./checks/json-form.ts";
import { refusedStableDiffusion } from "./checks/stable-diffusion.ts";
import { inSchemaForm, readPrintedRecords } from "./checks/stable-diffusion-schema.ts";
import type { Codec, CodecDiff, CodecInput, CodecResult, DiffInput } from "./codec.ts";
import { describeChanges, type Written } from "./json/describe-changes.ts";
import { type EditedRecords, editRecords, renderRecords, writtenRecords } from "./json/edit-records.ts";
import { describeJsonFault } from "./json/json-fault.ts";
import { JsonTextError } from "./json/json-text-error.ts";
import { readMembers, requireObjects } from "./json/members.ts";
import { diffRecords, isUnchanged, type RecordDiff } from "./json/record-diff.ts";
import { ANY_RECORDS, type RecordRules } from "./json/record-rules.ts";
import { RecordTooLargeError } from "./json/record-size.ts";
import { parseNode } from "./json/tree.ts";
import { capSentences } from "./sentences.ts";

/** What a repository asks of one of its JSON files. */
export interface FileRules extends RecordRules {
  /** What its own check refuses of the file's text: one phrase for each. The text is a JSON object of records. */
  readonly refusedBy: (text: string) => readonly string[];
}

/** A file of which it is only asked that it is JSON in good form. */
const ANY_FILE: FileRules = { ...ANY_RECORDS, refusedBy: refusedJson };

/** stable_diffusion.json has a schema: records that are touched are put in its form, in which null is absent. */
export const STABLE_DIFFUSION: FileRules = {
  form: inSchemaForm,
  isStrict: true,
  ignoresNull: true,
  readPrinted: readPrintedRecords,
  refusedBy: refusedStableDiffusion,
};

/**
 * The codec of such a category.
 *
 * A missing file, and one with nothing but white space, holds no records and is created in the canonical layout. Order
 * alone, of records or of fields, is never a change.
 * @param path of the file, relative to the repository's root
 */
export function createJsonCodec(path: string, rules: FileRules = ANY_FILE): Codec {
  return {
    writes: [path],
    reads: [],
    derived: [],
    apply: (input) => apply({ path, rules }, input),
    diff: (input) => diff({ path, rules }, input),
  };
}

interface JsonFile {
  readonly path: string;
  readonly rules: FileRules;
}

function apply({ path, rules }: JsonFile, { primary, files }: CodecInput): CodecResult {
  const file = files.get(path) ?? "";
  const compared = comparePrimary({ path, rules }, file, primary);
  const edited = edit(file, compared, rules);
  return {
    changes: describeChanges(compared, edited.written, rules),
    files: new Map(isUnchanged(compared) ? [] : [[path, edited.text]]),
    currentRecords: compared.counting.size,
    warnings: isUnchanged(compared) && !hasDuplicates(compared) ? [] : warn({ path, rules }, edited.text),
  };
}

function edit(file: string, compared: RecordDiff, rules: FileRules): EditedRecords {
  if (!isBlank(file)) return editRecords(file, compared, rules);
  return { text: renderRecords(compared.wanted, rules), written: writtenRecords(compared.wanted, rules) };
}

function diff({ path, rules }: JsonFile, { before, after }: DiffInput): CodecDiff {
  const old = objectOf(before.get(path) ?? "");
  const text = objectOf(after.get(path) ?? "");
  const compared = compareStates({ path, rules }, old, text);
  const warnings = warn({ path, rules }, after.get(path) ?? null);
  return { changes: describeChanges(compared, writtenIn(compared), rules), warnings };
}

function compareStates({ path, rules }: JsonFile, before: string, after: string): RecordDiff {
  try {
    return diffRecords(before, after, rules);
  } catch (error) {
    if (error instanceof RecordTooLargeError) throw tooLarge("legacy-malformed", path, error);
    checkFile(path, before);
    checkFile(path, after);
    throw error;
  }
}

/** The records that came or differ, in the order of the new text. */
function* writtenIn({ wanted, added, modified, renamed }: RecordDiff): Generator<Written> {
  const members = [...wanted.values()].sort((a, b) => a.start - b.start);
  for (const { name, value } of members) {
    if (added.has(name) || modified.has(name) || renamed.has(name)) yield { name, record: parseNode(value) };
  }
}

function hasDuplicates({ current, counting }: RecordDiff): boolean {
  return current.length > counting.size;
}

function isBlank(text: string): boolean {
  return text.trim() === "";
}

function objectOf(text: string): string {
  return isBlank(text) ? "{}" : text;
}

function comparePrimary({ path, rules }: JsonFile, file: string, primary: string): RecordDiff {
  try {
    const compared = diffRecords(objectOf(file), primary, rules);
    requireObjects(primary, compared.wanted.values());
    return compared;
  } catch (error) {
    if (error instanceof RecordTooLargeError)
      throw error.side === "after"
        ? tooLarge("primary-malformed", `PRIMARY's answer for ${path}`, error)
        : tooLarge("legacy-malformed", path, error);
    if (!(error instanceof JsonTextError)) throw error;
    checkFile(path, objectOf(file));
    const what = describeJsonFault(primary, error);
    const message = `PRIMARY's answer for ${path} is not a JSON object of records: ${what}.`;
    throw new SyncError("primary-malformed", message, { cause: error });
  }
}

function tooLarge(code: "primary-malformed" | "legacy-malformed", what: string, cause: RecordTooLargeError): SyncError {
  return new SyncError(code, `${what} holds ${cause.message}.`, { cause });
}

/** Both texts are read at once; this tells whether it is the file that is at fault. */
function checkFile(path: string, file: string): void {
  try {
    readMembers(file);
  } catch (error) {
    if (!(error instanceof JsonTextError)) throw error;
    const message = `${path} is not a JSON object: ${describeJsonFault(file, error)}.`;
    throw new SyncError("legacy-malformed", message, { cause: error });
  }
}

function warn({ path, rules }: JsonFile, text: string | null): string[] {
  if (text === null || isBlank(text)) return [];
  const sentences = rules.refusedBy(text).map((what) => `The repository's check will refuse ${path}: ${what}.`);
  return capSentences(sentences, path);
}
