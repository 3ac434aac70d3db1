/**
 * Whether the service is alive, and whether it works, as the state tells it.
 */
import { describe, expect, it } from "vitest";
import { blobSha } from "../../src/files/blob.ts";
import { buildHealth } from "../../src/http/health.ts";
import { NO_TROUBLE } from "../../src/service/record.ts";
import { createSyncService, type ServiceOptions } from "../../src/service/service.ts";
import { createStateStore, EMPTY_STATE, type SyncState } from "../../src/state/store.ts";
import { createFakeClock, iso, START } from "../fakes/clock.ts";
import { createFakeKv } from "../fakes/kv.ts";
import { createFakeLog } from "../fakes/log.ts";
import { configWith, GITHUB_URL, PRIMARY_URL } from "../fakes/settings.ts";

const MINUTE = 60_000;
const SHA = "c".repeat(40);
const REPO = `${GITHUB_URL}/repos/haidra/image`;

function answerInSync(url: string): Response | null {
  if (url === `${PRIMARY_URL}/model_references/v1/clip`) return new Response("{}");
  if (url === `${REPO}/branches/main`)
    return Response.json({
      name: "main",
      commit: { sha: SHA, url: `${REPO}/commits/${SHA}`, commit: { tree: { sha: SHA } } },
    });
  if (url === `${REPO}/git/trees/${SHA}`)
    return Response.json({
      tree: [{ path: "clip.json", mode: "100644", sha: blobSha(new TextEncoder().encode("{}")) }],
    });
  if (url.startsWith(`${REPO}/pulls?`) || url.startsWith(`${REPO}/git/matching-refs/`)) return Response.json([]);
  return null;
}

async function setUp(
  state: Partial<SyncState> = {},
  settings: Record<string, string> = {},
  more: Partial<ServiceOptions> = {},
) {
  const clock = createFakeClock();
  const kv = createFakeKv();
  const store = createStateStore(kv);
  await store.save({ ...EMPTY_STATE, lastUpdated: 1, heartbeatAt: iso(0), ...state });
  const primary = { stamp: 1, up: true };
  const github = { status: 200, asked: [] as string[] };
  const die = { now: false, times: 0 };
  const fetch = async (url: string): Promise<Response> => {
    if (die.now) {
      die.times += 1;
      return new Promise(() => {});
    }
    if (url.startsWith(PRIMARY_URL) && !primary.up) return new Response("", { status: 502 });
    if (url.endsWith("/metadata/last_updated")) return Response.json({ last_updated: primary.stamp });
    if (url === `${PRIMARY_URL}/model_references/v1/metadata/metadata`)
      return Response.json({ clip: { last_updated: primary.stamp } });
    if (url.startsWith(GITHUB_URL)) {
      github.asked.push(url);
      if (github.status !== 200) return Response.json({ message: "Bad credentials" }, { status: github.status });
    }
    return answerInSync(url) ?? Response.json({ message: "Not Found" }, { status: 404 });
  };
  const { log, lines } = createFakeLog();
  const config = configWith({
    WATCH_MODE: "true",
    WATCH_ENABLE_STARTUP_SYNC: "true",
    CATEGORIES_TO_SYNC: "clip",
    ...settings,
  });
  const told: string[] = [];
  const make = () =>
    createSyncService({
      config,
      store,
      fetch,
      clock,
      tokens: new Map(),
      log,
      now: clock.now,
      keepsDryRuns: config.noPr,
      unsaved: { ...NO_TROUBLE },
      unread: { ...NO_TROUBLE },
      notify: (events) => void told.push(...events.map(({ kind }) => kind)),
      ...more,
    });
  const service = make();
  const to = (minute: number) => clock.advance(START + minute * MINUTE - clock.now());
  return {
    kv,
    store,
    primary,
    github,
    service,
    clock,
    told,
    lines,
    die,
    to,
    async tick(minute: number, cron = "* * * * *") {
      to(minute);
      return service.tick({ cron, scheduledTime: clock.now() });
    },
    async health() {
      return buildHealth({
        settings: { kind: "configured", config },
        state: await store.load(),
        replica: null,
        deployedAt: START,
        isUnsaved: false,
        now: clock.now(),
      });
    },
  };
}

it("WATCH_MODE=false: a reconcile that is killed four times a day is told as run-killed", async () => {
  const world = await setUp({ lastSuccessAt: iso(0), lastCheckedAt: iso(0) }, { WATCH_MODE: "false" });
  for (let hour = 6; hour <= 18; hour += 6) {
    const { times } = world.die;
    world.die.now = true;
    void world.tick(hour * 60, "0 */6 * * *");
    await expect.poll(() => world.die.times).toBeGreaterThan(times);
    world.die.now = false;
    for (let minute = 1; minute < 359; minute += 7) await world.tick(hour * 60 + minute);
  }
  const { kills, failingSince } = await world.store.load();
  expect.soft(kills).toBe(3);
  expect.soft(failingSince).not.toBe(null);
  expect.soft(await world.health()).toMatchObject({ status: "unhealthy" });
});

it("a pause holds while KV cannot be read", async () => {
  const world = await setUp();
  world.primary.stamp = 2;
  await world.store.setPause({ since: iso(0), reason: "PRIMARY moves house" });
  const { get } = world.kv;
  world.kv.get = async (key) => {
    if (key === "paused") throw new Error("KV GET failed: 500");
    return get(key);
  };
  const report = await world.tick(1);
  expect(report).toBe(null);
});

describe("a cron that stopped", () => {
  it("is told though GitHub's webhook is busy", async () => {
    const world = await setUp({ lastCheckedAt: iso(0), lastSuccessAt: iso(0) });
    await world.tick(1);
    // No tick from here on; PRIMARY changes and nobody sees it. Somebody labels the pull request now and then.
    for (let minute = 20; minute <= 600; minute += 20) {
      world.to(minute);
      await world.service.hear({ role: "image", where: "branch" });
    }
    expect(await world.health()).toMatchObject({ status: "unhealthy", reasons: ["cron-stopped"] });
  });
  it("is told though somebody runs it by hand", async () => {
    const world = await setUp({ lastCheckedAt: iso(0), lastSuccessAt: iso(0) });
    await world.tick(1);
    for (let minute = 40; minute <= 600; minute += 40) {
      world.to(minute);
      await world.service.sync({ trigger: "manual", categories: null, isDryRun: false, isForced: false });
    }
    expect(await world.health()).toMatchObject({ status: "unhealthy", reasons: ["cron-stopped"] });
  });
});

it("NO_PR: who is told that it fails?", async () => {
  const world = await setUp({}, { NO_PR: "true" });
  world.primary.stamp = 2;
  world.github.status = 401;
  for (let minute = 1; minute <= 60; minute++) await world.tick(minute);
  const { isFailingTold, consecutiveErrors } = await world.store.load();
  expect.soft(isFailingTold).toBe(true); // the state says that people were told
  expect.soft(consecutiveErrors).toBeGreaterThan(3);
  expect.soft(world.told).toContain("failing");
});

it("DRY_RUN that works for two days is not stale", async () => {
  const world = await setUp({ lastSuccessAt: iso(0), lastCheckedAt: iso(0) }, { DRY_RUN: "true" });
  for (let minute = 1; minute <= 2880; minute += 15) {
    await world.tick(minute);
    if (minute % 360 === 1) expect((await world.tick(minute, "0 */6 * * *"))?.outcome).toBe("in-sync");
  }
  expect(await world.health()).toMatchObject({ status: "ok" });
});
