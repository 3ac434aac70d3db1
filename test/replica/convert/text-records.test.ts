import { describe, expect, it } from "vitest";
import { HEADER } from "../../fakes/model-table.ts";
import { convertFile } from "./convert-file.ts";

const convertRows = (rows: readonly string[], header = HEADER) => {
  const { records, issues } = convertFile("text_generation", [header, ...rows, ""].join("\r\n"));
  return { records, issues: issues.map(({ name, reason, isLeftOut }) => [name, reason, isLeftOut]) };
};
const convertRow = (row: string, header = HEADER) => [...convertRows([row], header).records.values()][0];

/** Cells of the settings column (as they stand in the file) and what becomes of them. */
const SETTINGS: readonly (readonly [cell: string, settings: string | undefined])[] = [
  ["", undefined],
  [" ", undefined],
  ["null", undefined],
  ["{}", "{}"],
  ['"{""x"": [], ""y"": [true, 1], ""z"": [1, 2.5]}"', '{"x":[],"y":[1,1],"z":[1.0,2.5]}'],
  ['"{""temperature"": 3.0,  ""top_k"":40}"', '{"temperature":3.0,"top_k":40}'],
  ['"{""temperature"": 1E3, ""top_p"": 1e-5}"', '{"temperature":1000.0,"top_p":1e-05}'],
  ['"{""stop_sequence"": [""a"", ""\\u00e9""]}"', '{"stop_sequence":["a","é"]}'],
  ['"{""top_k"": 123456789012345678901}"', '{"top_k":123456789012345678901}'],
  ['"{""top_k"": 1, ""rep_pen"": 2, ""top_k"": 3}"', '{"top_k":3,"rep_pen":2}'],
];

/** Rows that give no record, and what is told of them. */
const BAD: readonly (readonly [why: string, row: string, name: string, reason: string])[] = [
  ["has no name", ",7,,,,,,,,", "line 2", "it has no name"],
  ["has a size in words", "a,big,,,,,,,,", "a", 'its size "big" is not a number'],
  ["has a size that is no number", "a,nan,,,,,,,,", "a", 'its size "nan" is not a number'],
  ["has a size beyond all numbers", "a,1e400,,,,,,,,", "a", 'its size "1e400" is not a number'],
  ["has settings that are true", "a,7,,,,,,,,true", "a", "its settings are not a JSON object"],
  [
    "has a setting that JSON cannot have",
    'a,7,,,,,,,,"{""top_k"": NaN}"',
    "a",
    'its setting "top_k" must be true, false, a number, a string, or a list of only numbers or only strings',
  ],
  ["has settings that are a list", "a,7,,,,,,,,[]", "a", "its settings are not a JSON object"],
  [
    "has no value for a setting",
    'a,7,,,,,,,,"{""top_k"": null}"',
    "a",
    'its setting "top_k" must be true, false, a number, a string, or a list of only numbers or only strings',
  ],
  [
    "mixes numbers and strings in a setting",
    'a,7,,,,,,,,"{""stop_sequence"": [1, ""a""]}"',
    "a",
    'its setting "stop_sequence" must be true, false, a number, a string, or a list of only numbers or only strings',
  ],
  [
    "has a backend's name",
    "koboldcpp/a,7,,,,,,,,",
    "koboldcpp/a",
    "its name begins with a backend, but only derived entries may have such names",
  ],
];

describe("a text model in v2", () => {
  it("has every field, in the order of v2", () => {
    const settings = '"{""top_k"": 40}"';
    const row = `org/Falcon-7B-Chat,7,The Falcon,https://h/f,Falcon,"A bird, caught",chat,"fast, — ,popular",ChatML,${settings}`;
    expect(convertRow(row)).toBe(
      '{"record_type":"text_generation","name":"org/Falcon-7B-Chat","description":"A bird, caught","version":"",' +
        '"metadata":{"schema_version":"2.0.0"},"config":{"download":[]},' +
        '"model_classification":{"domain":"text","purpose":"generation"},"baseline":"Falcon","parameters":7000000000,' +
        '"nsfw":false,"style":"chat","display_name":"The Falcon","url":"https://h/f","tags":["fast","—","popular"],' +
        '"instruct_format":"ChatML","settings":{"top_k":40},"text_model_group":"Falcon"}',
    );
  });

  it("has nothing that v1 derives: no tags of style and size, no display name, no defaults", () => {
    const record = convertRow("org/Falcon-7B,7,,,,,,,,") ?? "";
    for (const field of ['"version":""', '"style":""', '"display_name":""', '"tags":[]', '"url":""']) {
      expect(record).toContain(field);
    }
    expect(record).not.toContain("instruct_format");
    expect(record).not.toContain("settings");
  });

  it.each([
    ["4.1", "4099999999"],
    [" 12", "12000000000"],
    ["0.5", "500000000"],
    ["0", "0"],
  ])("with a size of %s has %s parameters", (cell, parameters) => {
    expect(convertRow(`a,${cell},,,,,,,,`)).toContain(`"parameters":${parameters},`);
  });

  it.each(SETTINGS)("with settings %s has %s", (cell, settings) => {
    expect(/"settings":(\{.*?\}),"text_model_group"/.exec(convertRow(`a,7,,,,,,,,${cell}`) ?? "")?.[1]).toBe(settings);
  });

  it("may be named like a URL, which v1 leaves out", () => {
    const { records, issues } = convertRows(["https://h/a,7,,,,,,,,"]);
    expect(records.get("https://h/a")).toContain('"text_model_group":"/h/a"');
    expect(issues).toEqual([]);
  });

  it.each(["", " "])("without a size (%j) has 0 parameters, which is told", (size) => {
    const { records, issues } = convertRows([`a,${size},,,,,,,,`]);
    expect(records.get("a")).toContain('"parameters":0,');
    expect(issues).toEqual([["a", "models.csv line 2: it has no size, and counts as one of 0 parameters", false]]);
  });

  it("leaves empty tags out, and keeps one that stands twice", () => {
    expect(convertRow('a,7,,,,,,"x, ,x,",,')).toContain('"tags":["x","x"]');
  });

  it("reads version and nsfw from their columns, wherever they stand, and misses no column but name and size", () => {
    expect(convertRow(" TRUE ,7,2.0,a", "nsfw,parameters_bn,version,name")).toMatch(
      /"version":"2\.0",.*"nsfw":true,"style":"","display_name":"","url":"","tags":\[\],"text_model_group":"a"/,
    );
    expect(convertRow("yes,7,,a", "nsfw,parameters_bn,version,name")).toContain('"nsfw":false');
  });

  it("has no white space around its name", () => {
    expect([...convertRows([" a/b ,7,,,,,,,,"]).records.keys()]).toEqual(["a/b"]);
  });

  it("that stands in several rows is the last one, at the place of the first", () => {
    const { records, issues } = convertRows(["a,1,,,,,,,,", "b,2,,,,,,,,", "a,3,,,,,,,,"]);
    expect([...records.keys()]).toEqual(["a", "b"]);
    expect(records.get("a")).toContain('"parameters":3000000000');
    expect(issues).toEqual([["a", "it stands in the file more than once; the last one counts", false]]);
  });

  it.each(BAD)("is left out with its reason when its row %s", (_, row, name, reason) => {
    const { records, issues } = convertRows([row, "good,7,,,,,,,,"]);
    expect([...records.keys()]).toEqual(["good"]);
    expect(issues).toEqual([[name, `models.csv line 2: ${reason}`, true]]);
  });

  it("is kept and told of when its row has too many cells", () => {
    const { records, issues } = convertRows(["a,7,,,,,,,,,surplus"]);
    expect([...records.keys()]).toEqual(["a"]);
    expect(issues).toEqual([["a", "models.csv line 2: it has more cells than the header", false]]);
  });
});
