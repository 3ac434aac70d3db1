import { expect, it } from "vitest";
import { refusedForm } from "../../../src/files/checks/text-form.ts";

const NONE = "it has no newline at its end";
const MANY = "it has more than one newline at its end";
const blank = (line: number) => `line ${line} ends with white space`;

it.each<[string, readonly string[]]>([
  ["", []],
  ["a\n", []],
  ["a\r\n", []],
  ["a\r", [blank(1)]],
  ["\n", []],
  ["a\n\nb\n", []],
  ["a", [NONE]],
  ["a\n\n", [MANY]],
  ["a\r\n\r\n", [MANY]],
  ["a\n\r", [MANY, blank(2)]],
  ["a \n", [blank(1)]],
  ["a\t\r\n", [blank(1)]],
  ["\n \nb\v\n\fc\n", [blank(2), blank(3)]],
  [" a", [NONE]],
  ["a ", [NONE, blank(1)]],
  ["a\r\r\n", [MANY, blank(1)]],
  ["a\u00a0\n", []],
  ["a\b\n", []],
  ["a\u000e\n", []],
])("what the hooks refuse of %j", (text, refused) => {
  expect(refusedForm(text)).toEqual(refused);
});
