import fc from "fast-check";
import { expect, it } from "vitest";
import { cutMiddle } from "../../src/core/cut-middle.ts";

it.each<[string, number, string]>([
  ["short", 7, "short"],
  ["abcdefg", 7, "abcdefg"],
  ["abcdefghij", 7, "abc…hij"],
  ["a\nb", 9, "a\\nb"],
  [`{"a": "${"x".repeat(1000)}", "z": 1}`, 21, '{"a": "xxx…", "z": 1}'],
])("cuts to what is expected (%#)", (text, limit, expected) => {
  expect(cutMiddle(text, limit)).toBe(expected);
});

it("has at most so many characters on one line, and tells how a text begins and ends", () => {
  const property = (text: string, limit: number) => {
    const cut = cutMiddle(text, limit);
    expect([...cut].length).toBeLessThanOrEqual(limit);
    expect(cut).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    expect(cut.isWellFormed()).toBe(true);
    if (/^[ -~]*$/.test(text)) expect([cut[0], cut.at(-1)]).toEqual([text[0], text.at(-1)]);
  };
  fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 200 }), fc.integer({ min: 3, max: 40 }), property));
  fc.assert(fc.property(fc.string({ maxLength: 200 }), fc.integer({ min: 3, max: 40 }), property));
});
