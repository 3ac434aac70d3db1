/**
 * The smallest heap that a run finishes in, for a Worker has 128 MB for everything.
 *
 * The measured step runs in a Node process of its own with a limited heap, against the world in this one. What array
 * buffers hold outside of that heap is sampled at every request, after a garbage collection. The sum is an upper
 * bound, as the two need not peak together.
 */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { createCountingKv, fireOnNode, prepareOnNode } from "./node-run.ts";
import type { Situation, Step } from "./situations.ts";
import type { World } from "./world.ts";

export interface Heap {
  /** In steps of 8 MB; `null` when 256 MB do not suffice. */
  readonly heapMb: number | null;
  readonly buffersMb: number;
}

/** What the process of its own is told on its standard input. */
interface Order {
  readonly cron: Step["cron"];
  readonly settings: Readonly<Record<string, string>>;
  readonly values: readonly (readonly [string, string])[];
}

const STEP_MB = 8;
const MAX_STEPS = 32;

/** By bisection: each step halves the range in which the smallest heap lies. */
export async function searchHeap(situation: Situation, world: World): Promise<Heap> {
  let [tooSmall, enough, buffersMb] = [1, MAX_STEPS + 1, 0];
  while (enough - tooSmall > 1) {
    const steps = Math.floor((tooSmall + enough) / 2);
    const finished = await runLimited(steps * STEP_MB, situation, world);
    if (finished === null) tooSmall = steps;
    else [enough, buffersMb] = [steps, finished];
  }
  return { heapMb: enough > MAX_STEPS ? null : enough * STEP_MB, buffersMb };
}

/** @returns what buffers held (MB), or `null` when the heap was too small */
async function runLimited(limitMb: number, situation: Situation, world: World): Promise<number | null> {
  const kv = await prepareOnNode(situation, world);
  const order: Order = { cron: situation.measured.cron, settings: world.settings, values: [...kv.values] };
  const flags = [`--max-old-space-size=${limitMb}`, "--max-semi-space-size=2", "--expose-gc"];
  const child = spawn(process.execPath, [...flags, fileURLToPath(import.meta.url)]);
  let printed = "";
  let complaint = "";
  child.stdout.on("data", (chunk) => {
    printed += chunk;
  });
  child.stderr.on("data", (chunk) => {
    complaint += chunk;
  });
  child.stdin.end(JSON.stringify(order));
  const code = await new Promise((resolve) => child.on("close", resolve));
  if (code === 0) return Number(printed);
  if (/heap out of memory|invalid array length/i.test(complaint)) return null;
  throw new Error(`The run in a heap of ${limitMb} MB ended with ${code}: ${complaint.slice(-2000)}`);
}

async function runOrder(): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk);
  const { cron, settings, values }: Order = JSON.parse(Buffer.concat(chunks).toString());
  let outside = 0;
  const onRequest = () => {
    globalThis.gc?.();
    outside = Math.max(outside, process.memoryUsage().arrayBuffers);
  };
  await fireOnNode(cron, { settings, kv: createCountingKv(values), onRequest });
  process.stdout.write(String(Math.ceil(outside / 2 ** 20)));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await runOrder();
