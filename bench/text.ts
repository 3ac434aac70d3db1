/**
 * What `text_generation` costs: `node bench/text.ts`.
 *
 * Times of `apply` are the best of repeated runs, against JSON.parse + JSON.stringify of the same bytes (PRIMARY's body
 * and db.json) in the same process; DESIGN.md section 12 allows 3. The ten-fold file is also put in a process of its own
 * whose heap is limited, because 128 MB is all that a Worker has. Uses the snapshot beside the repository if it is
 * there, and made-up rows of the same size otherwise.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { convertModels } from "../src/files/text/convert.ts";
import { readCsv } from "../src/files/text/csv.ts";
import { renderRow } from "../src/files/text/csv-edit.ts";
import { createTextCodec } from "../src/files/text-codec.ts";

const SNAPSHOT = new URL("../../shared/data/2026-06/AI-Horde-text-model-reference/", import.meta.url);
const DEFAULTS =
  '{"baseline": "", "parameters": null, "description": "", "version": "1", "style": "generalist", "nsfw": false}';
const PARAMS = '{"temperature": 5, "top_p": 1, "top_k": 100, "rep_pen": 3, "min_p": 0}';
const HEAP_LIMITS_MB = [48, 64, 80, 96, 112, 128];

const limited = process.argv.indexOf("--once");
if (limited > 0) runOnce(Number(process.argv[limited + 1]));
else report();

function report(): void {
  for (const times of [1, 10]) {
    const { files, db, changed } = makeFiles(times);
    const codec = createTextCodec();
    const rows = readCsv(files.get("models.csv") ?? "").rows.length - 1;
    console.log(`${rows} rows, models.csv ${kb(files.get("models.csv") ?? "")} kB, db.json ${kb(db)} kB`);
    const measure = (label: string, primary: string) => {
      const parse = () => [JSON.stringify(JSON.parse(primary)), JSON.stringify(JSON.parse(db))];
      const [apply, base] = fastest([() => codec.apply({ primary, files }), parse]);
      console.log(`  ${label}: ${apply.toFixed(1)} ms to ${base.toFixed(1)} ms, ratio ${(apply / base).toFixed(2)}`);
    };
    measure("nothing new", db);
    measure("nothing new, body with indent 2 and raw UTF-8", JSON.stringify(JSON.parse(db), null, 2));
    measure("one record changed", changed);
    measure("everything new", db.replaceAll('": "https://', '": "http://'));
  }
  const fits = HEAP_LIMITS_MB.find((limit) => runLimited(limit));
  console.log(
    `  ten-fold, one record changed: stays inside a heap of ${fits ?? "more than 128"} MB, its input included`,
  );
}

function runLimited(limit: number): boolean {
  const script = fileURLToPath(import.meta.url);
  const args = [`--max-heap-size=${limit}`, script, "--once", "10"];
  return spawnSync(process.execPath, args, { stdio: "ignore" }).status === 0;
}

/** Puts a change into the file, several times; dies when the heap is too small. */
function runOnce(times: number): void {
  const { files, changed } = makeFiles(times);
  for (let run = 0; run < 5; run += 1) createTextCodec().apply({ primary: changed, files });
}

function makeFiles(times: number): { files: Map<string, string>; db: string; changed: string } {
  const defaults = readSnapshot("defaults.json") ?? DEFAULTS;
  const generationParams = readSnapshot("generation_params.json") ?? PARAMS;
  const [header, ...rows] = readSnapshot("models.csv") === null ? madeUpRows() : snapshotRows();
  const copies = Array.from({ length: times }, (_, copy) =>
    rows.map(([name = "", ...cells]) => renderRow([copy === 0 ? name : `${name}-${copy}`, ...cells])),
  );
  const csv = [renderRow(header ?? []), ...copies.flat(), ""].join("\r\n");
  const db = convertModels({ csv, defaults, generationParams }).dbJson;
  const files = new Map(Object.entries({ "models.csv": csv, "db.json": db, "defaults.json": defaults }));
  files.set("generation_params.json", generationParams);
  return { files, db, changed: db.replace('"description": "', '"description": "Changed. ') };
}

function snapshotRows(): string[][] {
  return readCsv(readSnapshot("models.csv") ?? "").rows.map(({ cells }) => cells.map(({ value }) => value));
}

function madeUpRows(): string[][] {
  const header = "name,parameters_bn,display_name,url,baseline,description,style,tags,instruct_format,settings";
  const rows = Array.from({ length: 723 }, (_, index) => {
    const name = `author-${index % 90}/Some-Model-${index}B-v0.${index % 7}`;
    const description =
      index % 4 === 0 ? `A finetune, made for "roleplay" and stories — number ${index}. `.repeat(4) : "";
    const settings = index % 100 === 0 ? '{"temperature": 0.75, "min_p": 0.1}' : "";
    const tags = index % 5 === 0 ? "roleplay, popular" : "";
    const size = String((index % 70) + (index % 10) / 10);
    return [name, size, "", `https://huggingface.co/${name}`, "", description, "chat", tags, "ChatML", settings];
  });
  return [header.split(","), ...rows];
}

function readSnapshot(path: string): string | null {
  const url = new URL(path, SNAPSHOT);
  return existsSync(url) ? readFileSync(url, "utf8") : null;
}

/** The best time of each, taken in turns, so that a busy machine disturbs both alike. */
function fastest(runs: readonly [() => unknown, () => unknown]): [number, number] {
  const best: [number, number] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let round = 0; round < 25; round += 1) {
    for (const [index, run] of runs.entries()) {
      const start = performance.now();
      run();
      const ms = performance.now() - start;
      if (index === 0) best[0] = Math.min(best[0], ms);
      else best[1] = Math.min(best[1], ms);
    }
  }
  return best;
}

function kb(text: string): number {
  return Math.round(text.length / 1000);
}
