/**
 * The worst days, each a whole one, minute by minute: what they cost, and that Workers Free and GitHub carry it.
 */
import { afterAll, expect, it } from "vitest";
import { editRecord, textOnBase } from "./primary-deeds.ts";
import { START } from "./soak-clock.ts";
import { readHealth, readPage, readStatus } from "./views.ts";
import { RECONCILE, type SoakWorld, SYNCED, startSoakWorld, WATCH } from "./world.ts";

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;

/** https://developers.cloudflare.com/kv/platform/limits/ and https://developers.cloudflare.com/workers/platform/limits/ */
const FREE = { reads: 100_000, writes: 1000, lists: 1000, requests: 50, githubAnHour: 5000 };

const LIMITS = ["reads", "writes", "lists", "requests", "githubAnHour"] as const;

interface WorstDay {
  readonly name: string;
  readonly begin?: (world: SoakWorld) => void;
  /** Before the tick of each minute. */
  readonly everyMinute?: (world: SoakWorld, minute: number) => Promise<void> | void;
  /** What `/healthz` says in the end. */
  readonly reasons: readonly string[];
}

const ALWAYS = Number.POSITIVE_INFINITY;

const DAYS: readonly WorstDay[] = [
  {
    name: "PRIMARY's timestamp moves every minute, and nothing else",
    everyMinute: ({ primary, clock }) => primary.setLastUpdated(Math.floor(clock.now() / 1000)),
    reasons: [],
  },
  {
    name: "PRIMARY is edited every minute",
    everyMinute: (world, minute) => editRecord(world, "esrgan", minute),
    reasons: [],
  },
  {
    name: "PRIMARY goes to and fro every minute",
    everyMinute(world, minute) {
      if (minute % 2 === 0) editRecord(world, "esrgan", 0);
      else world.primary.setCategory("esrgan", textOnBase(world, "esrgan"));
    },
    reasons: [],
  },
  {
    name: "PRIMARY is down",
    begin: ({ primary }) => void primary.faults.add({ times: ALWAYS, action: { type: "status", status: 502 } }),
    reasons: ["failing", "degraded"],
  },
  {
    name: "GitHub refuses the token, and something is to be published",
    begin(world) {
      editRecord(world, "esrgan", 0);
      const body = '{"message":"Bad credentials"}';
      world.github.faults.add({ times: ALWAYS, action: { type: "status", status: 401, body } });
    },
    reasons: ["failing", "degraded"],
  },
  {
    name: "GitHub fails at every write, and PRIMARY is edited every minute",
    begin: ({ github }) =>
      void github.faults.add({ times: ALWAYS, method: "POST", action: { type: "status", status: 500 } }),
    everyMinute(world, minute) {
      for (const category of SYNCED) editRecord(world, category, minute);
    },
    reasons: ["failing", "degraded"],
  },
  {
    name: "KV refuses writes, and PRIMARY is edited every minute",
    begin: ({ kv }) => void kv.refuses.add("writes"),
    everyMinute: (world, minute) => editRecord(world, "esrgan", minute),
    reasons: ["state-not-saved"],
  },
  {
    name: "KV refuses reads, and PRIMARY is edited every minute",
    begin: ({ kv }) => void kv.refuses.add("reads"),
    everyMinute: (world, minute) => editRecord(world, "esrgan", minute),
    reasons: ["storage-unavailable"],
  },
  {
    name: "a monitor polls the page every ten seconds, and somebody asks for pages of runs that do not exist",
    async everyMinute(world, minute) {
      for (let second = 0; second < 60; second += 10) {
        await readStatus(world);
        await readPage(world, `/runs?cursor=bogus-${minute}-${second}`);
        await world.clock.sleep(10_000 - 1);
      }
    },
    reasons: [],
  },
];

const told: string[] = [];
afterAll(() => console.log(`Worst days, of which each is free:\n${told.join("\n")}`));

it.each(DAYS)("is carried: $name", { timeout: 120_000 }, async (day) => {
  const world = await startSoakWorld(1);
  const { kv, traffic, clock } = world;
  await world.tick({ cron: WATCH });
  world.startDay();
  day.begin?.(world);
  let mostAnHour = 0;
  let lastHour = 0;
  for (let minute = 1; minute <= DAY_MINUTES; minute++) {
    const at = START + minute * MINUTE_MS;
    clock.reach(at);
    await day.everyMinute?.(world, minute);
    await world.tick({ cron: WATCH, at });
    if (minute % 360 === 0) await world.tick({ cron: RECONCILE, at });
    if (minute % 60 !== 0) continue;
    mostAnHour = Math.max(mostAnHour, traffic.github - lastHour);
    lastHour = traffic.github;
  }
  const { reads, writes, lists } = kv.counts;
  const costs = { reads, writes, lists, requests: world.mostRequests, githubAnHour: mostAnHour };
  const { github, primary, messages } = traffic;
  const { refused } = kv;
  told.push(`- ${day.name}: ${JSON.stringify({ ...costs, github, primary, messages, refused })}`);
  const health = await readHealth(world);
  await world.close();
  const over = LIMITS.filter((what) => costs[what] > FREE[what]);
  expect(over, JSON.stringify(costs)).toEqual([]);
  expect(health).toEqual(expect.arrayContaining([...day.reasons]));
  if (day.reasons.length === 0) expect(health).toEqual([]);
});
