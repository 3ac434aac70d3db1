import { describe, expect, it } from "vitest";
import { asPrimaryReads, whyNotHeld } from "../../../src/files/text/primary/holdable.ts";
import { describeUnsayable, note, type UnsayableLog } from "../../../src/files/text/primary/unsayable.ts";
import { writeSettings } from "../../../src/files/text/primary/write-settings.ts";
import { writeSize } from "../../../src/files/text/primary/write-size.ts";
import { readTags, writeTags } from "../../../src/files/text/primary/write-tags.ts";
import { sameField } from "../../../src/files/text/same-field.ts";
import { readSchema } from "../../../src/files/text/script/schema.ts";
import { readTable } from "../../../src/files/text/script/table.ts";
import { DEFAULTS, PARAMS } from "./arbitraries.ts";

describe("the cell of tags", () => {
  it.each<[string, readonly string[], readonly string[], string]>([
    ["b,  a", ["a", "b", "7B"], ["7B"], "b,  a"],
    ["a", ["a", "7B"], ["7B"], "a"],
    ["a,7B", ["a", "7B"], ["7B"], "a,7B"],
    [" a,  b", ["a", "b", "c", "d"], [], " a,  b,  c,  d"],
    ["a", ["a", "b"], [], "a, b"],
    ["a,b,c", ["c", "a"], [], "a,c"],
    ["  a, b", ["b"], [], "  b"],
    ["a, b", ["c", "d"], [], "c, d"],
    ["", ["b", "a"], [], "b, a"],
    ["", [], [], ""],
    ["a", [], [], ""],
    ["a,", [""], [], ","],
    ["a,", ["", "7B"], ["7B"], ","],
    ["a", ["7B"], ["7B"], ""],
    ["", [""], [], ","],
    ["a", [""], [], ","],
    ["", ["", "a"], [], ", a"],
    ["a", ["a", "", "b"], [], "a, , b"],
    ["a", ["a", "x,y", " padded", "padded ", "\ud800"], [], "a"],
    ["a", ["x,y"], ["x,y"], ""],
  ])("%j with %j, of which %j are derived, becomes %j", (current, wanted, derived, cell) => {
    expect(writeTags({ current, wanted: new Set(wanted), derived: new Set(derived) })).toBe(cell);
  });

  it.each<[string | undefined, readonly string[] | null]>([
    ['["b", "a", "b", 1, null]', ["b", "a"]],
    ["[]", []],
    [undefined, null],
    ["null", null],
    ['"a"', null],
    ['{"a": []}', null],
  ])("is made of the texts of a list: %s", (text, tags) => {
    const read = readTags(text);
    expect(read && [...read]).toEqual(tags);
  });
});

describe("the cell of settings", () => {
  const KNOWN = new Set(["a", "b"]);

  it.each<[string, string | undefined, string, string]>([
    ["none", undefined, '{"a": 1}', ""],
    ["none, told as null", "null", '{"a": 1}', ""],
    ["none in either", undefined, "", ""],
    ["none, where the cell says the same", "{}", "{}", "{}"],
    ["the same in another spelling", '{"a": 1.0}', '{"a":1}', '{"a":1}'],
    ["another number, as spelled", '{"a":1.50,"b":[true,null,"é"]}', '{"a":1}', '{"a": 1.50, "b": [true, null, "é"]}'],
    ["the last of a name twice", '{"a":1,"a":2}', "", '{"a": 2}'],
    ["no unknown key", '{"a":1,"odd":2}', "", '{"a": 1}'],
    ["no number beyond a double", '{"a":1,"b":[{"x":1e999}]}', "", '{"a": 1}'],
    ["no integer that Python refuses", `{"a":1,"b":${"9".repeat(4301)}}`, "", '{"a": 1}'],
    ["one that it does not", `{"b":${"9".repeat(4300)}}`, "", `{"b": ${"9".repeat(4300)}}`],
    ["none that are no object", "[1]", '{"a": 1}', '{"a": 1}'],
    ["none that are no object, nor does the cell", "[1]", "no JSON", ""],
    ["what mends a cell that cannot be read", '{"a":1}', "no JSON", '{"a": 1}'],
    ["nothing, in place of a cell that cannot be read", undefined, "no JSON", ""],
  ])("says %s", (_what, settings, current, cell) => {
    expect(writeSettings(settings, current, KNOWN)).toBe(cell);
  });
});

describe("the cell of a size", () => {
  it.each<[string | undefined, string, readonly string[], string | null]>([
    ["7000000000", " 7", [], " 7"],
    ["7000000000", "8", [], "7"],
    ["4099999999", "", [], "4.1"],
    ["70600000000", "", [], "70.6"],
    ["500000000", "", [], "0.5"],
    ["1", "", [], "0.000000001"],
    ["10000000000", "", [], "10"],
    ["1e10", "", [], "10"],
    ["100000000000000000000", "", [], "100000000000"],
    ["4500000000", "", [], "4.5"],
    ["4500000000", "", ["5B"], "4.5000000005"],
    ["4500000000", "4.5", ["5B"], "4.5000000005"],
    ["4500000000", "4.5", ["4B"], "4.5"],
    ["-7000000000", "", [], "-7"],
    ["-500000000", "", [], "-0.5"],
    ["0", "", [], "0"],
    ["0", "0.0", [], "0.0"],
    [undefined, "", [], "0"],
    [undefined, "x", ["0B"], "0"],
    ["null", "7", [], "0"],
    ["7000000000.5", "7", [], null],
    ['"7"', "7", [], null],
    ["true", "7", [], null],
    ["12345678901234567891", "", [], null],
    ["1e400", "", [], null],
    [`1${"0".repeat(400)}`, "", [], null],
  ])("for %s, from %j with the tags %j, is %j", (parameters, current, tags, cell) => {
    expect(writeSize(parameters, current, new Set(tags))).toBe(cell);
  });
});

it.each<[string | undefined, string | undefined, boolean]>([
  [undefined, undefined, true],
  [undefined, "null", false],
  ["1", undefined, false],
  ["1", "1.0", true],
  ["1", "2", false],
  ['"a"', '"\\u0061"', true],
  ['"a"', '"b"', false],
  ['"1"', "1", false],
  ["1", '"1"', false],
  ['{"a": 1, "b": 2}', '{"b":2,"a":1}', true],
])("a field %s and a field %s", (a, b, isSame) => {
  expect(sameField(a, b)).toBe(isSame);
});

describe("a row that PRIMARY cannot have", () => {
  const schema = readSchema({
    header: ["settings", "name", "parameters_bn"],
    defaults: DEFAULTS,
    generationParams: PARAMS,
  });
  const bare = readSchema({ header: ["name", "parameters_bn"], defaults: DEFAULTS, generationParams: PARAMS });
  const FLAT = "its settings are not flat, or have a number that is too large";

  it.each<[string, string, string | null]>([
    ["a", "", null],
    ["", "", "it has no name"],
    [" \u00a0", "", "it has no name"],
    ["https://x", "", "its name is a URL"],
    ["a:b//c", "", null],
    ["a", '{"top_k": 1, "stop_sequence": ["x", 1, null, true]}', null],
    ["a", '{"stop_sequence": [["x"]]}', FLAT],
    ["a", '{"stop_sequence": [{}]}', FLAT],
    ["a", '{"top_k": {}}', FLAT],
    ["a", '{"top_k": 1e400}', FLAT],
    ["a", '{"top_k": -1e400}', FLAT],
    ["a", '{"top_k": NaN}', FLAT],
    ["a", '{"top_k": Infinity}', FLAT],
    ["a", '{"top_k": -Infinity}', FLAT],
    ["a", '{"stop_sequence": [NaN]}', FLAT],
    ["a", '{"top_k": 1, "top_p": {}}', FLAT],
    ["a", "no JSON", null],
    ["a", "[[1]]", null],
  ])("%j with the settings %j", (name, settings, why) => {
    expect(whyNotHeld([settings, name, "7"], schema)).toBe(why);
  });

  it("has no settings where there is no column or no cell for them", () => {
    expect([whyNotHeld(["a", "7", "[[]]"], bare), whyNotHeld([], bare)]).toEqual([null, "it has no name"]);
  });
});

it("leaves out of what PRIMARY reads the rows that it cannot have, and says why", () => {
  const csv = "name,parameters_bn,tags,settings\r\na,7,,\r\nhttps://x,8,,\r\nb,big,,\r\n";
  const { rows, issues } = asPrimaryReads(readTable({ csv, defaults: DEFAULTS, generationParams: PARAMS }));
  expect(rows.map(({ model }) => model?.name ?? null)).toEqual(["a", null, null]);
  expect(issues).toMatchObject([
    { line: 3, name: "https://x", reason: "its name is a URL", cure: "mend the row, or remove it" },
    { line: 4, name: "b", isStop: true },
  ]);
  expect(issues[0]).toMatchObject({ isStop: false, isLeftOut: true });
});

it("knows no name of a row that ends before it", () => {
  const table = readTable({ csv: "parameters_bn,name\r\nbig\r\n", defaults: DEFAULTS, generationParams: PARAMS });
  for (const { issues } of [table, asPrimaryReads(table)]) expect(issues).toMatchObject([{ line: 2, name: "" }]);
});

it("tells what a CSV cannot hold by reason, with each model once", () => {
  const log: UnsayableLog = new Map();
  for (const name of ["a", "a", "b"]) note(log, "this", name);
  note(log, "that", "a");
  expect(describeUnsayable(log)).toEqual([
    'models.csv cannot hold this, which PRIMARY has for 2 models: "a", "b".',
    'models.csv cannot hold that, which PRIMARY has for 1 model: "a".',
  ]);
});
