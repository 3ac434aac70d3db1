import { describe, expect, it } from "vitest";
import {
  anyOf,
  isFlag,
  isInteger,
  isRequirement,
  isText,
  listOf,
  type MemberRules,
  mapOf,
  membersPrinted,
  membersProblems,
  type NodeRule,
  oneOf,
} from "../../../src/files/checks/node-rules.ts";
import { hasOddEscape } from "../../../src/files/checks/printed.ts";
import { parseNode } from "../../../src/files/json/tree.ts";

const LONG = "x".repeat(70);
const CUT = `"${"x".repeat(60)}…"`;
const REQUIREMENT = "a number, text, true or false, or a list of integers, of fractions or of texts";

/** As Python's `json.dumps(value, indent=4)` prints it. */
const print = (json: string) => JSON.stringify(JSON.parse(json), null, 4);

/** Whether printing makes another number of it, such as an integer of `1.0`. */
const isSpelledOtherwise = (json: string) => /^\d/.test(json) && JSON.stringify(JSON.parse(json)) !== json;

it.each<[string, NodeRule, string, string | null]>([
  ["text", isText, '"a"', null],
  ["text", isText, "1", "is a number instead of text"],
  ["text", isText, "{}", "is an object instead of text"],
  ["text", isText, "[]", "is a list instead of text"],
  ["text", isText, "null", "is null instead of text"],
  ["text", isText, '"\\ud800"', "holds half of a character"],
  ["a flag", isFlag, "true", null],
  ["a flag", isFlag, "false", null],
  ["a flag", isFlag, "null", "is null instead of true or false"],
  ["a flag", isFlag, '"true"', "is text instead of true or false"],
  ["an integer", isInteger, "0", null],
  ["an integer", isInteger, "-12", null],
  ["an integer", isInteger, "1.0", "is 1.0 instead of an integer"],
  ["an integer", isInteger, "1e3", "is 1e3 instead of an integer"],
  ["an integer", isInteger, `1.${"5".repeat(70)}`, `is 1.${"5".repeat(58)}… instead of an integer`],
  ["an integer", isInteger, "true", "is true instead of an integer"],
  ["one of", oneOf("a", "b"), '"b"', null],
  ["one of", oneOf("a", "b"), '"c"', 'is "c" instead of a, b'],
  ["one of", oneOf("a", "b"), `"${LONG}"`, `is ${CUT} instead of a, b`],
  ["one of", oneOf("a", "b"), "1", "is a number instead of a, b"],
  ["a list", listOf(isInteger), "[]", null],
  ["a list", listOf(isInteger), "[1, 2]", null],
  ["a list", listOf(isInteger), "{}", "is an object instead of a list"],
  ["a list", listOf(isInteger), '[1, "2"]', "has an item that is text instead of an integer"],
  ["a map", mapOf(isInteger), "{}", null],
  ["a map", mapOf(isInteger), '{"a": 1, "b": 2}', null],
  ["a map", mapOf(isInteger), "[]", "is a list instead of an object"],
  ["a map", mapOf(isInteger), '{"a": 1, "b": "2"}', 'has "b", which is text instead of an integer'],
  ["a map", mapOf(isInteger), `{"${LONG}": "2"}`, `has ${CUT}, which is text instead of an integer`],
  ["a map", mapOf(isInteger), '{"\\udc00": 1}', 'has "\\udc00", which stands under half of a character'],
  ["any of", anyOf("text or a flag", isText, isFlag), "true", null],
  ["any of", anyOf("text or a flag", isText, isFlag), "1", "is a number instead of text or a flag"],
  ["a requirement", isRequirement, "1", null],
  ["a requirement", isRequirement, "1.5", null],
  ["a requirement", isRequirement, "[1, 2]", null],
  ["a requirement", isRequirement, "[1.5, 2.5]", null],
  ["a requirement", isRequirement, '["a"]', null],
  ["a requirement", isRequirement, "[1, 2.5]", `is a list instead of ${REQUIREMENT}`],
  ["a requirement", isRequirement, "[2.5, 1]", `is a list instead of ${REQUIREMENT}`],
  ["a requirement", isRequirement, '[1.5, "a"]', `is a list instead of ${REQUIREMENT}`],
  ["a requirement", isRequirement, "[true]", `is a list instead of ${REQUIREMENT}`],
  ["a requirement", isRequirement, "{}", `is an object instead of ${REQUIREMENT}`],
  ["a requirement", isRequirement, "null", `is null instead of ${REQUIREMENT}`],
])("%s: %#", (_what, rule, json, problem) => {
  expect(rule.problem(parseNode(json))).toBe(problem);
  if (isSpelledOtherwise(json)) return;
  const text = print(json);
  expect(!hasOddEscape(text) && new RegExp(`^${rule.printed("", "field")}$`).test(text)).toBe(problem === null);
});

it("knows a printed map by its names, each once", () => {
  const isPrinted = (text: string) => new RegExp(`^${mapOf(isInteger).printed("", "field")}$`).test(text);
  expect(isPrinted('{\n    "a": 1,\n    "b": 1\n}')).toBe(true);
  expect(isPrinted('{\n    "a": 1,\n    "a": 1\n}')).toBe(false);
  expect(isPrinted('{\n    "a": 1,\n}')).toBe(false);
  expect(isPrinted('{\n    "a": 1\n    "b": 1\n}')).toBe(false);
  const many = (count: number) =>
    JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, index) => [`m${index}`, index])), null, 4);
  expect([isPrinted(many(16)), isPrinted(many(17))]).toEqual([true, false]);
});

describe("an object's members", () => {
  const rules: MemberRules = {
    rules: new Map<string, NodeRule>([
      ["name", isText],
      ["size", isInteger],
      ["kind", isText],
    ]),
    required: ["name", "kind"],
  };
  const ORDER = "has its fields in another order than the schema";

  it.each<[string, readonly string[]]>([
    ['{"name": "a", "size": 1, "kind": "k"}', []],
    ['{"name": "a", "kind": "k"}', []],
    ["{}", ['lacks "name", "kind"']],
    ['{"name": "a", "size": null, "kind": "k"}', ['has "size" as null']],
    ['{"name": null, "kind": "k"}', ['has "name", which is null instead of text']],
    ['{"name": "a", "kind": "k", "odd": null}', ['has "odd", which the schema does not know']],
    [`{"name": "a", "kind": "k", "${LONG}": 1}`, [`has ${CUT}, which the schema does not know`]],
    ['{"odd": 1, "name": "a", "kind": "k"}', ['has "odd", which the schema does not know']],
    ['{"kind": "k", "name": "a"}', [ORDER]],
    ['{"name": "a", "kind": "k", "size": "s"}', ['has "size", which is text instead of an integer', ORDER]],
    ['{"name": "a", "name": "b", "kind": "k"}', [ORDER]],
  ])("%s is told by all that is wrong with it", (json, problems) => {
    const node = parseNode(json);
    expect(node.kind === "object" && membersProblems(node.members, rules)).toEqual(problems);
    if (json.includes('"name": "b"')) return;
    const isPrinted = new RegExp(`^${membersPrinted(rules, "")}$`).test(print(json));
    expect(isPrinted).toBe(problems.length === 0);
  });
});
