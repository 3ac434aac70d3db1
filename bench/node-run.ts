/** The Worker's core on Node, with a KV that counts and keeps everything in memory. */
import { parseConfig } from "../src/config/config.ts";
import { createLogger } from "../src/core/log.ts";
import { createSyncService } from "../src/service/service.ts";
import type { KeyValueStore } from "../src/state/key-value-store.ts";
import { createStateStore } from "../src/state/store.ts";
import type { Situation, Step } from "./situations.ts";
import type { World } from "./world.ts";

export interface KvCounts {
  reads: number;
  writes: number;
  lists: number;
}

export interface CountingKv extends KeyValueStore {
  readonly values: Map<string, string>;
  readonly counts: KvCounts;
  /** What was written, in order. */
  readonly written: string[];
}

export function createCountingKv(entries: Iterable<readonly [string, string]> = []): CountingKv {
  const values = new Map(entries);
  const counts = { reads: 0, writes: 0, lists: 0 };
  const written: string[] = [];
  return {
    values,
    counts,
    written,
    async get(key) {
      counts.reads += 1;
      return values.get(key) ?? null;
    },
    async put(key, value) {
      counts.writes += 1;
      written.push(value);
      values.set(key, value);
    },
    async list() {
      counts.lists += 1;
      return { keys: [], list_complete: true };
    },
  };
}

export interface NodeRun {
  readonly settings: Readonly<Record<string, string>>;
  readonly kv: KeyValueStore;
  /** Called before every request. */
  readonly onRequest?: () => void;
}

/** @throws Error when a run does not end well */
export async function fireOnNode(cron: Step["cron"], { settings, kv, onRequest }: NodeRun): Promise<void> {
  const service = createSyncService({
    config: parseConfig(settings),
    store: createStateStore(kv),
    fetch(url, init) {
      onRequest?.();
      return fetch(url, init);
    },
    clock: { now: Date.now, sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)), random: Math.random },
    tokens: new Map(),
    log: createLogger({ verbose: false, write: () => {} }),
  });
  const report = await service.tick({ cron, scheduledTime: Date.now() });
  if (report?.outcome === "failed" || report?.outcome === "partial") throw new Error(JSON.stringify(report));
}

/** Brings the world to where the situation's measured step begins. */
export async function prepareOnNode(situation: Situation, world: World): Promise<CountingKv> {
  const kv = createCountingKv();
  world.begin(situation.reference);
  for (const { says, cron } of situation.before) {
    world.say(says);
    await fireOnNode(cron, { settings: world.settings, kv });
  }
  world.say(situation.measured.says);
  return kv;
}

/** What the measured step asks of KV, and what it leaves there. */
export async function countKv(situation: Situation, world: World): Promise<CountingKv> {
  const kv = createCountingKv((await prepareOnNode(situation, world)).values);
  await fireOnNode(situation.measured.cron, { settings: world.settings, kv });
  return kv;
}
