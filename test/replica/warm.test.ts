import { describe, expect, it } from "vitest";
import { blobShaOfText } from "../../src/files/blob.ts";
import type { RunHead } from "../../src/replica/replica.ts";
import { BLIP, CLIP, createWorld, IMAGE, TEXT, TEXT_FILES, textOf, type World } from "./world.ts";

/** What a run saw of the files, after they were pushed. */
function push(world: World, repository: string, files: Readonly<Record<string, string>>): RunHead {
  const commit = world.github.push(repository, files);
  const shas = Object.entries(files).map(([path, text]): [string, string] => [path, blobShaOfText(text)]);
  return { repository, branch: "main", commit, treeSha: `tree of ${commit}`, files: new Map(shas) };
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
    expect(world.kv.reads.length - reads).toBe(isCold ? 10 : 0);
    expect(next.parsed()).toBe(isCold ? 0 : 10);
    expect(world.edge.writes.length - shared).toBe(isCold ? 2 : 0);
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
});
