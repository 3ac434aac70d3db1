import { expect, it } from "vitest";
import { jsonField } from "../../../src/files/text/script/python-json.ts";
import { readSchema } from "../../../src/files/text/script/schema.ts";
import { readPythonJson, readSettings } from "../../../src/files/text/script/settings.ts";
import { convertModels } from "../../../src/files/text/script/table.ts";
import { tagsField } from "../../../src/files/text/script/tags.ts";
import { DEFAULTS, PARAMS } from "./arbitraries.ts";

const KNOWN = new Set(["a"]);

it.each<[string, string, string]>([
  ["NaN", `"float('nan')"`, "NaN"],
  ["Infinity", `"float('inf')"`, "Infinity"],
  ["-Infinity", `"float('-inf')"`, "-Infinity"],
  ["1e400", `"float('inf')"`, "Infinity"],
  ["1E3", "1000.0", "1000.0"],
  ['"NaN"', '"NaN"', '"NaN"'],
])("%s is told as %s and printed as %s", (json, text, pretty) => {
  const node = readPythonJson(json);
  expect(node instanceof Error ? node : jsonField(node)).toEqual({ text, pretty });
});

it.each<[string, string | null]>([
  ["", null],
  ["{}", null],
  ['{"a": 1}', '{"a": 1}'],
  ['{"a": NaN}', `{"a": "float('nan')"}`],
])("the settings %j mean %s", (cell, text) => {
  const reading = readSettings(cell, KNOWN);
  expect([reading.kind, reading.kind === "settings" && (reading.field?.text ?? null)]).toEqual(["settings", text]);
});

it.each<[string, RegExp]>([
  ["[1]", /not a JSON object$/],
  ["{", /not JSON: /],
  ['{"b": 1}', /have the key "b", which/],
  [`{"a": ${"1".repeat(4301)}}`, /over 4300 digits$/],
  [`{"a": [{"b": -${"1".repeat(4301)}}]}`, /over 4300 digits$/],
])("the settings %.20j are an issue", (cell, reason) => {
  expect(readSettings(cell, KNOWN)).toEqual({ kind: "issue", reason: expect.stringMatching(reason) });
});

it("has the keys that every record may have where neither a column nor defaults.json says where they stand", () => {
  const { slots } = readSchema({ header: ["name", "parameters_bn", "url"], defaults: "{}", generationParams: "{}" });
  const keys = ["model_name", "url", "null", "parameters", "tags", "settings", "display_name"];
  expect(slots.map(({ key }) => key)).toEqual(keys);
});

it("sorts tags by code point, each once", () => {
  expect(tagsField(["b", "\u{1f600}", "\uffee", "a"], ["b", "7B"]).text).toBe(
    '["7B", "a", "b", "\\uffee", "\\ud83d\\ude00"]',
  );
});

it("files what stands beyond the header under null", () => {
  const csv = "name,parameters_bn\r\na,3,x,,y\r\n";
  const { dbJson } = convertModels({ csv, defaults: DEFAULTS, generationParams: PARAMS });
  const record = JSON.parse(dbJson).a;
  expect([record.null, Object.keys(record)]).toEqual([
    ["x", "", "y"],
    [
      "name",
      "model_name",
      "baseline",
      "parameters",
      "description",
      "version",
      "style",
      "nsfw",
      "null",
      "tags",
      "display_name",
    ],
  ]);
});
