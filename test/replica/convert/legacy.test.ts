import { describe, expect, it } from "vitest";
import { CATEGORIES, type CategoryName } from "../../../src/categories.ts";
import { convertReference } from "../../../src/replica/convert/convert.ts";
import { readLegacy, sourcePaths } from "../../../src/replica/convert/legacy.ts";
import { filesOf } from "./convert-file.ts";

const CSV = "name,parameters_bn,tags\r\n";
/** Both ways a category is read refuse the same files. */
const READERS: readonly (readonly [
  string,
  (category: CategoryName, files: ReadonlyMap<string, string | null>) => unknown,
])[] = [
  ["v1", readLegacy],
  ["v2", convertReference],
];

/** Files nobody can make sense of, and what is said of them. */
const UNUSABLE: readonly (readonly [why: string, category: CategoryName, text: string, message: RegExp])[] = [
  [
    "is cut off",
    "blip",
    '{"a": {"name": "a"',
    /^blip.json is not a JSON object: expected .* found the end of the text/,
  ],
  [
    "is a list",
    "image_generation",
    "[]",
    /^stable_diffusion.json is not a JSON object: expected a JSON object but found "\["/,
  ],
  ["is an error page", "clip", "<!DOCTYPE html>", /^clip.json is not a JSON object: .* found "<" at line 1, column 1/],
  [
    "has something behind the object",
    "clip",
    "{} {}",
    /^clip.json is not a JSON object: expected nothing after the object/,
  ],
  [
    "is nested without end",
    "clip",
    `{"a": ${"[".repeat(600)}${"]".repeat(600)}}`,
    /^clip.json .* at most 500 nested values/,
  ],
  [
    "ends inside a quote",
    "text_generation",
    `${CSV}a,7,\r\nb,7,"x`,
    /^models.csv ends inside a quote that line 3 opens; .* cut off/,
  ],
  ["ends inside the header", "text_generation", '"name,parameters_bn', /^models.csv /],
  [
    "has no size column",
    "text_generation",
    "name,tags\r\n",
    /^models.csv has no column "parameters_bn"; its first row is: "name", "tags"/,
  ],
  ["is another kind of page", "text_generation", "<!DOCTYPE html>", /^models.csv has no column "name"/],
];

describe.each(READERS)("reading a category as %s", (_, read) => {
  it.each(UNUSABLE)("fails when the file %s", (__, category, text, message) => {
    expect(() => read(category, filesOf(category, text))).toThrow(
      expect.objectContaining({ name: "SyncError", code: "legacy-malformed", message: expect.stringMatching(message) }),
    );
  });

  it.each(["defaults.json", "generation_params.json"])("fails when %s is missing, empty or no object", (path) => {
    for (const [text, message] of [
      [null, `${path} is missing or empty; models.csv cannot be read without it.`],
      [" \n", `${path} is missing or empty; models.csv cannot be read without it.`],
      ["[]", `${path} is not a JSON object.`],
    ] as const) {
      const files = filesOf("text_generation", `${CSV}a,7,\r\n`).set(path, text);
      expect(() => read("text_generation", files)).toThrow(
        expect.objectContaining({ code: "legacy-malformed", message }),
      );
    }
  });

  it("needs neither of them without models.csv", () => {
    expect(() => read("text_generation", new Map())).not.toThrow();
  });
});

describe("the files a category is read from", () => {
  it("are the category's one file, or models.csv and what it takes to read it", () => {
    const paths = CATEGORIES.map(({ name }) => [name, ...sourcePaths(name)].join(" "));
    expect(paths).toEqual([
      "image_generation stable_diffusion.json",
      ...["blip", "clip", "codeformer", "controlnet", "esrgan", "gfpgan", "safety_checker", "miscellaneous"].map(
        (name) => `${name} ${name}.json`,
      ),
      "text_generation models.csv defaults.json generation_params.json",
    ]);
  });
});

describe("a category in v1", () => {
  it.each([
    ["missing", null],
    ["white space", " \n"],
    ["a byte order mark", "\ufeff\n"],
  ])("is an empty object for a file that is %s", (_, text) => {
    for (const { name } of CATEGORIES) {
      expect(readLegacy(name, filesOf(name, text))).toEqual({ text: "{}", records: 0, issues: [] });
    }
  });

  it("is the file's own text, whatever its layout, numbers and names, without a byte order mark", () => {
    const text =
      '\r\n{"10": {"a": 3.0, "b": 1e-05},\t"2": {"c": 12345678901234567890}, "__proto__": {"d":"\\u00e9"} }\n';
    expect(readLegacy("blip", filesOf("blip", `\ufeff${text}`))).toEqual({ text, records: 3, issues: [] });
  });

  it("keeps a record that is no object, and one that stands twice, and tells of them", () => {
    const text = '{"a": 5, "b": {}, "a": [], "b": {}, "c": {}}';
    const twice = "it stands in the file more than once; the last one counts";
    expect(readLegacy("blip", filesOf("blip", text))).toEqual({
      text,
      records: 3,
      issues: [
        { name: "a", reason: `${twice}; the record is a list but must be an object`, isLeftOut: false },
        { name: "b", reason: twice, isLeftOut: false },
      ],
    });
  });

  it("of text_generation is db.json, with an entry for every backend", () => {
    const { text, records, issues } = readLegacy("text_generation", filesOf("text_generation", `${CSV}a/b,7,x\r\n`));
    expect(Object.keys(JSON.parse(text))).toEqual(["a/b", "aphrodite/a/b", "koboldcpp/b"]);
    expect(text).toMatch(/^\{\n {4}"a\/b": \{\n {8}"name": "a\/b",\n {8}"model_name": "b",/);
    expect({ records, issues }).toEqual({ records: 3, issues: [] });
  });

  it("of text_generation leaves malformed rows out and tells of them, as of rows that stand twice", () => {
    const csv = `${CSV}a,7,\r\n,7,\r\nb,big,\r\na,8,\r\n`;
    const { records, issues } = readLegacy("text_generation", filesOf("text_generation", csv));
    expect(records).toBe(3);
    expect(issues).toEqual([
      { name: "line 3", reason: "models.csv line 3: it has no name", isLeftOut: true },
      { name: "b", reason: 'models.csv line 4: its size "big" is not a number', isLeftOut: true },
      { name: "a", reason: "it stands in the file more than once; the last one counts", isLeftOut: false },
    ]);
  });

  it("of text_generation with a header alone is an empty object", () => {
    const { text, records } = readLegacy("text_generation", filesOf("text_generation", CSV));
    expect({ value: JSON.parse(text), records }).toEqual({ value: {}, records: 0 });
  });
});
