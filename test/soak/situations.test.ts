/**
 * What an operator sees when something is wrong, or waits: the page, the badge, `/healthz`, and what the webhook said.
 *
 * `docs/situations.md` is made of the rows: `UPDATE_DOCS=1 npx vitest run --project faults test/soak/situations.test.ts`.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { afterAll, expect, it } from "vitest";
import * as z from "zod/mini";
import { BRANCH, TRIGGER_TOKEN } from "../world/ground.ts";
import { leashAfter } from "./leash.ts";
import { editRecord } from "./primary-deeds.ts";
import { START } from "./soak-clock.ts";
import { RECONCILE, type SoakWorld, startSoakWorld, WATCH } from "./world.ts";

const DOCUMENT = new URL("../../docs/situations.md", import.meta.url);
const RECONCILE_MS = 6 * 60 * 60_000;
const ALWAYS = Number.POSITIVE_INFINITY;

type Pass = (minutes: number, step?: number) => Promise<void>;

interface Situation {
  readonly name: string;
  /** After a first tick that found everything in sync. `pass` lets minutes go by, with a tick in each, or in every `step`. */
  readonly live: (world: SoakWorld, pass: Pass) => Promise<void>;
  /** The page's first words, the badge, and the reasons of `/healthz`. */
  readonly shows: readonly [page: string, badge: string, ...reasons: string[]];
  /** Titles of messages. */
  readonly tells: readonly string[];
}

const down = ({ primary }: SoakWorld) => primary.faults.add({ times: ALWAYS, action: { type: "status", status: 502 } });
const OPENED = "soak/image: pull request #1 opened: review and merge it";

async function openPull(world: SoakWorld, pass: Pass) {
  editRecord(world, "esrgan", 1);
  await pass(2);
}

const SITUATIONS: readonly Situation[] = [
  { name: "nothing waits", live: async (_world, pass) => pass(20), shows: ["in sync", "in sync"], tells: [] },
  {
    name: "PRIMARY did not answer, once",
    async live(world, pass) {
      down(world);
      await pass(1);
    },
    shows: ["failing", "failing"],
    tells: [],
  },
  {
    name: "PRIMARY has not answered for twenty minutes",
    async live(world, pass) {
      down(world);
      await pass(20);
    },
    shows: ["failing", "failing", "failing"],
    tells: ["Failing: 3 attempts in a row"],
  },
  {
    name: "… for a day",
    async live(world, pass) {
      down(world);
      await pass(25 * 60);
    },
    shows: ["degraded", "degraded", "failing", "degraded", "stale"],
    tells: ["Failing: 3 attempts in a row", "Degraded: 10 failures in a row"],
  },
  {
    name: "… and answers again",
    async live(world, pass) {
      const up = down(world);
      await pass(20);
      up();
      await pass(20);
    },
    shows: ["in sync", "in sync"],
    tells: ["Failing: 3 attempts in a row", "Recovered"],
  },
  {
    name: "PRIMARY does not own the legacy format",
    async live({ primary }, pass) {
      primary.setCanonical(false);
      await pass(1);
    },
    shows: ["failing", "failing", "failing"],
    tells: ["Failing"],
  },
  {
    name: "GitHub refuses the token, and something is to be published",
    async live(world, pass) {
      const body = '{"message":"Bad credentials"}';
      world.github.faults.add({ times: ALWAYS, action: { type: "status", status: 401, body } });
      editRecord(world, "esrgan", 1);
      await pass(1);
    },
    shows: ["failing", "failing", "failing"],
    tells: ["Failing"],
  },
  {
    name: "a file on GitHub is broken",
    async live(world, pass) {
      world.github.commit({ repository: world.image, files: { "esrgan.json": "{" } });
      editRecord(world, "esrgan", 1);
      await pass(1);
    },
    shows: ["failing", "failing", "failing"],
    tells: ["Failing"],
  },
  {
    name: "the cron has stopped for an hour",
    live: async (world) => world.clock.reach(START + 62 * 60_000),
    shows: ["failing", "failing", "cron-stopped"],
    tells: [],
  },
  {
    name: "KV refuses writes",
    async live(world, pass) {
      world.kv.refuses.add("writes");
      editRecord(world, "esrgan", 1);
      await pass(2);
    },
    shows: ["failing", "failing", "state-not-saved"],
    tells: [OPENED],
  },
  {
    name: "the platform stops every run, for eight minutes",
    async live(world) {
      editRecord(world, "esrgan", 1);
      await passKilled(world, 8);
    },
    shows: ["failing", "failing", "run-killed"],
    tells: [],
  },
  {
    name: "… for half an hour",
    async live(world) {
      editRecord(world, "esrgan", 1);
      await passKilled(world, 30);
    },
    shows: ["failing", "failing", "failing", "run-killed"],
    tells: ["Failing: 3 attempts in a row"],
  },
  {
    name: "the settings name another branch, and no tick came since",
    async live({ settings }) {
      settings.set("GITHUB_BRANCH", "next");
    },
    shows: ["pending", "pending", "unchecked"],
    tells: [],
  },
  {
    name: "somebody paused the schedule, and PRIMARY was edited",
    async live(world, pass) {
      await world.invoke(async ({ app }) =>
        app.request("/pause", {
          method: "POST",
          body: '{"reason":"PRIMARY moves house"}',
          headers: { authorization: `Bearer ${TRIGGER_TOKEN}`, "content-type": "application/json" },
        }),
      );
      editRecord(world, "esrgan", 1);
      await pass(20);
    },
    shows: ["paused", "paused"],
    tells: [],
  },
  {
    name: "a pull request waits for a review",
    live: openPull,
    shows: ["pending", "1 pull request"],
    tells: [OPENED],
  },
  {
    name: "… and PRIMARY was edited ten times since",
    async live(world, pass) {
      await openPull(world, pass);
      for (let edit = 2; edit < 12; edit++) {
        editRecord(world, "esrgan", edit);
        await pass(1);
      }
      await pass(60);
    },
    shows: ["pending", "1 pull request"],
    tells: [OPENED, "soak/image: pull request #1 updated: review it again and merge it"],
  },
  {
    name: "… for eight days",
    async live(world, pass) {
      await openPull(world, pass);
      await pass(8 * 24 * 60, 30);
    },
    shows: ["pending", "1 pull request"],
    tells: [OPENED, "soak/image: pull request #1 has waited for 7 days"],
  },
  {
    name: "… and holds a person's commit",
    async live(world, pass) {
      await openPull(world, pass);
      world.github.commit({ repository: world.image, branch: BRANCH, files: { note: "Mine." } });
      await pass(6);
    },
    shows: ["pending", "1 pull request"],
    tells: [OPENED, "soak/image: pull request #1 holds a person's commit"],
  },
  {
    name: "… and was closed unmerged",
    async live(world, pass) {
      await openPull(world, pass);
      world.github.closePullRequest({ repository: world.image, number: 1 });
      await pass(6);
    },
    shows: ["pending", "pending"],
    tells: [OPENED, "soak/image: pull request #1 was closed unmerged"],
  },
  {
    name: "… and was merged",
    async live(world, pass) {
      await openPull(world, pass);
      world.github.mergePullRequest({ repository: world.image, number: 1 });
      await pass(6);
    },
    shows: ["in sync", "in sync"],
    tells: [OPENED],
  },
  {
    name: "PRIMARY lost most records of a category",
    async live(world, pass) {
      const names = Object.keys(JSON.parse(world.primary.category("image_generation") ?? "{}"));
      for (const name of names.slice(0, 12)) world.primary.removeRecord("image_generation", name);
      await pass(2);
    },
    shows: ["pending", "1 held"],
    tells: ["soak/image: image_generation is held"],
  },
];

/** Each tick is stopped after so many steps that a quiet one fits, and a run does not. */
async function passKilled(world: SoakWorld, minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute++) {
    world.clock.reach(world.clock.trueNow() + 60_000);
    await world.tick({ cron: WATCH, leash: leashAfter(10) });
  }
}

const Status = z.object({ state: z.string(), paused: z.nullable(z.unknown()) });
const Badge = z.object({ message: z.string() });
const Health = z.object({ reasons: z.optional(z.array(z.string())) });

async function see(world: SoakWorld) {
  return world.invoke(async ({ app }) => {
    const read = async <T>(path: string, schema: z.ZodMiniType<T>) => {
      const answer = await app.request(path, { headers: { accept: "application/json" } });
      return { code: answer.status, ...schema.parse(await answer.json()) };
    };
    const page = await (await app.request("/", { headers: { accept: "text/plain" } })).text();
    const { state, paused } = await read("/status", Status);
    const { code, reasons = [] } = await read("/healthz", Health);
    const { message } = await read("/badge.json", Badge);
    expect(code).toBe(reasons.length === 0 ? 200 : 503);
    const [, todo = ""] = /^(?:PAUSED.*\n(?: .*\n)*)?=> (.*(?:\n {3}.*)*)/m.exec(page) ?? [];
    const words = paused === null ? state.replace("-", " ") : "paused";
    return { words, todo: todo.replace(/\s+/g, " "), badge: message, reasons };
  });
}

const rows = new Map<string, string>();

it.each(SITUATIONS)("$name", { timeout: 120_000 }, async ({ name, live, shows, tells }) => {
  const world = await startSoakWorld(1);
  world.primary.setLastUpdated(Math.floor(START / 1000) - 60);
  const pass = async (minutes: number, step = 1) => {
    for (let minute = 0; minute < minutes; minute += step) {
      const before = world.clock.trueNow();
      world.clock.reach(before + step * 60_000);
      await world.tick({ cron: WATCH });
      const [quarter, last] = [world.clock.trueNow(), before].map((at) => Math.floor(at / RECONCILE_MS));
      if (quarter !== last) await world.tick({ cron: RECONCILE });
    }
  };
  await pass(1);
  world.takeMessages();
  await live(world, pass);
  const { words, todo, badge, reasons } = await see(world);
  const told = world.takeMessages();
  await world.close();
  expect([words, badge, ...reasons]).toEqual(shows);
  expect(told).toEqual(tells);
  const health = reasons.length === 0 ? "200" : `503: ${reasons.join(", ")}`;
  rows.set(name, `| ${name} | ${words} | ${todo} | ${badge} | ${health} | ${told.join("; ")} |`);
});

afterAll(() => {
  if (rows.size < SITUATIONS.length) return;
  const text = `# What you see when

Made by a test; see \`test/soak/situations.test.ts\`. The service syncs one image and one text repository, \`soak/image\` and
\`soak/text\`, with \`NOTIFY_WEBHOOK_URL\` set.

| situation | page | what to do | badge | \`/healthz\` | messages |
| --- | --- | --- | --- | --- | --- |
${[...rows.values()].join("\n")}
`;
  if (process.env["UPDATE_DOCS"] === "1") writeFileSync(DOCUMENT, text);
  expect(readFileSync(DOCUMENT, "utf8"), "docs/situations.md (UPDATE_DOCS=1 writes it)").toBe(text);
});
