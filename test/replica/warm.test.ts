import { describe, expect, it } from "vitest";
import { CATEGORIES } from "../../src/categories.ts";
import { blobShaOfText } from "../../src/files/blob.ts";
import type { RunHead } from "../../src/replica/replica.ts";
import { BLIP, CLIP, createWorld, IMAGE, TEXT, TEXT_FILES, TTL_MS, textOf, URL, v2Of, type World } from "./world.ts";

/** What a run saw of the files, after they were pushed. */
function push(world: World, repository: string, files: Readonly<Record<string, string>>): RunHead {
  const commit = world.github.push(repository, files);
  const shas = Object.entries(files).map(([path, text]): [string, string] => [path, blobShaOfText(text)]);
  const readAt = world.clock.now();
  return { repository, branch: "main", commit, treeSha: `tree of ${commit}`, files: new Map(shas), readAt };
}

function down({ github }: World): void {
  github.intercept(() => Response.json({ message: "down" }, { status: 500 }));
}

describe("after a run", () => {
  it("fetches every category's content, and asks for no ref and no tree", async () => {
    const world = createWorld();
    const heads = [push(world, IMAGE, { "blip.json": BLIP, "clip.json": CLIP }), push(world, TEXT, TEXT_FILES)];
    const cron = world.isolate({ edge: null });
    await cron.warm(heads);
    await cron.rest();
    expect(world.github.lines()).toHaveLength(5);
    expect(world.github.lines().every((line) => line.includes("git/blobs/"))).toBe(true);
    expect([...world.kv.values.keys()].filter((key) => key.startsWith("replica:category:"))).toHaveLength(10);
  });

  it("leaves no blob to be fetched for the first client, in its own isolate and elsewhere", async () => {
    const world = createWorld();
    const cron = world.isolate({ edge: null });
    const head = push(world, IMAGE, { "blip.json": CLIP });
    await cron.warm([head]);
    await cron.rest();
    world.github.clear();
    expect(await textOf(await cron.readAll("blip"))).toBe(CLIP);
    expect(world.github.lines()).toEqual([]);
    expect(await textOf(await world.isolate({ edge: null }).readAll("blip"))).toBe(CLIP);
    expect(world.github.lines().filter((line) => line.includes("git/blobs/"))).toEqual([]);
  });

  it("tells the other isolates of the location", async () => {
    const world = createWorld();
    const head = push(world, IMAGE, { "blip.json": CLIP });
    await world.isolate().warm([head]);
    world.github.clear();
    expect(await world.isolate().readAll("blip")).toMatchObject({ commit: head.commit, stale: null });
    expect(world.github.lines()).toEqual([]);
  });

  it("takes nobody back who has seen what was merged since", async () => {
    const world = createWorld();
    const [seeing, other] = [world.isolate(), world.isolate()];
    const seen = push(world, IMAGE, { "blip.json": BLIP });
    await world.clock.advance(5000);
    world.github.push(IMAGE, { "blip.json": CLIP });
    await seeing.readAll("blip", { refresh: true });
    await world.clock.advance(TTL_MS + 1);
    for (const isolate of [seeing, world.isolate()]) {
      await isolate.warm([seen]);
      await isolate.rest();
    }
    down(world);
    for (const isolate of [seeing, other, world.isolate()])
      expect(await textOf(await isolate.readAll("blip"))).toBe(CLIP);
  });

  it("takes nobody back with what an invocation had to leave for later", async () => {
    const world = createWorld();
    const seen = push(world, IMAGE, { "blip.json": BLIP });
    const busy = world.isolate({ requestsLeft: () => 0 });
    await busy.warm([seen]);
    await world.clock.advance(5000);
    world.github.push(IMAGE, { "blip.json": CLIP });
    const seeing = world.isolate();
    await seeing.readAll("blip", { refresh: true });
    await world.clock.advance(10 * TTL_MS);
    await seeing.warm([]);
    await seeing.rest();
    down(world);
    expect(await textOf(await seeing.readAll("blip"))).toBe(CLIP);
  });

  it("takes over nothing that was read by a clock that ran ahead", async () => {
    const world = createWorld();
    const seen = { ...push(world, IMAGE, { "blip.json": BLIP }), readAt: world.clock.now() + 1 };
    world.github.push(IMAGE, { "blip.json": CLIP });
    const isolate = world.isolate();
    await isolate.warm([seen]);
    expect(await textOf(await isolate.readAll("blip"))).toBe(CLIP);
  });

  it.each(["{", '{"version": 1, "heads": []}'])("forgets a note that nobody understands: %s", async (note) => {
    const world = createWorld();
    world.kv.values.set("replica:warm", { value: note });
    const isolate = world.isolate();
    await world.clock.advance(10 * TTL_MS - (world.clock.now() % (10 * TTL_MS)));
    await isolate.warm([]);
    expect(world.kv.values.has("replica:warm")).toBe(false);
  });

  it("is not undone by a last good content that comes later out of KV", async () => {
    const world = createWorld();
    await world.isolate().readAll("blip");
    const slow = blobShaOfText(BLIP);
    const get = (key: string) => world.clock.sleep(key.endsWith(slow) ? 1500 : 0).then(() => world.kv.get(key));
    const isolate = world.isolate({ edge: null, kv: { ...world.kv, get } });
    const reading = isolate.invocation().read("blip");
    await isolate.warm([push(world, IMAGE, { "blip.json": CLIP })]);
    await world.clock.until(reading);
    await isolate.rest();
    expect(await textOf(await isolate.readAll("blip"))).toBe(CLIP);
  });

  it.each([
    ["a cold isolate", true],
    ["the isolate that did it before", false],
  ])("with nothing new asks GitHub nothing and writes nothing, in %s", async (_where, isCold) => {
    const world = createWorld();
    const heads = [push(world, IMAGE, { "blip.json": BLIP, "clip.json": CLIP }), push(world, TEXT, TEXT_FILES)];
    const cron = world.isolate();
    await cron.warm(heads);
    await cron.rest();
    world.github.clear();
    const writes = world.kv.writes.length;
    const reads = world.kv.reads.length;
    const shared = world.edge.writes.length;
    const next = isCold ? world.isolate() : cron;
    await next.warm(heads);
    await next.rest();
    expect(world.github.lines()).toEqual([]);
    expect(world.kv.writes).toHaveLength(writes);
    expect(world.kv.reads.length - reads).toBe(isCold ? 11 : 1);
    expect(next.parsed()).toBe(isCold ? 0 : 10);
    expect(world.edge.writes).toHaveLength(shared);
  });

  it("keeps the last good content where the merged file cannot be read", async () => {
    const world = createWorld();
    const reader = world.isolate();
    await reader.readAll("blip");
    const cron = world.isolate();
    await cron.warm([push(world, IMAGE, { "blip.json": "{", "clip.json": CLIP })]);
    await cron.rest();
    const answer = await cron.readAll("blip");
    expect(await textOf(answer)).toBe(BLIP);
    expect(answer.stale?.code).toBe("legacy-malformed");
    expect(await textOf(await cron.readAll("clip"))).toBe(CLIP);
  });

  it("does nothing for another repository or branch, and survives a GitHub that is down", async () => {
    const world = createWorld();
    const head = push(world, IMAGE, { "blip.json": CLIP });
    const cron = world.isolate();
    await cron.warm([
      { ...head, repository: "fork/image" },
      { ...head, branch: "next" },
    ]);
    expect(world.github.lines()).toEqual([]);
    world.github.intercept(() => Response.json({ message: "down" }, { status: 500 }));
    await cron.warm([head]);
    await cron.rest();
    expect(cron.logs.join()).toContain("replica.fetch-failed");
    expect(cron.logs.join()).not.toContain("replica.warm-failed");
  });

  it("leaves what the invocation has no requests for to the ticks that follow, whichever isolate they meet", async () => {
    const world = createWorld();
    const heads = [push(world, IMAGE, { "blip.json": BLIP, "clip.json": CLIP }), push(world, TEXT, TEXT_FILES)];
    const near = () => [...world.kv.values.keys()].filter((key) => key.startsWith("replica:category:")).length;
    const tick = async (most: number) => {
      const used = world.github.lines().length;
      const isolate = world.isolate({ edge: null, requestsLeft: () => most - (world.github.lines().length - used) });
      return isolate;
    };
    const run = await tick(6);
    await run.warm(heads);
    await run.rest();
    expect(near()).toBeGreaterThan(0);
    expect(near()).toBeLessThan(10);
    const asked: number[] = [];
    await world.clock.advance(10 * 60_000 - (world.clock.now() % (10 * 60_000)));
    for (let minute = 0; minute < 3; minute++) {
      const before = world.github.lines().length;
      const isolate = await tick(8);
      await isolate.warm([]);
      await isolate.rest();
      asked.push(world.github.lines().length - before);
    }
    expect(near()).toBe(10);
    expect(Math.max(...asked)).toBeLessThanOrEqual(8);
    expect(asked.at(-1)).toBe(0);
    expect(world.kv.values.has("replica:warm")).toBe(false);
    world.github.clear();
    world.github.intercept(() => Response.json({ message: "down" }, { status: 500 }));
    for (const { name } of CATEGORIES) {
      const answer = await world.isolate({ edge: null }).readAll(name);
      expect(answer.source, name).toBe("stale");
    }
  });

  it("goes on with the next tick in the isolate that left some", async () => {
    const world = createWorld();
    let most = 6;
    const cron = world.isolate({ edge: null, requestsLeft: () => most });
    await world.clock.advance(60_000 + 10 * 60_000 - (world.clock.now() % (10 * 60_000)));
    await cron.warm([push(world, IMAGE, { "blip.json": BLIP, "clip.json": CLIP }), push(world, TEXT, TEXT_FILES)]);
    expect(world.kv.values.has("replica:warm")).toBe(true);
    most = 48;
    await cron.warm([]);
    await cron.rest();
    expect([...world.kv.values.keys()].filter((key) => key.startsWith("replica:category:"))).toHaveLength(10);
    expect(world.kv.values.has("replica:warm")).toBe(false);
  });

  it("with nothing left reads KV once in ten minutes, in a cold isolate too, and writes nothing", async () => {
    const world = createWorld();
    const cron = world.isolate();
    for (let minute = 0; minute < 20; minute++) {
      await cron.warm([]);
      await world.isolate().warm([]);
      await world.clock.advance(60_000);
    }
    expect(world.kv.reads).toEqual(Array(4).fill("replica:warm"));
    expect([world.kv.writes, world.github.lines()]).toEqual([[], []]);
  });
});

describe("a cold isolate", () => {
  it("converts nothing that was converted before, in either format", async () => {
    const world = createWorld();
    const cron = world.isolate({ edge: null });
    await cron.warm([push(world, IMAGE, { "blip.json": BLIP, "clip.json": CLIP }), push(world, TEXT, TEXT_FILES)]);
    await cron.rest();
    const warm = await cron.readAll("text_generation");
    const cold = world.isolate({ edge: null });
    const answer = await cold.readAll("text_generation");
    expect(await v2Of(answer)).toBe(await v2Of(warm));
    expect(await textOf(answer)).toBe(await textOf(warm));
    expect(await v2Of(await cold.readAll("blip"))).toContain('"record_type":"blip"');
    expect([cold.parsed(), cold.converted()]).toEqual([0, 0]);
  });

  it.each([
    ["is missing", () => null],
    ["is cut off", (text: string) => text.slice(0, -3)],
    ["has no header", (text: string) => text.slice(text.indexOf("\n"))],
    ["is another's", (text: string) => text.replace("Model-7B", "Model-8B")],
  ])("converts where the kept body %s", async (_what, damage) => {
    const world = createWorld();
    const before = await v2Of(await world.isolate({ edge: null }).readAll("text_generation"));
    const key = [...world.kv.values.keys()].find((name) => /^replica:body:.*-v2/.test(name)) ?? "";
    const kept = world.kv.values.get(key)?.value ?? "";
    const damaged = damage(kept);
    if (damaged === null) world.kv.values.delete(key);
    else world.kv.values.set(key, { value: damaged });
    const cold = world.isolate({ edge: null });
    expect(await v2Of(await cold.readAll("text_generation"))).toBe(before);
    expect(cold.converted()).toBe(1);
    await world.clock.advance(TTL_MS + 1);
    await cold.readAll("text_generation");
    expect(world.kv.values.get(key)?.value).toBe(kept);
  });

  it("finds the bodies of its location in the edge cache", async () => {
    const world = createWorld();
    await world.isolate().readAll("text_generation");
    const cold = world.isolate();
    const reads = world.kv.reads.length;
    await v2Of(await cold.readAll("text_generation"));
    expect(cold.converted()).toBe(0);
    expect(world.kv.reads.slice(reads).filter((key) => key.includes(":body:"))).toEqual([]);
  });
});

it("a category that changes every minute takes part in the day's writes six times", async () => {
  const world = createWorld();
  const isolate = world.isolate();
  for (let minute = 0; minute < 24 * 60; minute += 5) {
    world.github.push(IMAGE, { "blip.json": BLIP.replace("1.0", `1.${minute}`) });
    await isolate.readAll("blip", { refresh: true });
    await world.clock.advance(5 * 60_000);
  }
  const records = world.kv.writes.filter((key) => key.startsWith("replica:category:"));
  expect(records.length).toBeGreaterThan(4);
  // Two more than six on the first day, which begins with a burst.
  expect(records.length).toBeLessThanOrEqual(8);
  await world.clock.advance(16 * 60 * 60_000);
  await isolate.readAll("blip");
  await isolate.readAll("blip");
  const kept = world.kv.values.get(`replica:category:${URL} ${IMAGE}@main:blip`)?.value ?? "";
  expect(kept).toContain(blobShaOfText(BLIP.replace("1.0", "1.1435")));
});
