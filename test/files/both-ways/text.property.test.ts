import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SyncError } from "../../../src/core/errors.ts";
import { blobShaOfText } from "../../../src/files/blob.ts";
import { entriesOf } from "../../../src/files/text/db-rewrite.ts";
import { readPrimary } from "../../../src/files/text/primary/entries.ts";
import { readPrintedEntries } from "../../../src/files/text/primary/printed-entries.ts";
import { createDbPrinter } from "../../../src/files/text/script/db-json.ts";
import { STANDARD_COLUMNS } from "../../../src/files/text/script/schema.ts";
import { convertModels, readTable } from "../../../src/files/text/script/table.ts";
import { createTextCodec } from "../../../src/files/text-codec.ts";
import { asEdited, csvFile, DEFAULTS, PARAMS } from "../text/arbitraries.ts";
import { anyCsv } from "../text/script-arbitraries.ts";
import { type Oddity, oddity } from "./oddities.ts";
import { outcomesOf, RUNS, TIMEOUT } from "./outcome.ts";

const short = createTextCodec();
const whole = createTextCodec((primary) => readPrimary(primary));

const SOURCES = { defaults: DEFAULTS, generationParams: PARAMS };
const LAYOUTS: Readonly<Record<string, Oddity>> = {
  "own bytes": (db) => db,
  edited: asEdited,
  compact: (db) => db.replaceAll(/\n */g, ""),
};

function convert(csv: string): string | null {
  try {
    return convertModels({ csv, ...SOURCES }).dbJson;
  } catch (error) {
    if (error instanceof SyncError) return null;
    throw error;
  }
}

/** What both ways say, which has to be one thing, with db.json at hand and with its hash alone. */
function expectAlike(csv: string, db: string | null, primary: string): void {
  const reads = [
    ["defaults.json", DEFAULTS],
    ["generation_params.json", PARAMS],
  ] as const;
  const files = new Map<string, string | null>([["models.csv", csv], ...reads]);
  const inputs = [
    { primary, files: new Map([...files, ["db.json", db]]) },
    { primary, files, shas: new Map(db === null ? [] : [["db.json", blobShaOfText(db)]]) },
  ];
  for (const input of inputs) expect(outcomesOf(short, input)).toEqual(outcomesOf(whole, input));
}

/** How many entries there are, and of how many it was told by their bytes what they say; `null` on the whole way. */
function told(csv: string, primary: string): { all: number; known: number } | null {
  const table = readTable({ csv, ...SOURCES });
  const { bodyOf } = createDbPrinter(table.schema);
  const entries = readPrintedEntries(primary, { entries: entriesOf(table), bodyOf });
  return entries && { all: entries.length, known: entries.filter(({ says }) => says !== undefined).length };
}

/** Changes of one entry, or of an entry and what is derived from it. */
const change: fc.Arbitrary<Oddity> = fc
  .tuple(
    fc.nat(),
    fc.constantFrom(
      ...[
        ', "description": "Changed — 😀"',
        ', "url": null',
        ', "version": "7"',
        ', "settings": {"temperature": 1e999}',
      ],
      ...[
        ', "settings": {"top_k": 12345678901234567890, "top_p": 1.0}',
        ', "name": "odd"',
        ', "tags": ["b", "a, c"]',
        "",
      ],
    ),
  )
  .map(([at, fields]) => (db) => {
    const ends = [...db.matchAll(/\n {4}\}/g)];
    const end = ends[at % Math.max(ends.length, 1)]?.index ?? 0;
    return fields === "" ? db : db.slice(0, end) + (end === 0 ? "" : fields) + db.slice(end);
  });

describe("the short way through PRIMARY's text models says what the whole way says", () => {
  it(
    "of PRIMARY's own layouts, where it is taken",
    () => {
      const counts = { cases: 0, taken: 0, entries: 0, known: 0 };
      const pair = csvFile().chain((file) =>
        fc.tuple(fc.constant(file), fc.oneof(fc.constant(file), csvFile(file.columns))),
      );
      fc.assert(
        fc.property(pair, fc.constantFrom("own bytes", "edited"), change, ([before, after], layout, edit) => {
          const primary = (LAYOUTS[layout] ?? String)(edit(convert(after.text) ?? ""));
          expectAlike(before.text, convert(before.text), primary);
          counts.cases += 1;
          const entries = told(before.text, primary);
          if (entries === null) return;
          counts.taken += 1;
          counts.entries += entries.all;
          if (before === after) counts.known += entries.known;
        }),
        { numRuns: RUNS },
      );
      console.log("ordinary text models", JSON.stringify(counts));
      expect(counts.taken).toBeGreaterThan(0.7 * counts.cases);
      expect(counts.known).toBeGreaterThan(0.2 * counts.entries);
    },
    TIMEOUT,
  );

  it(
    "of texts in any layout, however odd, or leaves them to it",
    () => {
      const counts = { cases: 0, taken: 0 };
      const spoilt = fc.array(fc.oneof(oddity, change), { maxLength: 2 });
      const pair = anyCsv.chain((csv) => fc.tuple(fc.constant(csv), fc.oneof(fc.constant(csv), anyCsv)));
      fc.assert(
        fc.property(pair, fc.constantFrom(...Object.keys(LAYOUTS)), spoilt, ([before, after], layout, oddities) => {
          const [db, wanted] = [convert(before), convert(after)];
          fc.pre(wanted !== null);
          const primary = oddities.reduce((now, one) => one(now), (LAYOUTS[layout] ?? String)(wanted ?? ""));
          expectAlike(before, db, primary);
          counts.cases += 1;
          if (db !== null && told(before, primary) !== null) counts.taken += 1;
        }),
        { numRuns: 2 * RUNS },
      );
      console.log("odd text models", JSON.stringify(counts));
      expect(counts.taken).toBeGreaterThan(0.1 * counts.cases);
    },
    TIMEOUT,
  );

  it.each(["\n", "\t", "\u0001"])("of a name with %j in it, which is no JSON as it is", (character) => {
    const csv = `${STANDARD_COLUMNS.join(",")}\r\n"a${character}b/c",7,,,,,,,,\r\n`;
    const db = convert(csv);
    const escaped = JSON.stringify(character).slice(1, -1);
    expect(db).toContain(escaped);
    const raw = (db ?? "").replaceAll(escaped, character);
    for (const primary of [raw, asEdited(db ?? "").replaceAll(escaped, character)]) expectAlike(csv, db, primary);
  });
});
