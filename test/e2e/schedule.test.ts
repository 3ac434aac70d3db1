/**
 * When ticks look, run, wait and remember, seen from outside: requests and KV.
 */
import { describe, expect, test } from "vitest";
import { PLACED_CATEGORIES } from "../../src/category-names.ts";
import { RECORD } from "../world/ground.ts";
import { describeWorlds, EVERYTHING, IMAGE, isWrite, type World } from "./world.ts";

const createWorld = describeWorlds();

describe("a tick", () => {
  test("with nothing new makes one request and no KV write", async () => {
    const world = await createWorld();
    await world.tick();
    const before = await world.stored();
    world.primaryCalls();
    world.githubCalls();
    for (const minutes of [1, 2, 3]) expect(await world.tick(minutes)).toBe("ok");
    expect(world.primaryCalls()).toEqual(["metadata/last_updated", "metadata/last_updated", "metadata/last_updated"]);
    expect(world.githubCalls()).toEqual([]);
    expect(await world.stored()).toEqual(before);
  });

  test("with another timestamp runs, also when it is smaller, and a second one does nothing", async () => {
    const world = await createWorld();
    await world.tick();
    world.sandbox.primary.setLastUpdated(7);
    world.primaryCalls();
    await world.tick(1);
    expect(world.primaryCalls()).toEqual(["metadata/last_updated", "metadata/metadata"]);
    expect((await world.status()).primary.lastUpdated).toBe(7);
    await world.tick(2);
    expect(world.primaryCalls()).toEqual(["metadata/last_updated"]);
  });

  test("for a change in a category without a legacy file asks GitHub nothing", async () => {
    const world = await createWorld();
    await world.tick();
    world.githubCalls();
    world.sandbox.primary.putRecord("video_generation", "V", RECORD);
    await world.tick(1);
    expect(world.githubCalls()).toEqual([]);
    expect((await world.status()).state).toBe("in-sync");
  });

  test("makes no request while the watch is off, and a reconcile still runs", async () => {
    const world = await createWorld({ vars: { HORDE_GITHUB_SYNC_WATCH_MODE: "false" } });
    await world.tick();
    expect(world.primaryCalls()).toEqual([]);
    await world.reconcile();
    expect(world.primaryCalls()).toHaveLength(EVERYTHING);
  });

  test("keeps to the interval", async () => {
    const world = await createWorld({ vars: { HORDE_GITHUB_SYNC_WATCH_INTERVAL_SECONDS: "300" } });
    await world.reconcile();
    world.primaryCalls();
    for (let minutes = 1; minutes <= 10; minutes++) await world.tick(minutes);
    expect(world.primaryCalls()).toHaveLength(2);
  });

  test("the first one only stores the timestamp without WATCH_ENABLE_STARTUP_SYNC", async () => {
    const world = await createWorld({ vars: { HORDE_GITHUB_SYNC_WATCH_ENABLE_STARTUP_SYNC: "false" } });
    world.sandbox.primary.putRecord("esrgan", "First", RECORD);
    world.primaryCalls();
    await world.tick();
    expect(world.primaryCalls()).toEqual(["metadata/last_updated"]);
    expect(world.githubCalls()).toEqual([]);
    expect(Object.keys(await world.stored())).toEqual(["state"]);
    await world.tick(1);
    expect(world.githubCalls()).toEqual([]);
  });

  test("with PRIMARY's timestamp null runs once", async () => {
    const world = await createWorld();
    world.sandbox.primary.setLastUpdated(null);
    await world.tick();
    expect((await world.status()).state).toBe("in-sync");
    world.primaryCalls();
    await world.tick(1);
    expect(world.primaryCalls()).toEqual(["metadata/last_updated"]);
  });
});

describe("a reconcile", () => {
  test("with all in sync stays within its budget, reads no file twice and writes nothing", async () => {
    const world = await createWorld();
    await world.reconcile();
    world.githubCalls();
    world.primaryCalls();
    await world.reconcile(360);
    const calls = world.githubCalls();
    expect(calls.length).toBeLessThanOrEqual(6);
    expect(calls.filter(isWrite)).toEqual([]);
    expect(calls.filter((call) => call.includes("/git/blobs/"))).toEqual([]);
    expect(world.primaryCalls()).toHaveLength(EVERYTHING);
  });

  test("finds what people changed on the base branch", async () => {
    const world = await createWorld();
    await world.reconcile();
    world.sandbox.github.commit({ repository: IMAGE, branch: "main", files: { "esrgan.json": "{}\n" } });
    await world.reconcile(360);
    const [report] = (await world.status()).repositories;
    expect(report).toMatchObject({ outcome: "created", files: ["esrgan.json"] });
  });
});

describe("the first run", () => {
  test("stays within 45 external requests when every file differs in bytes and one in meaning", async () => {
    const world = await createWorld();
    for (const { name: category } of PLACED_CATEGORIES.filter(({ role }) => role === "image")) {
      const name = Object.keys(JSON.parse(world.sandbox.primary.category(category) ?? "{}"))[0] ?? "";
      world.sandbox.primary.putRecord(category, name, { name, changed: true });
    }
    world.primaryCalls();
    const { report } = await world.sync();
    expect(report.outcome).toBe("published");
    const [primary, github] = [world.primaryCalls().length, world.githubCalls().length];
    expect(report.requests).toEqual({ primary, github });
    expect(primary + github).toBeLessThanOrEqual(45);
  });
});

describe("the stored state", () => {
  test.each([
    ["missing", null],
    ["cut short", '{"version":1,"lastUpda'],
    ["of another version", '{"version":0,"timestamp":1}'],
    ["of another form", '{"version":1,"repositories":7}'],
    ["not JSON", "hello"],
  ])("that is %s costs requests only", async (_, garbage) => {
    const world = await createWorld();
    await world.tick();
    await world.store("state", garbage);
    world.githubCalls();
    expect(await world.tick(1)).toBe("ok");
    expect(world.githubCalls().filter(isWrite)).toEqual([]);
    expect((await world.status()).state).toBe("in-sync");
  });
});

describe("while a pull request waits, a tick looks at GitHub", () => {
  const vars = { HORDE_GITHUB_SYNC_GITHUB_CHECK_SECONDS: "60" };
  const LOOK = ["GET /git/matching-refs/heads/sync/model-references", "GET /pulls/1"];
  async function withPullRequest() {
    const world = await createWorld({ vars });
    world.sandbox.primary.putRecord("esrgan", "Waiting", RECORD);
    await world.tick();
    // GitHub begins to find out whether it can be merged when it is asked; that is worth a write, once.
    await world.tick(1);
    await world.tick(2);
    world.githubCalls();
    world.primaryCalls();
    return world;
  }

  test("with two requests and no write, where nobody did anything", async () => {
    const world = await withPullRequest();
    const before = await world.stored();
    await world.tick(3);
    expect(world.githubCalls().sort()).toEqual(LOOK);
    expect(world.primaryCalls()).toEqual(["metadata/last_updated"]);
    expect(await world.stored()).toEqual(before);
  });

  test.each([
    ["merged", "in-sync", (world: World) => world.sandbox.github.mergePullRequest({ repository: IMAGE, number: 1 })],
    ["closed", "rejected", (world: World) => world.sandbox.github.closePullRequest({ repository: IMAGE, number: 1 })],
    [
      "pushed",
      "edited",
      (world: World) =>
        world.sandbox.github.commit({ repository: IMAGE, branch: "sync/model-references", files: { note: "Mine." } }),
    ],
  ])("and runs when somebody %s", async (_what, outcome, act) => {
    const world = await withPullRequest();
    act(world);
    expect(await world.tick(3)).toBe("ok");
    expect((await world.status()).repositories[0]?.outcome).toBe(outcome);
    await world.tick(4);
    world.githubCalls();
    const before = await world.stored();
    await world.tick(5);
    expect(world.githubCalls().sort()).toEqual(outcome === "in-sync" ? [] : LOOK);
    expect(await world.stored()).toEqual(before);
  });

  test("and fails in public when GitHub refuses to answer", async () => {
    const world = await withPullRequest();
    world.sandbox.github.faults.add({ times: 99, action: { type: "status", status: 401 } });
    expect(await world.tick(3)).toBe("failed");
    expect(await world.status()).toMatchObject({ state: "failing" });
  });

  test("at most every GITHUB_CHECK_SECONDS", async () => {
    const world = await createWorld({ vars: { HORDE_GITHUB_SYNC_GITHUB_CHECK_SECONDS: "300" } });
    world.sandbox.primary.putRecord("esrgan", "Waiting", RECORD);
    await world.tick();
    world.githubCalls();
    for (let minute = 1; minute <= 10; minute++) await world.tick(minute);
    expect(world.githubCalls()).toHaveLength(4);
  });
});

describe("recent runs", () => {
  test("with news are listed newest first, and each can be read", async () => {
    const world = await createWorld();
    await world.tick();
    await world.reconcile(1);
    world.sandbox.primary.putRecord("esrgan", "News", RECORD);
    await world.reconcile(2);
    const { runs } = await world.status();
    expect(runs.map(({ trigger, outcome }) => [trigger, outcome])).toEqual([
      ["reconcile", "published"],
      ["tick", "in-sync"],
    ]);
    const answer = await world.fetch(`/runs/${runs[0]?.id}`);
    expect(JSON.parse(await answer.text())).toMatchObject({ trigger: "reconcile", outcome: "published" });
  });
});
