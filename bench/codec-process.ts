/**
 * What a codec costs in a fresh process, where nothing is compiled: one that runs a few times a day never is. Its floor
 * in another fresh process: `JSON.parse` and `JSON.stringify` of what is compared, PRIMARY's answer and the JSON file.
 *
 * `node bench/codec-process.ts [samples]` prints all cases; `measureCodec` is for other programs.
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { CATEGORIES, type CategoryName } from "../src/categories.ts";
import { blobShaOfText } from "../src/files/blob.ts";
import { editOne, generateTenfold, type Reference, readReference } from "./reference-data.ts";
import { type Figure, summarize } from "./statistics.ts";

export const CODEC_CASES = ["one image record", "one text model", "ten times the data, one text model"] as const;
export type CodecCase = (typeof CODEC_CASES)[number];

/** Milliseconds. `mainMs` is the CPU of the thread that does the work, `cpuMs` that of all threads. */
export interface Sample {
  readonly cpuMs: number;
  readonly mainMs: number;
  readonly wallMs: number;
}

export type Figures = Readonly<Record<keyof Sample, Figure>>;

export interface CodecCost {
  readonly codec: Figures;
  readonly floor: Figures;
}

/** What the process of its own is told on its standard input. */
interface Order {
  readonly what: keyof CodecCost;
  readonly category: CategoryName;
  readonly primary: string;
  /** As a run has them: derived files by their hash alone. */
  readonly files: readonly (readonly [path: string, text: string])[];
  readonly shas: readonly (readonly [path: string, sha: string])[];
  /** The JSON texts that are compared. */
  readonly compared: readonly string[];
}

/** Codec and floor by turns, so that a busy machine disturbs both alike. */
export function measureCodec(name: CodecCase, samples: number): CodecCost {
  const order = orderFor(name);
  const orders = { codec: JSON.stringify({ ...order, what: "codec" }), floor: JSON.stringify(order) };
  const taken: Record<keyof CodecCost, Sample[]> = { codec: [], floor: [] };
  for (let sample = 0; sample < samples; sample += 1) {
    taken.codec.push(runOnce(orders.codec));
    taken.floor.push(runOnce(orders.floor));
  }
  return { codec: toFigures(taken.codec), floor: toFigures(taken.floor) };
}

function orderFor(name: CodecCase): Order {
  switch (name) {
    case "one image record":
      return imageOrder(readReference().reference);
    case "one text model":
      return textOrder(readReference().reference);
    case "ten times the data, one text model":
      return textOrder(generateTenfold());
  }
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

function runOnce(order: string): Sample {
  const child = spawnSync(process.execPath, [fileURLToPath(import.meta.url), "--order"], {
    input: order,
    encoding: "utf8",
  });
  if (child.status !== 0) throw new Error(`A measured process failed: ${child.stderr.slice(-2000)}`);
  return JSON.parse(child.stdout);
}

function toFigures(samples: readonly Sample[]): Figures {
  const of = (key: keyof Sample) => summarize(samples.map((sample) => sample[key]));
  return { cpuMs: of("cpuMs"), mainMs: of("mainMs"), wallMs: of("wallMs") };
}

/** The modules are loaded before, and what was printed of the result counts for nothing. */
function runOrder(order: Order): Sample {
  const { codec } = CATEGORIES.find(({ name }) => name === order.category) ?? {};
  if (codec === undefined) throw new Error(`There is no codec for ${order.category}.`);
  const input = { primary: order.primary, files: new Map(order.files), shas: new Map(order.shas) };
  const work =
    order.what === "codec"
      ? () => codec.apply(input).changes.length
      : () => order.compared.reduce((sum, text) => sum + JSON.stringify(JSON.parse(text)).length, 0);
  const [before, wall, main] = [process.cpuUsage(), performance.now(), mainThreadMs()];
  const done = work();
  const mainMs = mainThreadMs() - main;
  const wallMs = performance.now() - wall;
  const { user, system } = process.cpuUsage(before);
  if (order.what === "codec" && done !== 1) throw new Error(`One record was changed, and ${done} were told.`);
  return { cpuMs: (user + system) / 1000, mainMs, wallMs };
}

/** CPU of this thread so far, in milliseconds. */
function mainThreadMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

async function main(): Promise<void> {
  if (process.argv[2] === "--order") {
    const chunks: Buffer[] = [];
    for await (const chunk of process.stdin) chunks.push(chunk);
    process.stdout.write(JSON.stringify(runOrder(JSON.parse(Buffer.concat(chunks).toString()))));
    return;
  }
  const samples = Number(process.argv[2] ?? 15);
  for (const name of CODEC_CASES) {
    const { codec, floor } = measureCodec(name, samples);
    const medians = ({ cpuMs, mainMs, wallMs }: Figures) => ({
      cpuMs: round(cpuMs.median),
      mainMs: round(mainMs.median),
      wallMs: round(wallMs.median),
    });
    const times = round(codec.cpuMs.median / floor.cpuMs.median);
    console.log(JSON.stringify({ name, samples, codec: medians(codec), floor: medians(floor), times }));
  }
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
