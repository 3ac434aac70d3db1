import { describe, expect, it } from "vitest";
import { createJsonCodec } from "../../../src/files/json-codec.ts";

const codec = createJsonCodec("records.json");

function edit(file: string, primary: string): string {
  const { files } = codec.apply({ primary, files: new Map([["records.json", file]]) });
  const after = files.get("records.json") ?? file;
  const again = codec.apply({ primary, files: new Map([["records.json", after]]) });
  expect(again).toMatchObject({ changes: [], files: new Map() });
  return after;
}

interface Case {
  readonly title: string;
  readonly file: string;
  readonly primary: string;
  readonly expected: string;
}

const A = '"a": {"v": 1}';
const B = '"b": {"v": 2}';
const C = '"c": {"v": 3}';

describe("adding and removing records", () => {
  it.each<Case>([
    {
      title: "a new record follows its predecessor",
      file: `{\n  ${A},\n  ${C}\n}\n`,
      primary: `{${A}, ${B}, ${C}}`,
      expected: `{\n  ${A},\n  ${B},\n  ${C}\n}\n`,
    },
    {
      title: "a new first record comes first",
      file: `{\n  ${B},\n  ${C}\n}`,
      primary: `{${A}, ${B}, ${C}}`,
      expected: `{\n  ${A},\n  ${B},\n  ${C}\n}`,
    },
    {
      title: "a new last record comes last, with the comma before it",
      file: `{\n  ${A}\n}\n`,
      primary: `{${A}, ${B}, ${C}}`,
      expected: `{\n  ${A},\n  ${B},\n  ${C}\n}\n`,
    },
    {
      title: "the predecessor counts, not the position, where the file is in another order",
      file: `{\n  ${C},\n  ${A}\n}\n`,
      primary: `{${A}, ${B}, ${C}}`,
      expected: `{\n  ${C},\n  ${A},\n  ${B}\n}\n`,
    },
    {
      title: "a new record has short arrays on one line where its neighbour has, also behind an empty one",
      file: '{\n  "r": {\n    "none": [],\n    "tags": ["a", "b"]\n  }\n}',
      primary: '{"r": {"none": [], "tags": ["a", "b"]}, "s": {"tags": ["c", "d"]}}',
      expected: '{\n  "r": {\n    "none": [],\n    "tags": ["a", "b"]\n  },\n  "s": {\n    "tags": ["c", "d"]\n  }\n}',
    },
    {
      title: "a removed first record goes with its line",
      file: `{\n  ${A},\n  ${B},\n  ${C}\n}\n`,
      primary: `{${B}, ${C}}`,
      expected: `{\n  ${B},\n  ${C}\n}\n`,
    },
    {
      title: "a removed last record goes with the comma before it",
      file: `{\n  ${A},\n  ${B},\n  ${C}\n}\n`,
      primary: `{${A}, ${B}}`,
      expected: `{\n  ${A},\n  ${B}\n}\n`,
    },
    { title: "all records can go", file: `{\n  ${A},\n  ${B}\n}\n`, primary: "{}", expected: "{}\n" },
    {
      title: "all records can be replaced",
      file: `{\n\t${A},\n\t${B}\n}`,
      primary: `{${C}}`,
      expected: `{\n\t${C}\n}`,
    },
    {
      title: "one line stays one line",
      file: `{${A}, ${C}}`,
      primary: `{${A},${B},${C}}`,
      expected: `{${A}, ${B}, ${C}}`,
    },
    {
      title: "one line, new first record",
      file: `{${B}, ${C}}`,
      primary: `{${A},${B},${C}}`,
      expected: `{${A}, ${B}, ${C}}`,
    },
    { title: "one line, removed first record", file: `{${A}, ${B}}`, primary: `{${B}}`, expected: `{${B}}` },
    { title: "one line with inner spaces", file: `{ ${A}, ${B} }\n`, primary: `{${B}}`, expected: `{ ${B} }\n` },
    {
      title: "separators without spaces stay without",
      file: '{"a":{"v":[1,2]}}',
      primary: '{\n "a": {"v": [1, 2]},\n "b": {"w": [3, 4]}\n}',
      expected: '{"a":{"v":[1,2]},"b":{"w":[3,4]}}',
    },
    {
      title: "a removed last record goes with the white space before its comma",
      file: `{${A} , ${B}}`,
      primary: `{${A}}`,
      expected: `{${A}}`,
    },
    {
      title: "a new record stands as the one before it does, also where that took the first one's place",
      file: `{\n${A}, ${B}\n}`,
      primary: `{${B}, ${C}}`,
      expected: `{\n${B},\n${C}\n}`,
    },
    {
      title: "a record that becomes the first one takes its place",
      file: `{${A},\n${B}}`,
      primary: `{${B}}`,
      expected: `{${B}}`,
    },
    {
      title: "an empty object is filled in the canonical layout",
      file: "\ufeff{ }\r\n",
      primary: '{"a":{"v":[1,{}],"w":{}}}',
      expected:
        '\ufeff{\r\n    "a": {\r\n        "v": [\r\n            1,\r\n            {}\r\n        ],\r\n        "w": {}\r\n    }\r\n}\r\n',
    },
    {
      title: "blank lines between records stay where they are and are not copied",
      file: `{\n\n  ${A},\n\n  ${C}\n\n}\n`,
      primary: `{${A}, ${B}, ${C}}`,
      expected: `{\n\n  ${A},\n  ${B},\n\n  ${C}\n\n}\n`,
    },
    {
      title: "white space before commas and colons stays",
      file: '{ "a" : {"v" : 1} ,\n  "b" : {"v" : 2} ,\n  "c" : {"v" : 3} }',
      primary: `{${A}, ${B.replace("2", "20")}, ${C}}`,
      expected: '{ "a" : {"v" : 1} ,\n  "b" : {"v" : 20} ,\n  "c" : {"v" : 3} }',
    },
  ])("$title", ({ file, primary, expected }) => {
    expect(edit(file, primary)).toBe(expected);
  });
});

describe("records that PRIMARY has at another place", () => {
  const names = ["a", "b", "c", "d", "e"];
  const text = (order: readonly string[]) =>
    `{\n${order.map((name) => `  "${name}": {"v": "${name}"}`).join(",\n")}\n}\n`;

  it("stay where they are when a single record comes", () => {
    expect(edit(text(names), text(["a", "c", "d", "e", "new", "b"]))).toBe(text(["a", "b", "c", "d", "e", "new"]));
  });

  it("stay where they are when a single record comes, though another gets a new name", () => {
    const of = (order: readonly string[], to = "c") =>
      text(order).replace('"c": {"v": "c"}', `"${to}": {"says": "what the record is known by"}`);
    expect(edit(of(names), of(["a", "c", "d", "e", "new", "b"], "C"))).toBe(of(["a", "b", "c", "d", "e", "new"], "C"));
  });

  it("stay where they are when nothing comes", () => {
    expect(edit(text(names), text(["c", "d", "b"]))).toBe(text(["b", "c", "d"]));
  });

  it("go to the end when PRIMARY created them anew, along with other records that come and go", () => {
    expect(edit(text(names), text(["a", "c", "d", "new", "b"]))).toBe(text(["a", "c", "d", "new", "b"]));
  });

  it("stay where they are when the file holds them twice", () => {
    const file = text(["a", "b", "c", "b", "d", "e"]);
    expect(edit(file, text(["a", "c", "d", "new", "b"]))).toBe(text(["a", "b", "c", "b", "d", "new"]));
  });

  it("stay where they are when PRIMARY is sorted in another way altogether", () => {
    const after = edit(text(names), text(["new", "e", "d", "c", "b", "newer"]));
    expect(after).toBe(text(["new", "b", "newer", "c", "d", "e"]));
  });
});

describe("changing a record", () => {
  it.each<Case>([
    {
      title: "a changed scalar changes nothing else, and takes PRIMARY's number as it is spelled",
      file: '{\n  "r": {\n     "x" :1.0,  "y": 2, "z": 3.0 }\n}',
      primary: '{"r": {"x": 1, "z": 12345678901234567890.10, "y": 2e0}}',
      expected: '{\n  "r": {\n     "x" :1.0,  "y": 2, "z": 12345678901234567890.10 }\n}',
    },
    {
      title: "a new field follows its predecessor; the old ones keep the file's order",
      file: '{\n  "r": {\n    "z": 1,\n    "x": 2\n  }\n}',
      primary: '{"r": {"x": 2, "y": 3, "z": 1}}',
      expected: '{\n  "r": {\n    "z": 1,\n    "x": 2,\n    "y": 3\n  }\n}',
    },
    {
      title: "a removed field goes with its line",
      file: '{\n  "r": {\n    "x": 1,\n    "y": 2,\n    "z": 3\n  }\n}',
      primary: '{"r": {"x": 1, "y": 2}}',
      expected: '{\n  "r": {\n    "x": 1,\n    "y": 2\n  }\n}',
    },
    {
      title: "containers are emptied and filled",
      file: '{\n\t"r": {\n\t\t"x": [\n\t\t\t1\n\t\t],\n\t\t"y": {},\n\t\t"z": []\n\t}\n}',
      primary: '{"r": {"x": [], "y": {"a": 1}, "z": [[]]}}',
      expected: '{\n\t"r": {\n\t\t"x": [],\n\t\t"y": {\n\t\t\t"a": 1\n\t\t},\n\t\t"z": [\n\t\t\t[]\n\t\t]\n\t}\n}',
    },
    {
      title: "an emptied record is {}",
      file: '{\n  "r": {\n    "x": 1\n  }\n}',
      primary: '{"r": {}}',
      expected: '{\n  "r": {}\n}',
    },
    {
      title: "array items that stay keep their bytes",
      file: '{"r": {"tags": [ "a","\\u0062",  "c" ]}}',
      primary: '{"r": {"tags": ["x", "a", "b", "d", "c"]}}',
      expected: '{"r": {"tags": [ "x","a","\\u0062","d",  "c" ]}}',
    },
    {
      title: "a moved item shows as removed here and added there",
      file: '{"r": {\n  "tags": [\n    "a",\n    "b",\n    "c"\n  ]\n}}',
      primary: '{"r": {"tags": ["b", "c", "d"]}}',
      expected: '{"r": {\n  "tags": [\n    "b",\n    "c",\n    "d"\n  ]\n}}',
    },
    {
      title: "objects in arrays are edited inside",
      file: '{"r": {"files": [\n  {"path": "a.pt",   "sha": "1"},\n  {"path": "b.pt"}\n]}}',
      primary: '{"r": {"files": [{"path": "a.pt", "sha": "2"}, {"path": "b.pt"}, {"path": "c.pt"}]}}',
      expected: '{"r": {"files": [\n  {"path": "a.pt",   "sha": "2"},\n  {"path": "b.pt"},\n  {"path": "c.pt"}\n]}}',
    },
    {
      title: "a value of another kind is written in the record's style",
      file: '{\n  "r": {\n    "x": 1,\n    "y": {\n      "z": 1\n    }\n  }\n}',
      primary: '{"r": {"x": {"a": [1]}, "y": "text"}}',
      expected: '{\n  "r": {\n    "x": {\n      "a": [\n        1\n      ]\n    },\n    "y": "text"\n  }\n}',
    },
    {
      title: "short arrays go on one line where the neighbours' do",
      file: '{\n  "r": {\n    "tags": ["a", "b"],\n    "config": {\n      "x": 1\n    }\n  }\n}',
      primary: '{"r": {"tags": ["a", "b"], "more": ["c", "d"], "config": {"x": 1}}}',
      expected:
        '{\n  "r": {\n    "tags": ["a", "b"],\n    "more": ["c", "d"],\n    "config": {\n      "x": 1\n    }\n  }\n}',
    },
    {
      title: "an ASCII file gets escapes",
      file: '{"r": {"x": "caf\\u00e9"}}',
      primary: '{"r": {"x": "café", "né": "\u2014 😀/\u007f"}}',
      expected: '{"r": {"x": "caf\\u00e9", "n\\u00e9": "\\u2014 \\ud83d\\ude00/\\u007f"}}',
    },
    {
      title: "a file with raw characters gets raw characters",
      file: '{"r": {"x": "café"}}',
      primary: '{"r": {"x": "caf\\u00e9", "n\\u00e9": "\\u2014 \\/\\n"}}',
      expected: '{"r": {"x": "café", "né": "— /\\n"}}',
    },
    {
      title: "a byte order mark is not a raw character, and stays",
      file: '\ufeff{"r": {"x": 1}}',
      primary: '{"r": {"x": "é"}}',
      expected: '\ufeff{"r": {"x": "\\u00e9"}}',
    },
    {
      title: "a record that is no object is replaced",
      file: '{\n  "r": "text",\n  "s": {\n    "x": 1\n  }\n}',
      primary: '{"r": {"x": 2}, "s": {"x": 1}}',
      expected: '{\n  "r": {\n    "x": 2\n  },\n  "s": {\n    "x": 1\n  }\n}',
    },
  ])("$title", ({ file, primary, expected }) => {
    expect(edit(file, primary)).toBe(expected);
  });
});

describe("oddities", () => {
  it.each<Case>([
    {
      title: "integer-like names keep the file's order",
      file: `{\n  "10": {"v": 1},\n  "2": {"v": 1}\n}`,
      primary: `{"10": {"v": 1}, "1": {"v": 1}, "2": {"v": 2}}`,
      expected: `{\n  "10": {"v": 1},\n  "1": {"v": 1},\n  "2": {"v": 2}\n}`,
    },
    {
      title: "__proto__ and constructor are names like others",
      file: '{"__proto__": {"__proto__": 1}, "constructor": {"v": 1}}',
      primary: '{"__proto__": {"__proto__": 2, "toString": 3}, "hasOwnProperty": {"v": 1}}',
      expected: '{"__proto__": {"__proto__": 2, "toString": 3}, "hasOwnProperty": {"v": 1}}',
    },
    {
      title: "the empty name is a name",
      file: '{"": {"": 1}}',
      primary: '{"": {"": 2}}',
      expected: '{"": {"": 2}}',
    },
    {
      title: "an escaped name keeps its spelling",
      file: '{"\\u0041": {"\\u0042": 1, "C": 1}}',
      primary: '{"A": {"B": 2, "C": 1}}',
      expected: '{"\\u0041": {"\\u0042": 2, "C": 1}}',
    },
    {
      title: "of duplicate records the last is edited",
      file: '{"a": {"v": 1}, "b": {}, "a": {"v": 2}}',
      primary: '{"a": {"v": 3}, "b": {}}',
      expected: '{"a": {"v": 1}, "b": {}, "a": {"v": 3}}',
    },
    {
      title: "of a duplicate record nothing is left when it is removed",
      file: '{"a": {"v": 1}, "b": {}, "\\u0061": {"v": 2}, "c": {}}',
      primary: '{"b": {}, "c": {}}',
      expected: '{"b": {}, "c": {}}',
    },
    {
      title: "a new record follows the last of its duplicate predecessor",
      file: '{"a": {}, "b": {}, "a": {}}',
      primary: '{"a": {}, "new": {}, "b": {}}',
      expected: '{"a": {}, "b": {}, "a": {}, "new": {}}',
    },
    {
      title: "duplicate fields follow the same rules",
      file: '{"r": {"x": 1, "y": 1, "x": 2, "y": 2}}',
      primary: '{"r": {"x": 3}}',
      expected: '{"r": {"x": 1, "x": 3}}',
    },
    {
      title: "of PRIMARY's duplicates the last counts, at the place of the first",
      file: '{"z": {}}',
      primary: '{"a": {"v": 1}, "z": {}, "a": {"x": 1, "y": 0, "x": 2}}',
      expected: '{"a": {"x": 2, "y": 0}, "z": {}}',
    },
    {
      title: "numbers beyond a double are compared and kept exactly",
      file: '{"r": {"x": 12345678901234567890, "y": 1e400, "z": 1e-05}}',
      primary: '{"r": {"x": 12345678901234567891, "y": 10e399, "z": 0.00001}}',
      expected: '{"r": {"x": 12345678901234567891, "y": 1e400, "z": 1e-05}}',
    },
    {
      title: "new material takes the line ending that is used around it",
      file: '{\r\n  "a": {\r\n    "v": 1\r\n  },\n  "b": {\n    "v": 1\n  }\n}',
      primary: '{"a": {"v": 1, "w": [1]}, "b": {"v": 1, "w": [1]}}',
      expected:
        '{\r\n  "a": {\r\n    "v": 1,\r\n    "w": [\r\n      1\r\n    ]\r\n  },\n  "b": {\n    "v": 1,\n    "w": [\n      1\n    ]\n  }\n}',
    },
  ])("$title", ({ file, primary, expected }) => {
    expect(edit(file, primary)).toBe(expected);
  });
});
