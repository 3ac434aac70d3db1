import { describe, expect, it } from "vitest";
import type { RepositoryOutcome } from "../../src/contract/report.ts";
import { sha256 } from "../../src/files/blob.ts";
import { createRunId, createStateStore, EMPTY_STATE, type SyncState } from "../../src/state/store.ts";
import { EMPTY_MEMORY } from "../../src/sync/memory.ts";
import { createFakeKv } from "../fakes/kv.ts";
import { report, repositoryReport } from "../fakes/report.ts";

const FULL: SyncState = {
  ...EMPTY_STATE,
  lastUpdated: 1795219334,
  isUnsettled: true,
  lastCheckedAt: "2026-11-21T12:00:00.000Z",
  lastSuccessAt: "2026-11-21T11:00:00.000Z",
  consecutiveErrors: 3,
  nextAttemptAt: "2026-11-21T12:04:00.000Z",
  repositories: [
    repositoryReport({
      outcome: "created",
      pullRequest: { number: 1, url: "https://github.test/pull/1" },
      commit: "a".repeat(40),
      files: ["clip.json"],
      categories: {
        clip: { added: ["a"], removed: [], modified: [{ name: "b", fields: ["x"] }], warnings: ["w"], held: "why" },
      },
    }),
    repositoryReport({ repository: "haidra/text", outcome: "failed", error: { code: "internal", message: "x" } }),
  ],
  memory: {
    "haidra/image": {
      ...EMPTY_MEMORY,
      baseTree: { sha: "t", files: { "clip.json": "1" } },
      sameness: { clip: { stamp: null, primary: "p", files: ["1"] } },
      published: { headSha: "h", headFiles: { a: "1" }, baseSha: "b", baseFiles: { a: "0" }, pullRequest: 1 },
    },
  },
};

describe("the state", () => {
  it.each<[string, SyncState]>([
    ["everything", FULL],
    ["nothing yet", EMPTY_STATE],
    ["a PRIMARY without metadata", { ...EMPTY_STATE, lastUpdated: null }],
  ])("comes back as it was saved: %s", async (_what, state) => {
    const store = createStateStore(createFakeKv());
    await store.save(state);
    expect(await store.load()).toMatchObject(state);
    expect((await store.load()).lastUpdated).toBe(state.lastUpdated);
  });

  it("survives being saved again", async () => {
    const kv = createFakeKv();
    const store = createStateStore(kv);
    await store.save(FULL);
    const first = kv.values.get("state")?.value;
    await store.save(await store.load());
    expect(JSON.parse(kv.values.get("state")?.value ?? "")).toEqual(JSON.parse(first ?? ""));
  });

  it("takes one read and one write", async () => {
    const kv = createFakeKv();
    const store = createStateStore(kv);
    await store.save(FULL);
    await store.load();
    expect([kv.reads.length, kv.writes.length]).toEqual([1, 1]);
  });

  const good = JSON.stringify({ version: 1, ...FULL });
  it.each<[string, string | null]>([
    ["nothing", null],
    ["an empty text", ""],
    ["truncated JSON", good.slice(0, -20)],
    ["no JSON", "hello"],
    ["a list", "[]"],
    ["null", "null"],
    ["an older version", good.replace('"version":1', '"version":0')],
    ["a newer version", good.replace('"version":1', '"version":2')],
    ["no version", good.replace('"version":1,', "")],
    ["an error count that is a text", good.replace('"consecutiveErrors":3', '"consecutiveErrors":"3"')],
    ["an unknown outcome", good.replace('"created"', '"exploded"')],
    ["an unknown category", good.replace('"clip":{"added"', '"clop":{"added"')],
    ["a field too few", good.replace('"isUnsettled":true,', "")],
  ])("that is %s reads as empty, and as unsettled when there was something", async (_what, value) => {
    const kv = createFakeKv();
    if (value !== null) kv.values.set("state", { value });
    expect(value).not.toBe(good);
    expect(await createStateStore(kv).load()).toEqual({ ...EMPTY_STATE, isUnsettled: value !== null });
  });

  it.each([
    ["of another value", (value: string) => value.replace('"headSha":"h"', '"headSha":"i"')],
    ["of another form", (value: string) => value.replace('"headSha":"h"', '"headSha":5')],
    ["of another form, with its digest", (value: string) => withMemory(value, { "haidra/image": 5 })],
    ["that is missing", (value: string) => withMemory(value, undefined)],
    ["without a digest", (value: string) => value.replace(/"memoryDigest":"\w+",/, "")],
  ])("forgets a memory %s, and keeps the rest", async (_what, damage) => {
    const kv = createFakeKv();
    await createStateStore(kv).save(FULL);
    const value = kv.values.get("state")?.value ?? "";
    kv.values.set("state", { value: damage(value) });
    expect(damage(value)).not.toBe(value);
    const { memory, ...rest } = FULL;
    expect(Object.keys(memory)).not.toEqual([]);
    expect(await createStateStore(kv).load()).toEqual({ ...rest, memory: {} });
  });
});

function withMemory(value: string, memory: unknown): string {
  return JSON.stringify({ ...JSON.parse(value), memory, memoryDigest: sha256(JSON.stringify(memory ?? null)) });
}

describe("runs", () => {
  const idAt = (startedAt: number) => createRunId(startedAt, () => 0.5);

  it("come back by their id, and are kept for 30 days", async () => {
    const kv = createFakeKv();
    const store = createStateStore(kv);
    const failed = report({
      outcome: "failed",
      error: { code: "primary-unavailable", message: "No." },
      repositories: FULL.repositories,
    });
    await store.recordRun(failed);
    expect(await store.readRun(failed.id)).toEqual(failed);
    expect([...kv.values.values()].map(({ expirationTtl }) => expirationTtl)).toEqual([30 * 86_400]);
  });

  it("are listed newest first, without reading a value", async () => {
    const kv = createFakeKv();
    const store = createStateStore(kv);
    const times = [5, 1, 1e12, 4, 1795219334000];
    for (const time of times) await store.recordRun(report({ id: idAt(time), durationMs: time }));
    const runs = await store.listRuns(4);
    expect(runs.map(({ durationMs }) => durationMs)).toEqual([1795219334000, 1e12, 5, 4]);
    expect(runs[0]).toEqual({
      id: idAt(1795219334000),
      trigger: "tick",
      startedAt: "2026-11-21T12:00:00.000Z",
      outcome: "in-sync",
      durationMs: 1795219334000,
      changes: 0,
      hasWritten: false,
    });
    expect(kv.reads).toEqual([]);
  });

  it("tell in the list how much they changed, and whether they wrote anything", async () => {
    const clip = { added: ["a"], removed: ["b"], modified: [{ name: "c", fields: ["d"] }], warnings: [] };
    const blip = { ...clip, held: "Too much." };
    const image = (outcome: RepositoryOutcome) => repositoryReport({ outcome, categories: { clip, blip } });
    const store = createStateStore(createFakeKv());
    const told = async (outcome: RepositoryOutcome) => {
      await store.recordRun(report({ repositories: [image(outcome)] }));
      const [summary] = await store.listRuns(1);
      return [summary?.changes, summary?.hasWritten];
    };
    expect(await told("created")).toEqual([3, true]);
    expect(await told("planned")).toEqual([3, false]);
    expect(await told("current")).toEqual([0, false]);
    expect(await told("held")).toEqual([0, false]);
  });

  it("fit KV's limits, however much they tell", async () => {
    const names = Array.from({ length: 3000 }, (_, index) => `${index} ${"x".repeat(100)}`);
    const clip = { added: names, removed: names, modified: [], warnings: names };
    const big = report({ repositories: [repositoryReport({ categories: { clip } })], warnings: names });
    const store = createStateStore(createFakeKv());
    await store.recordRun(big);
    expect(await store.readRun(big.id)).toEqual(big);
  });

  it("with damaged metadata are left out of the list", async () => {
    const kv = createFakeKv();
    const store = createStateStore(kv);
    await store.recordRun(report());
    kv.values.set("run:0", { value: "x" });
    kv.values.set("run:1", { value: "x", metadata: { id: 5 } });
    expect(await store.listRuns(10)).toHaveLength(1);
  });

  it.each([
    ["damaged", (value: string) => value.slice(0, -1)],
    ["of another form", () => "{}"],
  ])("that are %s are not found", async (_what, damage) => {
    const kv = createFakeKv();
    const store = createStateStore(kv);
    await store.recordRun(report());
    for (const entry of kv.values.values()) entry.value = damage(entry.value);
    expect(await store.readRun(report().id)).toBe(null);
  });

  it.each(["", "state", "../state", "x".repeat(600), "mhx0k3v9a-4f7c2", "MHX0K3V9A-4F7C2E", "mhx0k3v9a-4f7c2e\n"])(
    "are not looked for under the name %j",
    async (id) => {
      const kv = createFakeKv();
      expect(await createStateStore(kv).readRun(id)).toBe(null);
      expect(kv.reads).toEqual([]);
    },
  );

  it.each([0, 1, 1795219334000, Date.UTC(5000, 0)])(
    "started at %d have an id that sorts and is found again",
    async (at) => {
      const store = createStateStore(createFakeKv());
      for (const chance of [0, 0.999999999]) {
        const id = createRunId(at, () => chance);
        await store.recordRun(report({ id }));
        expect((await store.readRun(id))?.id).toBe(id);
      }
      expect(idAt(at) < idAt(at + 1)).toBe(true);
    },
  );
});
