import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { SyncError } from "../../../src/core/errors.ts";
import { readCsv } from "../../../src/files/text/csv.ts";
import { entriesOf } from "../../../src/files/text/db-rewrite.ts";
import { createDbPrinter } from "../../../src/files/text/script/db-json.ts";
import { type convertModels, isStopping, readTable } from "../../../src/files/text/script/table.ts";
import { anyCsv } from "../text/script-arbitraries.ts";
import { hasClones, python, readAt, TEXT } from "./clones.ts";

const FILES = 6000;
const Results = z.array(z.union([z.object({ db: z.string() }), z.object({ error: z.string() })]));

describe.skipIf(!hasClones)("the text repository's own script", () => {
  it("makes of any models.csv what we make of it, and stops where we say so", () => {
    const files = fc.sample(anyCsv, { numRuns: FILES, seed: 20261128 });
    const read = (path: string) => readAt(TEXT, "HEAD", path) ?? "";
    const [defaults, generationParams] = [read("defaults.json"), read("generation_params.json")];
    const input = { script: read("convert.py"), "defaults.json": defaults, "generation_params.json": generationParams };
    const results = Results.parse(python("run-convert.py", { ...input, files }));
    const counts = { converted: 0, empty: 0, stopped: 0 };
    const wrong = files.flatMap((csv, index) => {
      const result = results[index] ?? { error: "no result" };
      const ours = convert({ csv, defaults, generationParams });
      if ("error" in result) {
        counts.stopped += 1;
        return ours.isStopping ? [] : [{ csv, why: `the script stops: ${result.error}` }];
      }
      counts.converted += 1;
      if (result.db === "{}\n") counts.empty += 1;
      // Without rows the script does not look at the header.
      if (!ours.hasRows && result.db === "{}\n") return [];
      // A mark that spoils a column which the script does not need is taken out all the same.
      if (csv.startsWith("\ufeff")) return [];
      // Python 3.10, which the repository's check uses, stops at NUL; later ones do not.
      if (csv.includes("\0")) return [];
      if (ours.isStopping) return [{ csv, why: "the script does not stop" }];
      return ours.db === result.db ? [] : [{ csv, why: "db.json differs", ours: ours.db, script: result.db }];
    });
    console.log("convert.py against ours:", JSON.stringify({ ...counts, wrong: wrong.length }));
    expect(wrong.slice(0, 5)).toEqual([]);
    expect(counts.converted - counts.empty).toBeGreaterThan(FILES / 4);
    expect(counts.stopped).toBeGreaterThan(FILES / 10);
  });
});

function convert(sources: Parameters<typeof convertModels>[0]) {
  try {
    const table = readTable(sources);
    const db = createDbPrinter(table.schema).print(entriesOf(table));
    return { db, isStopping: isStopping(table), hasRows: table.rows.length > 0 };
  } catch (error) {
    if (error instanceof SyncError)
      return { db: null, isStopping: true, hasRows: readCsv(sources.csv).rows.length > 1 };
    throw error;
  }
}
