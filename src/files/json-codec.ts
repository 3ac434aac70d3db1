import { SyncError } from "../core/errors.ts";
import type { Codec } from "./codec.ts";
import { editRecords, renderRecords } from "./json/edit-records.ts";
import { JsonTextError } from "./json/json-text-error.ts";
import { readMembers, requireObjects } from "./json/members.ts";
import { diffRecords, type RecordDiff } from "./json/record-diff.ts";

/**
 * A category that is one JSON file, `{record name: record}`.
 *
 * A missing file, and one with nothing but white space, holds no records and is created in the canonical layout.
 * @param path of the file, relative to the repository's root
 */
export function createJsonCodec(path: string): Codec {
  return {
    writes: [path],
    reads: [],
    derived: [],
    apply({ primary, files }) {
      const file = files.get(path) ?? "";
      const isNew = file.trim() === "";
      const diff = diffTexts(path, isNew ? "{}" : file, primary);
      const text = isNew ? renderRecords(diff.wanted) : editRecords(file, diff);
      return {
        changes: diff.changes,
        files: new Map(diff.changes.length > 0 ? [[path, text]] : []),
        currentRecords: diff.currentRecords,
        warnings: describeDuplicates(path, diff),
      };
    },
  };
}

function diffTexts(path: string, file: string, primary: string): RecordDiff {
  try {
    const diff = diffRecords(file, primary);
    requireObjects(primary, diff.wanted.values());
    return diff;
  } catch (error) {
    if (!(error instanceof JsonTextError)) throw error;
    checkFile(path, file);
    const message = `PRIMARY's answer for ${path} is not a JSON object of records: ${error.message}.`;
    throw new SyncError("primary-malformed", message, { cause: error });
  }
}

/** Both texts are read at once; this tells whether it is the file that is at fault. */
function checkFile(path: string, file: string): void {
  try {
    readMembers(file);
  } catch (error) {
    if (!(error instanceof JsonTextError)) throw error;
    throw new SyncError("legacy-malformed", `${path} is not a JSON object: ${error.message}.`, { cause: error });
  }
}

function describeDuplicates(path: string, { current, currentRecords }: RecordDiff): string[] {
  if (current.length === currentRecords) return [];
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const { name } of current) {
    if (seen.has(name)) twice.add(name);
    seen.add(name);
  }
  return [...twice].map((name) => `${path} holds ${JSON.stringify(name)} more than once; the last one counts.`);
}
