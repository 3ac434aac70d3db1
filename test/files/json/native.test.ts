import { describe, expect, it } from "vitest";
import { JsonTextError } from "../../../src/files/json/json-text-error.ts";
import { readMembers, requireObjects } from "../../../src/files/json/members.ts";
import { readNativeMembers } from "../../../src/files/json/native-members.ts";
import { pairNatively } from "../../../src/files/json/native-pairs.ts";
import { createPrintedReader } from "../../../src/files/json/printed-members.ts";
import { ANY_RECORDS, type RecordRules } from "../../../src/files/json/record-rules.ts";

const printed = (value: unknown) => `${JSON.stringify(value, null, 4)}\n`;
const spans = (members: readonly { name: string; value: string; start: number; valueStart: number; end: number }[]) =>
  members.map(({ name, value, start, valueStart, end }) => ({ name, value, start, valueStart, end }));

describe("members told by the parser", () => {
  it.each<[string, string]>([
    ["printed with four spaces", printed({ a: { v: 1 }, b: { w: [1, 2] } })],
    ["with CRLF and tabs", '{\r\n\t"a": {},\r\n\t"b": {}\r\n}'],
    ["without indentation, behind a byte order mark", '\ufeff{\n"a": {},\n"b": {}}\n'],
    ["with names beyond ASCII", '{\n  "é": {"ü": 1},\n  "b": {}\n}'],
    ["with escapes in values", '{\n  "a": {"x": "\\u00e9"},\n  "b": {"y": "\\\\", "z": "\\""}\n}'],
    ["with braces in strings", '{\n  "a}": {"x": "}"},\n  "b": {"y": "},\\n"}\n}'],
    ["with names that are integers to JavaScript, in their order", '{\n  "2": {},\n  "1": {}\n}'],
    ["of one", '{\n  "a": {"v": 123456789012345}\n}'],
  ])("are those that every character tells: %s", (_what, text) => {
    const members = readNativeMembers(text);
    expect(members && spans(members)).toEqual(spans(readMembers(text)));
    expect(members?.map(({ native }) => native)).toEqual(readMembers(text).map(({ value }) => JSON.parse(value)));
  });

  it.each<[string, string]>([
    ["on one line", '{"a": {}}'],
    ["with nothing in it", "{\n}"],
    ["that is no object", '[\n"a"]'],
    ["that is malformed", '{\n  "a": {,\n  "b": {}\n}'],
    ["that goes on behind its end", '{\n  "a": {}\n}}'],
    ["with a name twice", '{\n  "a": {},\n  "a": {}\n}'],
    ["with a name of two on one line", '{\n  "a": {}, "b": {}\n}'],
    ["with a record indented otherwise", '{\n  "a": {},\n   "b": {}\n}'],
    ["with a value that looks like a record of the file", '{\n  "a": {\n  "x": 1,\n  "y": 2\n  }\n}'],
    ["with sixteen digits", '{\n  "a": {"v": 1234567890123456}\n}'],
    ["with sixteen digits in a list", '{\n  "a": [1234567890123456]\n}'],
    ["with a fraction of sixteen characters", '{\n  "a": {"v": -0.12345678901234}\n}'],
    ["with an exponent", '{\n  "a": {"v": 1e5}\n}'],
    ["with an exponent and a sign", '{\n  "a": {"v":\n 1.5E-7}\n}'],
    ["with an escape in a name", '{\n  "a\\u00e9": {}\n}'],
    ["with an escape in a name of a record", '{\n  "a": {"x": [{"b\\\\": 1}]}\n}'],
    ["with the mark in a name", '{\n  "\x7f": {}\n}'],
    ["with the mark escaped", '{\n  "a": {"x": "\\u007F"}\n}'],
  ])("are left to the reader of characters: a text %s", (_what, text) => {
    expect(readNativeMembers(text)).toBeNull();
  });
});

describe("records compared natively", () => {
  const rules: RecordRules = { ...ANY_RECORDS, readPrinted: readMembers };
  const same = (a: unknown, b: unknown, ignoresNull = false) => {
    const paired = pairNatively(printed({ r: a, s: {} }), printed({ t: {}, r: b }), { ...rules, ignoresNull });
    return paired === null ? null : [...paired.same].map(([one, other]) => [one.name, other.name]);
  };

  it.each<[string, unknown, unknown]>([
    ["equal", { v: 1 }, { v: 1 }],
    ["reordered", { v: 1, w: { x: 1, y: [2] } }, { w: { y: [2], x: 1 }, v: 1 }],
    ["reordered in a list", { v: [{ x: 1, y: 2 }] }, { v: [{ y: 2, x: 1 }] }],
    ["equal, with a null", { v: null, w: 1 }, { w: 1, v: null }],
  ])("are the same: %s", (_what, a, b) => {
    expect([same(a, b), same(a, b, true)]).toEqual([[["r", "r"]], [["r", "r"]]]);
  });

  it.each<[string, unknown, unknown]>([
    ["one has a field more", { v: 1 }, { v: 1, w: 1 }],
    ["the other has", { v: 1, w: 1 }, { v: 1 }],
    ["a field has another name", { v: 1 }, { w: 1 }],
    ["a value is another", { v: 1, w: 1 }, { w: 2, v: 1 }],
    ["a list is longer", { v: [1] }, { v: [1, 2] }],
    ["a list is ordered otherwise", { v: [1, 2] }, { v: [2, 1] }],
    ["a list and an object", { v: [] }, { v: {} }],
    ["an object and a list", { v: { 0: 1 } }, { v: [1] }],
    ["a list and an object that counts its items", { v: [1] }, { v: { 0: 1, length: 1 } }],
    ["a number and its text", { v: 1 }, { v: "1" }],
    ["an object and null", { v: {} }, { v: null }],
    ["null and an object", { v: null, w: 1 }, { w: 1, v: {} }],
    ["null in a list", { v: [null] }, { v: [] }],
  ])("are not the same: %s", (_what, a, b) => {
    expect([same(a, b), same(a, b, true)]).toEqual([[], []]);
  });

  it("may leave out what is null", () => {
    const [a, b] = [{ v: { x: null, y: 1 }, w: null }, { v: { y: 1 } }];
    expect([same(a, b, true), same(b, a, true), same(a, b), same(b, a)]).toEqual([[["r", "r"]], [["r", "r"]], [], []]);
  });

  it("are told in full, or not at all", () => {
    const [a, b] = [printed({ r: {} }), printed({ r: {} })];
    expect(pairNatively(a, b, rules)).toMatchObject({ isComplete: true, isPrinted: true });
    expect(pairNatively(a, b, ANY_RECORDS)).toBeNull();
    expect(pairNatively(a, b, { ...rules, readPrinted: () => null })).toBeNull();
    expect(pairNatively(a, '{"r": {}}', rules)).toBeNull();
  });

  const nested = (depth: number, [open, close]: readonly [string, string]) =>
    `{\n"r": {"x": ${open.repeat(depth)}1${close.repeat(depth)}, "pad": "${" ".repeat(1000)}"}\n}`;
  it.each<[string, readonly [string, string]]>([
    ["lists", ["[", "]"]],
    ["objects", ['{"":', "}"]],
  ])("are left to the reader of characters where they may be nested too deeply: %s", (_what, brackets) => {
    expect(pairNatively(printed({}), nested(490, brackets), rules)).not.toBeNull();
    expect(pairNatively(printed({}), nested(500, brackets), rules)).toBeNull();
  });
});

describe("members told by an expression", () => {
  const read = createPrintedReader('"[^"]*"', "\\{\\}");

  it("are those that every character tells", () => {
    const text = printed({ a: {}, "b\\u00e9": {} });
    expect(spans(read(text) ?? [])).toEqual(spans(readMembers(text)));
    expect(spans(read(text) ?? [])).toEqual(spans(readMembers(text)));
  });

  it.each<[string, string]>([
    ["a wrong record", printed({ a: {}, b: { v: 1 } })],
    ["nothing in it", "{}\n"],
    ["a name twice", '{\n    "a": {},\n    "a": {}\n}\n'],
    ["no newline at its end", printed({ a: {} }).trimEnd()],
    ["something behind its end", `${printed({ a: {} })}\n`],
    ["something before its beginning", ` ${printed({ a: {} })}`],
    ["a list around it", '[\n    "a": {}\n}\n'],
  ])("are none in a text with %s", (_what, text) => {
    expect(read(text)).toBeNull();
  });
});

it("refuses a record that is no object, and says where it stands", () => {
  const check = (text: string) => requireObjects(text, readMembers(text));
  expect(() => check('{"a": {}, "b": {}}')).not.toThrow();
  expect(() => check('{"a": {},\n "b": [1]}')).toThrow(JsonTextError);
  expect(() => check('{"a": {},\n "b": [1]}')).toThrow('expected an object but found "[" at line 2, column 7');
});
