/**
 * Limits, refusals and outages: waited for when the wait fits the run, else told with
 * the time of the next attempt; and one repository's trouble is not the other's.
 */
import { describe, expect, it } from "vitest";
import { HOSTILE } from "../fakes/hostile-text.ts";
import { BRANCH } from "../world/ground.ts";
import { drift, RECORD } from "./scenarios.ts";
import { expectHonest, expectOneRightPull, openPulls } from "./truth.ts";
import { describeWorlds, LABELS, type World } from "./world.ts";

const createWorld = describeWorlds();

const refuse = (status: number, headers: Record<string, string>) =>
  ({ type: "status", status, headers, body: '{"message":"You have exceeded a secondary rate limit."}' }) as const;

async function drifting(): Promise<World> {
  const world = await createWorld();
  drift(world, "First");
  world.calls();
  return world;
}

describe("a rate limit", () => {
  it("that fits the run is waited for", async () => {
    const world = await drifting();
    world.github.faults.add({ method: "POST", path: /pulls$/, action: refuse(403, { "retry-after": "90" }) });
    const before = world.clock.now();
    const report = await world.run("tick");
    expect(report?.outcome).toBe("published");
    expect(world.clock.now() - before).toBeGreaterThanOrEqual(90_000);
    for (const repository of world.repositories) expectOneRightPull(world, repository);
  });

  it.each(["retry-after", "x-ratelimit-reset"])(
    "that does not ends the run, which says when it goes on: %s",
    async (name) => {
      const world = await drifting();
      const until = world.clock.now() + 2 * 60 * 60_000;
      const value = name === "retry-after" ? "7200" : `${Math.ceil(until / 1000)}`;
      const headers = { [name]: value, "x-ratelimit-remaining": "0" };
      world.github.faults.add({ times: Number.POSITIVE_INFINITY, action: refuse(403, headers) });
      const report = await world.run("tick");
      expect(report?.outcome).toBe("failed");
      expect(report?.repositories[0]?.error?.code).toBe("rate-limited");
      expect(Date.parse(world.state().nextAttemptAt ?? "")).toBeGreaterThanOrEqual(until);

      world.calls();
      world.clock.advance(60 * 60_000);
      expect([await world.run("tick"), await world.run("reconcile"), world.calls()]).toEqual([null, null, []]);
      world.github.faults.clear();
      world.pass();
      expect((await world.run("tick"))?.outcome).toBe("published");
      for (const repository of world.repositories) expectOneRightPull(world, repository);
    },
  );
});

describe("trouble in one repository", () => {
  it.each(["image", "text"])("does not stop the other, and keeps the timestamp back: %s", async (broken) => {
    const world = await drifting();
    const before = world.state().lastUpdated;
    const path = new RegExp(`^/repos/[^/]+/${broken}/`);
    world.github.faults.add({ path, times: Number.POSITIVE_INFINITY, action: refuse(500, {}) });
    const report = await world.run("tick");
    expectHonest(world, report);
    expect(report?.outcome).toBe("partial");
    expect(world.state().lastUpdated).toBe(before);
    const fine = broken === "image" ? world.text : world.image;
    expectOneRightPull(world, fine);
    const head = openPulls(world, fine)[0]?.head.sha;

    world.github.faults.clear();
    world.pass();
    expect((await world.run("tick"))?.outcome).toBe("published");
    for (const repository of world.repositories) expectOneRightPull(world, repository);
    expect(openPulls(world, fine)[0]?.head.sha).toBe(head);
    expect(world.state().lastUpdated).toBe(world.primary.lastUpdated);
  });
});

describe("an outage", () => {
  it("is asked about after 1, 2, 4 … 60 minutes, and what waited is published when it ends", async () => {
    const world = await drifting();
    world.github.faults.add({ times: Number.POSITIVE_INFINITY, action: { type: "drop-before" } });
    const waits: number[] = [];
    for (let time = 0; time < 9; time++) {
      const at = world.clock.now();
      expect((await world.run("tick"))?.outcome).toBe("failed");
      waits.push((Date.parse(world.state().nextAttemptAt ?? "") - at) / 60_000);
      world.pass();
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60]);
    world.github.faults.clear();
    expect((await world.run("tick"))?.outcome).toBe("published");
    expect(world.state().nextAttemptAt).toBe(null);
    for (const repository of world.repositories) expectOneRightPull(world, repository);
  });
});

describe("what a pull request carries", () => {
  const LABELS_PATH = /\/issues\/1\/labels$/;

  it("is asked for again at once when the answer was lost", async () => {
    const world = await drifting();
    world.github.faults.add({
      path: LABELS_PATH,
      times: 1,
      action: { type: "status", status: 502, headers: {}, body: "" },
    });
    const report = await world.run("tick");
    expect([report?.outcome, report?.warnings]).toEqual(["published", []]);
    for (const repository of world.repositories) {
      expectOneRightPull(world, repository);
      expect(openPulls(world, repository)[0]?.labels).toEqual(LABELS);
    }
  });

  it("may be missing: the pull request stands, the report does not claim to know, and the next tick adds it", async () => {
    const world = await drifting();
    world.github.faults.add({ path: LABELS_PATH, times: 4, action: { type: "drop-before" } });
    const report = await world.run("tick");
    expect(report?.outcome).toBe("published");
    expect(report?.warnings).toContainEqual(
      expect.stringMatching(/^The label automated may be missing on pull request #1: /),
    );
    expect(openPulls(world, world.image)[0]?.labels).toEqual([]);
    world.pass();
    expect((await world.run("tick"))?.warnings).toEqual([]);
    for (const repository of world.repositories) {
      expectOneRightPull(world, repository);
      expect(openPulls(world, repository)[0]?.labels).toEqual(LABELS);
    }
  });

  it("that a limit kept away is added by the next run, and never again, whatever people make of it", async () => {
    const world = await drifting();
    world.github.faults.add({ path: LABELS_PATH, times: 2, action: refuse(403, {}) });
    await world.run("tick");
    expect(openPulls(world, world.image)[0]?.labels).toEqual([]);
    world.pass();
    await world.run("tick");
    expect(openPulls(world, world.image)[0]?.labels).toEqual(LABELS);
    world.github.removeLabels({ repository: world.image, number: 1, labels: ["sync"] });
    world.calls();
    for (let time = 0; time < 3; time++) {
      drift(world, `Next ${time}`);
      await world.run(time === 1 ? "reconcile" : "tick");
      world.clock.advance(60 * 60_000);
    }
    expect(world.calls().filter((call) => /labels|requested_reviewers/.test(call))).toEqual([]);
  });
});

describe("names from PRIMARY", () => {
  it("cannot break out of the texts, nor break what later runs read in them", async () => {
    const world = await createWorld({ CATEGORIES_TO_SYNC: "image_generation" });
    for (const name of HOSTILE) world.primary.putRecord("image_generation", name, RECORD);
    world.clock.advance(60_000);
    expect((await world.run({ isForced: true }))?.repositories[0]?.outcome).toBe("created");
    expectOneRightPull(world, world.image);
    const [commit] = world.github.history(world.image, BRANCH);
    expect(commit?.message).not.toMatch(/@\w|#\d|https?:\/\//);
    world.clock.advance(60_000);
    expect((await world.run("reconcile"))?.repositories[0]?.outcome).toBe("current");
    world.primary.putRecord("image_generation", "One more", RECORD);
    expect((await world.run("reconcile"))?.repositories[0]?.outcome).toBe("updated");
    expectOneRightPull(world, world.image);
    expect(openPulls(world, world.image)[0]?.body?.match(/^<!-- horde-model-reference-sync:begin /gm)).toHaveLength(1);
  });
});
