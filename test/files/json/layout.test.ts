import { describe, expect, it } from "vitest";
import { elementsOf, holdsContainer, isFilled } from "../../../src/files/json/elements.ts";
import { eolBefore, indentAt } from "../../../src/files/json/indent.ts";
import { CANONICAL, fileLayout, type Layout, localLayout } from "../../../src/files/json/layout.ts";
import { parseNode } from "../../../src/files/json/tree.ts";

describe("the indentation of what stands at a place", () => {
  it.each<[string, number, string | null, string | undefined]>([
    ["{\n  1", 4, "  ", "\n"],
    ["{\n\t 1", 4, "\t ", "\n"],
    ["{\r\n 1", 4, " ", "\r\n"],
    ["{\n1", 2, "", "\n"],
    ["\n 1", 2, " ", "\n"],
    ["{ 1", 2, null, undefined],
    ["{x  1", 4, null, undefined],
    ["  1", 2, null, undefined],
    ["1", 0, null, undefined],
  ])("in %j at %i", (text, position, indent, eol) => {
    expect([indentAt(text, position), eolBefore(text, position)]).toEqual([indent, eol]);
  });
});

describe("what is in a value", () => {
  it.each<[string, number, boolean]>([
    ["{}", 0, false],
    ["[]", 0, false],
    ['"text"', 0, false],
    ["1", 0, false],
    ['{"a": 1, "b": "x"}', 2, false],
    ['{"a": 1, "b": {}}', 2, true],
    ['{"a": []}', 1, true],
    ["[1, 2, 3]", 3, false],
    ["[1, {}]", 2, true],
    ["[[]]", 1, true],
  ])("%s", (text, elements, holds) => {
    const node = parseNode(text);
    expect([elementsOf(node).length, isFilled(node), holdsContainer(node)]).toEqual([elements, elements > 0, holds]);
  });
});

describe("the layout of a whole file", () => {
  it.each<[string, string]>([
    ["{\n}\r\n", "\n"],
    ["{\r\n}\n", "\r\n"],
    ["\n{}", "\n"],
    ["{}", "\n"],
  ])("%j has its first line ending", (text, eol) => {
    expect(fileLayout(text).eol).toBe(eol);
  });

  it.each<[string, string]>([
    ['{"a": "x"}', '"\\u00e9"'],
    ['\ufeff{"a": "x"}', '"\\u00e9"'],
    ['{"a": "ä"}', '"é"'],
    ['{"a": "\ufeff"}', '"é"'],
  ])("%j has raw characters or escapes", (text, quoted) => {
    expect([fileLayout(text).quote("é"), fileLayout(text).quote("e")]).toEqual([quoted, '"e"']);
  });
});

describe("the layout beside an element", () => {
  const AROUND: Layout = {
    ...CANONICAL,
    eol: "EOL",
    unit: "UNIT",
    colon: "COLON ",
    gap: "GAP",
    inline: { all: false, leafObjects: true, leafArrays: false },
  };

  /** Of an object's members. */
  const beside = (text: string) => {
    const node = parseNode(text);
    const { eol, unit, colon, gap, inline } = localLayout(text, elementsOf(node), AROUND);
    return { eol, unit, colon, gap, inline };
  };

  it("is as around it, where nothing shows another one", () => {
    const { eol, unit, colon, inline } = AROUND;
    expect(beside("[1]")).toEqual({ eol, unit, colon, gap: " ", inline });
    const narrow = localLayout("[1]", [], { ...AROUND, colon: ":" });
    expect(narrow.gap).toBe("");
  });

  it("is that of the nearest that shows one", () => {
    const text = '{\r\n\t"a":  {\r\n\t\t\t"x" : [1,  2],\r\n\t\t\t"y": {"z": 1}}}';
    expect(beside(text)).toEqual({
      eol: "\r\n",
      unit: "\t\t",
      colon: ":  ",
      gap: " ",
      inline: { all: false, leafObjects: true, leafArrays: true },
    });
  });

  it.each<[string, string, string]>([
    ["of items that share a line", '{"a": [1,  2]}', "  "],
    ["of items without any", '{"a": [1,2]}', ""],
    ["of items with space before the comma", '{"a": [1 , 2]}', " "],
    ["as behind a colon, of one item", '{"a":[1]}', ""],
    ["as behind a colon, of items on lines of their own", '{"a": [1,\n2]}', " "],
  ])("has the white space behind a comma %s", (_what, text, gap) => {
    expect(beside(text).gap).toBe(gap);
  });

  it.each<[string, string, string]>([
    ["against the closing bracket", '{\n "a": [\n    1\n ]\n}', "   "],
    ["against the line where the value begins, when the bracket shares one", '{\n "a": [\n    1]\n}', "   "],
    ["not where the element shares a line", '{\n "a": [1\n ]\n}', "UNIT"],
    ["not where the element stands no deeper", '{\n  "a": [\n  1\n  ]\n}', "UNIT"],
    ["not where it stands less deep", '{\n  "a": [\n 1\n  ]\n}', "UNIT"],
    ["not where it stands deeper by other white space", '{\n  "a": [\n\t\t\t1\n  ]\n}', "UNIT"],
    ["not where nothing tells how deep the value stands", '{"a": [\n 1]}', "UNIT"],
    ["not of an empty value", '{\n "a": [\n ]\n}', "UNIT"],
  ])("has the indentation of an element %s", (_what, text, unit) => {
    expect(beside(text).unit).toBe(unit);
  });

  it.each<[string, string, Layout["inline"]]>([
    ["an object on one line", '{"a": {"b": 1}}', { all: true, leafObjects: true, leafArrays: false }],
    ["an object on lines", '{"a": {\n"b": 1}}', { all: false, leafObjects: false, leafArrays: false }],
    ["a list on one line", '{"a": [1]}', { all: false, leafObjects: true, leafArrays: true }],
    ["a list within an object", '{"a": {\n"b": [\n1]}}', { all: false, leafObjects: true, leafArrays: false }],
    ["an object within a list", '{"a": [\n{\n"b": 1}]}', { all: false, leafObjects: false, leafArrays: false }],
    ["the first of several", '{"a": [1], "b": [\n1]}', { all: false, leafObjects: true, leafArrays: true }],
    ["a list that holds one is no leaf", '{"a": [[\n1]]}', { all: false, leafObjects: true, leafArrays: false }],
  ])("has values on one line as %s has", (_what, text, inline) => {
    expect(beside(text).inline).toEqual(inline);
  });

  it("takes no colon over two lines for a habit", () => {
    expect(beside('{"a":\n1, "b" :  2}').colon).toBe(" :  ");
  });
});
