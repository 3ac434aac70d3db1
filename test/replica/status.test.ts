import { describe, expect, it } from "vitest";
import { createBrokenKv } from "../fakes/kv.ts";
import { createWorld, IMAGE, TEXT, TEXT_FILES, TTL_MS } from "./world.ts";

describe("the status", () => {
  it("of a replica that never read anything has no answers, and asks GitHub nothing", async () => {
    const { github, isolate } = createWorld();
    const status = await isolate().status();
    const unknown = {
      branch: "main",
      commit: null,
      checkedAt: null,
      ageSeconds: null,
      stale: null,
      failingSeconds: null,
    };
    expect(status.repositories).toEqual([
      { repository: IMAGE, ...unknown },
      { repository: TEXT, ...unknown },
    ]);
    expect(status.categories).toHaveLength(10);
    expect(status.categories[0]).toEqual({
      category: "image_generation",
      commit: null,
      records: null,
      issues: [],
      issueCount: 0,
      stale: null,
    });
    expect(status).toMatchObject({ ttlSeconds: 60, counters: { hits: 0, githubRequests: 0 } });
    expect(github.lines()).toEqual([]);
  });

  it("names commit, age and counts, and a fault with its reason", async () => {
    const { github, isolate, clock } = createWorld();
    const warm = isolate();
    const { commit, checkedAt } = await warm.readAll("blip");
    github.intercept(() => Response.json({ message: "no" }, { status: 500 }));
    await clock.advance(11 * TTL_MS);
    await warm.readAll("blip");
    await warm.readAll("blip");
    await warm.readAll("clip").catch(() => {});
    const { repositories, categories, counters } = await warm.status();
    const stale = { code: "github-unavailable", message: expect.stringContaining("GitHub answered 500") };
    const ageSeconds = Math.round((clock.now() - checkedAt) / 1000);
    const at = new Date(checkedAt).toISOString();
    expect(repositories[0]).toMatchObject({ repository: IMAGE, commit, checkedAt: at, ageSeconds, stale });
    expect(categories.find(({ category }) => category === "blip")).toMatchObject({ commit, records: 1, stale });
    expect(counters).toEqual({ hits: 0, misses: 1, stale: 2, revalidations: 2, githubRequests: 6 + 3, errors: 3 });
  });

  it("tells for how long GitHub did not help, from question to question, until it helps again", async () => {
    const { github, isolate, clock } = createWorld();
    const warm = isolate();
    await warm.readAll("blip");
    const failing = async () => (await warm.status()).repositories[0]?.failingSeconds ?? null;
    expect(await failing()).toBeNull();
    github.intercept(() => Response.json({ message: "no" }, { status: 404 }));
    const seen: (number | null)[] = [];
    for (const hours of [10, 20, 30]) {
      await clock.advance(hours * 3_600_000);
      seen.push(await failing());
      await warm.readAll("blip");
    }
    await clock.advance(90 * 3_600_000);
    expect([...seen, await failing()]).toEqual([null, 0, 20 * 3600, 50 * 3600]);
    github.intercept(null);
    await warm.readAll("blip");
    expect(await failing()).toBeNull();
  });

  it("lists the first 20 issues of v1 and v2, each once", async () => {
    const { github, isolate } = createWorld();
    const records = Array.from({ length: 25 }, (_, index) => `"r${index}": ${index}`);
    github.push(IMAGE, { "blip.json": `{${records.join(",")}}` });
    const warm = isolate();
    await warm.readAll("blip");
    const blip = (await warm.status()).categories.find(({ category }) => category === "blip");
    expect(blip).toMatchObject({ records: 25, issueCount: 25 });
    expect(blip?.issues).toHaveLength(20);
    expect(blip?.issues[0]).toMatchObject({ name: "r0", isLeftOut: true });
  });

  it("comes from KV in a cold isolate, and its head from the edge cache", async () => {
    const { github, isolate, clock, kv } = createWorld();
    github.push(TEXT, { ...TEXT_FILES, "models.csv": `${TEXT_FILES["models.csv"]}org/Bad,many,,,,,,,,\r\n` });
    const warm = isolate();
    const { commit } = await warm.readAll("text_generation");
    const cold = kv.reads.length;
    const known = await warm.status();
    expect(kv.reads.length - cold).toBe(9);
    github.clear();
    await clock.advance(30_000);
    const reads = kv.reads.length;
    const { repositories, categories } = await isolate().status();
    expect(categories).toEqual(known.categories);
    expect(categories.find(({ category }) => category === "text_generation")).toMatchObject({ commit, issueCount: 1 });
    expect(repositories[1]).toMatchObject({ commit, ageSeconds: 30 });
    expect(kv.reads.length - reads).toBe(10);
    const [, text] = (await isolate({ edge: null }).status()).repositories;
    expect(text).toMatchObject({ commit, ageSeconds: 30 });
    expect(github.lines()).toEqual([]);
  });

  it("looks into KV once per TTL, however often it is asked for", async () => {
    const { isolate, clock, kv } = createWorld();
    await isolate().readAll("blip");
    const cold = isolate();
    const reads: number[] = [];
    for (const waited of [0, 0, TTL_MS, 1]) {
      await clock.advance(waited);
      const before = kv.reads.length;
      expect((await cold.status()).categories.find(({ category }) => category === "blip")?.records).toBe(1);
      reads.push(kv.reads.length - before);
    }
    expect(reads).toEqual([10, 0, 0, 10]);
  });

  it("does without KV", async () => {
    const { isolate } = createWorld();
    const warm = isolate({ kv: createBrokenKv() });
    await warm.readAll("blip");
    const { categories } = await warm.status();
    expect(categories.find(({ category }) => category === "blip")?.records).toBe(1);
    expect(categories.find(({ category }) => category === "clip")?.records).toBeNull();
  });
});
