import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeString, quoteAscii, quoteRaw } from "../../../src/files/json/strings.ts";

describe("quoteAscii", () => {
  it.each([
    ["plain", '"plain"'],
    ["", '""'],
    ['"quoted"', '"\\"quoted\\""'],
    ["back\\slash", '"back\\\\slash"'],
    ["slash/stays", '"slash/stays"'],
    ["\n\r\t\b\f", '"\\n\\r\\t\\b\\f"'],
    ["\u0000\u001f", '"\\u0000\\u001f"'],
    ["\u007f", '"\\u007f"'],
    ["—", '"\\u2014"'],
    ["É", '"\\u00c9"'],
    ["😀", '"\\ud83d\\ude00"'],
    ["\u2028", '"\\u2028"'],
    ["\ud83d", '"\\ud83d"'],
  ])("writes %j as json.dumps does", (value, expected) => {
    expect(quoteAscii(value)).toBe(expected);
  });

  it("is undone by any JSON parser, and by decodeString", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (value) => {
        for (const text of [quoteAscii(value), quoteRaw(value)]) {
          expect(JSON.parse(text)).toBe(value);
          expect(decodeString(` ${text}`, 1, text.length + 1)).toBe(value);
        }
        expect(quoteAscii(value)).toMatch(/^[ -~]*$/);
      }),
      { numRuns: 500 },
    );
  });
});

describe("quoteRaw", () => {
  it.each([
    ["— É 😀 \u007f \u2028", '"— É 😀 \u007f \u2028"'],
    ['"\\\n\u0001', '"\\"\\\\\\n\\u0001"'],
    ["half of a pair: \ud83d", '"half of a pair: \\ud83d"'],
  ])("writes %j as json.dumps(ensure_ascii=False) does, but never a lone surrogate", (value, expected) => {
    expect(quoteRaw(value)).toBe(expected);
  });
});
