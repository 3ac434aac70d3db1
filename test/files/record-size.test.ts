import { describe, expect, it } from "vitest";
import { CATEGORIES } from "../../src/categories.ts";
import type { FileTexts } from "../../src/files/codec.ts";
import { readMembers } from "../../src/files/json/members.ts";
import { readNativeMembers } from "../../src/files/json/native-members.ts";
import { isLargeRecord, requireModestRecords } from "../../src/files/json/record-size.ts";
import { HEADER } from "../fakes/model-table.ts";

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

it.each([
  ["as long as one may be", "n".repeat(16_384), `"${"n".repeat(80)}…"`],
  ["of eighty characters", "n".repeat(80), `"${"n".repeat(80)}"`],
])("of a record whose name is %s its own size is told", (_what, name, shown) => {
  const files = new Map([["esrgan.json", JSON.stringify({ [name]: { x: "x".repeat(2 ** 18) } })]]);
  const says = new RegExp(`holds a record of \\d+ characters \\(${shown}\\), and at most`);
  expect(() => codecOf("esrgan").apply({ primary: "{}", files })).toThrow(says);
});

describe("stable_diffusion.json", () => {
  const codec = codecOf("image_generation");
  const file = (text: string): FileTexts => new Map([["stable_diffusion.json", text]]);
  const printed = (field: string) =>
    `{\n    "A": {\n        "name": "A",\n        "baseline": "b",\n        "type": "ckpt",\n        "inpainting": false,\n        "description": ${field},\n        "version": "1",\n        "nsfw": false,\n        "download_all": false,\n        "config": {}\n    }\n}\n`;

  it.each(["\\n", "\\\\"])("with millions of %s in a string is refused by a sentence", (spelling) => {
    const large = printed(`"${spelling.repeat(4_000_000)}"`);
    const refusal = { message: expect.stringMatching(/holds a record of \d+ characters \("A"\)/) };
    expect(() => codec.apply({ primary: "{}", files: file(large) })).toThrow(expect.objectContaining(refusal));
    expect(() => codec.diff({ before: file(large), after: file("{}\n") })).toThrow(expect.objectContaining(refusal));
  });

  it.each([
    ["many lists", `[${"[],".repeat(5_000_000)}[]]`],
    ["lists in lists", `${"[".repeat(4_000_000)}${"]".repeat(4_000_000)}`],
  ])("makes no values of a record of %s, which is refused for less", (_what, value) => {
    const primary = `{\n    "A": {\n        "config": ${value}\n    }\n}\n`;
    expect(readNativeMembers(primary)).toBeNull();
    const refusal = { code: "primary-malformed" };
    expect(() => codec.apply({ primary, files: file(printed('"x"')) })).toThrow(expect.objectContaining(refusal));
  });
});

describe("new records", () => {
  const many = (count: number, name = "m") =>
    `{${Array.from({ length: count }, (_, index) => `"${name}${index}": {"v": ${index}}`).join(", ")}}`;
  const filesWith = (path: string, text: string): FileTexts =>
    new Map([
      [path, text],
      ["db.json", "{}\n"],
      ["defaults.json", "{}"],
      ["generation_params.json", "{}"],
    ]);

  it.each([
    ["esrgan", "esrgan.json", "{}\n", "PRIMARY's answer for esrgan.json holds"],
    ["image_generation", "stable_diffusion.json", "{}\n", "PRIMARY's answer for stable_diffusion.json holds"],
    ["text_generation", "models.csv", `${HEADER}\r\n`, "PRIMARY's text models hold"],
  ])("of %s are taken up to a number that no repository has by far", (category, path, empty, what) => {
    const codec = codecOf(category);
    const files = filesWith(path, empty);
    expect(codec.apply({ primary: many(10_000), files }).changes).toHaveLength(10_000);
    const cure = "which are more than are taken at once; commit a part of them by hand, and the rest follows.";
    const message = new RegExp(`^${what} 17000 new or changed records of \\d+ characters in all, ${cure}$`);
    expect(() => codec.apply({ primary: many(17_000), files })).toThrow(
      expect.objectContaining({ code: "primary-malformed", message: expect.stringMatching(message) }),
    );
  });

  it("are taken by their size, too", () => {
    const codec = codecOf("esrgan");
    const large = (count: number) =>
      `{${Array.from({ length: count }, (_, index) => `"m${index}": {"v": "${"x".repeat(100_000)}"}`).join(",")}}`;
    const files = filesWith("esrgan.json", "{}\n");
    expect(codec.apply({ primary: large(150), files }).changes).toHaveLength(150);
    expect(() => codec.apply({ primary: large(190), files })).toThrow(
      /1[0-9]0 new or changed records of 1\d{7} characters/,
    );
  });

  it.each(["new", "changed"])("that are %s are taken by how many values they hold", (which) => {
    const codec = codecOf("esrgan");
    const dense = (count: number, value: number) =>
      `{${Array.from({ length: count }, (_, index) => `"m${index}": {"v": [${Array(50_000).fill(value).join(",")}]}`).join(",")}}`;
    const files = (count: number) => filesWith("esrgan.json", which === "new" ? "{}\n" : dense(count, 1));
    expect(codec.apply({ primary: dense(4, 2), files: files(4) }).changes).toHaveLength(4);
    expect(() => codec.apply({ primary: dense(10, 2), files: files(10) })).toThrow(/10 new or changed records of/);
  });

  it("are those that the file has not, so that it may have more", () => {
    const codec = codecOf("esrgan");
    const result = codec.apply({ primary: many(17_000), files: filesWith("esrgan.json", many(16_000)) });
    expect(result.changes).toHaveLength(1000);
  });

  it("that a part was committed of by hand follow", () => {
    const codec = codecOf("esrgan");
    const primary = many(20_000);
    expect(() => codec.apply({ primary, files: filesWith("esrgan.json", "{}\n") })).toThrow(/commit a part/);
    expect(codec.apply({ primary, files: filesWith("esrgan.json", many(10_000)) }).changes).toHaveLength(10_000);
  });

  it("may be as many as text models are, ten times over, all of them renamed", () => {
    const codec = codecOf("esrgan");
    const models = (name: string) =>
      many(7230, name).replace(/"v": (\d+)/g, '"url": "https://example.org/$1", "path": "$1.ckpt"');
    const { changes } = codec.apply({ primary: models("n"), files: filesWith("esrgan.json", models("m")) });
    expect([changes.length, changes.every(({ kind }) => kind === "renamed")]).toEqual([7230, true]);
  });
});

describe("the text models", () => {
  const codec = codecOf("text_generation");
  const files: FileTexts = new Map([
    ["models.csv", `${HEADER}\r\n`],
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
