/**
 * People are told once, and what was seen is seen to, also through faults, pauses and an empty bucket.
 */
import { expect, it } from "vitest";
import { BRANCH } from "../world/ground.ts";
import { kinds, serviceOf } from "./service-of.ts";
import { describeWorlds, type World } from "./world.ts";

const createWorld = describeWorlds();
const ONE = { CATEGORIES_TO_SYNC: "esrgan" };
const TWO = { CATEGORIES_TO_SYNC: "esrgan,image_generation" };
const HOUR = 60;

function edit(world: World, name = "Fresh") {
  world.primary.putRecord("esrgan", name, { name, type: "esrgan" });
}
function editBase(world: World) {
  const bytes = world.github.readFile({ repository: world.image, ref: "main", path: "esrgan.json" });
  const text = new TextDecoder().decode(bytes ?? new Uint8Array());
  const files = { "esrgan.json": text.replace(/\n}\n?$/, ',\n    "By hand": {}\n}\n') };
  world.github.commit({ repository: world.image, branch: "main", message: "By hand", files });
}
const MANUAL = { trigger: "manual", categories: null, isDryRun: false, isForced: false } as const;

async function open(settings: Record<string, string> = ONE) {
  const world = await createWorld(settings);
  const it = serviceOf(world, settings);
  edit(world);
  const report = await it.tick();
  expect(report?.outcome).toBe("published");
  await it.tick();
  await it.tick();
  return { world, ...it };
}
const until = async (tick: (m?: number) => Promise<unknown>, minutes: number) => {
  let runs = 0;
  for (let m = 0; m < minutes; m++) if ((await tick()) !== null) runs++;
  return runs;
};

it("a conflict that is first seen while the service is paused is seen to after it is resumed", async () => {
  const { world, tick, store } = await open();
  editBase(world);
  await store.setPause({ since: new Date(world.clock.now()).toISOString(), reason: "" });
  await until(tick, 5);
  expect(world.state().repositories[0]?.pullRequest?.merging).toBe("dirty");
  await store.setPause(null);
  const runs = await until(tick, 2 * HOUR);
  expect.soft(runs).toBeGreaterThan(0);
  expect.soft(world.state().repositories[0]?.pullRequest?.merging).not.toBe("dirty");
});

it("a conflict that is first seen while the bucket is empty is seen to when it is full again", async () => {
  const { world, tick, store } = await open();
  await store.save({ ...(await store.load()), bucket: { left: 0, at: world.clock.now() } });
  editBase(world);
  await until(tick, 2);
  expect(world.state().repositories[0]?.pullRequest?.merging).toBe("dirty");
  const runs = await until(tick, 2 * HOUR);
  expect.soft(runs).toBeGreaterThan(0);
  expect.soft(world.state().repositories[0]?.pullRequest?.merging).not.toBe("dirty");
});

it("nobody is reminded to merge a pull request that was closed", async () => {
  const { world, tick, events } = await open();
  world.clock.advance(5 * 24 * HOUR * 60_000);
  await tick();
  world.github.closePullRequest({ repository: world.image, number: 1 });
  await tick();
  expect(world.state().repositories[0]?.outcome).toBe("rejected");
  await until((m = 1) => tick(m * 15), 4 * 24 * 4);
  expect(kinds(events)).toEqual(["opened", "rejected"]);
});

it("nobody is told to review changes of a pull request that was closed meanwhile", async () => {
  const { world, tick, events } = await open();
  edit(world, "Second");
  expect((await tick())?.repositories[0]?.outcome).toBe("updated");
  world.github.closePullRequest({ repository: world.image, number: 1 });
  await until(tick, 45);
  expect(world.state().repositories[0]?.outcome).toBe("rejected");
  expect(kinds(events)).toEqual(["opened", "rejected"]);
});

it("edited is told once, though GitHub fails for a minute now and then", async () => {
  const { world, tick, events } = await open();
  world.github.commit({ repository: world.image, branch: BRANCH, message: "Mine", files: { "esrgan.json": "{}\n" } });
  await tick();
  expect(kinds(events)).toEqual(["opened", "edited"]);
  for (let hour = 0; hour < 3; hour++) {
    const undo = world.github.faults.add({ times: 1e9, action: { type: "status", status: 502 } });
    await tick();
    await tick();
    undo();
    await until(tick, 20);
  }
  expect(world.state().repositories[0]?.outcome).toBe("edited");
  expect(kinds(events)).toEqual(["opened", "edited"]);
});

it("recovered is told, though a run by hand over one category was the first that worked", async () => {
  const world = await createWorld(TWO);
  const { tick, events, service } = serviceOf(world, TWO);
  await tick();
  edit(world);
  const undo = world.github.faults.add({
    times: 1e9,
    action: { type: "status", status: 401, body: '{"message":"Bad credentials"}' },
  });
  await until(tick, 3);
  expect(kinds(events)).toEqual(["failing"]);
  undo();
  await service.sync({ ...MANUAL, categories: ["esrgan"] });
  await until(tick, 60);
  expect(world.state()).toMatchObject({ failingSince: null, consecutiveErrors: 0 });
  expect(kinds(events).sort()).toEqual(["failing", "opened", "recovered"].sort());
});

it("edited is told once, though KV did not answer one read", async () => {
  const { world, tick, events } = await open();
  world.github.commit({ repository: world.image, branch: BRANCH, message: "Mine", files: { "esrgan.json": "{}\n" } });
  await tick();
  expect(kinds(events)).toEqual(["opened", "edited"]);
  const { get } = world.kv;
  let once = true;
  world.kv.get = async (key) => {
    if (key !== "state" || !once) return get(key);
    once = false;
    throw new Error("KV GET failed: 500");
  };
  await until(tick, 20);
  expect(kinds(events)).toEqual(["opened", "edited"]);
});
