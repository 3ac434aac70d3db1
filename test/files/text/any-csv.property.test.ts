import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SyncError } from "../../../src/core/errors.ts";
import { convertModels } from "../../../src/files/text/script/table.ts";
import { createTextCodec } from "../../../src/files/text-codec.ts";
import { DEFAULTS, PARAMS } from "./arbitraries.ts";
import { anyCsv } from "./script-arbitraries.ts";

const codec = createTextCodec();

function convert(csv: string): string | null {
  try {
    return convertModels({ csv, defaults: DEFAULTS, generationParams: PARAMS }).dbJson;
  } catch (error) {
    if (error instanceof SyncError) return null;
    throw error;
  }
}

const stateOf = (csv: string, db: string | null) =>
  new Map([
    ["models.csv", csv],
    ["db.json", db],
    ["defaults.json", DEFAULTS],
    ["generation_params.json", PARAMS],
  ]);

describe("models.csv, however spoilt", () => {
  it("comes out with a db.json that is the script's, told alike with and without PRIMARY, and for good", () => {
    fc.assert(
      fc.property(anyCsv, anyCsv, (before, other) => {
        const [db, primary] = [convert(before), convert(other)];
        fc.pre(db !== null && primary !== null && isJson(primary));
        const files = stateOf(before, db);
        const result = codec.apply({ primary: primary ?? "", files });
        const edited = new Map([...files, ...result.files]);
        const csv = edited.get("models.csv") ?? "";
        expect(edited.get("db.json")).toBe(convert(csv));
        const again = codec.apply({ primary: primary ?? "", files: edited });
        expect({ changes: again.changes, files: [...again.files] }).toEqual({ changes: [], files: [] });
        expect(codec.diff({ before: files, after: edited }).changes).toEqual(result.changes);
        for (const change of result.changes) {
          if ("value" in change) expect(isJson(change.value)).toBe(true);
          if ("before" in change) expect(isJson(change.before)).toBe(true);
        }
      }),
      { numRuns: 1500 },
    );
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
