import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SyncError } from "../../../src/core/errors.ts";
import { JsonTextError } from "../../../src/files/json/json-text-error.ts";
import { createJsonCodec } from "../../../src/files/json-codec.ts";

const codec = createJsonCodec("clip.json");

function apply(file: string | null, primary: string) {
  return codec.apply({ primary, files: new Map([["clip.json", file]]) });
}

describe("the JSON codec", () => {
  it("writes one file and reads no other", () => {
    expect(codec).toMatchObject({ writes: ["clip.json"], reads: [] });
  });

  it("finds nothing to do where only layout, key order and spelling differ", () => {
    const file = '{\r\n\t"a": {"x": 1.0, "y": "\\u00e9"},\r\n\t"b": {"l": [1, -0]}\r\n}';
    const primary = '{"b":{"l":[1e0,0]},"a":{"y":"é","x":1}}';
    expect(apply(file, primary)).toEqual({ changes: [], files: new Map(), currentRecords: 2, warnings: [] });
  });

  it("tells records that came or differ in the edited file's order, then removed ones, with their fields", () => {
    const file = '{"gone": {"v": 1}, "b": {"x": 1, "same": 1, "old": {"k": [ 1 ]}}, "a": {"v": 1.0}, "too": {}}';
    const primary = '{"new": {"v": 1}, "a": {"v": 2}, "b": {"n": { "k" : 1 }, "same": 1.0, "x": "\\u00e9"}}';
    expect(apply(file, primary).changes).toEqual([
      { kind: "added", name: "new", value: '{"v":1}' },
      {
        kind: "modified",
        name: "a",
        before: '{"v":1.0}',
        value: '{"v":2}',
        fields: [{ field: "v", before: "1.0", after: "2" }],
      },
      {
        kind: "modified",
        name: "b",
        before: '{"x":1,"same":1,"old":{"k":[1]}}',
        value: '{"n":{"k":1},"x":"é","same":1}',
        fields: [
          { field: "n", before: null, after: '{"k":1}' },
          { field: "x", before: "1", after: '"é"' },
          { field: "old", before: '{"k":[1]}', after: null },
        ],
      },
      { kind: "removed", name: "gone", before: '{"v":1}' },
      { kind: "removed", name: "too", before: "{}" },
    ]);
  });

  it("has nothing to say of a file that holds nothing", () => {
    const texts = (text: string | null) => new Map([["clip.json", text]]);
    for (const text of [null, "", " \n"])
      expect(codec.diff({ before: texts("{}\n"), after: texts(text) })).toEqual({ changes: [], warnings: [] });
  });

  it("tells records in the order of the text also where a name stands in it twice", () => {
    const texts = (text: string) => new Map([["clip.json", text]]);
    const after = texts('{"a": {"v": 1}, "b": {}, "a": {"v": 2}}');
    expect(codec.diff({ before: texts("{}"), after }).changes).toEqual([
      { kind: "added", name: "b", value: "{}" },
      { kind: "added", name: "a", value: '{"v":2}' },
    ]);
  });

  it.each([null, "", " \n", "\ufeff"])("creates a missing or empty file (%j) in the canonical layout", (file) => {
    const result = apply(file, '{"10":{"é":[],"v":1.50,"t":["a"]},"9":{}}');
    expect(result.currentRecords).toBe(0);
    expect(result.files.get("clip.json")).toBe(
      '{\n    "10": {\n        "\\u00e9": [],\n        "v": 1.50,\n        "t": [\n            "a"\n        ]\n    },\n    "9": {}\n}\n',
    );
  });

  it("creates no file for no records", () => {
    expect(apply(null, "{}")).toMatchObject({ changes: [], files: new Map() });
  });

  it("warns of a name that the file holds more than once", () => {
    const result = apply('{"a": {}, "b": {}, "\\u0061": {}}', '{"a": {}, "b": {}}');
    expect(result.warnings).toContain(
      'The repository\'s check will refuse clip.json: it holds "a" more than once, and the last one counts.',
    );
    expect(result.currentRecords).toBe(2);
  });

  it.each([
    [
      '{"a": {},\n }',
      'clip.json is not a JSON object: expected a string in "double quotes" but found "}" at line 2, column 2.',
    ],
    ["[]", 'clip.json is not a JSON object: expected a JSON object but found "[" at line 1, column 1.'],
    ["<<<<<<< HEAD", 'clip.json is not a JSON object: expected a JSON object but found "<" at line 1, column 1.'],
  ])("names the file, line and column when %j cannot be read", (file, message) => {
    const fault = catchFault(() => apply(file, '{"a": {}}'));
    expect(fault.code).toBe("legacy-malformed");
    expect(fault.message).toBe(message);
    expect(fault.cause).toBeInstanceOf(JsonTextError);
  });

  it("says so when it is PRIMARY's text that cannot be read", () => {
    const fault = catchFault(() => apply('{"a": {}}', '{"a": {'));
    expect(fault.code).toBe("primary-malformed");
    expect(fault.message).toContain("PRIMARY's answer for clip.json is not a JSON object");
  });

  it("names the record in which a text stops being JSON", () => {
    expect(catchFault(() => apply('{"a": {}}', '{"a": {},\n"b": {"x": NaN}}')).message).toBe(
      'PRIMARY\'s answer for clip.json is not a JSON object of records: expected a value but found "N" at line 2, column 12, in the record "b".',
    );
    expect(catchFault(() => apply('{"a": {"x" 1}, "b": {}}', "{}")).message).toContain('column 12, in the record "a".');
  });

  it.each([
    ["before", "{", "{}"],
    ["after", "{}", '{"a": }'],
  ])("refuses to compare a state that cannot be read: %s", (_side, before, after) => {
    const state = (text: string) => new Map([["clip.json", text]]);
    const fault = catchFault(() => codec.diff({ before: state(before), after: state(after) }));
    expect(fault.code).toBe("legacy-malformed");
    expect(fault.message).toContain("clip.json is not a JSON object: expected");
  });

  it("compares states without a file, or with nothing in it, as ones without records", () => {
    const state = (text: string | null) => new Map([["clip.json", text]]);
    const changes = (before: string | null, after: string | null) =>
      codec.diff({ before: state(before), after: state(after) }).changes;
    expect(changes(null, '{"a": {}}\n')).toEqual([{ kind: "added", name: "a", value: "{}" }]);
    expect(changes('{"a": {}}\n', " ")).toEqual([{ kind: "removed", name: "a", before: "{}" }]);
    expect(changes(null, null)).toEqual([]);
  });

  it("tells what hooks refuse of a file that it edits, or that is compared", () => {
    const state = (text: string) => new Map([["clip.json", text]]);
    const file = '\ufeff{"a": {"x": 1, "x": 1}, \n"b": {}}';
    const told = [
      "it begins with a byte order mark",
      'the record "a" holds "x" more than once, and the last one counts',
      "it has no newline at its end",
      "line 1 ends with white space",
    ].map((what) => `The repository's check will refuse clip.json: ${what}.`);
    expect(codec.diff({ before: state(file), after: state(file) }).warnings).toEqual(told);
    expect(apply(file, '{"a": {"x": 1}, "b": {"y": 1}}').warnings).toEqual(told);
    expect(apply(file, '{"a": {"x": 1}, "b": {}}').warnings).toEqual([]);
  });

  it("refuses a nesting that could exhaust the stack, also where both texts have it", () => {
    const deep = `{"a": {"x": ${"[".repeat(50_000)}${"]".repeat(50_000)}}}`;
    expect(catchFault(() => apply(deep, deep)).message).toContain("at most 500 nested values");
    const allowed = `{"a": {"x": ${"[".repeat(498)}${"]".repeat(498)}}}`;
    expect(apply(allowed, allowed).changes).toEqual([]);
    expect(apply(allowed, `${allowed.slice(0, -2)}, "y": 1}}`).changes).toHaveLength(1);
  });

  it("refuses malformed texts wherever the fault stands, in step with the other text or not", () => {
    const valid = '{"a": {"x": [1, "two", null]}, "b": {"y": {}}, "c": {"z": "\\u00e9"}}';
    const other = valid.replaceAll(" ", "").replace("b", "B");
    const snippet = fc.constantFrom("{", "}", "[", "]", ",", ":", '"', "1", "e", "\\", "\n", "\u0000", "x", "");
    fc.assert(
      fc.property(fc.nat(valid.length), fc.nat(2), snippet, fc.boolean(), (index, length, extra, isInFile) => {
        const broken = valid.slice(0, index) + extra + valid.slice(index + length);
        fc.pre(!isJson(broken));
        for (const whole of [valid, other, "{}", broken]) {
          const fault = catchFault(() => (isInFile ? apply(broken, whole) : apply(whole, broken)));
          const isFileBroken = isInFile || whole === broken;
          expect(fault.code).toBe(isFileBroken ? "legacy-malformed" : "primary-malformed");
        }
      }),
      { numRuns: 1000 },
    );
  });
});

function catchFault(run: () => unknown): SyncError {
  try {
    run();
  } catch (error) {
    if (error instanceof SyncError) return error;
    throw error;
  }
  throw new Error("expected a SyncError");
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
