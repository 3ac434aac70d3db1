import { expect, it } from "vitest";
import { refusedJson } from "../../../src/files/checks/json-form.ts";

const MARK = "it begins with a byte order mark";
const twice = (place: string, name: string) => `${place} holds "${name}" more than once, and the last one counts`;

it.each<[string, readonly string[]]>([
  ["", []],
  [" \n", []],
  ["\ufeff", []],
  ["{}\n", []],
  ['{"a": {"b": 1}, "b": {"a": 1}}\n', []],
  ["\ufeff{}\n", [MARK]],
  ["{}", ["it has no newline at its end"]],
  ['{"a": 1, "a": 2, "a": 3}\n', [twice("it", "a"), twice("it", "a")]],
  ['{"r": {"x": {"a": 1, "a": 2}}, "s": {"b": 1}}\n', [twice('the record "r"', "a")]],
  ['{"r": [1, {"a": 1, "a": 2}]}\n', [twice('the record "r"', "a")]],
  [
    '\ufeff{"a": 1, "a": 2} \n\n',
    [MARK, twice("it", "a"), "it has more than one newline at its end", "line 1 ends with white space"],
  ],
])("what the hooks refuse of %j", (text, refused) => {
  expect(refusedJson(text)).toEqual(refused);
});
