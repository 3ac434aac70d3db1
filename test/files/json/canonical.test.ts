import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson } from "../../../src/files/json/canonical.ts";
import { sameMeaning } from "../../../src/files/json/same-meaning.ts";
import { anyModel, type Model, oddName, oddScalar, parseJson, writeValue } from "./json-model.ts";

describe("canonicalJson", () => {
  it.each([
    ["1.0", "1"],
    ["1e0", "1"],
    ["10E-1", "1"],
    ["100e-2", "1"],
    ["-0", "0"],
    ["-0.00e+99", "0"],
    ["2500", "2500"],
    ["2.5E3", "2500"],
    ["1e-05", "1e-5"],
    ["0.00001", "1e-5"],
    ["-12.50", "-125e-1"],
    ["0.1", "1e-1"],
    ["12345678901234567890", "12345678901234567890"],
    ["1e400", "1e400"],
    ["10e399", "1e400"],
    ["1e99999999999999999999", "1e99999999999999999999"],
    ["0.1e100000000000000000000", "1e99999999999999999999"],
    ["10e999999999999999999999", "1e1000000000000000000000"],
    ["10e1999999999999999", "1e2000000000000000"],
    ["10e1999999999999998", "1e1999999999999999"],
    ["0.1e2000000000000000", "1e1999999999999999"],
    ["0.1e2000000000000001", "1e2000000000000000"],
    ["0.1e1000000000000000", "1e999999999999999"],
    ["0.01e10000000000000001", "1e9999999999999999"],
    ["10e-1000000000000000", "1e-999999999999999"],
    ["0.0512", "512e-4"],
    ["1e0000000000000000", "1"],
    ["0.5e11000000000000000", "5e10999999999999999"],
    ["0.1e-1999999999999999", "1e-2000000000000000"],
    ["1e20", "100000000000000000000"],
    ["1e21", "1e21"],
    ["0e99999999999999999999", "0"],
    ["1E+0000000000000000000000000000001", "10"],
  ])("reads the number %s as %s", (source, expected) => {
    expect(canonicalJson(source)).toBe(expected);
  });

  it.each([
    ["12345678901234567890", "12345678901234567891"],
    ["9007199254740993", "9007199254740992"],
    ["0.1", "0.10000000000000001"],
    ["1e400", "1e401"],
    ["1e-400", "0"],
    ["1", '"1"'],
    ["0", '""'],
    ["0", '"a"'],
    ["0", "[]"],
    ["1", "true"],
    ["null", "false"],
    ["{}", "[]"],
    ["{}", "null"],
    ["[1, 2]", "[2, 1]"],
    ["[[]]", "[]"],
    ["[[1], 2]", "[[1, 2]]"],
    ['{"a": null}', "{}"],
    ['{"a": {"b": 1}}', '{"a": {}, "b": 1}'],
    ['"a"', '"A"'],
    ['"\\ud83d"', '"\\ude00"'],
  ])("tells %s and %s apart", (a, b) => {
    expect(canonicalJson(a)).not.toBe(canonicalJson(b));
    expect(sameMeaning(a, b)).toBe(false);
    expect(sameMeaning(b, a)).toBe(false);
  });

  it.each([
    ['{"b": 1, "a": 2}', '{"a":2,"b":1}'],
    ['{"a": 1, "a": 2}', '{"a": 2}'],
    ['{"a": 1, "a": 2}', '{"a": 2, "a": 2}'],
    ['{"a": {"x": 1}, "b": 0, "a": {"y": 1}}', '{"b": 0, "a": {"y": 1.0}}'],
    ['{"\\u0041": 1}', '{"A": 1}'],
    ['"\\/"', '"/"'],
    ['"\\u2014"', '"—"'],
    ['"\\uD83D\\uDE00"', '"😀"'],
    ['{"__proto__": 1, "10": 1, "9": 1, "": 1}', '{"": 1, "9": 1, "10": 1, "__proto__": 1}'],
    ["[ ]", "[\n]"],
    ['[ 1 ,\t{ } , "x" ]', '[1,{},"x"]'],
  ])("takes %s and %s for the same", (a, b) => {
    expect(canonicalJson(a)).toBe(canonicalJson(b));
    expect(sameMeaning(a, b)).toBe(true);
    expect(sameMeaning(b, a)).toBe(true);
  });

  it("sorts keys by code unit and requotes strings", () => {
    expect(canonicalJson('{ "b": [1.0, "\\u00e9"], "B": {}, "10": 0, "9": -0, "": null }')).toBe(
      '{"":null,"10":0,"9":0,"B":{},"b":[1,"é"]}',
    );
  });

  const model = anyModel(oddName, oddScalar);
  const compact = (value: Model) => writeValue(value, { eol: "", colon: ":", gap: "", indent: null });
  const loose = (value: Model) => writeValue(value, { eol: "\r\n", colon: " : ", gap: " ", indent: "\t" });

  it("is JSON of the same meaning, and its own normal form", () => {
    fc.assert(
      fc.property(model, (value) => {
        const text = compact(value);
        const canonical = canonicalJson(loose(value));
        assert.deepStrictEqual(parseJson(canonical), parseJson(text));
        expect(canonicalJson(canonical)).toBe(canonical);
        expect(sameMeaning(text, canonical)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it("agrees with sameMeaning and with what JSON.parse says about equality", () => {
    const nearlyEqual = fc.oneof(fc.tuple(model, model), anyPair());
    fc.assert(
      fc.property(nearlyEqual, ([a, b]) => {
        const isEqual = isDeepEqual(parseJson(compact(a)), parseJson(compact(b)));
        expect(canonicalJson(compact(a)) === canonicalJson(loose(b))).toBe(isEqual);
        expect(sameMeaning(compact(a), loose(b))).toBe(isEqual);
        expect(sameMeaning(loose(a), loose(b))).toBe(isEqual);
      }),
      { numRuns: 1000 },
    );
  });

  /** Two objects of the same members in another order. */
  function anyPair(): fc.Arbitrary<[Model, Model]> {
    return fc.array(fc.record({ name: oddName, value: model }), { maxLength: 5 }).chain((members) => {
      const shuffled = fc.shuffledSubarray(members, { minLength: members.length });
      return shuffled.map((other) => [
        { kind: "object", members },
        { kind: "object", members: other },
      ]);
    });
  }
});

function isDeepEqual(a: unknown, b: unknown): boolean {
  try {
    assert.deepStrictEqual(a, b);
    return true;
  } catch {
    return false;
  }
}
