import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson } from "../../../src/files/json/canonical.ts";
import { readMembers } from "../../../src/files/json/members.ts";
import { quoteAscii } from "../../../src/files/json/strings.ts";
import { type CsvRow, readCsv } from "../../../src/files/text/csv.ts";
import { primaryModels, readPrimary } from "../../../src/files/text/primary/entries.ts";
import { convertModels } from "../../../src/files/text/script/table.ts";
import { createTextCodec } from "../../../src/files/text-codec.ts";
import { asEdited, type CsvShape, csvFile, DEFAULTS, PARAMS } from "./arbitraries.ts";

const RUNS = { numRuns: 400 };
const codec = createTextCodec();
const pair = csvFile().chain((file) => fc.tuple(fc.constant(file), csvFile(file.columns)));

function convert(csv: string): string {
  return convertModels({ csv, defaults: DEFAULTS, generationParams: PARAMS }).dbJson;
}

function filesOf(csv: string, db: string | null = convert(csv)): Map<string, string | null> {
  return new Map([
    ["models.csv", csv],
    ["db.json", db],
    ["defaults.json", DEFAULTS],
    ["generation_params.json", PARAMS],
  ]);
}

function put(csv: string, primary: string) {
  const result = codec.apply({ primary, files: filesOf(csv) });
  const newCsv = result.files.get("models.csv") ?? csv;
  return { ...result, csv: newCsv, db: result.files.get("db.json") ?? convert(csv) };
}

describe("models.csv and PRIMARY are a lens", () => {
  it("GetPut: putting what the file says changes no byte", () => {
    fc.assert(
      fc.property(csvFile(), ({ text }) => {
        const { changes, files } = codec.apply({ primary: convert(text), files: filesOf(text) });
        const mended = text.replace(BEFORE_HEADER, "");
        const wanted = mended === text ? [] : [["models.csv", mended]];
        expect({ changes, files: [...files] }).toEqual({ changes: [], files: wanted });
      }),
      RUNS,
    );
  });

  it("PutGet: after putting, the file says what PRIMARY says, derived entries included", () => {
    fc.assert(
      fc.property(pair, fc.boolean(), ([before, after], isEdited) => {
        fc.pre(!hasClashingNames(after) && !hasUnheldRows(before, convert(after.text)));
        const wanted = convert(after.text);
        const result = put(before.text, isEdited ? asEdited(wanted) : wanted);
        expect(canonicalJson(convert(result.csv))).toBe(canonicalJson(wanted));
        expect(result.db).toBe(convert(result.csv));
      }),
      RUNS,
    );
  });

  it("putting twice is putting once, whatever PRIMARY says", () => {
    fc.assert(
      fc.property(pair, strangeness, ([before, after], spoil) => {
        const primary = spoil(convert(after.text));
        const once = put(before.text, primary);
        const twice = codec.apply({ primary, files: filesOf(once.csv, once.db) });
        expect({ changes: twice.changes, files: [...twice.files.keys()] }).toEqual({ changes: [], files: [] });
      }),
      RUNS,
    );
  });

  it("tells the same when the two states are compared, without PRIMARY", () => {
    fc.assert(
      fc.property(pair, strangeness, ([before, after], spoil) => {
        const files = filesOf(before.text);
        const result = codec.apply({ primary: spoil(convert(after.text)), files });
        expect(codec.diff({ before: files, after: new Map([...files, ...result.files]) }).changes).toEqual(
          result.changes,
        );
      }),
      RUNS,
    );
  });

  it("changing one record leaves every other row's bytes and place", () => {
    fc.assert(
      fc.property(csvFile(), fc.nat(), ({ text, columns }, pick) => {
        const db = convert(text);
        const names = readMembers(db).map((member) => member.name);
        const models = names.filter((key) => !/^(?:aphrodite|koboldcpp)\//.test(key));
        const name = models[pick % Math.max(models.length, 1)];
        if (name === undefined) return;
        const start = db.indexOf(`    ${quoteAscii(name)}: {`);
        const style = db.indexOf('"description": ', start) + '"description": '.length;
        const result = put(
          text,
          `${db.slice(0, style)}"Changed.", "description": "Changed."${db.slice(db.indexOf(",\n", style))}`,
        );
        const nameColumn = columns.indexOf("name");
        const isOfModel = (row: CsvRow) => row.cells[nameColumn]?.value === name && isRead(text, row);
        const row = readCsv(text).rows.findLast(isOfModel);
        expect(result.changes.map((change) => change.name)).toEqual([name]);
        expect(row).toBeDefined();
        expect(result.csv.startsWith(text.slice(0, row?.start).replace(BEFORE_HEADER, ""))).toBe(true);
        expect(result.csv.endsWith(text.slice(row?.end))).toBe(true);
      }),
      RUNS,
    );
  });
});

/** What the script stops at and is mended, so that the file loses it whatever PRIMARY says. */
const BEFORE_HEADER = /^\ufeff?(?:\r\n|[\r\n])*/;

/**
 * A model `aphrodite/koboldcpp/x` beside a model `koboldcpp/x`: of the entries that tell the second one, both can be
 * another model's, so that no reader of db.json can tell what it is.
 */
function hasClashingNames(shape: CsvShape): boolean {
  const names = new Set(namesOf(shape));
  return [...names].some((name) => /^(?:aphrodite|koboldcpp)\//.test(name) && names.has(`aphrodite/${name}`));
}

/** Rows that PRIMARY cannot have stay where it lacks them: the one thing that PRIMARY cannot make models.csv say. */
function hasUnheldRows(before: CsvShape, primary: string): boolean {
  const wanted = new Set(primaryModels(readPrimary(primary)).map(({ name }) => name));
  const settings = before.columns.indexOf("settings");
  return before.rows.some((row) => {
    const name = row[before.columns.indexOf("name")] ?? "";
    return !wanted.has(name) && (name.trim() === "" || name.includes("://") || /[[{].*[[{]/.test(row[settings] ?? ""));
  });
}

function namesOf({ rows, columns }: CsvShape): string[] {
  return rows.map((row) => row[columns.indexOf("name")] ?? "");
}

/** Whether the row gives a model: alone in the file, it gives entries. */
function isRead(text: string, row: CsvRow): boolean {
  const [header] = readCsv(text).rows;
  return convert(`${text.slice(0, header?.next)}${text.slice(row.start, row.end)}`) !== "{}\n";
}

/** Ways to make PRIMARY say what no CSV can. */
const strangeness = fc
  .subarray([
    ["version", '"7"'],
    ["nsfw", "true"],
    ["display_name", '""'],
    ["url", "null"],
    ["tags", '["b", "a, c", 3]'],
    ["parameters", "1.5"],
    ["parameters", "123456789012345678901234567890"],
    ["settings", '{"top_k": {"deep": []}, "unknown": 1, "top_p": 0.1234567890123456789, "temperature": 1e999}'],
    ["settings", "[1]"],
    ["style", "false"],
    ["style", '"unlike its tags"'],
    ["description", '"\\ud800"'],
    ["strange", '"field"'],
    ["null", '["x"]'],
  ])
  .map((fields) => (db: string) => {
    const spoilt = fields.map(([key, value]) => `, "${key}": ${value}`).join("");
    const extra = `"https://x/z": {"name": "https://x/z"}, "koboldcpp/orphan": {}, "bare": {}`;
    const entries = db.replaceAll("\n    }", `${spoilt}\n    }`).replace(/^\{/, `{${extra}${db === "{}\n" ? "" : ","}`);
    return entries;
  });
