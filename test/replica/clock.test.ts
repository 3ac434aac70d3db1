/** A clock that ran ahead leaves times behind that have not come. They vouch for nothing, and nobody waits for them. */
import { describe, expect, it } from "vitest";
import { BLIP, CLIP, createWorld, IMAGE, TTL_MS, textOf, type World } from "./world.ts";

const AHEAD_MS = 20 * 60 * 60_000;

/** An isolate whose clock is ahead until it is told that it is not. */
function isolateAhead(world: World) {
  const clock = { aheadMs: AHEAD_MS };
  const setBack = () => {
    clock.aheadMs = 0;
  };
  return { isolate: world.isolate({ aheadMs: () => clock.aheadMs }), setBack };
}

function limit(world: World) {
  const headers = { "retry-after": "3600" };
  world.github.intercept(() => Response.json({ message: "slow down" }, { status: 429, headers }));
}

it("content that an isolate kept whose clock is ahead is replaced at once", async () => {
  const world = createWorld();
  await isolateAhead(world).isolate.readAll("blip");
  world.edge.values.clear();
  world.github.push(IMAGE, { "blip.json": CLIP });
  const answer = await world.isolate().readAll("blip");
  expect([await textOf(answer), answer.checkedAt]).toEqual([CLIP, world.clock.now()]);
});

it("content that it kept and that is still right is confirmed", async () => {
  const world = createWorld();
  await isolateAhead(world).isolate.readAll("blip");
  world.edge.values.clear();
  expect((await world.isolate().readAll("blip")).checkedAt).toBe(world.clock.now());
});

it.each([2000, 55_000])(
  "a head that an isolate shares whose clock is %i ms ahead undoes no refresh",
  async (aheadMs) => {
    const world = createWorld();
    await world.isolate({ aheadMs: () => aheadMs }).readAll("blip");
    const isolate = world.isolate();
    await isolate.readAll("blip");
    await world.clock.advance(1);
    world.github.push(IMAGE, { "blip.json": CLIP });
    expect(await textOf(await isolate.readAll("blip", { refresh: true }))).toBe(CLIP);
    await world.clock.advance(TTL_MS + 1);
    world.github.push(IMAGE, { "blip.json": BLIP });
    await isolate.readAll("blip");
    expect(await textOf(await isolate.readAll("blip"))).toBe(BLIP);
  },
);

describe("an isolate whose clock is set back", () => {
  it("asks GitHub with the next read, and not again within the TTL", async () => {
    const world = createWorld();
    const { isolate, setBack } = isolateAhead(world);
    await isolate.readAll("blip");
    setBack();
    world.github.push(IMAGE, { "blip.json": CLIP });
    expect(await textOf(await isolate.readAll("blip"))).toBe(CLIP);
    world.github.clear();
    expect(await isolate.readAll("blip")).toMatchObject({ source: "hit", checkedAt: world.clock.now() });
    expect(world.github.lines()).toEqual([]);
  });

  it("asks for every category of a repository, also for those that nobody asked for since", async () => {
    const world = createWorld();
    const { isolate, setBack } = isolateAhead(world);
    for (const category of ["blip", "clip"] as const) await isolate.readAll(category);
    setBack();
    await world.clock.advance(1);
    world.github.push(IMAGE, { "blip.json": CLIP, "clip.json": BLIP });
    expect(await textOf(await isolate.readAll("clip"))).toBe(BLIP);
    expect(await textOf(await isolate.readAll("blip"))).toBe(CLIP);
  });

  it("keeps its content while GitHub is down", async () => {
    const world = createWorld();
    const { isolate, setBack } = isolateAhead(world);
    await isolate.readAll("blip");
    setBack();
    world.github.intercept(() => Response.json({ message: "down" }, { status: 500 }));
    const answer = await isolate.readAll("blip");
    expect([await textOf(answer), answer.stale?.code]).toEqual([BLIP, "github-unavailable"]);
  });

  it("does not keep to a limit that it was told before", async () => {
    const world = createWorld();
    const { isolate, setBack } = isolateAhead(world);
    await isolate.readAll("blip");
    limit(world);
    await isolate.readAll("blip", { refresh: true });
    setBack();
    world.github.intercept(null);
    world.github.push(IMAGE, { "blip.json": CLIP });
    expect(await textOf(await isolate.readAll("blip"))).toBe(CLIP);
  });

  it("fetches what could not be had before", async () => {
    const world = createWorld();
    const { isolate, setBack } = isolateAhead(world);
    world.github.intercept(({ line }) => (line.includes("git/blobs/") ? new Response("{") : null));
    await expect(isolate.readAll("blip")).rejects.toThrow();
    setBack();
    world.github.intercept(null);
    expect(await textOf(await isolate.readAll("blip"))).toBe(BLIP);
  });

  it("by less than a minute asks for nothing anew", async () => {
    const world = createWorld();
    const clock = { aheadMs: TTL_MS };
    const isolate = world.isolate({ aheadMs: () => clock.aheadMs });
    await isolate.readAll("blip");
    clock.aheadMs = 0;
    world.github.clear();
    await isolate.readAll("blip");
    expect(world.github.lines()).toEqual([]);
  });
});
