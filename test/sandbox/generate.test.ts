import { expect, test } from "vitest";
import { readCsv, writeCsv } from "../../sandbox/generate/csv.ts";
import { makeDbJson } from "../../sandbox/generate/db-json.ts";
import { generateReference } from "../../sandbox/generate/reference.ts";
import { CATEGORY_NAMES } from "../../src/category-names.ts";
import { HEADER } from "../fakes/model-table.ts";

const reference = generateReference();
const file = (files: Readonly<Record<string, string>>, path: string) => files[path] ?? "";

test("the same seed gives the same bytes, another seed others", () => {
  expect(generateReference()).toEqual(reference);
  const other = generateReference({ seed: 2 });
  expect(file(other.image, "stable_diffusion.json")).not.toBe(file(reference.image, "stable_diffusion.json"));
});

test("it has the real references' size", () => {
  expect(Object.keys(JSON.parse(file(reference.image, "stable_diffusion.json")))).toHaveLength(160);
  expect(file(reference.image, "stable_diffusion.json").length).toBeGreaterThan(150_000);
  expect(readCsv(file(reference.text, "models.csv"))).toHaveLength(1 + 700 + 4);
  expect(file(reference.text, "db.json").length).toBeGreaterThan(900_000);
});

test.each(CATEGORY_NAMES)("%s has a record that can be edited", (category) => {
  expect(Object.keys(JSON.parse(file(reference.primary, category) || "{}"))).not.toEqual([]);
});

test("stable_diffusion.json is canonical: four spaces, ASCII, a final newline", () => {
  const text = file(reference.image, "stable_diffusion.json");
  expect(text).toMatch(/^[\n -~]*\n$/);
  expect(text).toMatch(/\\u2014/);
  expect(text).toMatch(/\\ud83c\\udfa8/);
  const plain = `${JSON.stringify(JSON.parse(text), null, 4)}\n`;
  const escaped = plain.replace(/[^\n -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
  expect(text).toBe(escaped);
});

test("the small files are formatted by many hands", () => {
  expect(file(reference.image, "controlnet.json")).toMatch(/^\{\r\n\t"/);
  expect(file(reference.image, "controlnet.json").replaceAll("\r\n", "")).not.toContain("\n");
  expect(file(reference.image, "clip.json")).toMatch(/^ {4}"moka_WiT-S": \{\n\t\t"name"/m);
  expect(file(reference.image, "blip.json")).toMatch(/^\{\n"BLOP": \{\n {4}"name"/);
  expect(file(reference.image, "codeformer.json")).toMatch(/\}$/);
  expect(file(reference.image, "esrgan.json")).toContain('"scale": 3.0');
  expect(file(reference.image, "miscellaneous.json")).toContain('["layers", "sd15"]');
});

test("models.csv has the oddities of a table that grew by hand", () => {
  const csv = file(reference.text, "models.csv");
  const rows = readCsv(csv).slice(1);
  expect(writeCsv(readCsv(csv))).toBe(csv);
  expect(new Set(rows.map(([name]) => name)).size).toBe(rows.length - 4);
  expect(rows.map(([, size]) => size)).toEqual(expect.arrayContaining([" 12", "3.0", "1.0", "0.355", "4.1", "70.6"]));
  expect(rows.filter(([name]) => name?.endsWith("/Twin-Harbor-8B"))).toHaveLength(2);
});

test("PRIMARY agrees with the files, with LF for CRLF", () => {
  expect(reference.primary["text_generation"]).toBe(reference.text["db.json"]);
  expect(reference.primary["image_generation"]).toBe(reference.image["stable_diffusion.json"]);
  expect(reference.primary["controlnet"]).toBe(file(reference.image, "controlnet.json").replaceAll("\r\n", "\n"));
});

test("db.json follows the text repository's rules", () => {
  const settings = '"{""a"": 3.0, ""b"":1e-5, ""c"": 0.10, ""d"": 1E3, ""e"": 12345678901234567890}"';
  const defaults = '{"baseline": "", "parameters": null, "style": "generalist"}';
  const db = makeDbJson(
    `${HEADER}\r\no/a--b_c/x,4.1,,,,,chat,"z, 9B ,a",,${settings}\r\nplain,4.5,,,,,,,,{}\r\n`,
    defaults,
  );
  expect(db).toContain(`    "koboldcpp/a--b_c": {
        "name": "koboldcpp/a--b_c",
        "model_name": "a--b_c",
        "baseline": "",
        "parameters": 4099999999,
        "style": "chat",
        "display_name": "a b c",
        "tags": [
            "4B",
            "9B",
            "a",
            "chat",
            "z"
        ],
        "settings": {
            "a": 3.0,
            "b": 1e-05,
            "c": 0.1,
            "d": 1000.0,
            "e": 12345678901234567890
        }
    }`);
  expect(JSON.parse(db).plain).toMatchObject({ parameters: 4_500_000_000, tags: ["4B"], style: "generalist" });
});
