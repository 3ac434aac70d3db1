import { describe, expect, it } from "vitest";
import { createJsonCodec } from "../../../src/files/json-codec.ts";
import { diffLines } from "../line-diff.ts";

const codec = createJsonCodec("controlnet.json");

function edit(file: string, primary: string): string {
  return codec.apply({ primary, files: new Map([["controlnet.json", file]]) }).files.get("controlnet.json") ?? file;
}

/** Tabs and four spaces in one file, CRLF, no final newline. */
const MIXED = [
  "{",
  '\t"canny": {',
  '\t\t"name": "canny",',
  '\t\t"nsfw": false,',
  '\t\t"config": {',
  '\t\t\t"files": [',
  "\t\t\t\t{",
  '\t\t\t\t\t"path": "canny.pt",',
  '\t\t\t\t\t"sha256sum": "7b2c"',
  "\t\t\t\t}",
  "\t\t\t]",
  "\t\t}",
  "\t},",
  '    "depth": {',
  '\t\t"name": "depth",',
  '\t\t"nsfw": false',
  "\t},",
  '    "hed": {',
  '        "name": "hed",',
  '        "tags": ["a", "b"]',
  "    }",
  "}",
].join("\r\n");

type Records = Record<string, Record<string, unknown>>;

function primaryAfter(change: (records: Records) => void): string {
  const records: Records = JSON.parse(MIXED);
  change(records);
  return JSON.stringify(records, null, 2);
}

interface Case {
  readonly title: string;
  readonly change: (records: Records) => void;
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

describe("one record changed in a hand-formatted file", () => {
  it.each<Case>([
    {
      title: "a field",
      change: ({ canny }) => Object.assign(canny ?? {}, { nsfw: true }),
      removed: ['\t\t"nsfw": false,'],
      added: ['\t\t"nsfw": true,'],
    },
    {
      title: "a field deep inside",
      change: ({ canny }) =>
        Object.assign(canny ?? {}, { config: { files: [{ path: "canny.pt", sha256sum: "new" }] } }),
      removed: ['\t\t\t\t\t"sha256sum": "7b2c"'],
      added: ['\t\t\t\t\t"sha256sum": "new"'],
    },
    {
      title: "an item more",
      change: ({ canny }) =>
        Object.assign(canny ?? {}, { config: { files: [{ path: "canny.pt", sha256sum: "7b2c" }, { path: "x" }] } }),
      removed: [],
      added: ["\t\t\t\t},", "\t\t\t\t{", '\t\t\t\t\t"path": "x"'],
    },
    {
      title: "a new last field, its array on one line as the nearest array is",
      change: ({ depth }) => Object.assign(depth ?? {}, { tags: ["x"] }),
      removed: ['\t\t"nsfw": false'],
      added: ['\t\t"nsfw": false,', '\t\t"tags": ["x"]'],
    },
    {
      title: "a field of the record in spaces",
      change: ({ hed }) => Object.assign(hed ?? {}, { tags: ["a", "c"], config: { x: 1 } }),
      removed: ['        "tags": ["a", "b"]'],
      added: ['        "tags": ["a", "c"],', '        "config": {', '            "x": 1', "        }"],
    },
    {
      title: "a removed record",
      change: (records) => delete records["depth"],
      removed: ['    "depth": {', '\t\t"name": "depth",', '\t\t"nsfw": false', "\t},"],
      added: [],
    },
    {
      title: "a new record, in the style of the one before it",
      change: (records) => Object.assign(records, { mlsd: { name: "mlsd", tags: ["a"] } }),
      removed: [],
      added: ["    },", '    "mlsd": {', '        "name": "mlsd",', '        "tags": ["a"]'],
    },
    {
      title: "a new record behind one whose fields and bracket stand elsewhere than its name",
      change: (records) => {
        const { hed } = records;
        delete records["hed"];
        Object.assign(records, { seg: { name: "seg", config: { x: 1 } }, hed });
      },
      removed: [],
      added: ['    "seg": {', '\t\t"name": "seg",', '\t\t"config": {', '\t\t\t"x": 1', "\t\t}", "\t},"],
    },
  ])("$title: changes only its own lines", ({ change, removed, added }) => {
    const lines = diffLines(MIXED, edit(MIXED, primaryAfter(change)));
    expect(lines.removed).toEqual(removed.map((line) => `${line}\r\n`));
    expect(lines.added).toEqual(added.map((line) => `${line}\r\n`));
  });
});
