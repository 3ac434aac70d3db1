/** The floors of one situation: what `floor-worker.ts` needs for the requests and the bytes of a recorded run. */
import type { Floor, Load } from "./floor-worker.ts";
import type { MeteredCall } from "./meter.ts";
import type { CountingKv } from "./node-run.ts";
import type { Reference } from "./reference-data.ts";
import type { Runtime } from "./runtime.ts";
import { type Figure, summarize } from "./statistics.ts";
import { settledCpuMs } from "./workerd-process.ts";
import type { World } from "./world.ts";

/** CPU in milliseconds. */
export type FloorFigures = Readonly<Record<Floor, Figure>>;

export interface Floors {
  /** One more sample of each, right after a run, so that a busy machine disturbs both alike. */
  sample(): Promise<void>;
  figures(): FloorFigures;
  /** Of what has to be compared, which is parsed and hashed. */
  readonly bytes: number;
}

export interface FloorsInput {
  /** Its meters hold the calls of `times` runs that were alike. */
  readonly world: World;
  readonly times: number;
  readonly reference: Reference;
  readonly runtime: Runtime;
  readonly kv: CountingKv;
}

/** A tick with nothing new, which writes nothing, is held against an empty handler that makes one fetch and one KV read. */
export const READS_OF_A_TICK = 1;

/** Answers are played back, so that writes do no harm and cost the sandbox nothing. */
export async function prepareFloors({ world, times, reference, runtime, kv }: FloorsInput): Promise<Floors> {
  const meters = [world.primary, world.github];
  const recorded = meters.map(({ calls }) => calls.slice(0, calls.length / times));
  const texts = textsToCompare(recorded.flat(), reference);
  const load: Load = {
    requests: meters.flatMap(({ url }, index) => (recorded[index] ?? []).map((call) => toRequest(url, call))),
    texts,
    kvStored: kv.values.get("state") ?? "",
    kvReads: kv.written.length === 0 ? READS_OF_A_TICK : kv.counts.reads,
    kvValues: kv.written,
  };
  await runtime.loadFloor(load);
  const samples: Record<Floor, number[]> = { nothing: [], requests: [], "requests and KV": [], parse: [], sha1: [] };
  const measure = async (floor: Floor) => {
    const before = await settledCpuMs();
    for (let time = 0; time < times; time++) await runtime.fireFloor(floor);
    samples[floor].push(((await settledCpuMs()) - before) / times);
  };
  return {
    bytes: texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0),
    async sample() {
      for (const [index, meter] of meters.entries()) meter.replay(recorded[index] ?? []);
      await measure("nothing");
      await measure("requests");
      await measure("requests and KV");
      await measure("parse");
      await measure("sha1");
      for (const meter of meters) meter.replay(null);
    },
    figures: () => ({
      nothing: summarize(samples.nothing),
      requests: summarize(samples.requests),
      "requests and KV": summarize(samples["requests and KV"]),
      parse: summarize(samples.parse),
      sha1: summarize(samples.sha1),
    }),
  };
}

export function toRequest(url: string, { method, target, sent }: MeteredCall): Load["requests"][number] {
  return { method, url: `${url}${target}`, body: sent.length === 0 ? null : sent.toString() };
}

const CATEGORY = /^\/model_references\/v1\/(\w+)$/;

/**
 * What has to be compared: PRIMARY's body of every category that the run asked for, and the legacy files that hold the
 * category where their bytes differ. It does not depend on how many of them the run was clever enough not to read.
 */
export function textsToCompare(primaryCalls: readonly MeteredCall[], { image, text }: Reference): string[] {
  return primaryCalls.flatMap(({ target, status, answered }) => {
    const category = CATEGORY.exec(target)?.[1];
    if (category === undefined || status !== 200) return [];
    const body = answered.toString();
    const files = legacyPaths(category).flatMap((path) => image[path] ?? text[path] ?? []);
    return [body, ...files.map(String).filter((file) => file !== body)];
  });
}

function legacyPaths(category: string): readonly string[] {
  if (category === "text_generation") return ["db.json", "models.csv"];
  return [category === "image_generation" ? "stable_diffusion.json" : `${category}.json`];
}
