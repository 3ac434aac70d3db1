/**
 * What a branch holds is told and kept, whatever becomes of the settings, of other pull requests, and of what waits.
 */
import { describe, expect, it } from "vitest";
import type { Report } from "../../src/contract/report.ts";
import { editText, RECORD } from "./scenarios.ts";
import { expectTold, recordsThatDiffer } from "./told.ts";
import { openPulls } from "./truth.ts";
import { BRANCH, describeWorlds, LABELS, type Settings, type World } from "./world.ts";

const createWorld = describeWorlds();
const MINUTE = 60_000;
const NEVER = new Promise<never>(() => {});

async function worldWith(settings: Settings = {}): Promise<World> {
  const world = await createWorld({ CATEGORIES_TO_SYNC: "image_generation,esrgan,clip", ...settings });
  await world.run("tick");
  return world;
}

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

const writesOf = (world: World) => world.calls().filter((call) => !call.startsWith("GET "));

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
    expect(writesOf(world).filter((call) => / image /.test(call))).toEqual([]);
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
