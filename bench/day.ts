/** A day of ticks, minute by minute on a simulated clock, and what it asks of KV and of the other side. */
import { startSandbox } from "../sandbox/sandbox.ts";
import { parseConfig } from "../src/config/config.ts";
import { createLogger } from "../src/core/log.ts";
import { createSyncService } from "../src/service/service.ts";
import { createStateStore } from "../src/state/store.ts";
import { createCountingKv, type KvCounts } from "./node-run.ts";
import { editOne, type Reference } from "./reference-data.ts";
import { RECONCILE, WATCH } from "./situations.ts";
import { IMAGE, OWNER, TEXT, TOKEN } from "./world.ts";

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
  let now = midnight - MINUTE_MS;
  const sandbox = await startSandbox({ now: () => now });
  sandbox.github.credentials.addToken({ token: TOKEN });
  sandbox.github.createRepository({ owner: OWNER, name: "image", files: reference.image });
  sandbox.github.createRepository({ owner: OWNER, name: "text", files: reference.text });
  let said = reference.primary;
  for (const [category, body] of Object.entries(said)) sandbox.primary.setCategory(category, body);

  const kv = createCountingKv();
  const calls = { primary: 0, github: 0 };
  const runs = new Set<string>();
  const service = createSyncService({
    config: parseConfig({
      HORDE_GITHUB_SYNC_PRIMARY_API_URL: sandbox.primary.url,
      HORDE_GITHUB_SYNC_GITHUB_API_URL: sandbox.github.url,
      HORDE_GITHUB_SYNC_GITHUB_IMAGE_REPO: IMAGE,
      HORDE_GITHUB_SYNC_GITHUB_TEXT_REPO: TEXT,
      HORDE_GITHUB_SYNC_GITHUB_TOKEN: TOKEN,
      HORDE_GITHUB_SYNC_WATCH_MODE: "true",
      HORDE_GITHUB_SYNC_WATCH_ENABLE_STARTUP_SYNC: "true",
    }),
    store: createStateStore(kv),
    fetch(url, init) {
      calls[url.startsWith(sandbox.primary.url) ? "primary" : "github"] += 1;
      return fetch(url, init);
    },
    clock: { now: () => now, sleep: async () => {}, random: Math.random },
    tokens: new Map(),
    log: createLogger({ verbose: false, write: () => {} }),
  });
  const fire = async (cron: string) => {
    const report = await service.tick({ cron, scheduledTime: now });
    if (report !== null) runs.add(report.id);
  };
  await fire(RECONCILE);
  // The first run is not the day's.
  Object.assign(kv.counts, { reads: 0, writes: 0, lists: 0 });
  Object.assign(calls, { primary: 0, github: 0 });
  runs.clear();
  for (let minute = 0; minute < MINUTES; minute++) {
    now = midnight + minute * MINUTE_MS;
    if (minute > 0 && minute % changeEveryMinutes === 0) {
      said = { ...said, ...editOne(said, "image_generation", (minute / changeEveryMinutes) % 50) };
      sandbox.primary.setCategory("image_generation", said["image_generation"] ?? "");
    }
    await fire(WATCH);
    if (minute % RECONCILE_MINUTES === 0) await fire(RECONCILE);
  }
  await sandbox.close();
  return { title, kv: kv.counts, runs: runs.size, primaryCalls: calls.primary, githubCalls: calls.github };
}
