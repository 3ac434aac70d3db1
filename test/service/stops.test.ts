import { describe, expect, it } from "vitest";
import { blobSha } from "../../src/files/blob.ts";
import { buildStatus } from "../../src/present/status.ts";
import { createSyncService } from "../../src/service/service.ts";
import { createStateStore, EMPTY_STATE, type SyncState } from "../../src/state/store.ts";
import { createFakeClock, iso, START } from "../fakes/clock.ts";
import { createFakeKv } from "../fakes/kv.ts";
import { createFakeLog } from "../fakes/log.ts";
import { repositoryReport } from "../fakes/report.ts";
import { configWith, GITHUB_URL, PRIMARY_URL } from "../fakes/settings.ts";

const MINUTE = 60_000;

const SHA = "c".repeat(40);

/** One file with nothing in it, as PRIMARY has it. */
function answerInSync(url: string): Response | null {
  const repository = `${GITHUB_URL}/repos/haidra/image`;
  if (url === `${PRIMARY_URL}/model_references/v1/clip`) return new Response("{}");
  if (url === `${repository}/branches/main`) {
    const commit = { sha: SHA, url: `${repository}/commits/${SHA}`, commit: { tree: { sha: SHA } } };
    return Response.json({ name: "main", commit });
  }
  if (url === `${repository}/git/trees/${SHA}`)
    return Response.json({
      tree: [{ path: "clip.json", mode: "100644", sha: blobSha(new TextEncoder().encode("{}")) }],
    });
  if (url.startsWith(`${repository}/pulls?`) || url.startsWith(`${repository}/git/matching-refs/`))
    return Response.json([]);
  return null;
}

/** A PRIMARY with one category; GitHub answers 404 until it is up. */
async function setUp(state: Partial<SyncState> = {}, settings: Record<string, string> = {}) {
  const clock = createFakeClock();
  const kv = createFakeKv();
  const store = createStateStore(kv);
  await store.save({ ...EMPTY_STATE, lastUpdated: 1, heartbeatAt: iso(0), ...state });
  const primary = { stamp: 2, asked: 0 };
  const github = { isUp: false };
  const fetch = async (url: string) => {
    if (url.endsWith("/metadata/last_updated")) {
      primary.asked++;
      return Response.json({ last_updated: primary.stamp });
    }
    if (url === `${PRIMARY_URL}/model_references/v1/metadata/metadata`)
      return Response.json({ clip: { last_updated: primary.stamp } });
    return (github.isUp ? answerInSync(url) : null) ?? Response.json({ message: "Not Found" }, { status: 404 });
  };
  const { log } = createFakeLog();
  const config = configWith({
    WATCH_MODE: "true",
    WATCH_ENABLE_STARTUP_SYNC: "true",
    CATEGORIES_TO_SYNC: "clip",
    ...settings,
  });
  const service = createSyncService({ config, store, fetch, clock, tokens: new Map(), log });
  return {
    kv,
    store,
    primary,
    github,
    service,
    clock,
    async watch(minute: number) {
      clock.advance(START + minute * MINUTE - clock.now());
      return service.watch(clock.now());
    },
  };
}

describe("while somebody has paused the service", () => {
  it("a change waits, the heartbeat goes on, and what is resumed runs at once", async () => {
    const world = await setUp();
    await world.store.setPause({ since: iso(-10), reason: "PRIMARY moves house" });
    expect(await world.watch(1)).toEqual({ kind: "paused", since: iso(-10) });
    expect(await world.watch(16)).toEqual({ kind: "paused", since: iso(-10) });
    expect((await world.store.load()).heartbeatAt).toBe(iso(16));
    expect(world.kv.values.has("running")).toBe(false);
    expect(await world.service.reconcile(START + 17 * MINUTE)).toMatchObject({ kind: "paused" });
    await world.store.setPause(null);
    expect(await world.watch(18)).toMatchObject({ kind: "ran" });
  });

  it("a run by hand goes on", async () => {
    const world = await setUp();
    await world.store.setPause({ since: iso(-10), reason: "" });
    const report = await world.service.sync({
      trigger: "manual",
      categories: null,
      isDryRun: false,
      isForced: false,
    });
    expect(report.trigger).toBe("manual");
    expect(await world.store.readPause()).toEqual({ since: iso(-10), reason: "" });
  });

  it("a run that began before does not end the pause", async () => {
    const world = await setUp();
    const run = world.watch(1);
    await world.store.setPause({ since: iso(1), reason: "" });
    await run;
    expect(await world.store.readPause()).toEqual({ since: iso(1), reason: "" });
  });

  it("a note that cannot be read counts as a pause", async () => {
    const world = await setUp();
    world.kv.values.set("paused", { value: "since Tuesday" });
    expect(await world.watch(1)).toMatchObject({ kind: "paused" });
  });
});

describe("the bucket of scheduled runs", () => {
  it("lets no more begin when it is empty, but for a reconcile and a run by hand", async () => {
    const world = await setUp({ bucket: { left: 0, at: START } });
    expect(await world.watch(1)).toEqual({ kind: "spent", until: iso(5) });
    expect(await world.watch(4)).toEqual({ kind: "spent", until: iso(5) });
    expect((await world.store.load()).lastUpdated).toBe(1);
    expect(await world.service.reconcile(START + 4 * MINUTE)).toMatchObject({ kind: "ran" });
    expect((await world.store.load()).bucket).toEqual({ left: 0, at: START });
  });

  it("is drawn from by every run of the schedule", async () => {
    const world = await setUp({ bucket: { left: 3, at: START } });
    expect(await world.watch(1)).toMatchObject({ kind: "ran" });
    expect((await world.store.load()).bucket).toEqual({ left: 2, at: START });
  });
});

describe("a category that is added to the settings", () => {
  it("is looked at by the next tick, and is not said to be in sync before", async () => {
    const checked = ["blip"] as const;
    const world = await setUp({ lastUpdated: 2, repositories: [repositoryReport({ checked })] });
    world.github.isUp = true;
    const status = async () =>
      buildStatus({
        version: "1.2.3",
        settings: { kind: "configured", config: configWith({ CATEGORIES_TO_SYNC: "clip" }) },
        state: await world.store.load(),
        runs: [],
        replica: "off",
      }).categories.map(({ state }) => state);
    expect(await status()).toEqual(["unchecked"]);
    expect(await world.watch(1)).toMatchObject({ kind: "ran" });
    expect(await status()).toEqual(["in-sync"]);
    expect(await world.watch(2)).toMatchObject({ kind: "quiet" });
  });
});

describe("a clock that was 20 hours ahead once", () => {
  it("delays nothing", async () => {
    const world = await setUp();
    const HOURS = 20 * 60;
    world.primary.stamp = 1;
    await world.watch(0);
    // One tick of the future, in which PRIMARY did not answer.
    const future = START + HOURS * MINUTE;
    const failing = {
      ...(await world.store.load()),
      isUnsettled: true,
      outages: 7,
      nextAttemptAt: new Date(future + 60 * MINUTE).toISOString(),
      heartbeatAt: new Date(future).toISOString(),
      lastCheckedAt: new Date(future).toISOString(),
    };
    await world.store.save(failing);
    expect(await world.watch(2)).toMatchObject({ kind: "ran" });
    const { heartbeatAt, lastCheckedAt } = await world.store.load();
    expect([heartbeatAt, lastCheckedAt]).toEqual([iso(2), iso(2)]);
  });
});

describe("a run that ended", () => {
  it("counts as no killed one when it could not be stored", async () => {
    const world = await setUp();
    const { put } = world.kv;
    world.kv.put = async (key, value, options) => {
      if (key === "state") throw new Error("KV PUT failed: 429 Too Many Requests");
      await put(key, value, options);
    };
    expect(await world.watch(1)).toMatchObject({ kind: "ran" });
    world.kv.put = put;
    world.primary.stamp = 1;
    for (let minute = 2; minute <= 20; minute++) await world.watch(minute);
    expect(await world.store.load()).toMatchObject({ kills: 0 });
  });

  it("is not put back by a quiet tick that began before it", async () => {
    const world = await setUp({ heartbeatAt: iso(-30), lastCheckedAt: iso(-30) });
    world.primary.stamp = 1;
    const { get } = world.kv;
    let isFirst = true;
    // A run by hand is recorded between the tick's first look at the state and its last.
    world.kv.get = async (key) => {
      const value = await get(key);
      if (key === "state" && isFirst) {
        isFirst = false;
        await world.service.sync({ trigger: "manual", categories: null, isDryRun: false, isForced: false });
      }
      return value;
    };
    expect(await world.watch(1)).toMatchObject({ kind: "quiet" });
    expect((await world.store.load()).lastRun).toMatchObject({ trigger: "manual" });
  });
});

describe("what failed before a dry run", () => {
  const killed: Partial<SyncState> = {
    kills: 1,
    consecutiveErrors: 1,
    outages: 1,
    isUnsettled: true,
    failingSince: iso(-9),
    markSeen: iso(-9),
    lastError: { code: "run-killed", message: "It never ended." },
    nextAttemptAt: iso(-1),
  };

  it("is over when the dry run works, and not before", async () => {
    const world = await setUp({ ...killed, lastUpdated: 2 }, { DRY_RUN: "true", CATEGORIES_TO_SYNC: "clip" });
    expect(await world.watch(1)).toMatchObject({ kind: "ran", report: { outcome: "failed" } });
    expect(await world.store.load()).toMatchObject({ kills: 1, failingSince: iso(-9) });
    world.github.isUp = true;
    expect(await world.watch(2)).toMatchObject({ kind: "backed-off" });
    expect(await world.watch(4)).toMatchObject({ kind: "ran", report: { outcome: "in-sync", dryRun: true } });
    expect(await world.store.load()).toMatchObject({ kills: 0, failingSince: null, lastError: null });
  });
});

describe("GitHub's webhook", () => {
  const known: Partial<SyncState> = {
    lastUpdated: 2,
    repositories: [
      repositoryReport({ outcome: "rejected", pullRequest: { number: 9, url: "https://github.test/pull/9" } }),
    ],
  };

  it("of another pull request than the known one starts a run", async () => {
    const world = await setUp(known);
    world.github.isUp = true;
    expect(await world.service.hear({ role: "image", where: "branch", pull: 9 })).toBe(null);
    expect(await world.service.hear({ role: "image", where: "branch", pull: 4 })).toMatchObject({ outcome: "in-sync" });
  });

  it.each<[string, Record<string, string>, Partial<SyncState>]>([
    ["a dry run", { DRY_RUN: "true" }, {}],
    ["an empty bucket", {}, { bucket: { left: 0, at: START } }],
    ["a back-off", {}, { isUnsettled: true, nextAttemptAt: iso(30) }],
  ])("starts none in %s", async (_what, settings, state) => {
    const world = await setUp({ ...known, ...state }, settings);
    expect(await world.service.hear({ role: "image", where: "base" })).toBe(null);
  });

  it("starts none while somebody has paused the service", async () => {
    const world = await setUp(known);
    await world.store.setPause({ since: iso(-10), reason: "" });
    expect(await world.service.hear({ role: "image", where: "base" })).toBe(null);
  });
});
