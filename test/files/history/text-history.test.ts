import { describe, expect, it } from "vitest";
import { z } from "zod";
import { canonicalJson } from "../../../src/files/json/canonical.ts";
import { readMembers } from "../../../src/files/json/members.ts";
import { createTextCodec } from "../../../src/files/text-codec.ts";
import { asEdited } from "../text/arbitraries.ts";
import { hasClones, python, readAt, readVersions, TEXT } from "./clones.ts";
import { consecutive, countLines, randomPairs } from "./lines.ts";

const RANDOM_PAIRS = 300;
const SERVED: Record<string, (db: string) => string> = {
  "the file's own bytes": (db) => db,
  "edited (two spaces, raw)": asEdited,
  compact: (db) => JSON.stringify(JSON.parse(db)),
};
const Results = z.array(z.union([z.object({ db: z.string() }), z.object({ error: z.string() })]));
const codec = createTextCodec();

describe.skipIf(!hasClones)("the text repository's history, replayed", () => {
  const read = (path: string) => (hasClones ? (readAt(TEXT, "HEAD", path) ?? "") : "");
  const reads = { "defaults.json": read("defaults.json"), "generation_params.json": read("generation_params.json") };
  const convert = (files: readonly string[]) =>
    Results.parse(python("run-convert.py", { script: read("convert.py"), ...reads, files })).map((result) =>
      "db" in result ? result.db : null,
    );
  const stateOf = (csv: string, db: string | null) =>
    new Map([...Object.entries(reads), ["models.csv", csv], ["db.json", db]] as const);

  it("models.csv, by today's convert.py", () => {
    const all = readVersions(TEXT, "models.csv");
    const databases = convert(all);
    const versions = all.flatMap((csv, index) => {
      const db = databases[index] ?? null;
      return db === null ? [] : [{ csv, db, isRefused: refusalsOf(stateOf(csv, db)).length > 0 }];
    });
    const real = consecutive(versions);
    const pairs = [...real, ...randomPairs(versions, RANDOM_PAIRS)];
    const counts = {
      versions: all.length,
      converted: versions.length,
      pairs: pairs.length,
      edits: 0,
      renamed: 0,
      kept: 0,
    };
    const lines = { people: 0, ours: 0 };
    const refusals = { fair: 0, refused: 0 };
    const outcomes: { csv: string; db: string }[] = [];
    for (const [index, [before, after]] of pairs.entries()) {
      for (const [how, serve] of Object.entries(SERVED)) {
        const primary = serve(after.db);
        const files = stateOf(before.csv, before.db);
        const result = codec.apply({ primary, files });
        const edited = new Map<string, string | null>([...files, ...result.files]);
        const [csv, db] = [edited.get("models.csv") ?? "", edited.get("db.json") ?? ""];
        counts.edits += 1;
        counts.renamed += result.changes.filter(({ kind }) => kind === "renamed").length;
        const again = codec.apply({ primary, files: edited });
        expect({ changes: again.changes, files: [...again.files.keys()] }).toEqual({ changes: [], files: [] });
        expect(codec.diff({ before: files, after: edited }).changes).toEqual(result.changes);
        const kept = keptNames(result.warnings);
        counts.kept += kept.length;
        expect(meaning(db, kept) === meaning(after.db, []), `${how} ${index}`).toBe(true);
        outcomes.push({ csv, db });
        const isFair = !before.isRefused && !after.isRefused;
        if (isFair) refusals.fair += 1;
        if (isFair && refusalsOf(edited).length > 0) refusals.refused += 1;
        if (how === "compact" && index < real.length) {
          lines.people += countLines(before.csv, after.csv);
          lines.ours += countLines(before.csv, csv);
        }
      }
    }
    const distinct = [...new Map(outcomes.map((outcome) => [outcome.csv, outcome])).values()];
    const scripts = convert(distinct.map(({ csv }) => csv));
    const unlike = distinct.filter(({ db }, index) => scripts[index] !== db).length;
    console.log("models.csv", JSON.stringify({ ...counts, distinct: distinct.length, unlike, refusals, lines }));
    expect(unlike).toBe(0);
    expect(refusals.refused).toBe(0);
    expect(lines.ours).toBeLessThanOrEqual(1.02 * lines.people);
  }, 1_200_000);
});

/** What the codec says that the repository's check will refuse of a state. */
function refusalsOf(files: ReadonlyMap<string, string | null>): string[] {
  return codec.diff({ before: files, after: files }).warnings.filter((warning) => warning.includes("will refuse"));
}

/** Names of models that stay, because PRIMARY cannot have them. */
function keptNames(warnings: readonly string[]): string[] {
  const warning = warnings.find((text) => text.includes("that PRIMARY cannot hold"));
  if (warning === undefined) return [];
  expect(warning).not.toContain(" more.");
  return z.array(z.string()).parse(JSON.parse(`[${warning.slice(warning.indexOf("db.json: ") + 9, -1)}]`));
}

/** db.json without the entries of these models. */
function meaning(db: string, without: readonly string[]): string {
  const keys = new Set(
    without.flatMap((name) => [name, `aphrodite/${name}`, `koboldcpp/${name.split("/")[1] ?? name}`]),
  );
  const members = readMembers(db).filter(({ name }) => !keys.has(name));
  return canonicalJson(`{${members.map(({ name, value }) => `${JSON.stringify(name)}: ${value}`).join(",")}}`);
}
