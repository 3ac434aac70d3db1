import type { Random } from "./random.ts";
import { authorName, description, modelName } from "./words.ts";

const COLUMNS = [
  "name",
  "parameters_bn",
  "display_name",
  "url",
  "baseline",
  "description",
  "style",
  "tags",
  "instruct_format",
  "settings",
] as const;

type Row = Record<(typeof COLUMNS)[number], string>;

const SIZES = [
  "1",
  "3",
  "7",
  "8",
  "12",
  "13",
  "14",
  "22",
  "24",
  "32",
  "34",
  "70",
  "72",
  "123",
  "0.5",
  "1.5",
  "4.5",
  "2.7",
] as const;
const VARIANTS = ["", "", "-Instruct", "-Chat", "-v2", "-V3", "-v0.1", "-Q4_K_M", "-GPTQ", "-08-2024"] as const;
const STYLES = ["", "", "", "chat", "roleplay", "story", "adventure", "generalist"] as const;
const FORMATS = ["", "", "ChatML", "Mistral", "Alpaca", "Llama 3"] as const;
/** Spaces and spellings as people leave them. */
const SETTINGS = [
  '{"temperature": 0.7, "top_p": 0.1, "top_k": 40, "rep_pen":1.18}',
  '{ "temperature" : 3.0,"min_p":0.05 }',
  '{"top_a":  1.0, "typical": 1}',
  '{"temperature": 1, "min_p": 0.02,  "dynatemp_range": 0.5}',
  '{"rep_pen": 1.05, "rep_pen_range": 1024, "tfs": 0.95}',
] as const;

/** The rows of a models.csv: so many different models, and four of them twice, as a table grows by hand. */
export function textRows(random: Random, count: number): string[][] {
  const rows = new Map<string, Row>();
  for (const row of oddRows()) if (rows.size < count) rows.set(row.name, row);
  while (rows.size < count) {
    const row = textRow(random);
    if (!rows.has(row.name)) rows.set(row.name, row);
  }
  const sorted = [...rows.values()].sort((left, right) =>
    left.name.toLowerCase() < right.name.toLowerCase() ? -1 : 1,
  );
  const again = [0.2, 0.4, 0.6, 0.8].flatMap((part) => {
    const first = sorted[Math.floor(part * sorted.length)];
    return first === undefined ? [] : [{ ...first, description: "Listed again, with other words.", tags: "again" }];
  });
  return [[...COLUMNS], ...[...sorted, ...again].map((row) => COLUMNS.map((column) => row[column]))];
}

/** A model in PRIMARY's form, for "add a model" when only a name is given. */
export function textRecord(name: string): object {
  const short = name.split("/")[1] ?? name;
  return {
    name,
    model_name: short,
    baseline: "",
    parameters: 7_000_000_000,
    description: `Added as ${name}.`,
    version: "1",
    style: "generalist",
    nsfw: false,
    display_name: short.replace(/[-_]/g, " ").replace(/ +/g, " ").trim(),
    url: `https://models.example.org/${name}`,
    tags: ["7B"],
  };
}

function textRow(random: Random): Row {
  const size = random.pick(SIZES);
  const short = `${modelName(random).replace(" ", "-")}-${size}B${random.pick(VARIANTS)}`;
  const name = random.chance(97) ? `${authorName(random)}/${short}` : short;
  return {
    name,
    parameters_bn: size,
    display_name: random.chance(25) ? short.replaceAll("-", " ") : "",
    url: random.chance(80) ? `https://models.example.org/${name}` : "",
    baseline: random.chance(30) ? `${authorName(random)}/Base-${size}B` : "",
    description: random.chance(25) ? `${description(random)} Some call it "${modelName(random)}".` : "",
    style: random.pick(STYLES),
    tags: random.chance(20) ? "instruct, uncensored" : "",
    instruct_format: random.pick(FORMATS),
    settings: random.chance(20) ? random.pick(SETTINGS) : "",
  };
}

/** The oddities of a real table, one by one. */
function oddRows(): Row[] {
  const row = (name: string, parameters: string, rest: Partial<Row> = {}): Row => ({
    name,
    parameters_bn: parameters,
    display_name: "",
    url: "",
    baseline: "",
    description: "",
    style: "",
    tags: "",
    instruct_format: "",
    settings: "",
    ...rest,
  });
  return [
    row("elmhouse/Twin-Harbor-8B", "8"),
    row("copperleaf/Twin-Harbor-8B", "8", { description: "The same short name by another author." }),
    row("gullwing/Spaced-Quarry-12B", " 12"),
    row("gullwing/Tiny-Pebble-355M", "0.355"),
    row("gullwing/Truncated-Pebble-4B", "4.1"),
    row("driftworks/Broad-River-70B", "70.6", { settings: SETTINGS[1], style: "chat" }),
    row("aldertree/Whole-Nimbus-3B", "3.0", { settings: SETTINGS[2] }),
    row("aldertree/Half-Nimbus-1B", "1.0", { description: 'Half — and half 🎨, "quoted".' }),
  ];
}
