import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { canonicalJson } from "../../../src/files/json/canonical.ts";
import { convertModels } from "../../../src/files/text/script/table.ts";
import { createTextCodec } from "../../../src/files/text-codec.ts";
import { diffLines } from "../line-diff.ts";
import { asEdited } from "./arbitraries.ts";

/** Snapshots of the real repository, kept beside this one. */
const DATA = new URL("../../../../shared/data/", import.meta.url);
const FILES = ["models.csv", "db.json", "defaults.json", "generation_params.json"];
const MONTHS = ["2026-03", "2026-06"];

const read = (month: string, path: string) =>
  readFileSync(new URL(`${month}/AI-Horde-text-model-reference/${path}`, DATA), "utf8");
const readAll = (month: string) => new Map(FILES.map((path) => [path, read(month, path)]));
const convert = (month: string, csv: string) =>
  convertModels({
    csv,
    defaults: read(month, "defaults.json"),
    generationParams: read(month, "generation_params.json"),
  });

describe.skipIf(!existsSync(DATA))("the real text repository", () => {
  it.each(MONTHS)("%s: converts to its db.json, byte for byte", (month) => {
    const { dbJson, issues } = convert(month, read(month, "models.csv"));
    expect(issues).toEqual([]);
    expect(dbJson === read(month, "db.json")).toBe(true);
  });

  it.each(MONTHS)("%s: PRIMARY saying the same, in either layout, changes nothing", (month) => {
    const db = read(month, "db.json");
    for (const primary of [db, asEdited(db), JSON.stringify(JSON.parse(db), null, 2)]) {
      const { changes, files, warnings } = createTextCodec().apply({ primary, files: readAll(month) });
      expect({ changes, files: [...files.keys()], warnings }).toEqual({ changes: [], files: [], warnings: [] });
    }
  });

  it("2026-03 brought to 2026-06 means the same, with a diff no larger than the real one by a tenth", () => {
    const before = read("2026-03", "models.csv");
    const primary = read("2026-06", "db.json");
    const { changes, files, warnings } = createTextCodec().apply({ primary, files: readAll("2026-03") });
    const csv = files.get("models.csv") ?? "";
    expect(canonicalJson(files.get("db.json") ?? "")).toBe(canonicalJson(primary));
    expect(files.get("db.json") === convert("2026-06", csv).dbJson).toBe(true);
    expect(countLines(before, csv)).toBeLessThanOrEqual(1.1 * countLines(before, read("2026-06", "models.csv")));
    expect(changes.filter(({ kind }) => kind === "added")).toHaveLength(33);
    expect(changes.filter(({ kind }) => kind === "modified").map(({ name }) => name)).toEqual([
      "mistralai/Ministral-3-14B-Instruct-2512",
      "Sao10K/Llama-3.1-8B-Stheno-v3.4",
    ]);
    expect(warnings).toEqual([]);
  });
});

function countLines(before: string, after: string): number {
  const { removed, added } = diffLines(before, after);
  return removed.length + added.length;
}
