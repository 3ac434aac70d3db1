import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findRefused, refusedStableDiffusion } from "../../../src/files/checks/stable-diffusion.ts";
import { pairNatively } from "../../../src/files/json/native-pairs.ts";
import { createJsonCodec, STABLE_DIFFUSION } from "../../../src/files/json-codec.ts";
import { dumps, edit, ordinaryEdit, ordinaryRecords, print, type Records, records } from "./image-records.ts";
import { type Oddity, oddity } from "./oddities.ts";
import { outcomesOf, RUNS, TIMEOUT } from "./outcome.ts";

const PATH = "stable_diffusion.json";
const short = createJsonCodec(PATH, STABLE_DIFFUSION);
const { readPrinted: _short, ...rules } = STABLE_DIFFUSION;
const whole = createJsonCodec(PATH, { ...rules, refusedBy: findRefused });

const several = (one: typeof edit) =>
  fc
    .array(one, { maxLength: 3 })
    .map((all) => (given: Records) => all.reduce((now, change) => (now.length === 0 ? now : change(now)), given));
const edits = several(edit);

function isTaken(file: string, primary: string): boolean {
  return pairNatively(file, primary, STABLE_DIFFUSION) !== null;
}

/** What both ways say, which has to be one thing. */
function expectAlike(file: string, primary: string): void {
  const input = { primary, files: new Map([[PATH, file]]) };
  expect(outcomesOf(short, input)).toEqual(outcomesOf(whole, input));
}

describe("the short way through stable_diffusion.json says what the whole way says", () => {
  it(
    "of files that the check takes and of PRIMARY's own layouts, where it is taken",
    () => {
      const counts = { taken: 0, cases: 0 };
      fc.assert(
        fc.property(
          ordinaryRecords,
          several(ordinaryEdit),
          fc.constantFrom("edited", "own bytes"),
          (file, change, layout) => {
            const wanted = change(file);
            const [before, primary] = [dumps(file), layout === "edited" ? print(wanted, 2) : dumps(wanted)];
            expectAlike(before, primary);
            counts.cases += 1;
            if (isTaken(before, primary)) counts.taken += 1;
          },
        ),
        { numRuns: RUNS },
      );
      console.log("ordinary image records", JSON.stringify(counts));
      expect(counts.taken).toBeGreaterThan(0.9 * counts.cases);
    },
    TIMEOUT,
  );

  it(
    "of texts in any layout, however odd, or leaves them to it",
    () => {
      const counts = { taken: 0, cases: 0 };
      const odd = fc
        .array(oddity, { maxLength: 2 })
        .map((all) => (text: string) => all.reduce((now, one: Oddity) => one(now), text));
      fc.assert(
        fc.property(
          records,
          edits,
          odd,
          odd,
          fc.constantFrom("", 2, 4, "\t"),
          (file, change, spoilFile, spoil, unit) => {
            const [before, primary] = [spoilFile(dumps(file)), spoil(print(change(file), unit))];
            expectAlike(before, primary);
            counts.cases += 1;
            if (isTaken(before, primary)) counts.taken += 1;
          },
        ),
        { numRuns: 2 * RUNS },
      );
      console.log("odd image records", JSON.stringify(counts));
      expect(counts.taken).toBeGreaterThan(0.05 * counts.cases);
    },
    TIMEOUT,
  );

  it(
    "of what the check refuses, in any text",
    () => {
      const counts = { passing: 0, cases: 0 };
      fc.assert(
        fc.property(records, edits, fc.array(oddity, { maxLength: 1 }), (file, change, oddities) => {
          const text = oddities.reduce((now, one) => one(now), dumps(change(file)));
          const isJson = outcome(() => findRefused(text));
          expect(outcome(() => refusedStableDiffusion(text))).toEqual(isJson);
          counts.cases += 1;
          if (Array.isArray(isJson) && isJson.length === 0) counts.passing += 1;
        }),
        { numRuns: 2 * RUNS },
      );
      console.log("refused image records", JSON.stringify(counts));
      expect(counts.passing).toBeGreaterThan(0.1 * counts.cases);
    },
    TIMEOUT,
  );
});

describe("names with an escape", () => {
  const record = (requirement: string) => ({
    ...{ name: "m", baseline: "b", type: "ckpt", inpainting: false, version: "1", nsfw: false, download_all: false },
    requirements: { zz: 1, [requirement]: 1 },
    config: {},
  });

  it("are read as they are spelled, whatever was read before", () => {
    const [backslash, accent]: Records[] = ["\\", "é"].map((name) => [
      ["m", record("steps")],
      [name, { ...record("steps"), name }],
    ]);
    expectAlike(dumps([["m", record("steps")]]), dumps(backslash ?? []));
    expectAlike(dumps(accent ?? []), dumps(accent ?? []));
    expect(
      short.apply({ primary: dumps(accent ?? []), files: new Map([[PATH, dumps(accent ?? [])]]) }).changes,
    ).toEqual([]);
  });

  it("are told from each other within one text, and in two", () => {
    const [accent, backslash] = [record("é"), record("\\")];
    const changes = (file: Records, primary: Records) => {
      expectAlike(dumps(file), dumps(primary));
      return short.apply({ primary: dumps(primary), files: new Map([[PATH, dumps(file)]]) }).changes.length;
    };
    expect(changes([["m", accent]], [["m", backslash]])).toBe(1);
    expect(
      changes(
        [
          ["m", accent],
          ["n", backslash],
        ],
        [
          ["m", backslash],
          ["n", backslash],
        ],
      ),
    ).toBe(1);
  });
});

describe("numbers that a double cannot tell apart are told apart", () => {
  const of = (number: string) =>
    [
      "{",
      '    "A": {',
      '        "name": "A",',
      '        "baseline": "b",',
      '        "type": "ckpt",',
      '        "inpainting": false,',
      '        "version": "1",',
      '        "nsfw": false,',
      '        "download_all": false,',
      '        "requirements": {',
      `            "x": ${number}`,
      "        },",
      '        "config": {}',
      "    }",
      "}",
      "",
    ].join("\n");

  it.each([
    ["9007199254740992", "9007199254740993", 1],
    ["12345678901234567168", "12345678901234567890", 1],
    ["0.5", "0.50000000000000001", 1],
    ["2.25", "2.2500000000000000000", 0],
    ["100000", "1e5", 0],
    ["0", "1e-400", 1],
    ["0", "-0", 0],
    ["1".repeat(400), "null", 1],
    ["999999999999999", "999999999999998", 1],
    ["3", "3.0", 0],
    ["3.0", "3.5", 1],
  ])("%s and %s", (old, now, changes) => {
    const [file, primary] = [of(old), of(now)];
    expectAlike(file, primary);
    expect(short.apply({ primary, files: new Map([[PATH, file]]) }).changes).toHaveLength(changes);
    expect(isTaken(file, of(old))).toBe(old.length < 16);
  });
});

function outcome(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return String(error);
  }
}
