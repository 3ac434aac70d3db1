import { describe, expect, it } from "vitest";
import type { PrimaryPort } from "../../src/sync/ports.ts";
import { createRequestBudget } from "../../src/sync/request-budget.ts";
import { type RunResult, runSync } from "../../src/sync/run.ts";
import type { RunRequest } from "../../src/sync/run-request.ts";
import { createFakeLog } from "../fakes/log.ts";
import { createFakePrimary } from "../fakes/primary.ts";
import { createFakeRepository } from "../fakes/repository.ts";
import { configWith } from "../fakes/settings.ts";

const json = (name: string, version: number) => `{\n    "${name}": {\n        "v": ${version}\n    }\n}\n`;
const FILES = { "clip.json": json("clip", 1), "blip.json": json("blip", 1), "esrgan.json": json("esrgan", 1) };

/** Answers only when everybody waits: so many requests as are under way at once are one round trip. */
function createRounds() {
  const rounds: string[][] = [];
  let waiting: { readonly call: string; readonly release: () => void }[] = [];
  return {
    rounds,
    arrive: (call: string) => new Promise<void>((release) => waiting.push({ call, release })),
    async drive<T>(work: Promise<T>): Promise<T> {
      let isDone = false;
      const done = work.finally(() => {
        isDone = true;
      });
      while (!isDone) {
        await new Promise((resolve) => setImmediate(resolve));
        const arrived = waiting;
        waiting = [];
        if (arrived.length > 0) rounds.push(arrived.map(({ call }) => call.replace(/ .*/, "")).sort());
        for (const { release } of arrived) release();
      }
      return done;
    },
  };
}

async function setUp() {
  const image = await createFakeRepository("image", FILES);
  const text = await createFakeRepository("text");
  const bodies = { clip: FILES["clip.json"], blip: FILES["blip.json"], esrgan: FILES["esrgan.json"] };
  const fake = createFakePrimary(bodies);
  const { log } = createFakeLog();
  let memory: RunResult["memory"] = {};
  let latest: RunResult["report"]["repositories"] = [];

  return {
    image,
    bodies,
    stamps: fake.stamps,
    async run(trigger: RunRequest["trigger"]) {
      const { rounds, arrive, drive } = createRounds();
      image.before = arrive;
      const primary: PrimaryPort = {
        lastUpdated: () => arrive("last_updated").then(fake.lastUpdated),
        categoryStamps: () => arrive("metadata").then(fake.categoryStamps),
        category: (name) => arrive("category").then(() => fake.category(name)),
      };
      const result = await drive(
        runSync(
          { id: "run-1", trigger, categories: null, isDryRun: false, isForced: false },
          {
            config: configWith({ CATEGORIES_TO_SYNC: "clip,blip,esrgan" }),
            primary,
            repositories: { image: image.ports, text: text.ports },
            memory,
            previous: null,
            latest,
            requests: () => ({ primary: 0, github: 0 }),
            requestsTo: () => 0,
            budget: createRequestBudget(() => 0, Number.POSITIVE_INFINITY),
            now: () => 0,
            log,
          },
        ),
      );
      memory = result.memory;
      latest = result.report.repositories;
      return { rounds, outcome: result.report.outcome };
    },
  };
}

const WRITES = [["tree"], ["commit"], ["createBranch"], ["open"], ["add"]];

describe("the round trips of a run", () => {
  it("of a tick with one edited record: its file is asked for together with PRIMARY's answer", async () => {
    const world = await setUp();
    await world.run("reconcile");
    world.stamps.set("clip", 2);
    world.bodies.clip = json("clip", 2);
    const { rounds, outcome } = await world.run("tick");
    expect(outcome).toBe("published");
    expect(rounds).toEqual([
      ["last_updated"],
      ["metadata"],
      ["branch", "branches", "list"],
      ["blob", "category"],
      ...WRITES,
    ]);
  });

  it("of a first run: all categories at once, then all files that differ", async () => {
    const world = await setUp();
    Object.assign(world.bodies, { clip: json("clip", 2), blip: json("blip", 2) });
    const { rounds, outcome } = await world.run("manual");
    expect(outcome).toBe("published");
    expect(rounds).toEqual([
      ["last_updated"],
      ["branch", "branches", "list", "metadata"],
      ["category", "category", "category", "files"],
      ["blob", "blob"],
      ...WRITES,
    ]);
  });

  it("of a reconcile with all in sync: three", async () => {
    const world = await setUp();
    await world.run("reconcile");
    const { rounds, outcome } = await world.run("reconcile");
    expect(outcome).toBe("in-sync");
    expect(rounds).toEqual([
      ["last_updated"],
      ["branch", "branches", "list", "metadata"],
      ["category", "category", "category"],
    ]);
  });

  it("of a tick that finds a category touched and not changed: nothing is written", async () => {
    const world = await setUp();
    await world.run("reconcile");
    world.stamps.set("clip", 2);
    const { rounds, outcome } = await world.run("tick");
    expect(outcome).toBe("in-sync");
    expect(rounds.flat().filter((call) => call === "blob")).toHaveLength(1);
    expect(world.image.writes()).toEqual([]);
  });

  it("that fails in one read ends only when all others have, and asks nothing more", async () => {
    const world = await setUp();
    world.image.refs.delete("main");
    const { rounds, outcome } = await world.run("manual");
    expect(outcome).toBe("failed");
    // What the repository is called and holds is asked for the message.
    expect(rounds.slice(-2)).toEqual([["branch", "branches", "list", "metadata"], ["repository"]]);
  });
});
