/**
 * One codec, or its floor, once: the program of a fresh process, bundled as the Worker is. It reads its order from
 * standard input and prints a sample.
 */
import { CATEGORIES, type CategoryName } from "../src/categories.ts";

/** Milliseconds of CPU (all threads) and of time. */
export interface Sample {
  readonly cpuMs: number;
  readonly wallMs: number;
}

export interface Order {
  readonly what: "codec" | "floor";
  readonly category: CategoryName;
  readonly primary: string;
  /** As a run has them: derived files by their hash alone. */
  readonly files: readonly (readonly [path: string, text: string])[];
  readonly shas: readonly (readonly [path: string, sha: string])[];
  /** The JSON texts that are compared. */
  readonly compared: readonly string[];
}

/** The modules are loaded before, and what is printed of the result counts for nothing. */
function runOrder(order: Order): Sample {
  const { codec } = CATEGORIES.find(({ name }) => name === order.category) ?? {};
  if (codec === undefined) throw new Error(`There is no codec for ${order.category}.`);
  const input = { primary: order.primary, files: new Map(order.files), shas: new Map(order.shas) };
  const work = {
    codec: () => codec.apply(input).changes.length,
    floor: () => order.compared.reduce((sum, text) => sum + JSON.stringify(JSON.parse(text)).length, 0),
  };
  // What reading the order left behind is not the work's.
  globalThis.gc?.();
  const [before, wall] = [process.cpuUsage(), performance.now()];
  const done = work[order.what]();
  const wallMs = performance.now() - wall;
  const { user, system } = process.cpuUsage(before);
  if (order.what === "codec" && done !== 1) throw new Error(`One record was changed, and ${done} were told.`);
  return { cpuMs: (user + system) / 1000, wallMs };
}

const chunks: Buffer[] = [];
for await (const chunk of process.stdin) chunks.push(chunk);
process.stdout.write(JSON.stringify(runOrder(JSON.parse(Buffer.concat(chunks).toString()))));
