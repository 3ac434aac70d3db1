/**
 * What a branch holds is told and kept, whatever becomes of the settings, of other pull requests, and of what waits.
 */
import { describe, expect, it } from "vitest";
import type { Report } from "../../src/contract/report.ts";
import { BRANCH } from "../world/ground.ts";
import { imageWorlds } from "./image-worlds.ts";
import { editText, RECORD } from "./scenarios.ts";
import { expectTold, recordsThatDiffer } from "./told.ts";
import { openPulls } from "./truth.ts";
import { describeWorlds, LABELS, type World } from "./world.ts";

const createWorld = describeWorlds();
const MINUTE = 60_000;
const NEVER = new Promise<never>(() => {});
const worldWith = imageWorlds(createWorld);

async function runOf(
  world: World,
  call: Parameters<World["run"]>[0],
  options = {},
): Promise<Report["repositories"][0] | undefined> {
  world.clock.advance(MINUTE);
  return (await world.run(call, options))?.repositories[0];
}

function removeRecords(world: World, count: number): void {
  const names = Object.keys(JSON.parse(world.primary.category("image_generation") ?? "{}"));
  for (const name of names.slice(0, count)) world.primary.removeRecord("image_generation", name);
}

describe("a category that is taken out of the settings while its changes are on the branch", () => {
  it("stays in the text, and in what the merge does", async () => {
    const world = await worldWith();
    removeRecords(world, 6);
    world.primary.putRecord("clip", "Other", RECORD);
    await runOf(world, { isForced: true });
    world.configure({ CATEGORIES_TO_SYNC: "clip" });
    for (const call of ["reconcile", "tick", "reconcile"] as const) {
      await runOf(world, call);
      expectTold(world, world.image);
      expect(openPulls(world, world.image)[0]?.title).toMatch(/6 removed/);
      expect(openPulls(world, world.image)[0]?.body).toMatch(/but for image_generation, which was not compared\./);
    }
    const told = await runOf(world, "reconcile");
    expect(told?.files).toEqual(["stable_diffusion.json", "clip.json"]);
    world.primary.putRecord("clip", "More", RECORD);
    expect((await runOf(world, "tick"))?.outcome).toBe("updated");
    expectTold(world, world.image);
    expect(Object.keys(recordsThatDiffer(world, world.image)).sort()).toEqual(["clip", "image_generation"]);
  });
});

describe("a second pull request that a person opens from our branch into another", () => {
  it("is left alone, and ours goes on", async () => {
    const world = await worldWith();
    world.primary.putRecord("clip", "First", RECORD);
    await runOf(world, "tick");
    world.github.commit({ repository: world.image, branch: "dev", files: {} });
    world.github.openPullRequest({
      repository: world.image,
      head: BRANCH,
      base: "dev",
      title: "To dev",
      body: "Mine.",
    });
    world.primary.putRecord("esrgan", "Second", RECORD);
    expect((await runOf(world, "tick"))?.outcome).toBe("updated");
    const pulls = openPulls(world, world.image);
    expect(pulls.find(({ number }) => number === 2)).toMatchObject({ title: "To dev", body: "Mine." });
    expect(pulls.find(({ number }) => number === 1)?.body).toMatch(/Second/);
    world.primary.removeRecord("esrgan", "Second");
    world.primary.removeRecord("clip", "First");
    await runOf(world, "tick");
    const commented = world.github.pullRequests(world.image).map(({ comments }) => comments.length);
    expect(commented.sort()).toEqual([0, 1]);
    expect(world.github.pullRequests(world.image).find(({ comments }) => comments.length === 1)?.number).toBe(1);
  });
});

describe("a run that is killed before its labels", () => {
  it("has them added by the ticks that follow, without a reconcile", async () => {
    const world = await worldWith();
    world.primary.putRecord("clip", "First", RECORD);
    world.clock.advance(MINUTE);
    await new Promise<void>((resolve) => {
      const halt = (url: string, init?: RequestInit) => {
        if (!url.endsWith("/labels")) return fetch(url, init);
        resolve();
        return NEVER;
      };
      void world.run("tick", { fetch: halt });
    });
    for (let minute = 0; minute < 20; minute++) await runOf(world, "tick");
    expect(openPulls(world, world.image)[0]).toMatchObject({ labels: LABELS, requestedReviewers: ["alice", "bob"] });
  });
});

describe("what waits delays nobody else", () => {
  it.each([
    ["a category that PRIMARY answers {} for", (world: World) => world.primary.setCategory("clip", "{}")],
    ["a category that PRIMARY answers 404 for", (world: World) => world.primary.removeCategory("clip")],
  ])("%s", async (_what, act) => {
    const world = await worldWith();
    act(world);
    for (let minute = 0; minute < 40; minute++) await runOf(world, "tick");
    expect(world.state()).toMatchObject({ nextAttemptAt: null, consecutiveErrors: 0 });
    world.primary.putRecord("esrgan", "Fresh", RECORD);
    expect((await runOf(world, "tick"))?.outcome).toBe("created");
  });

  it.each([
    ["is archived", (world: World) => world.github.setArchived(world.image, true)],
    [
      "answers 502",
      (world: World) =>
        world.github.faults.add({ path: /\/image\//, times: 9999, action: { type: "status", status: 502 } }),
    ],
  ])("a repository that %s", async (_what, act) => {
    const world = await createWorld({ CATEGORIES_TO_SYNC: "clip,text_generation" });
    await world.run("tick");
    act(world);
    world.primary.putRecord("clip", "First", RECORD);
    for (let minute = 0; minute < 40; minute++) await runOf(world, "tick");
    expect(world.state().consecutiveErrors).toBeGreaterThan(3);
    editText(world, "Edited");
    world.calls();
    world.clock.advance(MINUTE);
    const report = await world.run("tick");
    expect(report?.repositories.map(({ outcome }) => outcome)).toEqual(["failed", "created"]);
    expect(world.writes().filter((call) => / image /.test(call))).toEqual([]);
    world.github.faults.clear();
    world.github.setArchived(world.image, false);
    for (let minute = 0; minute < 61; minute++) await runOf(world, "tick");
    expect(openPulls(world, world.image)).toHaveLength(1);
    expect(world.state()).toMatchObject({ nextAttemptAt: null, consecutiveErrors: 0 });
  });
});

describe("what the body promises", () => {
  it("is everything only when everything was compared", async () => {
    const world = await worldWith();
    world.primary.setCategory("esrgan", "<html>");
    world.primary.putRecord("clip", "First", RECORD);
    await runOf(world, "tick");
    const body = () => openPulls(world, world.image)[0]?.body ?? "";
    expect(body()).not.toMatch(/exactly what PRIMARY says\./);
    expect(body()).toMatch(/esrgan/);
  });

  it("does not promise what a run over some categories did not look at", async () => {
    const world = await worldWith();
    world.primary.putRecord("clip", "First", RECORD);
    world.primary.putRecord("esrgan", "Second", RECORD);
    await runOf(world, { categories: ["clip"] });
    expect(openPulls(world, world.image)[0]?.body).not.toMatch(/exactly what PRIMARY says\./);
  });
});

describe("renames of more than the share that may be removed", () => {
  it("are held as removals are: every name that clients use would be gone", async () => {
    const world = await worldWith();
    const records: Record<string, unknown> = JSON.parse(world.primary.category("image_generation") ?? "{}");
    const renamed = Object.entries(records).map(([name, value]) => [`new/${name}`, value]);
    world.primary.setCategory("image_generation", JSON.stringify(Object.fromEntries(renamed)));
    expect(await runOf(world, "tick")).toMatchObject({
      outcome: "held",
      categories: { image_generation: { held: expect.stringMatching(/rename/) } },
    });
    expect((await runOf(world, { categories: ["image_generation"], isForced: true }))?.outcome).toBe("created");
    expect((await runOf(world, "reconcile"))?.outcome).toBe("current");
  });
});

describe("what failed at a timestamp that stays", () => {
  const ticks = async (world: World, count: number) => {
    let runs = 0;
    for (let minute = 0; minute < count; minute++) {
      world.clock.advance(MINUTE);
      if ((await world.run("tick")) !== null) runs++;
    }
    return runs;
  };

  it("is tried again when a reconcile met it, and is not told as recovered before", async () => {
    const world = await createWorld({ CATEGORIES_TO_SYNC: "clip,text_generation" });
    await world.run("tick");
    world.github.commit({ repository: world.image, files: { "clip.json": "{ broken" } });
    await runOf(world, "reconcile");
    await ticks(world, 3);
    expect(world.state().failingSince).not.toBe(null);
    world.github.commit({ repository: world.image, files: { "clip.json": world.primary.category("clip") ?? "" } });
    await ticks(world, 10);
    expect(world.state()).toMatchObject({ failingSince: null, awaiting: null, consecutiveErrors: 0 });
  });

  it("keeps the timestamp of a first run back", async () => {
    const world = await createWorld({ CATEGORIES_TO_SYNC: "clip,text_generation", WATCH_ENABLE_STARTUP_SYNC: "false" });
    world.primary.putRecord("clip", "First", RECORD);
    world.github.faults.add({ path: /\/image\//, times: 9999, action: { type: "status", status: 502 } });
    await runOf(world, {});
    await ticks(world, 5);
    expect(world.state().lastUpdated).not.toBe(world.primary.lastUpdated);
    world.github.faults.clear();
    await ticks(world, 61);
    expect(openPulls(world, world.image)).toHaveLength(1);
  });

  it("is forgotten with its category", async () => {
    const world = await worldWith();
    world.primary.setCategory("esrgan", "<html>");
    await ticks(world, 3);
    world.configure({ CATEGORIES_TO_SYNC: "image_generation,clip" });
    await ticks(world, 10);
    expect(await ticks(world, 60)).toBe(0);
    expect(world.state()).toMatchObject({ failingSince: null, lastUpdated: world.primary.lastUpdated });
  });

  it("is not asked for each minute where its repository fails as well", async () => {
    const world = await createWorld({ CATEGORIES_TO_SYNC: "clip,esrgan,text_generation" });
    await world.run("tick");
    world.primary.setCategory("esrgan", "<html>");
    await ticks(world, 3);
    world.github.faults.add({ path: /\/image\//, times: 9999, action: { type: "status", status: 502 } });
    world.primary.putRecord("clip", "First", RECORD);
    expect(await ticks(world, 120)).toBeLessThan(12);
  });

  it("does not make one hiccup of PRIMARY an hour's wait, nor count attempts that were none", async () => {
    const world = await createWorld({ CATEGORIES_TO_SYNC: "clip,text_generation" });
    await world.run("tick");
    world.github.setArchived(world.image, true);
    world.primary.putRecord("clip", "First", RECORD);
    for (let minute = 0; minute < 20; minute++) {
      editText(world, `Edit ${minute}`);
      await ticks(world, 1);
    }
    expect(world.state().consecutiveErrors).toBeLessThan(7);
    // So many edits spent the bucket of runs.
    await ticks(world, 30);
    world.primary.faults.add({ path: /last_updated/, times: 3, action: { type: "status", status: 503 } });
    await ticks(world, 1);
    expect(Date.parse(world.state().nextAttemptAt ?? "") - world.clock.now()).toBeLessThanOrEqual(MINUTE);
    world.github.setArchived(world.image, false);
  });

  it("backs off alone though a pull request waits", async () => {
    const world = await createWorld({ CATEGORIES_TO_SYNC: "clip,text_generation", GITHUB_CHECK_SECONDS: "300" });
    await world.run("tick");
    world.primary.putRecord("clip", "First", RECORD);
    await ticks(world, 2);
    world.github.faults.add({ path: /\/image\//, times: 99_999, action: { type: "status", status: 404 } });
    expect(await ticks(world, 180)).toBeLessThan(12);
    world.github.faults.clear();
  });

  it("goes on failing after a manual run over others, and recovers once", async () => {
    const world = await createWorld({ CATEGORIES_TO_SYNC: "clip,text_generation" });
    await world.run("tick");
    world.github.setArchived(world.image, true);
    world.primary.putRecord("clip", "First", RECORD);
    await ticks(world, 3);
    const { failingSince } = world.state();
    expect(failingSince).not.toBe(null);
    await runOf(world, { categories: ["text_generation"] });
    expect(world.state().failingSince).toBe(failingSince);
    world.github.setArchived(world.image, false);
    await ticks(world, 10);
    expect(world.state().failingSince).toBe(null);
  });
});

describe("a rejection", () => {
  it("outlives a second pull request of somebody else's, and a manual run over other categories", async () => {
    const world = await worldWith();
    world.primary.putRecord("esrgan", "First", RECORD);
    await runOf(world, "tick");
    world.github.commit({ repository: world.image, branch: "dev", files: {} });
    world.github.openPullRequest({ repository: world.image, head: BRANCH, base: "dev", title: "To dev" });
    world.github.closePullRequest({ repository: world.image, number: 1 });
    expect((await runOf(world, "reconcile"))?.outcome).toBe("rejected");
    await runOf(world, { categories: ["clip"] });
    expect(world.state().repositories[0]?.outcome).toBe("rejected");
    world.github.mergePullRequest({ repository: world.image, number: 2 });
    expect((await runOf(world, "reconcile"))?.outcome).toBe("rejected");
  });
});
