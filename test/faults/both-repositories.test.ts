/**
 * Every category of both repositories in one run, with no more requests than a Worker may make: what one repository has
 * to do again is not refused for what the other has asked.
 */
import { expect, it } from "vitest";
import { CATEGORY_NAMES } from "../../src/category-names.ts";
import { BRANCH } from "../world/ground.ts";
import { drift } from "./scenarios.ts";
import { serviceOf } from "./service-of.ts";
import { expectOneRightPull } from "./truth.ts";
import { describeWorlds, type World } from "./world.ts";

const createWorld = describeWorlds();
const ALL = { CATEGORIES_TO_SYNC: CATEGORY_NAMES.join(",") };
const MANUAL = { trigger: "manual", categories: null, isDryRun: false, isForced: false } as const;

/** Both repositories have an open pull request, and drift from it. */
async function setUp(): Promise<{ world: World; sync: () => Promise<(string | undefined)[]> }> {
  const world = await createWorld(ALL);
  const { service } = serviceOf(world, ALL, { maxRequests: 45 });
  const sync = async () => {
    const { outcome, repositories } = await service.sync(MANUAL);
    return [outcome, ...repositories.map((repository) => repository.outcome)];
  };
  drift(world, "First");
  expect(await sync()).toEqual(["published", "created", "created"]);
  drift(world, "Second");
  return { world, sync };
}

const lose = ({ github }: World, repository: string) =>
  github.faults.add({
    method: "PATCH",
    path: `/repos/${repository}/git/refs/heads/${BRANCH}`,
    action: { type: "drop-after" },
  });

it("an answer of the text repository that is lost is asked for again", async () => {
  const { world, sync } = await setUp();
  lose(world, world.text);
  expect((await sync())[0]).toBe("published");
  expect(world.github.faults.list()).toEqual([]);
  await world.close();
});

it("one of the image repository, whose nine categories would be too many requests more, by the next run", async () => {
  const { world, sync } = await setUp();
  lose(world, world.image);
  expect((await sync())[0]).toBe("partial");
  expect((await sync())[0]).toBe("published");
  expectOneRightPull(world, world.image);
  await world.close();
});

it("a PRIMARY that answers each question at the second time costs no more requests than there are", async () => {
  const world = await createWorld(ALL);
  const { service } = serviceOf(world, ALL, { maxRequests: 45 });
  drift(world, "First");
  for (const name of CATEGORY_NAMES)
    world.primary.faults.add({ path: `/v1/${name}`, action: { type: "status", status: 503 } });
  const first = await service.sync(MANUAL);
  expect(first.requests.primary + first.requests.github).toBeLessThanOrEqual(45);
  const failed = first.repositories.flatMap(({ categories }) => Object.values(categories).filter((one) => one.failed));
  expect(failed.length).toBeGreaterThan(0);
  expect(failed.length).toBeLessThan(CATEGORY_NAMES.length);
  world.primary.faults.clear();
  expect((await service.sync(MANUAL)).outcome).toBe("published");
  for (const repository of world.repositories) expectOneRightPull(world, repository);
  await world.close();
});

it("several runs at once leave each repository as one of them wants it, and none of them fails", async () => {
  const { world, sync } = await setUp();
  const outcomes = await Promise.all(Array.from({ length: 6 }, sync));
  expect(outcomes.map(([outcome]) => outcome)).toEqual(outcomes.map(() => "published"));
  await world.close();
});
