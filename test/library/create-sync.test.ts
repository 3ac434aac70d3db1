/**
 * Planning, a run and a watch against the sandbox, in this process.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Sandbox, startSandbox } from "../../sandbox/sandbox.ts";
import { createMemoryStore, createSync, type Look, parseConfig, SyncError } from "../../src/index.ts";
import { RECORD } from "../world/ground.ts";
import { IMAGE, isWriteRequest, seed, settingsFor } from "./world.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());
beforeEach(() => seed(sandbox));

const configFor = (more: Readonly<Record<string, string>> = {}) => parseConfig(settingsFor(sandbox, more));
const writes = () => sandbox.github.requests.filter(isWriteRequest);

describe("plan", () => {
  it("gives the Report and the would-be files, and writes nothing", async () => {
    sandbox.primary.putRecord("esrgan", "First", RECORD);
    const store = createMemoryStore();
    const { report, files } = await createSync({ config: configFor(), store }).plan();
    expect(report).toMatchObject({ outcome: "planned", dryRun: true });
    expect(files).toMatchObject([{ repository: IMAGE, path: "esrgan.json", after: expect.stringContaining("First") }]);
    expect(writes()).toEqual([]);
    expect((await store.list({ prefix: "", limit: 10 })).keys).toEqual([]);
  });

  it("plans what is held where it is forced", async () => {
    sandbox.primary.setCategory("image_generation", "{}");
    const sync = createSync({ config: configFor() });
    expect((await sync.plan()).files).toEqual([]);
    expect((await sync.plan({ force: true })).files).toMatchObject([{ path: "stable_diffusion.json" }]);
  });
});

describe("run", () => {
  it("publishes, and a second one finds its pull request", async () => {
    sandbox.primary.putRecord("esrgan", "First", RECORD);
    const store = createMemoryStore();
    const first = await createSync({ config: configFor(), store }).run({ categories: ["esrgan"] });
    const second = await createSync({ config: configFor(), store }).run();
    expect(first.repositories).toMatchObject([{ outcome: "created", pullRequest: { number: 1 } }]);
    expect(second.repositories).toMatchObject([{ outcome: "current", pullRequest: { number: 1 } }, {}]);
  });

  it.each(["DRY_RUN", "NO_PR"])("writes nothing to GitHub with %s", async (name) => {
    sandbox.primary.putRecord("esrgan", "First", RECORD);
    const report = await createSync({ config: configFor({ [`HORDE_GITHUB_SYNC_${name}`]: "true" }) }).run({
      force: true,
    });
    expect(report).toMatchObject({ outcome: "planned", dryRun: true });
    expect(writes()).toEqual([]);
  });

  it("tells a fault in its Report, and does not reject", async () => {
    const fetch = async () => new Response("<html>maintenance</html>");
    const report = await createSync({ config: configFor(), fetch }).run();
    expect(report).toMatchObject({ outcome: "failed", error: { code: "primary-malformed" } });
  });

  it("refuses a category that is not configured, and one that there is not", async () => {
    const sync = createSync({ config: configFor({ HORDE_GITHUB_SYNC_CATEGORIES_TO_SYNC: "clip" }) });
    await expect(sync.run({ categories: ["esrgan"] })).rejects.toThrow(
      "CATEGORIES_TO_SYNC leaves out esrgan. It has: clip.",
    );
    const unknown: unknown = Reflect.apply(sync.run, undefined, [{ categories: ["esrgam"] }]);
    await expect(unknown).rejects.toBeInstanceOf(SyncError);
  });

  it("logs lines of JSON, none of which shows a secret", async () => {
    const lines: string[] = [];
    sandbox.primary.putRecord("esrgan", "First", RECORD);
    await createSync({ config: configFor(), log: (_level, line) => lines.push(line) }).run();
    expect(lines.map((line) => JSON.parse(line).event)).toEqual(
      expect.arrayContaining(["run.started", "run.finished"]),
    );
    expect(lines.join("\n")).not.toContain("ghp_");
  });
});

describe("watch", () => {
  /** Looks until so many were taken; PRIMARY changes before the second. */
  async function watchFor(looks: number, more: Readonly<Record<string, string>> = {}, store = createMemoryStore()) {
    const stop = new AbortController();
    const seen: Look[] = [];
    // The wait between looks is not waited for.
    const clock = { now: () => Date.now(), random: () => 0.5, sleep: async () => {} };
    await createSync({ config: configFor(more), store, clock }).watch({
      signal: stop.signal,
      onLook(look) {
        seen.push(look);
        if (seen.length === 1) sandbox.primary.putRecord("esrgan", "First", RECORD);
        if (seen.length === looks) stop.abort();
      },
    });
    return seen;
  }

  it("notes the timestamp, runs when it moves, and stops by the signal", async () => {
    const store = createMemoryStore();
    const seen = await watchFor(2, {}, store);
    expect(seen).toMatchObject([
      { kind: "quiet", isFirst: true },
      { kind: "ran", report: { trigger: "tick", outcome: "published" } },
    ]);
    expect(JSON.parse((await store.get("state")) ?? "null")).toMatchObject({ lastRun: { outcome: "published" } });
  });

  it("compares everything first where the settings say so", async () => {
    const [first] = await watchFor(1, { HORDE_GITHUB_SYNC_WATCH_ENABLE_STARTUP_SYNC: "true" });
    expect(first).toMatchObject({ kind: "ran", report: { trigger: "reconcile", outcome: "in-sync" } });
  });

  it("plans in a dry run, and keeps nothing in the store that it was given", async () => {
    const store = createMemoryStore();
    const seen = await watchFor(2, { HORDE_GITHUB_SYNC_DRY_RUN: "true" }, store);
    expect(seen.at(-1)).toMatchObject({ kind: "ran", report: { outcome: "planned" } });
    expect(writes()).toEqual([]);
    expect((await store.list({ prefix: "", limit: 10 })).keys).toEqual([]);
  });

  it("takes no look once the signal has come", async () => {
    let looks = 0;
    await createSync({ config: configFor() }).watch({ signal: AbortSignal.abort(), onLook: () => void looks++ });
    expect(looks).toBe(0);
  });

  it("ends with what its listener throws", async () => {
    const watching = createSync({ config: configFor() }).watch({
      signal: new AbortController().signal,
      onLook() {
        throw new Error("enough");
      },
    });
    await expect(watching).rejects.toThrow("enough");
  });

  it("wakes from its wait when the signal comes", async () => {
    const stop = new AbortController();
    const watching = createSync({ config: configFor({ HORDE_GITHUB_SYNC_WATCH_INTERVAL_SECONDS: "3600" }) }).watch({
      signal: stop.signal,
      onLook: () => void setTimeout(() => stop.abort(), 10),
    });
    await expect(watching).resolves.toBeUndefined();
  });
});

it("looks once, for a cron of one's own", async () => {
  const sync = createSync({ config: configFor() });
  expect(await sync.look()).toMatchObject({ kind: "quiet", isFirst: true });
  sandbox.primary.putRecord("esrgan", "First", RECORD);
  expect(await sync.look()).toMatchObject({ kind: "ran", report: { outcome: "published" } });
});

it("checks what the settings need", async () => {
  const { items } = await createSync({ config: configFor() }).check();
  expect(items.filter(({ result }) => result === "failed")).toEqual([]);
  expect(items.map(({ subject }) => subject)).toContain(IMAGE);
});
