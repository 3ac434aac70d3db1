import { describe, expect, it } from "vitest";
import { findRefused, refusedStableDiffusion } from "../../../src/files/checks/stable-diffusion.ts";
import type { Codec } from "../../../src/files/codec.ts";
import { pairNatively } from "../../../src/files/json/native-pairs.ts";
import { createJsonCodec, STABLE_DIFFUSION } from "../../../src/files/json-codec.ts";
import { entriesOf } from "../../../src/files/text/db-rewrite.ts";
import { readPrimary } from "../../../src/files/text/primary/entries.ts";
import { readPrintedEntries } from "../../../src/files/text/primary/printed-entries.ts";
import { createDbPrinter } from "../../../src/files/text/script/db-json.ts";
import { convertModels, readTable } from "../../../src/files/text/script/table.ts";
import { createTextCodec } from "../../../src/files/text-codec.ts";
import { hasClones, IMAGE, readAt, readVersions, TEXT } from "../history/clones.ts";
import { consecutive, randomPairs } from "../history/lines.ts";
import { asEdited } from "../text/arbitraries.ts";
import { outcomeOf, outcomesOf, TIMEOUT } from "./outcome.ts";

const RANDOM_PAIRS = 200;

function isAlike(short: Codec, whole: Codec, primary: string, files: ReadonlyMap<string, string | null>): boolean {
  const input = { primary, files };
  return JSON.stringify(outcomesOf(short, input)) === JSON.stringify(outcomesOf(whole, input));
}

describe.skipIf(!hasClones)("the short way through the repositories' histories says what the whole way says", () => {
  it(
    "of stable_diffusion.json",
    () => {
      const path = "stable_diffusion.json";
      const { readPrinted: _short, ...rules } = STABLE_DIFFUSION;
      const short = createJsonCodec(path, STABLE_DIFFUSION);
      const whole = createJsonCodec(path, { ...rules, refusedBy: findRefused });
      const versions = readVersions(IMAGE, path);
      const counts = { versions: versions.length, cases: 0, taken: 0, unlike: 0 };
      for (const text of versions) {
        const [quick, slow] = [refusedStableDiffusion, findRefused].map((check) => outcomeOf(() => check(text)));
        if (JSON.stringify(quick) !== JSON.stringify(slow)) counts.unlike += 1;
      }
      for (const [before, after] of [...consecutive(versions), ...randomPairs(versions, RANDOM_PAIRS)]) {
        for (const primary of [after.replaceAll("\r\n", "\n"), edited(after)]) {
          counts.cases += 1;
          if (!isAlike(short, whole, primary, new Map([[path, before]]))) counts.unlike += 1;
          const isTaken = outcomeOf(() => pairNatively(before, primary, STABLE_DIFFUSION) !== null);
          if (isTaken === true) counts.taken += 1;
        }
      }
      console.log(path, JSON.stringify(counts));
      expect(counts.unlike).toBe(0);
      expect(counts.taken).toBeGreaterThan(0);
    },
    TIMEOUT,
  );

  it(
    "of models.csv",
    () => {
      const read = (path: string) => readAt(TEXT, "HEAD", path) ?? "";
      const sources = { defaults: read("defaults.json"), generationParams: read("generation_params.json") };
      const convert = (csv: string) => outcomeOf(() => convertModels({ csv, ...sources }).dbJson);
      const versions = readVersions(TEXT, "models.csv").filter((csv) => typeof convert(csv) === "string");
      const [short, whole] = [createTextCodec(), createTextCodec((primary) => readPrimary(primary))];
      const counts = { versions: versions.length, cases: 0, taken: 0, entries: 0, known: 0, unlike: 0 };
      for (const [before, after] of [...consecutive(versions), ...randomPairs(versions, RANDOM_PAIRS)]) {
        const table = readTable({ csv: before, ...sources });
        const { bodyOf } = createDbPrinter(table.schema);
        for (const primary of [String(convert(after)), asEdited(String(convert(after)))]) {
          const files = new Map([
            ["models.csv", before],
            ["db.json", String(convert(before))],
            ["defaults.json", sources.defaults],
            ["generation_params.json", sources.generationParams],
          ]);
          counts.cases += 1;
          if (!isAlike(short, whole, primary, files)) counts.unlike += 1;
          const entries = readPrintedEntries(primary, { entries: entriesOf(table), bodyOf });
          if (entries !== null) counts.taken += 1;
          counts.entries += entries?.length ?? 0;
          counts.known += entries?.filter(({ says }) => says !== undefined).length ?? 0;
        }
      }
      console.log("models.csv", JSON.stringify(counts));
      expect(counts.unlike).toBe(0);
      expect(counts.taken).toBeGreaterThan(0);
    },
    TIMEOUT,
  );
});

/** PRIMARY's text after an edit there. */
function edited(text: string): string {
  return String(outcomeOf(() => JSON.stringify(JSON.parse(text), null, 2)));
}
