import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Codec } from "../../src/files/codec.ts";
import { createJsonCodec, STABLE_DIFFUSION } from "../../src/files/json-codec.ts";
import { findRenames, type Sayings } from "../../src/files/renames.ts";
import { convertModels } from "../../src/files/text/script/table.ts";
import { createTextCodec } from "../../src/files/text-codec.ts";
import { HEADER } from "../fakes/model-table.ts";
import { DEFAULTS, PARAMS } from "./text/arbitraries.ts";

/** A record: whose it is tells what it says, and its edition changes a little of that. */
interface Thing {
  readonly name: string;
  readonly author: number;
  readonly edition: number;
}

const things = fc
  .uniqueArray(fc.record({ name: fc.constantFrom(..."abcdefgh"), author: fc.nat(3), edition: fc.nat(2) }), {
    selector: ({ name }) => name,
    maxLength: 6,
  })
  .map((list): readonly Thing[] => list);

const words = (author: number) =>
  `The works of author ${"ABCD".charAt(author).repeat(12)}, as they were handed down to us`;

const toRecords = (list: readonly Thing[]) =>
  `${JSON.stringify(Object.fromEntries(list.map(({ name, author, edition }) => [name, { name, description: words(author), version: `${edition}` }])), null, 4)}\n`;
const toCsv = (list: readonly Thing[]) =>
  [
    HEADER,
    ...list.map(({ name, author, edition }) => `${name}/${author},${edition + 1},Works,,,"${words(author)}",,,,`),
    "",
  ].join("\r\n");
const convert = (csv: string) => convertModels({ csv, defaults: DEFAULTS, generationParams: PARAMS }).dbJson;

interface World {
  readonly codec: Codec;
  readonly files: (list: readonly Thing[]) => Map<string, string | null>;
  readonly primary: (list: readonly Thing[]) => string;
}

const WORLDS: Record<string, World> = {
  "any JSON": jsonWorld(createJsonCodec("records.json")),
  "stable_diffusion.json": jsonWorld(createJsonCodec("stable_diffusion.json", STABLE_DIFFUSION)),
  "models.csv": {
    codec: createTextCodec(),
    files: (list) =>
      new Map([
        ["models.csv", toCsv(list)],
        ["db.json", convert(toCsv(list))],
        ["defaults.json", DEFAULTS],
        ["generation_params.json", PARAMS],
      ]),
    primary: (list) => convert(toCsv(list)),
  },
};

function jsonWorld(codec: Codec): World {
  const files = (list: readonly Thing[]) => new Map([[codec.writes[0] ?? "", toRecords(list)]]);
  return { codec, files, primary: toRecords };
}

describe.each(Object.entries(WORLDS))("renamed records in %s", (_what, { codec, files, primary }) => {
  it("mean what PRIMARY says, are told alike with and without it, and are one change", () => {
    let renames = 0;
    fc.assert(
      fc.property(things, things, (before, after) => {
        const current = files(before);
        const result = codec.apply({ primary: primary(after), files: current });
        const edited = new Map([...current, ...result.files]);
        const again = codec.apply({ primary: primary(after), files: edited });
        expect({ changes: again.changes, files: again.files.size }).toEqual({ changes: [], files: 0 });
        expect(codec.diff({ before: current, after: edited }).changes).toEqual(result.changes);
        const path = codec.writes.at(-1) ?? "";
        expect(JSON.parse(edited.get(path) ?? "")).toEqual(JSON.parse(files(after).get(path) ?? ""));
        const renamed = result.changes.filter((change) => change.kind === "renamed");
        renames += renamed.length;
        expect(new Set(renamed.map(({ from }) => from)).size).toBe(renamed.length);
      }),
      { numRuns: 500, seed: 7 },
    );
    expect(renames).toBeGreaterThan(100);
  });
});

describe("findRenames", () => {
  const saying = fc.constantFrom(...Array.from({ length: 12 }, (_, index) => `field=${`${index}`.repeat(8)}`));
  const sayings = fc
    .uniqueArray(fc.record({ name: fc.constantFrom(..."abcdefgh"), says: fc.uniqueArray(saying) }), {
      selector: ({ name }) => name,
    })
    .map((list): Sayings[] => list.map(({ name, says }) => ({ name, says: new Set(says) })));

  it("finds the same whatever the order of the lists", () => {
    fc.assert(
      fc.property(sayings, sayings, (gone, come) => {
        const found = new Map([...findRenames(gone, come)].sort());
        const turned = new Map([...findRenames([...gone].reverse(), [...come].reverse())].sort());
        expect(turned).toEqual(found);
        expect(new Set(found.values()).size).toBe(found.size);
      }),
      { numRuns: 1000 },
    );
  });
});
