/**
 * People do not wait for a run to end: they merge, close, push and delete right before any of its requests. Two
 * reconciles later everything must be as if they had come at another time, and nothing of theirs may be lost.
 */
import { afterAll, describe, expect, it } from "vitest";
import { BRANCH } from "../world/ground.ts";
import { APPEND, CLOSE, CREATE, type Scenario } from "./scenarios.ts";
import { branchesOf, expectInSync, expectOnePull, expectTidy, meansPrimary, openPulls } from "./truth.ts";
import { describeWorlds, type World } from "./world.ts";

const createWorld = describeWorlds();
let moments = 0;
afterAll(() => console.log(`People in the middle of a run: ${moments} moments.`));

interface Deed {
  readonly name: string;
  readonly scenario: Scenario;
  /** @returns what `expectEnd` wants to know, or `null` when it cannot be done at this moment */
  act(world: World): string | null;
  expectEnd(world: World, done: string): void;
}

const IMAGE_ONLY = { CATEGORIES_TO_SYNC: "image_generation" };
const PATH = "stable_diffusion.json";

function push(world: World, branch: string, path: string): string | null {
  if (!branchesOf(world, world.image).includes(branch)) return null;
  const bytes = world.github.readFile({ repository: world.image, ref: branch, path });
  const text = new TextDecoder().decode(bytes ?? undefined).replace('"nsfw": false', '"nsfw": true');
  return world.github.commit({
    repository: world.image,
    branch,
    files: { [path]: `${text}${path === PATH ? "" : "!"}` },
  });
}

const openOne = (world: World) => openPulls(world, world.image)[0] ?? null;

function expectSettled(world: World): void {
  if (meansPrimary(world, world.image, "main")) expectInSync(world, world.image);
  else expectOnePull(world, world.image);
}

/** What was closed is rejected if it held all that PRIMARY says now; otherwise there is a new pull request. */
function expectRejectedOrNew(world: World, closedHead: string): void {
  if (meansPrimary(world, world.image, closedHead)) expect(openPulls(world, world.image)).toEqual([]);
  else expectOnePull(world, world.image);
}

/** On the branch, or in a pull request that ended with it. */
function expectKept(world: World, commit: string): void {
  const ended = world.github.pullRequests(world.image).filter(({ state }) => state === "closed");
  const heads = [BRANCH, ...ended.map(({ head }) => head.sha)];
  const kept = heads.flatMap((head) => world.github.history(world.image, head).map(({ sha }) => sha));
  expect(kept).toContain(commit);
}

const merge = (world: World) => {
  const pull = openOne(world);
  return pull === null ? null : world.github.mergePullRequest({ repository: world.image, number: pull.number });
};

const DEEDS: readonly Deed[] = [
  { name: "merges, while a run appends", scenario: APPEND, act: merge, expectEnd: expectSettled },
  { name: "merges, while a run publishes", scenario: CREATE, act: merge, expectEnd: expectSettled },
  {
    name: "closes, while a run appends",
    scenario: APPEND,
    act(world) {
      const pull = openOne(world);
      if (pull === null) return null;
      world.github.closePullRequest({ repository: world.image, number: pull.number });
      return pull.head.sha;
    },
    expectEnd: expectRejectedOrNew,
  },
  {
    name: "deletes the branch, while a run appends",
    scenario: APPEND,
    act(world) {
      const head = world.github.branches(world.image)[BRANCH];
      if (head === undefined) return null;
      world.github.deleteBranch(world.image, BRANCH);
      return head;
    },
    expectEnd: expectRejectedOrNew,
  },
  {
    name: "pushes to the branch, while a run appends",
    scenario: APPEND,
    act: (world) => push(world, BRANCH, "README.md"),
    expectEnd(world, commit) {
      expectKept(world, commit);
      expect(openOne(world)?.comments.length).toBe(1);
    },
  },
  {
    name: "pushes to the branch, while a run publishes",
    scenario: CREATE,
    act: (world) => push(world, BRANCH, "README.md"),
    expectEnd: expectKept,
  },
  {
    name: "pushes to the branch, while a run closes",
    scenario: CLOSE,
    act: (world) => push(world, BRANCH, "README.md"),
    expectEnd: expectKept,
  },
  {
    name: "pushes to our file on the base, while a run publishes",
    scenario: CREATE,
    act: (world) => push(world, "main", PATH),
    expectEnd: expectSettled,
  },
  {
    name: "pushes to our file on the base, while a run appends",
    scenario: APPEND,
    act: (world) => push(world, "main", PATH),
    expectEnd: expectSettled,
  },
  {
    name: "pushes elsewhere on the base, while a run commits to it",
    scenario: { ...CREATE, settings: { PUBLISH: "commit" } },
    act: (world) => push(world, "main", "README.md"),
    expectEnd(world, commit) {
      expectInSync(world, world.image);
      expect(world.github.history(world.image, "main").map(({ sha }) => sha)).toContain(commit);
    },
  },
];

/**
 * GitHub deletes a branch wherever it is, so a push right between our last look and the deletion cannot be kept; its
 * commit stays with the person who made it.
 */
const isDeletion = (init: RequestInit) => init.method === "DELETE";

async function tryMoment(deed: Deed, moment: number): Promise<"tried" | "over"> {
  const world = await createWorld({ ...deed.scenario.settings, ...IMAGE_ONLY });
  await deed.scenario.prepare(world);
  let asked = 0;
  let done: string | null = null;
  await world.run(deed.scenario.call, {
    fetch: (url, init) => {
      if (asked === moment && !isDeletion(init)) done = deed.act(world);
      asked++;
      return fetch(url, init);
    },
  });
  for (let again = 0; again < 2; again++) {
    world.clock.advance(60 * 60_000);
    await world.run("reconcile");
  }
  if (done !== null) {
    moments++;
    deed.expectEnd(world, done);
    expectTidy(world);
    world.calls();
    world.clock.advance(60 * 60_000);
    await world.run("reconcile");
    expect(world.writes(), "nothing is left to do").toEqual([]);
  }
  await world.close();
  return asked <= moment ? "over" : "tried";
}

describe("a person who comes right before any request of a run", () => {
  it.each(DEEDS)("and $name", async (deed) => {
    const failures: string[] = [];
    for (let moment = 0; moment < 60; moment++) {
      const outcome = await tryMoment(deed, moment).catch((error: unknown) => {
        failures.push(`request ${moment}: ${error instanceof Error ? error.message : error}`);
        return "tried";
      });
      if (outcome === "over") break;
    }
    expect(failures).toEqual([]);
  });
});
