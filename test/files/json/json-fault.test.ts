import { expect, it } from "vitest";
import { describeJsonFault } from "../../../src/files/json/json-fault.ts";
import { JsonTextError } from "../../../src/files/json/json-text-error.ts";
import { readMembers, requireObjects } from "../../../src/files/json/members.ts";

function faultOf(text: string): JsonTextError {
  try {
    requireObjects(text, readMembers(text));
  } catch (error) {
    if (error instanceof JsonTextError) return error;
  }
  throw new Error("Nothing is wrong with it.");
}

const END = "the end of the text";

it.each<[string, string]>([
  ['{"a": {}, "b": {"x": N}}', 'expected a value but found "N" at line 1, column 22, in the record "b"'],
  ['{"a": {},\n "b": 1}', 'expected an object but found "1" at line 2, column 7, in the record "b"'],
  ['{"a": {}, "b": {}, "c": 1, "d": {}}', 'expected an object but found "1" at line 1, column 25, in the record "c"'],
  ['{"a": {}x, "b": {}}', 'expected "," or "}" but found "x" at line 1, column 9'],
  ['{"a": {}, b: {}}', 'expected a string in "double quotes" but found "b" at line 1, column 11'],
  ['{"a": {}', `expected "," or "}" but found ${END} at line 1, column 9`],
  ['{"a": {"b": ', `expected a value but found ${END} at line 1, column 13, in the record "a"`],
  ["[]", 'expected a JSON object but found "[" at line 1, column 1'],
  ['{"a": {}} x', 'expected nothing after the object but found "x" at line 1, column 11'],
  ['{"a": {"x": "\n😀"}}', 'expected a closing " but found "\\n" at line 1, column 14, in the record "a"'],
  ['{"a": 😀}', 'expected a value but found "😀" at line 1, column 7, in the record "a"'],
])("%j is wrong: %s", (text, says) => {
  expect(describeJsonFault(text, faultOf(text))).toBe(says);
});

it("names a record by the beginning of its name", () => {
  const text = `{"${"n".repeat(200)}": 1}`;
  expect(describeJsonFault(text, faultOf(text))).toMatch(/, in the record "n{80}"$/);
});
