/**
 * What a codec costs in a fresh process, where nothing is compiled: one that runs a few times a day never is. Its floor
 * in another fresh process: `JSON.parse` and `JSON.stringify` of what is compared, PRIMARY's answer and the JSON file.
 *
 * `node bench/codec-process.ts [samples]` prints a line for each case; `measureCodecs` is for other programs.
 */
import { spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { blobShaOfText } from "../src/files/blob.ts";
import type { Order, Sample } from "./codec-work.ts";
import { editOne, generateTenfold, type Reference, readReference } from "./reference-data.ts";
import { type Figure, summarize } from "./statistics.ts";

interface Case {
  readonly order: () => Order;
  /** The budget: at most so many times its floor, on all threads. */
  readonly goal: number;
}

const CASES: Readonly<Record<string, Case>> = {
  "one image record": { order: () => imageOrder(readReference().reference), goal: 3 },
  "one text model": { order: () => textOrder(readReference().reference), goal: 5 },
  "ten times the data, one image record": { order: () => imageOrder(generateTenfold()), goal: 3 },
  "ten times the data, one text model": { order: () => textOrder(generateTenfold()), goal: 5 },
};

/** CPU of all threads, of a process that compiles and collects on its main thread, and the time that it took. */
export interface Figures {
  readonly cpuMs: Figure;
  readonly singleThreadedCpuMs: Figure;
  readonly wallMs: Figure;
}

export interface CodecCost {
  readonly name: string;
  readonly goal: number;
  readonly codec: Figures;
  readonly floor: Figures;
}

/** Codec and floor by turns, so that a busy machine disturbs both alike. */
export async function measureCodecs(samples: number): Promise<CodecCost[]> {
  const folder = await mkdtemp(join(tmpdir(), "codec-"));
  try {
    const program = join(folder, "codec-work.mjs");
    const entryPoints = [fileURLToPath(new URL("codec-work.ts", import.meta.url))];
    await build({ entryPoints, bundle: true, format: "esm", platform: "node", outfile: program, logLevel: "error" });
    return Object.entries(CASES).map(([name, { order, goal }]) => ({
      name,
      goal,
      ...measure(program, order(), samples),
    }));
  } finally {
    await rm(folder, { recursive: true });
  }
}

function measure(program: string, order: Order, samples: number): Omit<CodecCost, "name" | "goal"> {
  const orders = { codec: JSON.stringify({ ...order, what: "codec" }), floor: JSON.stringify(order) };
  const taken: Record<"codec" | "floor" | "codecAlone" | "floorAlone", Sample[]> = {
    codec: [],
    floor: [],
    codecAlone: [],
    floorAlone: [],
  };
  for (let sample = 0; sample < samples; sample += 1) {
    taken.codec.push(runOnce([program], orders.codec));
    taken.floor.push(runOnce([program], orders.floor));
    taken.codecAlone.push(runOnce(["--single-threaded", program], orders.codec));
    taken.floorAlone.push(runOnce(["--single-threaded", program], orders.floor));
  }
  return {
    codec: toFigures(taken.codec, taken.codecAlone),
    floor: toFigures(taken.floor, taken.floorAlone),
  };
}

function toFigures(samples: readonly Sample[], alone: readonly Sample[]): Figures {
  return {
    cpuMs: summarize(samples.map(({ cpuMs }) => cpuMs)),
    singleThreadedCpuMs: summarize(alone.map(({ cpuMs }) => cpuMs)),
    wallMs: summarize(samples.map(({ wallMs }) => wallMs)),
  };
}

function runOnce(command: readonly string[], order: string): Sample {
  const child = spawnSync(process.execPath, ["--expose-gc", ...command], { input: order, encoding: "utf8" });
  if (child.status !== 0) throw new Error(`A measured process failed: ${child.stderr.slice(-2000)}`);
  return JSON.parse(child.stdout);
}

function imageOrder({ image, primary }: Reference): Order {
  const file = String(image["stable_diffusion.json"]);
  const answer = editOne(primary, "image_generation")["image_generation"] ?? "";
  return {
    what: "floor",
    category: "image_generation",
    primary: answer,
    files: [["stable_diffusion.json", file]],
    shas: [["stable_diffusion.json", blobShaOfText(file)]],
    compared: [answer, file],
  };
}

function textOrder({ text, primary }: Reference): Order {
  const paths = ["models.csv", "defaults.json", "generation_params.json"];
  const db = String(text["db.json"]);
  const answer = editOne(primary, "text_generation")["text_generation"] ?? "";
  return {
    what: "floor",
    category: "text_generation",
    primary: answer,
    files: paths.map((path) => [path, String(text[path])] as const),
    shas: [["db.json", blobShaOfText(db)]],
    compared: [answer, db],
  };
}

async function main(): Promise<void> {
  const samples = Number(process.argv[2] ?? 15);
  for (const { name, codec, floor } of await measureCodecs(samples)) {
    const line = { name, samples, codec: mediansOf(codec), floor: mediansOf(floor) };
    console.log(JSON.stringify({ ...line, times: round(codec.cpuMs.median / floor.cpuMs.median) }));
  }
}

function mediansOf({ cpuMs, singleThreadedCpuMs, wallMs }: Figures): Record<keyof Figures, number> {
  return {
    cpuMs: round(cpuMs.median),
    singleThreadedCpuMs: round(singleThreadedCpuMs.median),
    wallMs: round(wallMs.median),
  };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
