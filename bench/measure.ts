/** Measures one situation: several runs in a workerd of its own, each from the same beginning. */
import { type FloorFigures, prepareFloors } from "./floors.ts";
import { countKv, type KvCounts } from "./node-run.ts";
import { type Runtime, startRuntime } from "./runtime.ts";
import type { Situation } from "./situations.ts";
import { type Figure, longestChain, summarize } from "./statistics.ts";
import { IS_MEASURABLE, resetPeak, settledCpuMs, workerdMemory } from "./workerd-process.ts";
import type { World } from "./world.ts";

export const LATENCY_MS = 100;
const SLOW_RUNS = 3;

/** What one situation costs; CPU and memory are `null` where the operating system does not tell them. */
export interface Measured {
  readonly githubCalls: number;
  readonly githubWrites: number;
  readonly primaryCalls: number;
  readonly kv: KvCounts;
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** PRIMARY's bodies and the files that differ from them: what is parsed and hashed for a floor. */
  readonly bytesCompared: number;
  /** Round trips that follow one another. */
  readonly chain: number;
  readonly wallMs: Figure;
  readonly slowWallMs: Figure;
  readonly cpuMs: Figure | null;
  readonly floorsMs: FloorFigures | null;
  /** Above an idle workerd that holds the same Workers, in the first run; V8 collects garbage late. */
  readonly peakMb: number | null;
}

export async function measure(situation: Situation, world: World, runs: number): Promise<Measured> {
  const kv = await countKv(situation, world);
  const runtime = await startRuntime(world.settings);
  try {
    const times = situation.repeats ?? 1;
    const idleMb = IS_MEASURABLE ? workerdMemory().nowMb : 0;
    const first = await runOnce(situation, world, runtime);
    const traffic = readTraffic(world, times);
    const floors = await prepareFloors({ world, times, reference: situation.reference, runtime, kv });
    const fast = await repeat(runs, async () => {
      const sample = await runOnce(situation, world, runtime);
      if (IS_MEASURABLE) await floors.sample();
      return sample;
    });
    const slow = await repeat(SLOW_RUNS, () => runOnce(situation, world, runtime, LATENCY_MS));
    return {
      ...traffic,
      kv: kv.counts,
      bytesCompared: floors.bytes,
      chain: Math.max(...slow.map(({ chain }) => chain)),
      wallMs: summarize(fast.map(({ wallMs }) => wallMs)),
      slowWallMs: summarize(slow.map(({ wallMs }) => wallMs)),
      cpuMs: IS_MEASURABLE ? summarize(fast.map(({ cpuMs }) => cpuMs)) : null,
      floorsMs: IS_MEASURABLE ? floors.figures() : null,
      peakMb: IS_MEASURABLE ? first.peakMb - idleMb : null,
    };
  } finally {
    await runtime.close();
  }
}

function readTraffic({ github, primary }: World, times: number) {
  const bytes = [github.bytes(), primary.bytes()];
  return {
    githubCalls: github.calls.length / times,
    githubWrites: github.calls.filter(({ method }) => method !== "GET").length / times,
    primaryCalls: primary.calls.length / times,
    bytesIn: bytes.reduce((sum, { received }) => sum + received, 0) / times,
    bytesOut: bytes.reduce((sum, { sent }) => sum + sent, 0) / times,
  };
}

interface Sample {
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly peakMb: number;
  readonly chain: number;
}

/** With a latency it is the waiting that is measured, for which one repetition suffices. */
async function runOnce(situation: Situation, world: World, runtime: Runtime, latencyMs = 0): Promise<Sample> {
  world.begin(situation.reference);
  await runtime.forgetAll();
  for (const { says, cron } of situation.before) {
    world.say(says);
    await runtime.fire(cron);
  }
  world.say(situation.measured.says);
  world.resetMeters();
  world.setLatencyMs(latencyMs);
  if (IS_MEASURABLE) resetPeak();
  const times = latencyMs > 0 ? 1 : (situation.repeats ?? 1);
  const cpuBefore = await settledCpuMs();
  const startedAt = performance.now();
  for (let time = 0; time < times; time++) await runtime.fire(situation.measured.cron);
  const wallMs = (performance.now() - startedAt) / times;
  const cpuMs = ((await settledCpuMs()) - cpuBefore) / times;
  world.setLatencyMs(0);
  return { wallMs, cpuMs, peakMb: workerdMemory().peakMb, chain: longestChain(world.calls()) };
}

async function repeat<T>(times: number, work: () => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let time = 0; time < times; time++) results.push(await work());
  return results;
}
