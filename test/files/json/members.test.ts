import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { JsonTextError } from "../../../src/files/json/json-text-error.ts";
import { readMembers } from "../../../src/files/json/members.ts";
import { parseNode } from "../../../src/files/json/tree.ts";

function failure(text: string): JsonTextError | undefined {
  try {
    readMembers(text);
  } catch (error) {
    if (error instanceof JsonTextError) return error;
    throw error;
  }
  return undefined;
}

describe("readMembers", () => {
  it("gives names decoded, values as spelled, duplicates and order kept", () => {
    const text = '\ufeff \r\n{ "10" : 1.0,\n"\\u0041":{ "x" : [ ] } ,"__proto__":"\\u00e9", "10": -0 , "" : null}\n\t';
    const members = readMembers(text);
    expect(members.map(({ name, value }) => [name, value])).toEqual([
      ["10", "1.0"],
      ["A", '{ "x" : [ ] }'],
      ["__proto__", '"\\u00e9"'],
      ["10", "-0"],
      ["", "null"],
    ]);
    for (const { start, valueStart, end, value } of members) {
      expect(text.charAt(start)).toBe('"');
      expect(text.slice(valueStart, end)).toBe(value);
    }
  });

  it.each(["{}", " {\n} ", "\ufeff{}\r\n"])("finds nothing in %j", (text) => {
    expect(readMembers(text)).toEqual([]);
  });

  it.each([
    ["", "expected a JSON object but found the end of the text at line 1, column 1"],
    ["[]", 'expected a JSON object but found "[" at line 1, column 1'],
    ["<html>", 'expected a JSON object but found "<" at line 1, column 1'],
    ['{"a": 1', 'expected "," or "}" but found the end of the text at line 1, column 8'],
    ['{\n  "a": 1,\n}', 'expected a string in "double quotes" but found "}" at line 3, column 1'],
    ['{"a" 1}', 'expected ":" but found "1" at line 1, column 6'],
    ['{"a": 1}\r\n{', 'expected nothing after the object but found "{" at line 2, column 1'],
    ["{a: 1}", 'expected a string in "double quotes" but found "a" at line 1, column 2'],
    ["{'a': 1}", 'expected a string in "double quotes" but found "\'" at line 1, column 2'],
    ['{"a": 01}', 'expected "," or "}" but found "1" at line 1, column 8'],
    ['{"a": 1.}', 'expected a digit but found "}" at line 1, column 9'],
    ['{"a": -}', 'expected a digit but found "}" at line 1, column 8'],
    ['{"a": 1e+}', 'expected a digit but found "}" at line 1, column 10'],
    ['{"a": .5}', 'expected a value but found "." at line 1, column 7'],
    ['{"a": NaN}', 'expected a value but found "N" at line 1, column 7'],
    ['{"a": nul}', 'expected a value but found "n" at line 1, column 7'],
    ['{"a": truex}', 'expected "," or "}" but found "x" at line 1, column 11'],
    ['{"a": "b\n"}', 'expected a closing " but found "\\n" at line 1, column 9'],
    ['{"a": "b', 'expected a closing " but found the end of the text at line 1, column 9'],
    ['{"a": "\\x"}', 'expected an escape letter but found "x" at line 1, column 9'],
    ['{"a": "\\', "expected an escape letter but found the end of the text at line 1, column 9"],
    ['{"a": "\\u12g4"}', 'expected four hexadecimal digits after \\u but found "g" at line 1, column 12'],
    ['{"a": [1 2]}', 'expected "," or "]" but found "2" at line 1, column 10'],
    ['{"a": [1,]}', 'expected a value but found "]" at line 1, column 10'],
    ['{"a": 1} // 😀', 'expected nothing after the object but found "/" at line 1, column 10'],
    ['{"a": 😀}', 'expected a value but found "😀" at line 1, column 7'],
    ['{"a":\u00a01}', 'expected a value but found "\u00a0" at line 1, column 6'],
  ])("refuses %j and says where and why", (text, message) => {
    expect(failure(text)?.message).toBe(message);
  });

  it("refuses a nesting that could exhaust the stack", () => {
    const deep = `{"a":${"[".repeat(100_000)}`;
    expect(failure(deep)?.message).toContain("at most 500 nested values");
    expect(failure(`{"a":${"[".repeat(499)}${"]".repeat(499)}}`)).toBeUndefined();
    expect(failure(`{"a":${"[".repeat(500)}${"]".repeat(500)}}`)).toBeDefined();
  });

  it("accepts exactly what JSON.parse accepts", () => {
    const snippet = fc.constantFrom(
      ...[
        '{"a":',
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        '"',
        '"b"',
        "1",
        "-",
        "0",
        ".5",
        "e",
        "E+1",
        "true",
        "null",
        " ",
        "\n",
      ],
      ...["\\", "\\u00", "\u0000", "x"],
    );
    const anyText = fc.array(snippet, { maxLength: 8 }).map((parts) => `{"k":${parts.join("")}}`);
    const nearlyJson = fc.tuple(fc.json(), fc.nat(60), snippet).map(([json, index, extra]) => {
      return `{"k":${json.slice(0, index)}${extra}${json.slice(index)}}`;
    });
    fc.assert(
      fc.property(fc.oneof(anyText, nearlyJson, fc.json()), (text) => {
        const isJson = accepts(() => JSON.parse(text));
        const isObject = isJson && text.trimStart().startsWith("{");
        expect(accepts(() => readMembers(text))).toBe(isObject);
        expect(accepts(() => parseNode(text))).toBe(isJson);
      }),
      { numRuns: 2000 },
    );
  });
});

function accepts(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch {
    return false;
  }
}
