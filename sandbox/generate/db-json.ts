import { type JsonNode, parseEntries, parseLossless } from "../json/lossless.ts";
import { CANONICAL, printJson } from "../json/print.ts";
import { shortName } from "../primary/edit.ts";
import { readCsv } from "./csv.ts";

/**
 * models.csv → db.json, as the text repository's own script makes it. It takes well-formed files only: a row that is
 * not well-formed throws. `4.1` billions are 4099999999 parameters, for that is what the doubles say.
 */
export function makeDbJson(csv: string, defaultsText: string): string {
  const [columns = [], ...rows] = readCsv(csv);
  const defaults = parseEntries(defaultsText);
  const entries = new Map<string, JsonNode>();
  for (const cells of rows) {
    const row = new Map(columns.map((column, index) => [column, cells[index] ?? ""]));
    const name = row.get("name") ?? "";
    if (name.includes("://")) continue;
    const short = shortName(name);
    const fields = convertRow(row, short);
    for (const key of [name, `aphrodite/${name}`, `koboldcpp/${short}`]) {
      const lead: [string, JsonNode][] = [
        ["name", text(key)],
        ["model_name", text(short)],
      ];
      entries.set(key, { kind: "object", entries: new Map([...lead, ...defaults, ...fields]) });
    }
  }
  return `${printJson({ kind: "object", entries }, CANONICAL)}\n`;
}

/** The fields of a row that say something, in the order of the columns; `parameters` come last. */
function convertRow(row: ReadonlyMap<string, string>, short: string): Map<string, JsonNode> {
  const billions = Number(row.get("parameters_bn"));
  if (row.get("parameters_bn")?.trim() === "" || Number.isNaN(billions)) throw new Error(`${short}: no size`);
  const fields = new Map<string, JsonNode>();
  for (const [column, cell] of row) {
    if (column === "name" || column === "parameters_bn") continue;
    if (column === "tags") fields.set(column, tagsOf(cell, row.get("style") ?? "", billions));
    else if (column === "settings" && cell !== "") setUnlessEmpty(fields, column, pythonNumbers(parseLossless(cell)));
    else if (column === "display_name" && cell === "") setUnlessEmpty(fields, column, text(displayName(short)));
    else setUnlessEmpty(fields, column, text(cell));
  }
  const parameters = Math.trunc(billions * 1_000_000_000);
  if (parameters !== 0) fields.set("parameters", { kind: "literal", source: BigInt(parameters).toString() });
  return fields;
}

function tagsOf(cell: string, style: string, billions: number): JsonNode {
  const own = cell.split(",").map((tag) => tag.trim());
  const all = new Set([...own, style, `${roundHalfEven(billions)}B`].filter((tag) => tag !== ""));
  const sorted = [...all].sort((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right)));
  return { kind: "array", items: sorted.map(text) };
}

function displayName(short: string): string {
  return short.replace(/[-_]/g, " ").replace(/ +/g, " ").trim();
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

function setUnlessEmpty(fields: Map<string, JsonNode>, key: string, value: JsonNode): void {
  const isEmpty =
    (value.kind === "string" && value.value === "") || (value.kind === "object" && value.entries.size === 0);
  if (!isEmpty) fields.set(key, value);
}

function text(value: string): JsonNode {
  return { kind: "string", value };
}

/** Numbers as Python prints them after reading them: `0.10` → `0.1`, `1e-5` → `1e-05`, `3.0` stays. */
function pythonNumbers(node: JsonNode): JsonNode {
  switch (node.kind) {
    case "string":
      return node;
    case "array":
      return { kind: "array", items: node.items.map(pythonNumbers) };
    case "object":
      return { kind: "object", entries: new Map([...node.entries].map(([key, item]) => [key, pythonNumbers(item)])) };
    case "literal":
      return {
        kind: "literal",
        source: /[.eE]/.test(node.source) && /\d/.test(node.source) ? pythonFloat(node.source) : node.source,
      };
  }
}

function pythonFloat(source: string): string {
  const value = Number(source);
  if (value === 0) return Object.is(value, -0) ? "-0.0" : "0.0";
  const [digits = "", exponentText = "0"] = value.toExponential().split("e");
  const exponent = Number(exponentText);
  if (exponent < -4 || exponent >= 16) {
    return `${digits}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
  }
  const plain = exponent < 0 ? value.toFixed(digits.replace(/[-.]/g, "").length - 1 - exponent) : String(value);
  return plain.includes(".") ? plain : `${plain}.0`;
}
