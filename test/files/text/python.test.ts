import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parsePythonFloat, printPythonNumber, printRounded } from "../../../src/files/python/python-number.ts";
import { compareCodePoints, strip } from "../../../src/files/python/python-text.ts";
import { writeSize } from "../../../src/files/text/primary/write-size.ts";
import { readSize } from "../../../src/files/text/script/size.ts";

describe("numbers as Python prints them", () => {
  it.each([
    ["0", "0"],
    ["-0", "0"],
    ["-0.0", "-0.0"],
    ["3.0", "3.0"],
    ["0.10", "0.1"],
    ["1E3", "1000.0"],
    ["1e-5", "1e-05"],
    ["0.0001", "0.0001"],
    ["0.00001234", "1.234e-05"],
    ["9999999999999998.0", "9999999999999998.0"],
    ["1e16", "1e+16"],
    ["1.5e22", "1.5e+22"],
    ["1e100", "1e+100"],
    ["5e-324", "5e-324"],
    ["0.1234567890123456789", "0.12345678901234568"],
    ["123456789012345678901234567890", "123456789012345678901234567890"],
    ["1e400", "Infinity"],
    ["-1e400", "-Infinity"],
  ])("%s is printed as %s", (source, printed) => {
    expect(printPythonNumber(source)).toBe(printed);
  });

  it("keeps the value of every double, and shows that it is one", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const source = value.toExponential();
        const printed = printPythonNumber(source);
        expect(Number(printed)).toBe(Number(source));
        expect(printed).toMatch(/^-?(?:\d+\.\d+|\d(?:\.\d+)?e[+-]\d{2,3})$/);
        const isPlain = value === 0 || (Math.abs(value) >= 1e-4 && Math.abs(value) < 1e16);
        expect(printed.includes("e")).toBe(!isPlain);
      }),
      { numRuns: 1000 },
    );
  });

  it("keeps integers digit by digit", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }), (value) => {
        expect(printPythonNumber(value.toString())).toBe(value.toString());
      }),
    );
  });
});

describe("a size cell", () => {
  it.each([
    ["7", 7],
    [" 12", 12],
    ["\u00a012\t", 12],
    [".5", 0.5],
    ["5.", 5],
    ["1_000", 1000],
    ["+1e1", 10],
    ["inf", Number.POSITIVE_INFINITY],
    ["NaN", Number.NaN],
    ["", null],
    ["1__0", null],
    ["0x10", null],
    ["1,5", null],
    ["seven", null],
  ])("%j is read as float() reads it: %s", (cell, value) => {
    expect(parsePythonFloat(cell)).toBe(value);
  });

  it.each([
    ["70.6", "70600000000", "71B"],
    ["4.1", "4099999999", "4B"],
    ["4.5", "4500000000", "4B"],
    ["3.5", "3500000000", "4B"],
    ["0.5", "500000000", "0B"],
    ["0.355", "355000000", "0B"],
    ["-0.3", "-300000000", "-0B"],
    ["1e22", "9999999999999999635896294965248", "10000000000000000000000B"],
  ])("%s billions are %s parameters, tagged %s", (cell, count, tag) => {
    expect(readSize(cell)).toEqual({ count, tag });
  });

  it.each([
    ["70600000000", "70.6"],
    ["4099999999", "4.1"],
    ["355000000", "0.355"],
    ["12000000000", "12"],
    ["1", "0.000000001"],
    ["7e9", "7"],
    ["7000000000.0", "7"],
    ["0", "0"],
    ["null", "0"],
    [undefined, "0"],
    ["1.5", null],
    ["true", null],
    ["99999999999999999999999999999999999999999", null],
  ])("%s parameters are written as %j", (parameters, cell) => {
    expect(writeSize(parameters, "current", new Set())).toBe(cell);
  });

  it("is found again from its count, and never gets longer", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2_000_000 }), (thousandths) => {
        const cell = String(thousandths / 1000);
        const size = readSize(cell);
        expect(writeSize(size?.count, "", new Set([size?.tag ?? ""]))).toBe(cell);
      }),
      { numRuns: 1000 },
    );
  });

  it("rounds halves to the even neighbour", () => {
    expect([0.5, 1.5, 2.5, 3.5, -0.5, -1.5].map(printRounded)).toEqual(["0", "2", "2", "4", "-0", "-2"]);
  });
});

describe("text as Python treats it", () => {
  it("strips what str.strip() strips, and nothing else", () => {
    expect(strip("\u001c\u0085\u3000 a b\u2028\n")).toBe("a b");
    expect(strip("\ufeffa\u200b")).toBe("\ufeffa\u200b");
    expect(strip("\u001ba\b")).toBe("\u001ba\b");
    expect([strip(""), strip(" \u3000")]).toEqual(["", ""]);
  });

  it("sorts by code point", () => {
    expect(["😀", "\uff5e", "b", "a😀", "a", "\ue000"].sort(compareCodePoints)).toEqual([
      "a",
      "a😀",
      "b",
      "\ue000",
      "\uff5e",
      "😀",
    ]);
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (a, b) => {
        const points = (text: string) =>
          [...text].map((unit) => (unit.codePointAt(0) ?? 0).toString(16).padStart(6, "0")).join("");
        const expected = points(a) < points(b) ? -1 : Number(points(a) > points(b));
        expect(Math.sign(compareCodePoints(a, b))).toBe(expected);
      }),
    );
  });
});
