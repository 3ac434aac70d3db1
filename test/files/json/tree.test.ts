import { expect, it } from "vitest";
import { parseNode } from "../../../src/files/json/tree.ts";

it.each<[string, string]>([
  ["1 2", 'expected nothing after the value but found "2" at line 1, column 3'],
  ["{} ,", 'expected nothing after the value but found "," at line 1, column 4'],
  ["", "expected a value but found the end of the text at line 1, column 1"],
  ["NaN", 'expected a value but found "N" at line 1, column 1'],
  ['{"a": 1,}', 'expected a string in "double quotes" but found "}" at line 1, column 9'],
  ["[1,]", 'expected a value but found "]" at line 1, column 4'],
])("%j is no value: %s", (text, says) => {
  expect(() => parseNode(text)).toThrow(says);
});

it.each([
  ["lists", "[", "]"],
  ["objects", '{"a":', "}"],
])("takes five hundred %s within each other, and no more", (_what, open, close) => {
  const nested = (count: number) => `${open.repeat(count)}1${close.repeat(count)}`;
  expect(parseNode(nested(500)).end).toBe(nested(500).length);
  expect(() => parseNode(nested(501))).toThrow("expected at most 500 nested values");
});

it("takes the words that it is told, and no others", () => {
  expect(parseNode("[NaN]", ["NaN"])).toMatchObject({ items: [{ kind: "word", source: "NaN", start: 1, end: 4 }] });
  expect(() => parseNode("[Infinity]", ["NaN"])).toThrow('found "I"');
});
