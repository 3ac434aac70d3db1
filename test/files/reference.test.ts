import { describe, expect, it } from "vitest";
import { SyncError } from "../../src/core/errors.ts";
import { decodeReference, explainReference } from "../../src/files/reference.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

describe("a reference", () => {
  it.each([
    ["nothing", "{}"],
    ["records", '{"a": {}, "b": {"c": 1}}'],
    ["names that objects have anyway", '{"__proto__": {}, "constructor": {}, "toString": {}}'],
    ["a name twice", '{"a": {}, "a": {"x": 1}}'],
    ["any white space", ' \r\n\t{ "a" :\n{} }\n'],
  ])("may hold %s", (_what, text) => {
    expect(decodeReference("clip", bytes(text))).toBe(text);
    expect(explainReference("clip", text)).toBeNull();
  });

  it("keeps PRIMARY's spelling, but not a byte order mark", () => {
    const text = '{"a": {"size": 3.0, "big": 12345678901234567890, "dash": "\\u2014"}}';
    expect(decodeReference("clip", bytes(`\ufeff${text}`))).toBe(text);
  });
});

describe("what is no reference", () => {
  it.each<[string, string, string]>([
    ["nothing at all", "", "empty"],
    ["white space", " \n", "empty"],
    ["HTML", "<!doctype html><html></html>", "HTML or XML"],
    [
      "half a JSON",
      '{"a": {"b": 1',
      'not valid JSON (cut short or damaged): expected "," or "}" but found the end of the text at line 1, column 14, in the record "a"',
    ],
    [
      "a trailing comma",
      '{"a": {},}',
      'not valid JSON (cut short or damaged): expected a string in "double quotes" but found "}" at line 1, column 10',
    ],
    [
      "NaN in a record",
      '{"a": {},\n "b": {"x": NaN}}',
      'not valid JSON (cut short or damaged): expected a value but found "N" at line 2, column 13, in the record "b"',
    ],
    ["a sentence", "Service unavailable", "not JSON"],
    ["a list", "[]", "a list"],
    ["null", "null", "null"],
    [
      "a deep nest",
      `{"a": {"b": ${"[".repeat(600)}${"]".repeat(600)}}}`,
      'nested too deeply: expected at most 500 nested values but found "[" at line 1, column 511, in the record "a"',
    ],
    ["a number", "3", "a number"],
    ["a text", '"x"', "a string"],
    [
      "a record that is a text",
      '{"a": {}, "b": "x"}',
      'broken: the record "b" is a string instead of an object, at line 1, column 16',
    ],
    [
      "a record that is null",
      '{"b": null}',
      'broken: the record "b" is null instead of an object, at line 1, column 7',
    ],
    [
      "a record that is a list",
      '{"b": [{}]}',
      'broken: the record "b" is a list instead of an object, at line 1, column 7',
    ],
  ])("%s is named", (_what, text, says) => {
    const error = explainReference("clip", text);
    expect(error).toBeInstanceOf(SyncError);
    expect(error?.message).toBe(`PRIMARY's answer for clip is ${says}; expected a JSON object of records.`);
    expect(error?.code).toBe("primary-malformed");
  });

  it("is named when its bytes are no UTF-8", () => {
    const decode = () => decodeReference("clip", new Uint8Array([0x7b, 0xff, 0x7d]));
    expect(decode).toThrow("PRIMARY's answer for clip is not valid UTF-8; expected a JSON object of records.");
    expect(decode).toThrow(expect.objectContaining({ code: "primary-malformed", cause: expect.any(TypeError) }));
  });

  it("has a long name cut, and line breaks in it escaped", () => {
    const name = `a\n${"x".repeat(500)}`;
    expect(explainReference("clip", JSON.stringify({ [name]: 1 }))?.message).toMatch(
      /the record "a\\nx{78}" is a number/,
    );
  });
});
