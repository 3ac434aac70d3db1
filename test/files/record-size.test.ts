import { describe, expect, it } from "vitest";
import { CATEGORIES } from "../../src/categories.ts";
import type { FileTexts } from "../../src/files/codec.ts";
import { readMembers } from "../../src/files/json/members.ts";
import { isLargeRecord, requireModestRecords } from "../../src/files/json/record-size.ts";

const codecOf = (category: string) => {
  const found = CATEGORIES.find(({ name }) => name === category);
  if (found === undefined) throw new Error(`There is no ${category}.`);
  return found.codec;
};

const SMALL = '{\n    "A": {\n        "type": "x"\n    }\n}\n';
const largest = (characters: number) => `{"type": "${"x".repeat(characters - 12)}"}`;
const RECORD = `{"Wide": ${largest(2 ** 18)}}`;
const TOO_LARGE = `{"Wide": ${largest(2 ** 18 + 1)}}`;
const NAME = `{"${"n".repeat(16384)}": {"type": "x"}}`;
const TOO_LONG = `{"${"n".repeat(16385)}": {"type": "x"}}`;

const RECORD_SENTENCE = 'a record of 262145 characters ("Wide"), and at most 262144 are taken.';
const NAME_SENTENCE = `a record's name of 16385 characters ("${"n".repeat(80)}…"), and at most 16384 are taken.`;

describe("a JSON category", () => {
  const codec = codecOf("esrgan");
  const file = (text: string): FileTexts => new Map([["esrgan.json", text]]);

  it.each([
    ["record", RECORD],
    ["name", NAME],
  ])("takes the largest %s that may be", (_what, primary) => {
    expect(codec.apply({ primary, files: file(SMALL) }).changes).toHaveLength(2);
  });

  it.each([
    ["record", TOO_LARGE, RECORD_SENTENCE],
    ["name", TOO_LONG, NAME_SENTENCE],
  ])("refuses a larger %s, whoever has it, and says which", (_what, text, sentence) => {
    const ofPrimary = { code: "primary-malformed", message: `PRIMARY's answer for esrgan.json holds ${sentence}` };
    const ofFile = { code: "legacy-malformed", message: `esrgan.json holds ${sentence}` };
    expect(() => codec.apply({ primary: text, files: file(SMALL) })).toThrow(expect.objectContaining(ofPrimary));
    expect(() => codec.apply({ primary: SMALL, files: file(text) })).toThrow(expect.objectContaining(ofFile));
    expect(() => codec.diff({ before: file(SMALL), after: file(text) })).toThrow(expect.objectContaining(ofFile));
    expect(() => codec.diff({ before: file(text), after: file(SMALL) })).toThrow(expect.objectContaining(ofFile));
  });
});

describe("the text models", () => {
  const codec = codecOf("text_generation");
  const files: FileTexts = new Map([
    ["models.csv", "name,parameters_bn,display_name,url,baseline,description,style,tags,instruct_format,settings\r\n"],
    ["db.json", "{}\n"],
    ["defaults.json", "{}"],
    ["generation_params.json", "{}"],
  ]);

  it.each([
    ["record", TOO_LARGE, RECORD_SENTENCE],
    ["name", TOO_LONG, NAME_SENTENCE],
  ])("refuse a larger %s of PRIMARY's", (_what, primary, sentence) => {
    const refused = { code: "primary-malformed", message: `PRIMARY's text models hold ${sentence}` };
    expect(() => codec.apply({ primary, files })).toThrow(expect.objectContaining(refused));
  });
});

it.each(["before", "after"] as const)("is told with the text that holds it: %s", (side) => {
  expect(() => requireModestRecords(side, readMembers(RECORD))).not.toThrow();
  expect(() => requireModestRecords(side, readMembers(TOO_LARGE))).toThrow(expect.objectContaining({ side }));
});

it("may be there in a text that is longer than a name may be", () => {
  expect([isLargeRecord("x".repeat(2 ** 14)), isLargeRecord("x".repeat(2 ** 14 + 1))]).toEqual([false, true]);
});
