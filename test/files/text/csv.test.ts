import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readCsv } from "../../../src/files/text/csv.ts";
import { editCsv, type RowEdit } from "../../../src/files/text/csv-edit.ts";

const values = (text: string) => readCsv(text).rows.map(({ cells }) => cells.map(({ value }) => value));

describe("readCsv reads as Python's csv module does", () => {
  it.each([
    ["nothing", "", []],
    [
      "plain rows",
      "a,b\r\nc,d\r\n",
      [
        ["a", "b"],
        ["c", "d"],
      ],
    ],
    ["no final line end", "a\nb", [["a"], ["b"]]],
    ["a lone CR", "a\rb", [["a"], ["b"]]],
    ["blank lines", "a\n\n\r\nb\n", [["a"], ["b"]]],
    ["empty cells", ",\r\n", [["", ""]]],
    ["a quoted empty cell alone", '""\n', [[""]]],
    ["quotes, commas and line ends in quotes", '"a ""b"", c\r\nd",e', [['a "b", c\r\nd', "e"]]],
    ["a quote inside a plain cell", 'a"b"c', [['a"b"c']]],
    ["a quote behind a space", ' "a",b', [[' "a"', "b"]]],
    ["text behind a closing quote", '"a"b"c",d', [['ab"c"', "d"]]],
    ["a quote that never closes", 'a,"b\r\nc', [["a", "b\r\nc"]]],
    ["a byte order mark", "\ufeffa,b", [["a", "b"]]],
    ["characters beyond the BMP", '😀,"😀"', [["😀", "😀"]]],
  ])("%s", (_, text, rows) => {
    expect(values(text)).toEqual(rows);
  });

  it("knows lines and the line end that most rows have", () => {
    const csv = readCsv('a\r\n"b\nc"\r\n\r\nd\ne');
    expect(csv.rows.map(({ line }) => line)).toEqual([1, 2, 5, 6]);
    expect(csv.eol).toBe("\r\n");
    expect(readCsv("a\nb\r\nc\r\n").eol).toBe("\r\n");
    expect(readCsv("a\r\nb\nc\n").eol).toBe("\n");
  });

  it("covers the text without a gap: cells, commas, line ends", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("a", ",", '"', "\r", "\n", "😀"), maxLength: 30 }), (text) => {
        const { rows } = readCsv(text);
        const pieces = rows.map(({ start, end, cells }) => {
          expect(cells.map((cell) => text.slice(cell.start, cell.end)).join(",")).toBe(text.slice(start, end));
          return [start, end];
        });
        const between = [0, ...pieces.flat(), text.length];
        for (let at = 0; at < between.length; at += 2) {
          expect(text.slice(between[at], between[at + 1])).toMatch(/^[\r\n]*$/);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe("editCsv", () => {
  const edit = (text: string, change: { set?: [number, string[]]; remove?: number[]; append?: string[][] }) => {
    const csv = readCsv(text);
    const kept = csv.rows.slice(1).flatMap((row, index): RowEdit[] => {
      if (change.remove?.includes(index + 1)) return [];
      const cells = change.set?.[0] === index + 1 ? change.set[1] : row.cells.map(({ value }) => value);
      return [{ row, cells }];
    });
    return editCsv(csv, [...kept, ...(change.append ?? []).map((cells) => ({ row: null, cells }))]);
  };

  it("writes only the changed cell, quoted where it must be", () => {
    expect(edit('h,i,j\r\n"a", b ,"c"\r\nx,y,z', { set: [1, ["a", 'n"1', "c"]] })).toBe(
      'h,i,j\r\n"a","n""1","c"\r\nx,y,z',
    );
  });

  it("lengthens a short row as far as needed and cuts surplus cells", () => {
    expect(edit("h,i,j,k\na\n", { set: [1, ["a", "", "c", ""]] })).toBe("h,i,j,k\na,,c\n");
    expect(edit("h,i\na,b,c,d\n", { set: [1, ["a", "e"]] })).toBe("h,i\na,e\n");
    expect(edit("h,i\na,b\n", { set: [1, ["a", "b", ""]] })).toBe("h,i\na,b,\n");
  });

  it("keeps how the file ends", () => {
    expect(edit("h\na\nb", { append: [["c"]] })).toBe("h\na\nb\nc");
    expect(edit("h\r\na\r\n", { append: [["c"], ["d"]] })).toBe("h\r\na\r\nc\r\nd\r\n");
    expect(edit("h\na\nb", { remove: [2] })).toBe("h\na");
    expect(edit("h\na\nb", { remove: [2], append: [["c"]] })).toBe("h\na\nc");
    expect(edit("h\na\nb\n", { remove: [1] })).toBe("h\nb\n");
  });

  it("closes an open quote before it adds rows", () => {
    expect(edit('h,i\na,"b', { append: [["c", "d"]] })).toBe('h,i\na,"b"\nc,d');
  });
});
