import { describe, expect, it } from "vitest";
import { createSyncService } from "../../src/service/service.ts";
import { createStateStore, EMPTY_STATE, type SyncState } from "../../src/state/store.ts";
import { createFakeClock, START } from "../fakes/clock.ts";
import { createFakeKv } from "../fakes/kv.ts";
import { createFakeLog } from "../fakes/log.ts";
import { configWith, PRIMARY_URL } from "../fakes/settings.ts";

const MINUTE = 60_000;
const iso = (minute: number) => new Date(START + minute * MINUTE).toISOString();

/** A PRIMARY whose timestamp is the clock's second at every question, and nothing to sync from it. */
async function setUp(state: Partial<SyncState> = {}) {
  const clock = createFakeClock();
  const kv = createFakeKv();
  const store = createStateStore(kv);
  await store.save({ ...EMPTY_STATE, lastUpdated: 1, heartbeatAt: iso(0), ...state });
  const primary = { stamp: 2, clip: "{}", reads: 0, asked: 0 };
  const fetch = async (url: string) => {
    if (url.endsWith("/metadata/last_updated")) {
      primary.asked++;
      return Response.json({ last_updated: primary.stamp });
    }
    if (url === `${PRIMARY_URL}/model_references/v1/metadata/metadata`)
      return Response.json({ clip: { last_updated: primary.stamp } });
    if (url === `${PRIMARY_URL}/model_references/v1/clip`) primary.reads++;
    return Response.json({ message: "Not Found" }, { status: 404 });
  };
  const { log } = createFakeLog();
  const config = configWith({
    WATCH_MODE: "true",
    WATCH_ENABLE_STARTUP_SYNC: "true",
    CATEGORIES_TO_SYNC: "clip",
  });
  const service = createSyncService({ config, store, fetch, clock, tokens: new Map(), log });
  return {
    kv,
    store,
    primary,
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
    world.kv.values.delete("running");
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
