/**
 * What the JSON codec costs, as a multiple of `JSON.parse` + `JSON.stringify` of the same file (budget: 3).
 *
 *     node bench/json.ts
 *
 * Every figure is the fastest of many rounds, with all cases taking turns, so that a busy machine disturbs all alike.
 * With jsonc-parser installed (or `JSONC_PARSER` naming its module file) it is measured beside our scanner.
 */
import { existsSync, readFileSync } from "node:fs";
import { readMembers } from "../src/files/json/members.ts";
import { createJsonCodec } from "../src/files/json-codec.ts";

const ROUNDS = 60;
const PATH = "records.json";
const DATA = new URL("../../shared/data/2026-06/", import.meta.url);

/** The part of jsonc-parser that could do our work. */
interface JsoncParser {
  parseTree(text: string): unknown;
  modify(text: string, path: string[], value: unknown, options: object): object[];
  applyEdits(text: string, edits: object[]): string;
}

interface Sample {
  readonly title: string;
  /** A canonical file. */
  readonly text: string;
}

type Cases = Record<string, () => unknown>;

const jsonc = await loadJsoncParser();
for (const { title, text } of [...generatedSamples(), ...realSamples()]) {
  const times = measure({ baseline: () => JSON.stringify(JSON.parse(text)), ...casesFor(text) });
  const baseline = times.get("baseline") ?? Number.NaN;
  console.log(`\n${title}: ${(text.length / 1000).toFixed(0)} kB, parse + stringify ${baseline.toFixed(2)} ms`);
  for (const [name, time] of times) {
    if (name !== "baseline") console.log(`  ${(time / baseline).toFixed(2).padStart(6)} ×  ${name}`);
  }
}

function casesFor(text: string): Cases {
  const codec = createJsonCodec(PATH);
  const files = new Map([[PATH, text]]);
  const records = JSON.parse(text);
  const names = Object.keys(records);
  const middle = names[names.length >> 1] ?? "";
  const raw = JSON.stringify(records, null, 2);
  const edited = JSON.stringify({ ...records, [middle]: { ...records[middle], version: "edited" } }, null, 2);
  const removed = JSON.stringify({ ...records, [middle]: undefined }, null, 2);
  const reversed = JSON.stringify(Object.fromEntries(Object.entries(records).reverse()), null, 2);
  const apply = (primary: string) => () => [...codec.apply({ primary, files }).files.values()][0]?.charCodeAt(99);
  const ours: Cases = {
    "readMembers of the file": () => readMembers(text),
    "codec, same bytes": apply(`${text} `.slice(0, -1)),
    "codec, in sync, PRIMARY in two spaces and raw": apply(raw),
    "codec, one record edited": apply(edited),
    "codec, one record removed": apply(removed),
    "codec, in sync, records in reverse": apply(reversed),
  };
  if (!jsonc) return ours;
  const { parseTree, modify, applyEdits } = jsonc;
  const options = { formattingOptions: { tabSize: 4, insertSpaces: true } };
  return {
    ...ours,
    "jsonc-parser, parseTree of the file": () => parseTree(text),
    "jsonc-parser, one field edited by modify": () =>
      applyEdits(text, modify(text, [middle, "version"], "edited", options)),
  };
}

function measure(cases: Cases): Map<string, number> {
  const best = new Map<string, number>();
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, run] of Object.entries(cases)) {
      const start = performance.now();
      run();
      best.set(name, Math.min(best.get(name) ?? Number.POSITIVE_INFINITY, performance.now() - start));
    }
  }
  return best;
}

function generatedSamples(): Sample[] {
  return [
    { title: "generated, 160 image records", text: generate(160) },
    { title: "generated, 8,000 image records", text: generate(8000) },
  ];
}

function generate(count: number): string {
  const records = Array.from({ length: count }, (_, index) => [`Model ${index}`, generateRecord(index)]);
  return `${JSON.stringify(Object.fromEntries(records), null, 4).replaceAll("—", "\\u2014")}\n`;
}

function generateRecord(index: number): object {
  const file = `model_${index}.safetensors`;
  return {
    name: `Model ${index}`,
    baseline: index % 3 === 0 ? "stable diffusion 1" : "stable_diffusion_xl",
    type: "ckpt",
    inpainting: index % 17 === 0,
    description: `Model number ${index} — made up, with a description of the usual length for such a record.`,
    tags: ["generalist", "anime", `tag ${index % 7}`].slice(0, index % 4),
    showcases: [`https://example.org/showcase/${index}/01.webp`],
    version: `${index % 9}.${index % 4}`,
    nsfw: index % 2 === 0,
    requirements: { clip_skip: 2 },
    config: {
      files: [{ path: file, sha256sum: index.toString(16).padStart(64, "5ab1") }, { path: "v1-inference.yaml" }],
      download: [{ file_name: file, file_path: "", file_url: `https://example.org/models/${file}?download=true` }],
    },
    size_on_disk_bytes: 2_000_000_000 + index * 104_729,
  };
}

function realSamples(): Sample[] {
  if (!existsSync(DATA)) {
    console.log("The snapshots of the real files are absent: generated data only.");
    return [];
  }
  return ["AI-Horde-image-model-reference/stable_diffusion.json", "AI-Horde-text-model-reference/db.json"].map(
    (path) => ({
      title: path,
      text: readFileSync(new URL(path, DATA), "utf8"),
    }),
  );
}

async function loadJsoncParser(): Promise<JsoncParser | null> {
  const name = process.env["JSONC_PARSER"] ?? "jsonc-parser";
  try {
    const parser: JsoncParser = await import(name);
    return parser;
  } catch {
    console.log("jsonc-parser is not installed: skipped.");
    return null;
  }
}
