/**
 * Many runs at once, each request delayed by chance. Git's ref update is the only lock there is.
 */
import { afterAll, describe, expect, it } from "vitest";
import { createRandom } from "../../sandbox/generate/random.ts";
import type { Fetch } from "../../src/net/transport.ts";
import { BRANCH } from "../world/ground.ts";
import {
  AFTER_MERGE,
  AFTER_REJECTION,
  APPEND,
  CLOSE,
  COMMIT,
  CREATE,
  EDITED,
  MERGED,
  type Scenario,
} from "./scenarios.ts";
import { expectTidy, openPulls } from "./truth.ts";
import { describeWorlds, type World } from "./world.ts";

const createWorld = describeWorlds();
const RUNS = 25;
const SEEDS = [1, 2, 3];
let races = 0;
afterAll(() => console.log(`Concurrency: ${races} races of ${RUNS} manual runs and a tick.`));

/** Each run has a pace of its own, so that some are far ahead of others. */
function createPaces(seed: number): () => Fetch {
  const { below } = createRandom(seed);
  return () => {
    const pace = 1 + below(6);
    return async (url, init) => {
      await sleep(below(pace));
      const answer = await fetch(url, init);
      await sleep(below(pace));
      return answer;
    };
  };
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function race(world: World, scenario: Scenario, seed: number) {
  const paces = createPaces(seed);
  const manual = Array.from({ length: RUNS }, () => world.run({}, { fetch: paces() }));
  const reports = await Promise.all([world.run(scenario.call, { fetch: paces() }), ...manual]);
  races++;
  return reports.filter((report) => report !== null);
}

async function prepared(scenario: Scenario): Promise<World> {
  const world = await createWorld(scenario.settings);
  await scenario.prepare(world);
  world.calls();
  return world;
}

/** Commits that a branch has and its base lacks, the newest first. */
function commitsOn(world: World, repository: string, branch: string, base: string): string[] {
  const known = new Set(world.github.history(repository, base).map(({ sha }) => sha));
  return world.github.history(repository, branch).flatMap(({ sha }) => (known.has(sha) ? [] : [sha]));
}

describe.each(SEEDS)(`${RUNS} manual runs and a tick at once, with chance ${"%i"}`, (seed) => {
  it.each([
    { ...CREATE, commits: 1 },
    { ...APPEND, commits: 2 },
    // The leftover's own commit is in the base after a merge, and is not after a rejection.
    { ...AFTER_MERGE, commits: 1 },
    { ...AFTER_REJECTION, commits: 2 },
  ])("make one branch, one pull request and one commit: $name", async ({ commits, ...scenario }) => {
    const world = await prepared(scenario);
    const reports = await race(world, scenario, seed);
    for (const { outcome } of reports) expect(outcome).toBe("published");
    scenario.expectEnd(world);
    expectTidy(world);
    for (const repository of world.repositories) {
      expect(commitsOn(world, repository, BRANCH, "main")).toHaveLength(commits);
    }
    await world.close();
  });

  it("ask for labels and reviews once", async () => {
    const world = await prepared(CREATE);
    await race(world, CREATE, seed);
    const asked = world.calls().filter((call) => /labels$|requested_reviewers$/.test(call));
    expect(asked.sort()).toEqual([
      "POST image issues/1/labels",
      "POST image pulls/1/requested_reviewers",
      "POST text issues/1/labels",
      "POST text pulls/1/requested_reviewers",
    ]);
    await world.close();
  });

  it.each([CLOSE, MERGED, COMMIT, EDITED])("do once what is to be done, and say it once: $name", async (scenario) => {
    const world = await prepared(scenario);
    const reports = await race(world, scenario, seed);
    for (const { outcome } of reports) expect(["published", "in-sync", "held"]).toContain(outcome);
    scenario.expectEnd(world);
    expectTidy(world);
    for (const repository of world.repositories) {
      for (const { comments } of world.github.pullRequests(repository)) expect(comments.length).toBeLessThanOrEqual(1);
    }
    await world.close();
  });

  it("never put an older answer of PRIMARY over a newer one, though no two of them hear the same", async () => {
    const world = await prepared(CREATE);
    const paces = createPaces(seed);
    let counter = 0;
    const run = () => {
      const send = paces();
      return world.run(
        { categories: ["image_generation"] },
        {
          fetch(url, init) {
            if (url.endsWith("/image_generation")) {
              world.primary.putRecord("image_generation", "Counter", { value: ++counter });
            }
            return send(url, init);
          },
        },
      );
    };
    await Promise.all(Array.from({ length: RUNS }, run));
    races++;
    const shown = world.github
      .history(world.image, BRANCH)
      .map(({ sha }) => readCounter(world, sha))
      .reverse();
    expect(shown.length).toBeGreaterThan(3);
    expect(shown).toEqual([...shown].sort((left, right) => left - right));
    expect(openPulls(world, world.image)).toHaveLength(1);
    await world.run({});
    CREATE.expectEnd(world);
    await world.close();
  });
});

/** What a commit's file says; -1 before there was a counter. */
function readCounter(world: World, commit: string): number {
  const bytes = world.github.readFile({ repository: world.image, ref: commit, path: "stable_diffusion.json" });
  const models: Record<string, { value?: number }> = JSON.parse(new TextDecoder().decode(bytes ?? undefined));
  return models["Counter"]?.value ?? -1;
}
