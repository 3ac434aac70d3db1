import { describe, expect, it } from "vitest";
import { readMembers } from "../../../src/files/json/members.ts";
import { entriesOf } from "../../../src/files/text/db-rewrite.ts";
import { readPrintedEntries } from "../../../src/files/text/primary/printed-entries.ts";
import { createDbPrinter } from "../../../src/files/text/script/db-json.ts";
import { convertModels, readTable } from "../../../src/files/text/script/table.ts";
import { HEADER } from "../../fakes/model-table.ts";
import { DEFAULTS, PARAMS } from "./arbitraries.ts";

const SOURCES = { defaults: DEFAULTS, generationParams: PARAMS };
const csvOf = (...rows: string[]) => [HEADER, ...rows, ""].join("\r\n");

/** As PRIMARY has it after an edit: two spaces, no escapes, no final newline. */
const asEdited = (db: string) => JSON.stringify(JSON.parse(db), null, 2);

/** The members as every character tells them, and of each whether it was told by its bytes what it says. */
function read(csv: string, primary: string) {
  const table = readTable({ csv, ...SOURCES });
  const { bodyOf } = createDbPrinter(table.schema);
  const entries = readPrintedEntries(primary, { entries: entriesOf(table), bodyOf });
  if (entries === null) return null;
  expect(entries.map(({ says, ...member }) => member)).toEqual(readMembers(primary));
  return entries.map(({ name, says }) => [name, says?.name ?? null]);
}

const told = (name: string) => [`${name}`, `aphrodite/${name}`, `koboldcpp/${name}`].map((key) => [key, name]);
const db = (...rows: string[]) => convertModels({ csv: csvOf(...rows), ...SOURCES }).dbJson;

describe("entries of PRIMARY in the script's bytes", () => {
  it.each<[string, string]>([
    ["plain", "a,7,,,,Words"],
    ["beyond ASCII", "a,7,,,,— 😀"],
    ["with quotes", 'a,7,,,,"""x"""'],
    ["with lists", 'a,7,,,,,chat,"x, y",,"{""stop_sequence"": [""s"", ""t""], ""top_k"": 0.5}"'],
  ])("are told by these, as printed and as edited: %s", (_what, row) => {
    const text = db(row, "b,8");
    const expected = [...told("a"), ...told("b")];
    expect(read(csvOf(row, "b,8"), text)).toEqual(expected);
    expect(read(csvOf(row, "b,8"), asEdited(text))).toEqual(expected);
  });

  it("are read where another spelling may have been meant", () => {
    for (const row of ["a,7,,,,x\\y", "a,7,,,,x\u0001y"]) {
      expect(read(csvOf(row), db(row))).toEqual(told("a"));
      expect(read(csvOf(row), asEdited(db(row)))).toEqual(told("a").map(([key]) => [key, null]));
    }
  });

  it("are read where they say something else, or are nobody's", () => {
    const text = db("a,7", "b,8");
    const other = csvOf("a,7", "b,9");
    expect(read(other, text)).toEqual([...told("a"), ...told("b").map(([key]) => [key, null])]);
    expect(read(csvOf("a,7"), text)).toEqual([...told("a"), ...told("b").map(([key]) => [key, null])]);
  });

  it.each<[string, (text: string) => string]>([
    ["compact", (text) => JSON.stringify(JSON.parse(text))],
    ["with three spaces", (text) => JSON.stringify(JSON.parse(text), null, 3)],
    ["with CRLF", (text) => text.replaceAll("\n", "\r\n")],
    ["with a key twice", (text) => text.replace('"aphrodite/a": {', '"a": {')],
    ["with an entry that is no object", (text) => text.replace(/\n}\n$/, ',\n    "z": 1\n}\n')],
    ["with an entry that goes on", (text) => text.replace(/\n}\n$/, ',\n    "z": {} 1\n}\n')],
    ["with a malformed entry", (text) => text.replace(/\n}\n$/, ',\n    "z": {"x"}\n}\n')],
    ["with something behind its end", (text) => `${text}x`],
    ["with a bracket behind its end", (text) => `${text}}`],
    ["with white space before its beginning", (text) => ` ${text}`],
    ["with a large entry", (text) => text.replace(/\n}\n$/, `,\n    "z": {"x": "${"x".repeat(20_000)}"}\n}\n`)],
  ])("are left to the reader of characters in a text %s", (_what, spoil) => {
    expect(read(csvOf("a,7"), spoil(db("a,7")))).toBeNull();
  });

  it("are read where their body is large, which is asked of each alone", () => {
    const row = `a,7,,,,${"x".repeat(20_000)}`;
    expect(read(csvOf(row), db(row))).toBeNull();
  });
});
