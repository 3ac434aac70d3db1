/** A day of ticks, minute by minute on a simulated clock, and what it asks of KV and of the other side. */
import { startSandbox } from "../sandbox/sandbox.ts";
import { parseConfig } from "../src/config/config.ts";
import { createLogger } from "../src/core/log.ts";
import { createSyncService } from "../src/service/service.ts";
import { createStateStore } from "../src/state/store.ts";
import { createCountingKv, type KvCounts } from "./node-run.ts";
import { type Bodies, editOne, type Reference } from "./reference-data.ts";
import { RECONCILE, WATCH } from "./situations.ts";
import { OWNER, settingsFor, TOKEN } from "./world.ts";

export interface Day {
  readonly title: string;
  readonly kv: Readonly<KvCounts>;
  /** Those that were started, whatever came of them. */
  readonly runs: number;
  readonly primaryCalls: number;
  readonly githubCalls: number;
}

const MINUTE_MS = 60_000;
const MINUTES = 24 * 60;
const RECONCILE_MINUTES = 6 * 60;
/** One a quarter of an hour. */
const BUSY_EVERY_MINUTES = 15;

export async function measureDays(reference: Reference): Promise<Day[]> {
  return [
    await live("nothing changes", reference, Number.POSITIVE_INFINITY),
    await live(`one record changes every ${BUSY_EVERY_MINUTES} minutes`, reference, BUSY_EVERY_MINUTES),
  ];
}

async function live(title: string, reference: Reference, changeEveryMinutes: number): Promise<Day> {
  const midnight = Math.floor(Date.now() / (MINUTES * MINUTE_MS)) * MINUTES * MINUTE_MS;
  const place = await settle(reference, midnight - MINUTE_MS);
  let said = reference.primary;
  for (let minute = 0; minute < MINUTES; minute++) {
    place.clock.now = midnight + minute * MINUTE_MS;
    if (minute > 0 && minute % changeEveryMinutes === 0) {
      const edited = editOne(said, "image_generation", (minute / changeEveryMinutes) % 50);
      said = { ...said, ...edited };
      place.say(edited);
    }
    await place.fire(WATCH);
    if (minute % RECONCILE_MINUTES === 0) await place.fire(RECONCILE);
  }
  await place.close();
  return { title, ...place.counts() };
}

/** A service that has had its first run, which is not the day's. */
async function settle(reference: Reference, at: number) {
  const clock = { now: at };
  const sandbox = await startSandbox({ now: () => clock.now });
  sandbox.github.credentials.addToken({ token: TOKEN });
  sandbox.github.createRepository({ owner: OWNER, name: "image", files: reference.image });
  sandbox.github.createRepository({ owner: OWNER, name: "text", files: reference.text });
  const say = (bodies: Bodies) => {
    for (const [category, body] of Object.entries(bodies)) sandbox.primary.setCategory(category, body);
  };
  say(reference.primary);
  const kv = createCountingKv();
  const calls = { primaryCalls: 0, githubCalls: 0 };
  const runs = new Set<string>();
  const service = createSyncService({
    config: parseConfig(settingsFor(sandbox.primary.url, sandbox.github.url)),
    store: createStateStore(kv),
    fetch(url, init) {
      calls[url.startsWith(sandbox.primary.url) ? "primaryCalls" : "githubCalls"] += 1;
      return fetch(url, init);
    },
    clock: { now: () => clock.now, sleep: async () => {}, random: Math.random },
    tokens: new Map(),
    log: createLogger({ verbose: false, write: () => {} }),
  });
  const fire = async (cron: string) => {
    const report = await service.tick({ cron, scheduledTime: clock.now });
    if (report !== null) runs.add(report.id);
  };
  await fire(RECONCILE);
  const before = { ...kv.counts, ...calls, runs: runs.size };
  const counts = (): Omit<Day, "title"> => ({
    kv: {
      reads: kv.counts.reads - before.reads,
      writes: kv.counts.writes - before.writes,
      lists: kv.counts.lists - before.lists,
    },
    runs: runs.size - before.runs,
    primaryCalls: calls.primaryCalls - before.primaryCalls,
    githubCalls: calls.githubCalls - before.githubCalls,
  });
  return { clock, say, fire, counts, close: () => sandbox.close() };
}
