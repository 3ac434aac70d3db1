/** Many clients at once who read the GitHub copy from the Worker, beginning with nothing cached. */
import { Agent, get } from "node:http";
import type { Reference } from "./reference-data.ts";
import { startRuntime } from "./runtime.ts";
import { quantile } from "./statistics.ts";
import type { World } from "./world.ts";

export interface ReplicaLoad {
  readonly path: string;
  readonly requests: number;
  readonly inFlight: number;
  /** Answers that were not a 200 with a body. */
  readonly errors: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly githubCalls: number;
  readonly bytes: number;
}

const REQUESTS = 2000;
const IN_FLIGHT = 50;
const PATHS = ["v1/image_generation", "v1/text_generation", "v2/image_generation", "v2/text_generation"];

/** @returns nothing when this build has no replica */
export async function measureReplica(reference: Reference, world: World): Promise<ReplicaLoad[]> {
  const loads: ReplicaLoad[] = [];
  for (const path of PATHS.map((rest) => `/model_references/${rest}`)) {
    world.begin(reference);
    world.say(reference.primary);
    const runtime = await startRuntime(world.settings);
    world.resetMeters();
    const { isMissing, ...load } = await loadPath(`${runtime.url}${path}`);
    await runtime.close();
    if (isMissing) return [];
    loads.push({ path, requests: REQUESTS, inFlight: IN_FLIGHT, githubCalls: world.github.calls.length, ...load });
  }
  return loads;
}

async function loadPath(url: string) {
  const agent = new Agent({ keepAlive: true, maxSockets: IN_FLIGHT });
  const times: number[] = [];
  let [errors, started, bytes, isMissing] = [0, 0, 0, false];
  const startedAt = performance.now();
  const client = async () => {
    while (started < REQUESTS && !isMissing) {
      started += 1;
      const askedAt = performance.now();
      const answer = await ask(url, agent).catch(() => ({ status: 0, bytes: 0 }));
      times.push(performance.now() - askedAt);
      isMissing = answer.status === 404;
      if (answer.status !== 200 || answer.bytes === 0) errors += 1;
      bytes = answer.bytes;
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, client));
  const perSecond = times.length / ((performance.now() - startedAt) / 1000);
  agent.destroy();
  const sorted = times.toSorted((a, b) => a - b);
  return { errors, perSecond, p50Ms: quantile(sorted, 0.5), p99Ms: quantile(sorted, 0.99), bytes, isMissing };
}

function ask(url: string, agent: Agent): Promise<{ status: number; bytes: number }> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent }, (answer) => {
      let bytes = 0;
      answer.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
      });
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, bytes }));
      answer.on("error", reject);
    });
    request.on("error", reject);
  });
}
