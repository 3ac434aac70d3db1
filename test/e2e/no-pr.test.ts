/**
 * `NO_PR`, as the Python service means it: nothing is ever written to GitHub, whoever asks, and nothing counts as done.
 */
import { expect, test } from "vitest";
import { RECORD } from "../world/ground.ts";
import { describeWorlds, IMAGE, isWrite } from "./world.ts";

const createWorld = describeWorlds();

test("NO_PR plans, keeps what it planned for the page, and writes nothing to GitHub", async () => {
  const world = await createWorld({ vars: { HORDE_GITHUB_SYNC_NO_PR: "true" } });
  world.sandbox.primary.putRecord("image_generation", "First", RECORD);
  expect(await world.tick()).toBe("ok");
  expect(await world.reconcile(1)).toBe("ok");
  const { report } = await world.sync({ force: true, dryRun: false });
  expect(report).toMatchObject({ dryRun: true, outcome: "planned" });
  expect(world.githubCalls().filter(isWrite)).toEqual([]);
  const status = await world.status();
  expect(status).toMatchObject({ state: "pending", config: { dryRun: true } });
  expect(status.repositories).toContainEqual(expect.objectContaining({ repository: IMAGE, outcome: "planned" }));
  expect(status.lastSuccessAt).not.toBeNull();
  expect(status.runs.map(({ outcome }) => outcome)).toContain("planned");
});

test("a change is planned once, and again after a quarter of an hour", async () => {
  const world = await createWorld({ vars: { HORDE_GITHUB_SYNC_NO_PR: "true" } });
  world.sandbox.primary.putRecord("image_generation", "First", RECORD);
  await world.tick();
  world.githubCalls();
  for (const minute of [1, 2, 14]) await world.tick(minute);
  expect(world.githubCalls()).toEqual([]);
  await world.tick(16);
  expect(world.githubCalls()).not.toEqual([]);
});

test("what was planned is published by the first tick without it", async () => {
  const world = await createWorld({ vars: { HORDE_GITHUB_SYNC_NO_PR: "true" } });
  world.sandbox.primary.putRecord("image_generation", "First", RECORD);
  await world.tick();
  await world.tick(1);
  await world.restart({ HORDE_GITHUB_SYNC_NO_PR: "false" });
  expect(await world.tick(17)).toBe("ok");
  expect(world.sandbox.github.pullRequests(IMAGE)).toMatchObject([{ state: "open" }]);
});
