import { describe, expect, it } from "vitest";
import type { CategoryName } from "../../../src/categories.ts";
import { readMembers } from "../../../src/files/json/members.ts";
import { printDocument } from "../../../src/replica/convert/reference-document.ts";
import { convertFile, convertRecord, recordText } from "./convert-file.ts";

const METADATA = '"metadata":{"schema_version":"2.0.0"}';
const EMPTY_CONFIG = '"config":{"download":[]}';

const PURPOSES: readonly (readonly [CategoryName, string])[] = [
  ["blip", "feature_extractor"],
  ["clip", "feature_extractor"],
  ["codeformer", "post_processing"],
  ["controlnet", "auxiliary_or_patch"],
  ["esrgan", "post_processing"],
  ["gfpgan", "post_processing"],
  ["miscellaneous", "miscellaneous"],
  ["safety_checker", "safety_checker"],
];

/** Records that cannot be converted, and what is said of them. */
const BAD: readonly (readonly [why: string, category: CategoryName, record: string, reason: string])[] = [
  ["a number", "blip", "5", "the record is 5 but must be an object"],
  ["a list", "blip", "[{}]", "the record is a list but must be an object"],
  ["null", "blip", "null", "the record is null but must be an object"],
  ["a string", "blip", '"m"', 'the record is "m" but must be an object'],
  ["no name", "blip", "{}", "name is missing but must be a string"],
  ["no name but null", "blip", '{"name": null}', "name is null but must be a string"],
  ["a number for a version", "gfpgan", '{"name": "m", "version": 1.40}', "version is 1.40 but must be a string"],
  [
    "a list for a description",
    "gfpgan",
    '{"name": "m", "description": []}',
    "description is a list but must be a string",
  ],
  [
    "a word that is no boolean",
    "gfpgan",
    '{"name": "m", "nsfw": "maybe"}',
    'nsfw is "maybe" but must be true or false',
  ],
  ["a number that is none", "gfpgan", '{"name": "m", "available": 2}', "available is 2 but must be true or false"],
  [
    "another such number",
    "gfpgan",
    '{"name": "m", "download_all": -1}',
    "download_all is -1 but must be true or false",
  ],
  [
    "features that are no list",
    "esrgan",
    '{"name": "m", "features_not_supported": "all"}',
    'features_not_supported is "all" but must be a list of strings',
  ],
  [
    "a feature that is no string",
    "esrgan",
    '{"name": "m", "features_not_supported": ["a", 1]}',
    "features_not_supported is a list but must be a list of strings",
  ],
  [
    "an unknown type of clip",
    "clip",
    '{"name": "m", "type": "vit"}',
    'type is "vit" but must be one of "clip", "coca"',
  ],
  ["no type of clip but null", "clip", '{"name": "m", "type": null}', 'type is null but must be one of "clip", "coca"'],
  ["a type that is no string", "esrgan", '{"name": "m", "type": 1}', "type is 1 but must be a string"],
  [
    "a pretrained name that is no string",
    "clip",
    '{"name": "m", "pretrained_name": {}}',
    "pretrained_name is an object but must be a string",
  ],
  [
    "several faults at once",
    "esrgan",
    '{"name": 1, "nsfw": [], "version": 2}',
    "name is 1 but must be a string; version is 2 but must be a string; nsfw is a list but must be true or false",
  ],
];

describe("a record of a category that is neither image_generation nor text_generation", () => {
  it.each(PURPOSES)("%s: has its type, the format's version, a config and a classification", (category, purpose) => {
    expect(convertRecord(category, '{"name": "m"}')).toEqual({
      record:
        `{"record_type":"${category}","name":"m",${METADATA},${EMPTY_CONFIG},` +
        `"model_classification":{"domain":"image","purpose":"${purpose}"}}`,
      reasons: [],
    });
  });

  it("keeps description and version, and drops nulls, other fields and those that v2 has no place for", () => {
    const text = recordText({
      available: "true",
      version: '"1.0"',
      style: '"generalist"',
      size_on_disk_bytes: "5",
      description: '"Text — with \\u00e9, \\"quotes\\" and \\u0007"',
      nsfw: "null",
      type: "null",
      anything: '{"else": 1}',
      name: '"m"',
    });
    expect(convertRecord("esrgan", text).record).toBe(
      '{"record_type":"esrgan","name":"m","description":"Text — with é, \\"quotes\\" and \\u0007","version":"1.0",' +
        `${METADATA},${EMPTY_CONFIG},"model_classification":{"domain":"image","purpose":"post_processing"}}`,
    );
  });

  it("of clip has its pretrained name, of other categories not", () => {
    const text = '{"name": "m", "type": "coca", "pretrained_name": "laion"}';
    expect(convertRecord("clip", text).record).toMatch(/"},"pretrained_name":"laion"}$/);
    expect(convertRecord("blip", text).record).not.toContain("laion");
  });

  it.each([
    ["its type", { type: '"control_canny"', style: '"control_depth"' }, "control_canny"],
    ["its style where it has no type", { style: '"control_depth"' }, "control_depth"],
    ["its style where the type is empty", { type: '""', style: '"control_qr"' }, "control_qr"],
  ])("of controlnet has the style that is %s", (_, fields: Record<string, string>, style) => {
    const { record, reasons } = convertRecord("controlnet", recordText({ name: '"m"', ...fields }));
    expect(record).toMatch(new RegExp(`"},"controlnet_style":"${style}"}$`));
    expect(reasons).toEqual([]);
  });

  it("of controlnet without a style has none, and one with an unknown style is told of and kept", () => {
    expect(convertRecord("controlnet", '{"name": "m"}').record).not.toContain("controlnet_style");
    const { record, reasons } = convertRecord("controlnet", '{"name": "m", "type": "control_moon"}');
    expect(record).toContain('"controlnet_style":"control_moon"');
    expect(reasons).toEqual([
      expect.stringMatching(/^the controlnet style "control_moon" is not one of control_seg, /),
    ]);
  });

  it.each(['"yes"', '"OFF"', '"True"', "1", "0.0", "1e0", "false"])(
    "may spell a boolean as %s, as the reference converter takes it",
    (value) => {
      expect(convertRecord("blip", `{"name": "m", "nsfw": ${value}}`).reasons).toEqual([]);
    },
  );

  it.each(BAD)("is left out with its reason: %s", (_, category, record, reason) => {
    expect(convertRecord(category, record)).toEqual({ record: null, reasons: [reason] });
  });

  it("is told of and kept when its name field is not its key", () => {
    const { record, reasons } = convertRecord("blip", '{"name": "other"}');
    expect(record).toContain('"name":"other"');
    expect(reasons).toEqual(['its name field says "other"']);
  });

  it("never makes a reason longer than a person reads", () => {
    const long = "x".repeat(1000);
    const files = Array.from({ length: 50 }, () => `"${long}"`).join(",");
    const { reasons } = convertRecord("blip", `{"name": "m", "config": {"files": [${files}]}}`);
    expect(reasons).toEqual([expect.stringMatching(/; and 45 more$/)]);
    expect(reasons.join().length).toBeLessThan(1000);
  });
});

describe("the document of a category", () => {
  it("keeps the file's order, whatever the names are", () => {
    const names = ["10", "__proto__", "2", "constructor", "é\u2028😀", "", 'a"b'];
    const text = `{${names.map((name) => `${JSON.stringify(name)}: {"name": ${JSON.stringify(name)}}`).join(", ")}}`;
    const document = convertFile("blip", text);
    expect([...document.records.keys()]).toEqual(names);
    expect(document.issues).toEqual([]);
    expect(readMembers(printDocument(document)).map(({ name }) => name)).toEqual(names);
  });

  it("has of records with one name the last, at the place of the first, and tells of it", () => {
    const text = '{"a": {"name": "a", "version": "1"}, "b": {"name": "b"}, "a": {"name": "a", "version": "2"}}';
    const { records, issues } = convertFile("blip", text);
    expect([...records.keys()]).toEqual(["a", "b"]);
    expect(records.get("a")).toContain('"version":"2"');
    const reason = "it stands in the file more than once; the last one counts";
    expect(issues).toEqual([{ name: "a", reason, isLeftOut: false }]);
  });

  it("leaves a bad record out and keeps the others", () => {
    const { records, issues } = convertFile("blip", '{"a": {"name": "a"}, "b": 5, "c": {"name": "c"}}');
    expect([...records.keys()]).toEqual(["a", "c"]);
    expect(issues).toEqual([{ name: "b", reason: "the record is 5 but must be an object", isLeftOut: true }]);
  });

  it.each([
    ["missing", null],
    ["empty", ""],
    ["white space", " \r\n\t"],
    ["a byte order mark", "\ufeff"],
    ["an empty object", "{}"],
  ])("is empty for a file that is %s", (_, text) => {
    const document = convertFile("image_generation", text);
    expect(document).toEqual({ records: new Map(), issues: [] });
    expect(printDocument(document)).toBe("{}");
  });

  it("is read behind a byte order mark", () => {
    expect([...convertFile("blip", '\ufeff{"a": {"name": "a"}}').records.keys()]).toEqual(["a"]);
  });
});
