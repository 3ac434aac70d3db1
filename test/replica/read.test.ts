import { describe, expect, it } from "vitest";
import { blobShaOfText } from "../../src/files/blob.ts";
import { BLIP, CLIP, createWorld, IMAGE, namesOf, TEXT, TTL_MS, textOf, v2Of } from "./world.ts";

const BRANCH = `${IMAGE} branches/main`;

describe("a cold isolate", () => {
  it("asks for the ref, the tree and the blob, and serves what the file says", async () => {
    const { github, isolate, clock } = createWorld();
    const commit = github.push(IMAGE, { "blip.json": BLIP, "clip.json": CLIP });
    const answer = await isolate().readAll("blip");
    expect(await textOf(answer)).toBe(BLIP);
    expect(await v2Of(answer)).toMatch(/^\{"BLIP":\{"record_type":"blip",/);
    expect(await namesOf(answer)).toEqual(["BLIP"]);
    expect(answer).toMatchObject({ category: "blip", commit, revision: blobShaOfText(BLIP), isEmpty: false });
    expect(answer).toMatchObject({ stale: null, source: "revalidated", checkedAt: clock.now() });
    const [branch, tree, blob] = github.lines();
    expect([branch, tree, blob]).toEqual([BRANCH, expect.stringContaining("git/trees/"), blobLine(BLIP)]);
    expect(github.lines()).toHaveLength(3);
  });

  it("serves text_generation as db.json, from models.csv and the two files beside it", async () => {
    const { github, isolate } = createWorld();
    const answer = await isolate().readAll("text_generation");
    const names = Object.keys(JSON.parse(await textOf(answer)));
    expect(names).toEqual(["org/Model-7B", "aphrodite/org/Model-7B", "koboldcpp/Model-7B"]);
    expect(await namesOf(answer)).toEqual(["org/Model-7B"]);
    expect(answer.revision).toMatch(/^[0-9a-f]{40}$/);
    expect(github.lines().filter((line) => line.startsWith(`${TEXT} git/blobs/`))).toHaveLength(3);
  });

  it("finds all in KV and asks for the ref and the tree only, without an edge cache", async () => {
    const { github, isolate } = createWorld();
    await isolate({ edge: null }).readAll("blip");
    github.clear();
    expect(await textOf(await isolate({ edge: null }).readAll("blip"))).toBe(BLIP);
    expect(github.lines()).toEqual([BRANCH, expect.stringContaining("git/trees/")]);
  });

  it("asks GitHub nothing where another isolate of the location was within the TTL", async () => {
    const { github, isolate, clock } = createWorld();
    await isolate().readAll("blip");
    github.clear();
    await clock.advance(TTL_MS);
    const answer = await isolate().readAll("blip");
    expect(answer).toMatchObject({ stale: null, checkedAt: clock.now() - TTL_MS });
    await isolate().readAll("clip");
    expect(github.lines()).toEqual([blobLine(CLIP)]);
  });
});

describe("within the TTL", () => {
  it("is answered at once, and nobody is asked", async () => {
    const { github, isolate, clock, kv } = createWorld();
    const warm = isolate();
    await warm.readAll("blip");
    github.clear();
    const reads = kv.reads.length;
    await clock.advance(TTL_MS);
    const waitUntil = () => expect.unreachable("There is nothing to do in the background.");
    const answer = await warm.invocation(waitUntil).read("blip");
    expect(answer).toMatchObject({ source: "hit", stale: null, checkedAt: clock.now() - TTL_MS });
    await warm.rest();
    expect(github.lines()).toEqual([]);
    expect(kv.reads).toHaveLength(reads);
  });

  it("asks for the ref once for 500 clients at the same time, and for each blob once", async () => {
    const { github, isolate, clock } = createWorld();
    const cold = isolate();
    const categories = ["blip", "clip"] as const;
    const reads = Array.from({ length: 500 }, (_, index) => cold.invocation().read(categories[index % 2] ?? "blip"));
    const answers = await clock.until(Promise.all(reads));
    expect(new Set(await Promise.all(answers.map(textOf)))).toEqual(new Set([BLIP, CLIP]));
    const lines = github.lines();
    expect(lines.filter((line) => line === BRANCH)).toHaveLength(1);
    expect(lines).toHaveLength(4);
  });

  it("does not see a change", async () => {
    const { github, isolate, clock } = createWorld();
    const warm = isolate();
    await warm.readAll("blip");
    github.push(IMAGE, { "blip.json": CLIP, "clip.json": CLIP });
    await clock.advance(TTL_MS);
    expect(await textOf(await warm.readAll("blip"))).toBe(BLIP);
  });

  it("takes the head from memory for another category of the repository", async () => {
    const { github, isolate, edge } = createWorld();
    const warm = isolate();
    await warm.readAll("blip");
    github.clear();
    const reads = edge.reads.length;
    await warm.readAll("clip");
    expect(github.lines()).toEqual([blobLine(CLIP)]);
    expect(edge.reads.slice(reads)).toEqual([`blob/${blobShaOfText(CLIP)}`]);
  });
});

describe("after the TTL", () => {
  it("is answered at once and revalidated in the background, with one request when the commit is the same", async () => {
    const { github, isolate, clock } = createWorld();
    const warm = isolate();
    const first = await warm.readAll("blip");
    github.clear();
    await clock.advance(TTL_MS + 1);
    const answer = await warm.invocation().read("blip");
    expect(answer).toMatchObject({ source: "hit", stale: null, checkedAt: first.checkedAt });
    await warm.rest();
    expect(github.lines()).toEqual([BRANCH]);
    expect(await warm.read("blip")).toMatchObject({ source: "hit", checkedAt: clock.now() });
    expect(github.lines()).toHaveLength(1);
  });

  it("shows a change to the second reader, and fetches the changed blob only", async () => {
    const { github, isolate, clock } = createWorld();
    const warm = isolate();
    await warm.readAll("blip");
    await warm.readAll("clip");
    const commit = github.push(IMAGE, { "blip.json": CLIP, "clip.json": CLIP.replace("14", "32") });
    github.clear();
    await clock.advance(TTL_MS + 1);
    expect(await textOf(await warm.readAll("clip"))).toBe(CLIP);
    const changed = await warm.readAll("clip");
    expect(await textOf(changed)).toBe(CLIP.replace("14", "32"));
    expect(changed).toMatchObject({ commit, source: "hit", checkedAt: clock.now() });
    expect(github.lines()).toEqual([
      BRANCH,
      expect.stringContaining("git/trees/"),
      expect.stringContaining("git/blobs/"),
    ]);
  });

  it("follows a change that a reader of another category found, without a request for the ref", async () => {
    const { github, isolate, clock } = createWorld();
    const warm = isolate();
    await warm.readAll("blip");
    await warm.readAll("clip");
    await clock.advance(TTL_MS + 1);
    const changed = `${BLIP}\n`;
    github.push(IMAGE, { "blip.json": changed, "clip.json": CLIP });
    await warm.readAll("clip");
    github.clear();
    expect(await textOf(await warm.readAll("blip"))).toBe(BLIP);
    expect(await textOf(await warm.readAll("blip"))).toBe(changed);
    expect(github.lines()).toEqual([blobLine(changed)]);
  });

  it("asks for no tree when the commit changed and the tree did not", async () => {
    const { github, isolate, clock } = createWorld();
    const warm = isolate();
    await warm.readAll("blip");
    const commit = github.push(IMAGE, { "blip.json": BLIP, "clip.json": CLIP, "README.md": "about" });
    github.clear();
    await clock.advance(TTL_MS + 1);
    await warm.readAll("blip");
    expect(github.lines()).toEqual([BRANCH]);
    expect((await warm.read("blip")).commit).toBe(commit);
  });

  it.each([
    ["exactly ten TTLs: at once", 10 * TTL_MS, "hit", 0],
    ["more than ten: after GitHub was asked", 10 * TTL_MS + 1, "revalidated", 700],
  ])("%s", async (_what, ageMs, source, waitedMs) => {
    const { github, isolate, clock } = createWorld();
    const warm = isolate();
    await warm.readAll("blip");
    github.push(IMAGE, { "blip.json": CLIP });
    github.intercept(({ line }) => (line === BRANCH ? clock.sleep(700).then(() => null) : null));
    await clock.advance(ageMs);
    const asked = clock.now();
    const answer = await warm.read("blip");
    expect(answer).toMatchObject({ source, stale: null });
    expect(await textOf(answer)).toBe(source === "hit" ? BLIP : CLIP);
    expect(clock.now() - asked).toBe(waitedMs);
  });

  it("follows a branch that was force-pushed to an older tree, whose blob is still near", async () => {
    const { github, isolate } = createWorld();
    const warm = isolate();
    const before = { "blip.json": BLIP, "clip.json": CLIP };
    for (const files of [before, { ...before, "blip.json": CLIP }, before]) {
      github.push(IMAGE, files);
      github.clear();
      expect(await textOf(await warm.readAll("blip", { refresh: true }))).toBe(files["blip.json"]);
    }
    expect(github.lines().filter((line) => line.includes("git/blobs/"))).toEqual([]);
  });
});

describe("a TTL of one second", () => {
  it("shows a change after two reads", async () => {
    const { github, isolate, clock } = createWorld();
    const warm = isolate({ settings: { HORDE_MODEL_REFERENCE_CACHE_TTL_SECONDS: "1" } });
    await warm.readAll("blip");
    for (const text of [CLIP, BLIP, CLIP]) {
      github.push(IMAGE, { "blip.json": text });
      await clock.advance(1001);
      await warm.readAll("blip");
      expect(await textOf(await warm.readAll("blip"))).toBe(text);
    }
  });
});

describe("refresh", () => {
  it("asks GitHub within the TTL, past the edge cache", async () => {
    const { github, isolate } = createWorld();
    const warm = isolate();
    await warm.readAll("blip");
    github.push(IMAGE, { "blip.json": CLIP });
    const answer = await warm.readAll("blip", { refresh: true });
    expect(await textOf(answer)).toBe(CLIP);
    expect(answer).toMatchObject({ source: "revalidated", stale: null });
  });

  it("does not take the answer to a question that was asked before it", async () => {
    const { github, isolate, clock } = createWorld();
    const warm = isolate();
    await warm.readAll("blip");
    await clock.advance(TTL_MS + 1);
    const old = Response.json({ commit: { sha: "0".repeat(40), commit: { tree: { sha: "0".repeat(40) } } } });
    let held = 0;
    github.intercept(({ line }) => (line === BRANCH && held++ === 0 ? clock.sleep(4000).then(() => old) : null));
    await warm.read("blip");
    const commit = github.push(IMAGE, { "blip.json": CLIP });
    await clock.advance(10);
    expect(await textOf(await warm.read("blip", { refresh: true }))).toBe(CLIP);
    await warm.rest();
    expect(await warm.read("blip")).toMatchObject({ commit, stale: null });
  });

  it("is not undone by a blob of the head before that comes later", async () => {
    const { github, isolate, clock } = createWorld();
    const warm = isolate();
    github.push(IMAGE, { "blip.json": BLIP });
    const old = `${IMAGE} git/blobs/${blobShaOfText(BLIP)}`;
    github.intercept(({ line }) => (line === old ? clock.sleep(8000).then(() => new Response(BLIP)) : null));
    const slow = warm.invocation().read("blip");
    await clock.advance(2000);
    const commit = github.push(IMAGE, { "blip.json": CLIP });
    await clock.until(warm.invocation().refresh(IMAGE));
    expect(await textOf(await warm.read("blip"))).toBe(CLIP);
    await clock.until(slow);
    await warm.rest();
    expect(await warm.read("blip")).toMatchObject({ commit, stale: null });
    expect(await textOf(await warm.read("blip"))).toBe(CLIP);
  });

  it("serves the last good one as stale when GitHub takes longer than 10 s", async () => {
    const { github, isolate, clock } = createWorld();
    const warm = isolate();
    await warm.readAll("blip");
    github.intercept(() => new Promise(() => {}));
    const asked = clock.now();
    const answer = await warm.read("blip", { refresh: true });
    expect(answer).toMatchObject({ source: "stale", stale: { code: "github-unavailable" } });
    expect(clock.now() - asked).toBe(10_000);
  });
});

function blobLine(text: string, repository = IMAGE): string {
  return `${repository} git/blobs/${blobShaOfText(text)}`;
}
