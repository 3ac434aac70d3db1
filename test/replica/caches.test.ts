import { describe, expect, it } from "vitest";
import { blobShaOfText } from "../../src/files/blob.ts";
import { CONVERSION } from "../../src/replica/convert/convert.ts";
import { createBrokenEdge } from "../fakes/edge-cache.ts";
import { createBrokenKv } from "../fakes/kv.ts";
import { BLIP, CLIP, createWorld, IMAGE, TEXT_FILES, TTL_MS, textOf, URL, type World } from "./world.ts";

const RECORD = `replica:category:${URL} ${IMAGE}@main:blip`;
const BLOB = `replica:blob:${URL} ${IMAGE}@main:blip:${blobShaOfText(BLIP)}`;
const BODY = `replica:body:${URL} ${IMAGE}@main:blip:${blobShaOfText(BLIP)}-${CONVERSION}`;
const BRANCH = `${IMAGE} branches/main`;

function keysOf({ kv }: World): string[] {
  return [...kv.values.keys()].sort();
}

function down({ github }: World) {
  github.intercept(() => Response.json({ message: "down" }, { status: 500 }));
}

describe("KV", () => {
  it("holds a record that names blobs and bodies, and these, which are written first", async () => {
    const world = createWorld();
    const { commit } = await world.isolate().readAll("blip");
    expect(world.kv.writes).toEqual([BLOB, BODY, RECORD]);
    expect(world.kv.values.get(BLOB)?.value).toBe(BLIP);
    expect(JSON.parse(world.kv.values.get(RECORD)?.value ?? "")).toEqual({
      version: 1,
      commit,
      files: { "blip.json": blobShaOfText(BLIP) },
      records: 1,
      issueCount: 0,
      issues: [],
      checkedAt: world.clock.now(),
      bodies: [`${blobShaOfText(BLIP)}-${CONVERSION}`],
      writtenAt: [world.clock.now()],
      superseded: [],
      supersededBodies: [],
    });
  });

  it("is written when the content changes, by the first isolate that sees it, and at no other time", async () => {
    const world = createWorld();
    const isolates = [world.isolate(), world.isolate(), world.isolate({ edge: null })];
    const readAll = async () => {
      for (const isolate of isolates) await isolate.readAll("blip");
    };
    await readAll();
    expect(world.kv.writes).toHaveLength(3);
    for (let minute = 0; minute < 5; minute++) {
      await world.clock.advance(TTL_MS + 1);
      world.github.push(IMAGE, { "blip.json": BLIP, "clip.json": CLIP, "README.md": `${minute}` });
      await readAll();
    }
    expect(world.kv.writes).toHaveLength(3);
    world.github.push(IMAGE, { "blip.json": CLIP });
    await world.clock.advance(TTL_MS + 1);
    await readAll();
    await readAll();
    expect(world.kv.writes).toHaveLength(6);
  });

  it("drops blobs and bodies with the change after the one that replaced it", async () => {
    const world = createWorld();
    const warm = world.isolate();
    const texts = [BLIP, "{}", CLIP, `${CLIP}\n`];
    for (const text of texts) {
      world.github.push(IMAGE, { "blip.json": text });
      await warm.readAll("blip", { refresh: true });
    }
    const blobs = texts.slice(2).map((text) => `replica:blob:${URL} ${IMAGE}@main:blip:${blobShaOfText(text)}`);
    const bodies = blobs.map((key) => `${key.replace(":blob:", ":body:")}-${CONVERSION}`);
    expect(keysOf(world)).toEqual([...[...blobs, ...bodies].sort(), RECORD]);
  });

  it("is not written over by who is behind", async () => {
    const world = createWorld();
    await world.isolate({ edge: null }).readAll("blip");
    const behind = world.isolate();
    await behind.readAll("blip");
    for (const text of [CLIP, "{}"]) {
      await world.clock.advance(1000);
      world.github.push(IMAGE, { "blip.json": text });
      await world.isolate({ edge: null }).readAll("blip");
    }
    down(world);
    await world.clock.advance(2000);
    // A body that KV has dropped by now is made again, and what it was made of is kept anew.
    await (await behind.readAll("blip")).body("v2");
    await world.clock.advance(TTL_MS + 1);
    await behind.readAll("blip");
    expect(await textOf(await world.isolate({ edge: null }).readAll("blip"))).toBe("{}");
  });

  it("keeps a blob that another category still needs", async () => {
    const world = createWorld();
    world.github.push(IMAGE, { "blip.json": "{}", "clip.json": "{}" });
    const warm = world.isolate();
    await warm.readAll("clip");
    for (const text of ["{}", BLIP, CLIP, BLIP]) {
      world.github.push(IMAGE, { "blip.json": text, "clip.json": "{}" });
      await warm.readAll("blip", { refresh: true });
    }
    down(world);
    expect(await textOf(await world.isolate({ edge: null }).readAll("clip"))).toBe("{}");
  });

  it.each([
    ["nothing", (_text: string) => null],
    ["a record that is no JSON", (text: string) => text.slice(1)],
    ["a record of another version", (text: string) => text.replace('"version":1', '"version":0')],
    ["a record without its files", (text: string) => text.replace('"files"', '"file"')],
  ])("with %s costs requests, and is mended", async (_what, damage) => {
    const world = createWorld();
    await world.isolate().readAll("blip");
    const before = world.kv.values.get(RECORD)?.value ?? "";
    const damaged = damage(before);
    if (damaged === null) world.kv.values.clear();
    else world.kv.values.set(RECORD, { value: damaged });
    world.github.clear();
    const cold = world.isolate({ edge: null });
    expect(await textOf(await cold.readAll("blip"))).toBe(BLIP);
    expect(cold.logs.join()).not.toContain("error");
    expect(world.kv.values.get(RECORD)?.value).toBe(before);
    expect(keysOf(world)).toEqual([BLOB, BODY, RECORD]);
  });

  it.each([
    ["is missing", null],
    ["is damaged", BLIP.slice(1)],
    ["is another's", CLIP],
  ])("whose blob %s never serves it, and is mended", async (_what, value) => {
    const world = createWorld();
    await world.isolate({ edge: null }).readAll("blip");
    if (value === null) world.kv.values.delete(BLOB);
    else world.kv.values.set(BLOB, { value });
    world.github.clear();
    expect(await textOf(await world.isolate({ edge: null }).readAll("blip"))).toBe(BLIP);
    expect(world.github.lines()).toContain(`${IMAGE} git/blobs/${blobShaOfText(BLIP)}`);
    expect(world.kv.values.get(BLOB)?.value).toBe(BLIP);
  });

  it("that fails costs requests, and no answer", async () => {
    const world = createWorld();
    const isolate = world.isolate({ kv: createBrokenKv(), edge: null });
    expect(await textOf(await isolate.readAll("blip"))).toBe(BLIP);
    await world.clock.advance(TTL_MS + 1);
    world.github.push(IMAGE, { "blip.json": CLIP });
    await isolate.readAll("blip");
    expect(await textOf(await isolate.readAll("blip"))).toBe(CLIP);
    expect(isolate.logs.join()).toContain("replica.keep-failed");
    expect((await isolate.status()).categories.find(({ category }) => category === "blip")?.records).toBe(1);
  });

  it("that failed for a while is written when it works again", async () => {
    const world = createWorld();
    let isBroken = true;
    const kv = {
      ...world.kv,
      put: (key: string, value: string) =>
        isBroken ? Promise.reject(new Error("KV PUT failed")) : world.kv.put(key, value),
    };
    const isolate = world.isolate({ kv });
    await isolate.readAll("text_generation");
    expect(keysOf(world)).toEqual([]);
    isBroken = false;
    await world.clock.advance(TTL_MS + 1);
    await isolate.readAll("text_generation");
    expect(keysOf(world)).toHaveLength(1 + Object.keys(TEXT_FILES).length + 2);
  });

  it("that does not answer is waited for 2 s at most", async () => {
    const world = createWorld();
    const never = () => new Promise<never>(() => {});
    const asked = world.clock.now();
    const isolate = world.isolate({ kv: { get: never, put: never, delete: never }, edge: null });
    expect(await textOf(await isolate.read("blip"))).toBe(BLIP);
    expect(world.clock.now() - asked).toBeLessThanOrEqual(4000);
  });
});

describe("the edge cache", () => {
  it.each([
    ["is absent", null],
    ["fails", createBrokenEdge()],
    ["does not answer", { get: () => new Promise<never>(() => {}), put: () => new Promise<never>(() => {}) }],
  ])("that %s costs requests only", async (_what, edge) => {
    const world = createWorld();
    const isolate = world.isolate({ edge });
    expect(await textOf(await world.clock.until(isolate.invocation(() => {}).read("blip")))).toBe(BLIP);
    expect(world.github.lines()).toHaveLength(3);
  });

  it.each([
    ["no JSON", "{"],
    ["another version", '{"version":0}'],
    ["a time that has not come", "future"],
    ["nothing", ""],
  ])("with %s for a head is not believed", async (_what, value) => {
    const world = createWorld();
    await world.isolate().readAll("blip");
    const [key = ""] = [...world.edge.values.keys()].filter((name) => name.startsWith("head/"));
    const entry = world.edge.values.get(key);
    const told = JSON.parse(new TextDecoder().decode(entry?.bytes));
    const future = JSON.stringify({ ...told, askedAt: world.clock.now() + 61_000 });
    const bytes = new TextEncoder().encode(value === "future" ? future : value);
    world.edge.values.set(key, { bytes, until: Number.POSITIVE_INFINITY });
    world.github.clear();
    await world.isolate().readAll("blip");
    expect(world.github.lines()).toContain(BRANCH);
  });

  it("with a head older than what is served from memory takes nobody back", async () => {
    const world = createWorld();
    const [older, newer] = [world.isolate(), world.isolate()];
    await older.readAll("blip");
    world.github.push(IMAGE, { "blip.json": CLIP });
    expect(await textOf(await newer.readAll("blip", { refresh: true }))).toBe(CLIP);
    await world.clock.advance(1);
    down(world);
    // Both were told in the same millisecond, and the older one asks later, in vain, and shares that.
    await older.readAll("blip", { refresh: true });
    expect(await textOf(await newer.readAll("blip", { refresh: true }))).toBe(CLIP);
  });

  it("with a head older than what came from KV takes nobody back", async () => {
    const world = createWorld();
    const older = world.isolate();
    await older.readAll("blip");
    await world.clock.advance(1);
    world.github.push(IMAGE, { "blip.json": CLIP });
    await world.isolate().readAll("blip", { refresh: true });
    down(world);
    world.edge.values.clear();
    const cold = world.isolate();
    expect(await textOf(await cold.readAll("blip"))).toBe(CLIP);
    await world.clock.advance(20 * TTL_MS);
    await older.readAll("blip");
    expect(await textOf(await cold.readAll("blip"))).toBe(CLIP);
    expect(await cold.readAll("blip")).toMatchObject({ stale: { code: "github-unavailable" } });
  });

  it("with a damaged blob is not believed", async () => {
    const world = createWorld();
    await world.isolate().readAll("blip");
    const key = `blob/${blobShaOfText(BLIP)}`;
    world.edge.values.set(key, { bytes: new TextEncoder().encode(CLIP), until: Number.POSITIVE_INFINITY });
    expect(await textOf(await world.isolate().readAll("blip"))).toBe(BLIP);
  });
});

describe("other settings", () => {
  it.each([
    ["another branch", { HORDE_GITHUB_SYNC_GITHUB_BRANCH: "next" }, IMAGE, "next"],
    ["another repository", { HORDE_GITHUB_SYNC_GITHUB_IMAGE_REPO: "fork/image" }, "fork/image", "main"],
  ])("%s: nothing of the one is served as the other's", async (_what, settings, repository, branch) => {
    const world = createWorld();
    await world.isolate().readAll("blip");
    const commit = world.github.push(repository, { "blip.json": CLIP }, branch);
    const other = await world.isolate({ settings }).readAll("blip");
    expect(await textOf(other)).toBe(CLIP);
    expect(other.commit).toBe(commit);
    down(world);
    await world.clock.advance(20 * TTL_MS);
    expect(await textOf(await world.isolate({ settings, edge: null }).readAll("blip"))).toBe(CLIP);
    expect(await textOf(await world.isolate({ edge: null }).readAll("blip"))).toBe(BLIP);
  });

  it("another GitHub: nothing of the one is served as the other's, whatever an invocation left for later", async () => {
    const world = createWorld();
    const { commit } = await world.isolate().readAll("blip");
    const files = new Map([["blip.json", blobShaOfText(BLIP)]]);
    const head = { repository: IMAGE, branch: "main", commit, treeSha: "t", files, readAt: world.clock.now() };
    await world.isolate({ requestsLeft: () => 0 }).warm([head]);
    const settings = { HORDE_GITHUB_SYNC_GITHUB_API_URL: "https://other.test" };
    const other = world.isolate({ settings });
    await world.clock.advance(10 * TTL_MS - (world.clock.now() % (10 * TTL_MS)));
    await other.warm([]);
    await expect(other.readAll("blip")).rejects.toMatchObject({ code: "github-unavailable" });
  });

  it("a repository that is not there has no content, whatever another had", async () => {
    const world = createWorld();
    await world.isolate().readAll("blip");
    const settings = { HORDE_GITHUB_SYNC_GITHUB_IMAGE_REPO: "fork/image" };
    await expect(world.isolate({ settings }).readAll("blip")).rejects.toMatchObject({ code: "github-not-found" });
  });

  it("a longer TTL is kept to", async () => {
    const world = createWorld();
    const isolate = world.isolate({ settings: { HORDE_MODEL_REFERENCE_CACHE_TTL_SECONDS: "3600" } });
    await isolate.readAll("blip");
    world.github.clear();
    await world.clock.advance(3_600_000);
    await isolate.readAll("blip");
    expect(world.github.lines()).toEqual([]);
  });
});
