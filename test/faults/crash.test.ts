/**
 * A run that is killed: after any of its requests nothing more happens, neither a request nor a KV write. The next
 * tick has to find its way from what it finds.
 */
import { afterAll, describe, expect, it } from "vitest";
import { SCENARIOS, type Scenario } from "./scenarios.ts";
import { expectHonest, expectTidy, openPulls } from "./truth.ts";
import { describeWorlds, LABELS, type World } from "./world.ts";

const createWorld = describeWorlds();
const NEVER = new Promise<never>(() => {});

/** Run until `count` requests were answered, then stop for good. @returns whether the run ended before that */
async function runUntil(world: World, { call }: Scenario, count: number): Promise<boolean> {
  let left = count;
  let stop = () => {};
  const stopped = new Promise<false>((resolve) => {
    stop = () => resolve(false);
  });
  const halt = () => {
    stop();
    return NEVER;
  };
  const ended = world.run(call, {
    fetch: (url, init) => (left-- > 0 ? fetch(url, init) : halt()),
    kv: { ...world.kv, get: world.kv.get, put: halt },
  });
  return Promise.race([stopped, ended.then(() => true)]);
}

describe("a run that is killed after any of its requests", () => {
  let prefixes = 0;
  afterAll(() => console.log(`Crash anywhere: ${prefixes} prefixes.`));

  it.each(SCENARIOS)("leads to the same end: $name", async (scenario) => {
    const failures: string[] = [];
    for (let count = 0; ; count++) {
      const world = await createWorld(scenario.settings);
      await scenario.prepare(world);
      world.calls();
      // The last prefix has all requests, and lacks only what was to be stored.
      await runUntil(world, scenario, count);
      const asked = world.calls().length + world.primary.log.length;
      try {
        for (let again = 0; again < 2; again++) {
          world.pass();
          expectHonest(world, await world.run(scenario.call));
        }
        scenario.expectEnd(world);
        expectTidy(world);
      } catch (error) {
        failures.push(`after ${count} requests: ${error instanceof Error ? error.message : error}`);
      }
      await world.close();
      prefixes++;
      if (asked < count) break;
    }
    expect(failures).toEqual([]);
  });
});

describe("a run that is killed between its pull request and its labels", () => {
  it("has them added by a later run, once it is sure that nobody else is about to", async () => {
    const world = await killedBeforeLabels();
    world.pass();
    expect((await world.run("reconcile"))?.repositories[0]?.outcome).toBe("current");
    expect(openPulls(world, world.image)[0]?.labels).toEqual([]);
    world.clock.advance(16 * 60_000);
    await world.run("reconcile");
    expect(openPulls(world, world.image)[0]).toMatchObject({ labels: LABELS, requestedReviewers: ["alice", "bob"] });
  });

  it("keeps what a person added or took away since, and gets the rest", async () => {
    const world = await killedBeforeLabels();
    world.clock.advance(1000);
    const pull = { repository: world.image, number: 1 };
    world.github.editPullRequest({ ...pull, title: "Mine" });
    world.github.addLabels({ ...pull, labels: ["sync"] });
    world.github.removeLabels({ ...pull, labels: ["sync"] });
    world.clock.advance(16 * 60_000);
    await world.run("reconcile");
    const [open] = openPulls(world, world.image);
    expect([open?.title, open?.labels]).toEqual(["Mine", LABELS.filter((label) => label !== "sync")]);
  });

  it("is not mistaken for one whose labels a person took away", async () => {
    const world = await createWorld({ PR_LABELS: "", PR_REVIEWERS: "" });
    await SCENARIOS[0]?.prepare(world);
    await world.run("tick");
    world.calls();
    world.clock.advance(16 * 60_000);
    await world.run("reconcile");
    expect(world.writes()).toEqual([]);
  });

  async function killedBeforeLabels(): Promise<World> {
    const world = await createWorld({ CATEGORIES_TO_SYNC: "image_generation" });
    await SCENARIOS[0]?.prepare(world);
    const halted = new Promise<void>((resolve) => {
      void world.run("tick", {
        fetch: (url, init) => {
          if (!url.endsWith("/labels")) return fetch(url, init);
          resolve();
          return NEVER;
        },
      });
    });
    await halted;
    return world;
  }
});
