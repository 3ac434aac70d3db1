/** Measures one situation cold: each run is the first event of a workerd of its own, and so is each of its floors. */
import { readFileSync } from "node:fs";
import { transformSync } from "esbuild";
import { READS_OF_A_TICK, textsToCompare, toRequest } from "../floors.ts";
import type { MeteredCall } from "../meter.ts";
import { prepareOnNode } from "../node-run.ts";
import type { Situation } from "../situations.ts";
import { type Figure, summarize } from "../statistics.ts";
import type { CpuTime } from "../workerd-process.ts";
import type { World } from "../world.ts";
import type { ColdLoad } from "./floor-worker.ts";
import { type KvServer, startKvServer } from "./kv-server.ts";
import { type ColdSample, type ColdWorker, measureFirstEvent } from "./workerd.ts";

/** CPU in milliseconds. */
export interface ColdFigures {
  /** On the isolate's own thread. */
  readonly main: Figure;
  /** With the compiling and collecting beside it. */
  readonly all: Figure;
}

export interface Cold {
  readonly event: ColdFigures;
  /** Of a fresh Worker with the same requests, KV operations, parsing and printing. */
  readonly floor: ColdFigures;
  /** Of a fresh Worker that does nothing: what workerd needs to call it at all. */
  readonly nothing: ColdFigures;
  /** What the Worker adds to the start of workerd: compiling it, and running its top level. */
  readonly startUp: ColdFigures;
  readonly kv: { readonly reads: number; readonly writes: number };
}

export async function measureCold(situation: Situation, world: World, runs: number): Promise<Cold> {
  const kv = await startKvServer();
  try {
    return await sampleAll(situation, world, kv, runs);
  } finally {
    await kv.close();
  }
}

async function sampleAll(situation: Situation, world: World, kv: KvServer, runs: number): Promise<Cold> {
  const samples: Record<"event" | "floor" | "nothing", ColdSample[]> = { event: [], floor: [], nothing: [] };
  const script = readFileSync(new URL("../../dist/worker.js", import.meta.url), "utf8");
  const floorScript = compileFloor();
  let counts = { reads: 0, writes: 0 };
  for (let run = 0; run < runs; run++) {
    kv.fill((await prepareOnNode(situation, world)).values);
    world.resetMeters();
    samples.event.push(
      await measureFirstEvent({ script, texts: world.settings, kv: kv.address }, situation.measured.cron),
    );
    counts = { reads: kv.reads.length, writes: kv.writes.length };
    const floor = { script: floorScript, texts: loadOf(situation, world, kv), kv: kv.address };
    // Right after each run, so that a busy machine disturbs both alike.
    await replayed(world, async () => {
      samples.floor.push(await measureFirstEvent(floor, "everything"));
      samples.nothing.push(await measureFirstEvent({ ...floor, texts: {} }, "nothing"));
    });
  }
  return {
    event: figuresOf(samples.event.map(({ event }) => event)),
    floor: figuresOf(samples.floor.map(({ event }) => event)),
    nothing: figuresOf(samples.nothing.map(({ event }) => event)),
    startUp: figuresOf(samples.event.map(({ start }, run) => above(start, samples.nothing[run]?.start))),
    kv: counts,
  };
}

/** Answers are played back, so that writes do no harm and cost the sandbox nothing. */
async function replayed(world: World, work: () => Promise<void>): Promise<void> {
  const meters = [world.primary, world.github];
  for (const meter of meters) meter.replay([...meter.calls]);
  await work();
  for (const meter of meters) meter.replay(null);
}

function loadOf(situation: Situation, world: World, kv: KvServer): ColdWorker["texts"] {
  const texts: Record<string, string> = {};
  const keep = (text: string) => {
    const name = `TEXT_${Object.keys(texts).length}`;
    texts[name] = text;
    return name;
  };
  const meters = [world.primary, world.github];
  const requests = meters.flatMap(({ url, calls }) => calls.map((call: MeteredCall) => toRequest(url, call)));
  const recorded = meters.flatMap(({ calls }) => calls);
  const isQuiet = kv.writes.length === 0;
  const load: ColdLoad = {
    requests: requests.map(({ body, ...request }) => ({ ...request, body: body === null ? null : keep(body) })),
    kvReads: isQuiet ? kv.reads.slice(0, READS_OF_A_TICK) : [...kv.reads],
    written: kv.writes.map(keep),
    compared: textsToCompare(recorded, situation.reference)
      .filter((text) => text.startsWith("{"))
      .map(keep),
  };
  return { LOAD: JSON.stringify(load), ...texts };
}

function compileFloor(): string {
  const source = readFileSync(new URL("floor-worker.ts", import.meta.url), "utf8");
  return transformSync(source, { loader: "ts", format: "esm" }).code;
}

function above(time: CpuTime, least: CpuTime = time): CpuTime {
  return { mainMs: time.mainMs - least.mainMs, allMs: time.allMs - least.allMs };
}

function figuresOf(times: readonly CpuTime[]): ColdFigures {
  return { main: summarize(times.map(({ mainMs }) => mainMs)), all: summarize(times.map(({ allMs }) => allMs)) };
}
