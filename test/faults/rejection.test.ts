/**
 * Rejected means rejected: who closes a pull request rejects what PRIMARY says in it, until PRIMARY says more.
 */
import { expect, it } from "vitest";
import { BRANCH, TOKEN } from "../world/ground.ts";
import { RECORD } from "./scenarios.ts";
import { expectOneRightPull, expectTidy, openPulls } from "./truth.ts";
import { describeWorlds, type World } from "./world.ts";

const createWorld = describeWorlds();
const PATH = "stable_diffusion.json";

async function rejected(): Promise<World> {
  const world = await createWorld({ CATEGORIES_TO_SYNC: "image_generation,esrgan" });
  await world.run("tick");
  world.clock.advance(60_000);
  world.primary.putRecord("image_generation", "First", RECORD);
  world.primary.putRecord("image_generation", "Second", RECORD);
  await world.run("tick");
  world.github.closePullRequest({ repository: world.image, number: 1 });
  world.clock.advance(60_000);
  return world;
}

const readMain = (world: World, path = PATH) =>
  new TextDecoder().decode(world.github.readFile({ repository: world.image, ref: "main", path }) ?? undefined);

async function outcomeOf(world: World): Promise<string | undefined> {
  world.clock.advance(6 * 60 * 60_000);
  return (await world.run("reconcile"))?.repositories[0]?.outcome;
}

it("a hundred reconciles, with the base touched in between, open nothing; one more record on PRIMARY does", async () => {
  const world = await rejected();
  world.writes();
  for (let time = 0; time < 100; time++) {
    const touched = time % 2 === 0 ? [PATH, readMain(world).replace(/"description": "/, '"description": "!')] : null;
    const [path, text] = touched ?? ["README.md", `${time}\n`];
    world.github.commit({ repository: world.image, branch: "main", files: { [path ?? ""]: text ?? "" } });
    if (time % 10 === 5) await world.run("tick");
    expect(await outcomeOf(world)).toBe("rejected");
  }
  expect(world.writes()).toEqual([]);
  expect(world.github.pullRequests(world.image)).toHaveLength(1);

  world.primary.putRecord("image_generation", "Third", RECORD);
  world.clock.advance(60_000);
  expect((await world.run("tick"))?.repositories[0]?.outcome).toBe("created");
  expectOneRightPull(world, world.image);
  expectTidy(world);
});

it("stays rejected when a person takes over a part of it, or writes another text into it", async () => {
  const world = await rejected();
  const main: Record<string, object> = JSON.parse(readMain(world));
  const files = { [PATH]: `${JSON.stringify({ ...main, First: RECORD }, null, 4)}\n` };
  world.github.commit({ repository: world.image, branch: "main", files });
  expect(await outcomeOf(world)).toBe("rejected");
  world.github.editPullRequest({ repository: world.image, number: 1, title: "No", body: "We do not want this." });
  expect(await outcomeOf(world)).toBe("rejected");
});

it("stays rejected without its branch, and without memory", async () => {
  const world = await rejected();
  world.github.deleteBranch(world.image, BRANCH);
  world.kv.values.clear();
  world.github.commit({ repository: world.image, branch: "main", files: { [PATH]: `${readMain(world)}\n` } });
  expect(await outcomeOf(world)).toBe("rejected");
});

it("is over when another category of the repository has something new", async () => {
  const world = await rejected();
  world.primary.putRecord("esrgan", "Other", RECORD);
  expect(await outcomeOf(world)).toBe("created");
  expectOneRightPull(world, world.image);
});

it("is over when a person opens the pull request again", async () => {
  const world = await rejected();
  await fetch(`${world.github.url}/repos/${world.image}/pulls/1`, {
    method: "PATCH",
    headers: { authorization: `Bearer ${TOKEN}`, "user-agent": "a person" },
    body: JSON.stringify({ state: "open" }),
  });
  expect(await outcomeOf(world)).toBe("current");
  expectOneRightPull(world, world.image);
});

it("leaves the branch to the person who closed it, also once the drift is gone", async () => {
  const world = await rejected();
  world.primary.removeRecord("image_generation", "First");
  world.primary.removeRecord("image_generation", "Second");
  expect(await outcomeOf(world)).toBe("in-sync");
  expect(openPulls(world, world.image)).toEqual([]);
  expect(Object.keys(world.github.branches(world.image)).sort()).toEqual(["main", BRANCH]);
  world.writes();
  expect(await outcomeOf(world)).toBe("in-sync");
  expect(world.calls().length, "calls of a reconcile that finds nothing to do").toBeLessThanOrEqual(3);
});
