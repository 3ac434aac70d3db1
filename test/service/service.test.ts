import { describe, expect, it } from "vitest";
import { blobSha } from "../../src/files/blob.ts";
import { createSyncService } from "../../src/service/service.ts";
import type { KeyValueStore } from "../../src/state/key-value-store.ts";
import { createStateStore, EMPTY_STATE, type SyncState } from "../../src/state/store.ts";
import { createFakeClock, iso, START } from "../fakes/clock.ts";
import { createBrokenKv, createFakeKv } from "../fakes/kv.ts";
import { createFakeLog } from "../fakes/log.ts";
import { configWith, GITHUB_TOKEN, GITHUB_URL, PRIMARY_URL, TRIGGER_TOKEN, WEBHOOK_URL } from "../fakes/settings.ts";

const MINUTE = 60_000;
const WATCH = "* * * * *";
const RECONCILE = "0 */6 * * *";
const COMMIT = "c".repeat(40);
const CLIP = '{"a": {"v": 1}}\n';

interface SetUp {
  readonly settings?: Record<string, string>;
  readonly kv?: KeyValueStore;
  /** Stored before the first tick. */
  readonly state?: Partial<SyncState>;
  readonly remembersDryRuns?: boolean;
}

/** PRIMARY and GitHub with one category, in sync to begin with; nothing can be written. */
async function setUp({ settings = {}, kv, state, remembersDryRuns = false }: SetUp = {}) {
  const server = {
    stamp: 100 as number | null | "down",
    metadata: {} as Record<string, { last_updated: number }>,
    clip: CLIP,
    tree: "d".repeat(40),
    retryAfter: null as string | null,
  };
  const fileSha = await blobSha(new TextEncoder().encode(CLIP));
  const seen: string[] = [];
  const answer = (line: string): Response => {
    const primary = `GET ${PRIMARY_URL}/model_references/v1`;
    const github = `GET ${GITHUB_URL}/repos/haidra/image`;
    if (server.stamp === "down" && line.startsWith(primary)) {
      const headers = server.retryAfter === null ? {} : { "retry-after": server.retryAfter };
      return Response.json({ detail: "down" }, { status: server.retryAfter === null ? 500 : 429, headers });
    }
    if (line === `${primary}/metadata/last_updated`) return Response.json({ last_updated: server.stamp });
    if (line === `${primary}/metadata/metadata`) return Response.json(server.metadata);
    if (line === `${primary}/clip`) return new Response(server.clip);
    if (line === `${github}/branches/main`)
      return Response.json({
        name: "main",
        commit: {
          sha: COMMIT,
          url: `${GITHUB_URL}/repos/haidra/image/commits/${COMMIT}`,
          commit: { tree: { sha: server.tree } },
        },
      });
    if (line === `${github}/git/trees/${server.tree}`)
      return Response.json({ tree: [{ path: "clip.json", mode: "100644", type: "blob", sha: fileSha }] });
    if (line === `${github}/git/blobs/${fileSha}`) return new Response(CLIP);
    if (line.startsWith(`${github}/pulls?`)) return Response.json([]);
    if (line === `${github}/git/matching-refs/heads%2Fsync`) return Response.json([]);
    if (line.startsWith(`${github}/compare/${COMMIT}...`))
      return Response.json({ message: "Not Found" }, { status: 404 });
    throw new Error(`Unexpected request: ${line}`);
  };
  const fakeKv = createFakeKv();
  const clock = createFakeClock();
  const { log, lines, events } = createFakeLog();
  const store = createStateStore(kv ?? fakeKv);
  if (state !== undefined) await store.save({ ...EMPTY_STATE, ...state });
  const watch = { WATCH_MODE: "true", WATCH_ENABLE_STARTUP_SYNC: "true", CATEGORIES_TO_SYNC: "clip" };
  const config = configWith({ ...watch, ...settings });
  const fetch = async (url: string, init: RequestInit) => {
    const line = `${init.method ?? "GET"} ${url}`;
    seen.push(line);
    return answer(line);
  };
  const moved: string[] = [];
  const onMoved = (heads: readonly { commit: string }[]) => void moved.push(...heads.map(({ commit }) => commit));
  const rest = { tokens: new Map(), log, remembersDryRuns, onMoved };
  const service = createSyncService({ config, store, fetch, clock, ...rest });
  return {
    server,
    seen,
    moved,
    kv: fakeKv,
    clock,
    lines,
    events,
    store,
    service,
    /** The tick of a minute after the start; time passes until then. */
    async tick(minute: number, cron = WATCH) {
      const scheduledTime = START + minute * MINUTE;
      clock.advance(Math.max(0, scheduledTime - clock.now()));
      seen.length = 0;
      const [reads, writes] = [fakeKv.reads.length, fakeKv.writes.length];
      const report = await service.tick({ cron, scheduledTime });
      return { report, requests: [...seen], reads: fakeKv.reads.length - reads, writes: fakeKv.writes.length - writes };
    },
    state: () => store.load(),
  };
}

const LAST_UPDATED = `GET ${PRIMARY_URL}/model_references/v1/metadata/last_updated`;
const settled: Partial<SyncState> = {
  lastUpdated: 100,
  lastCheckedAt: iso(0),
  lastSuccessAt: iso(0),
  heartbeatAt: iso(0),
};

describe("a tick that is not due", () => {
  it.each<[string, SetUp, number]>([["it is not this minute", { settings: { WATCH_INTERVAL_SECONDS: "300" } }, 1]])(
    "ends before it reads anything: %s",
    async (_what, options, minute) => {
      const world = await setUp(options);
      expect(await world.tick(minute)).toEqual({ report: null, requests: [], reads: 0, writes: 0 });
    },
  );

  it("notes that it came when the watch is off, every fifteen minutes", async () => {
    const world = await setUp({ settings: { WATCH_MODE: "false" } });
    const written: number[] = [];
    for (let minute = 0; minute <= 31; minute++) {
      const { report, requests, writes } = await world.tick(minute);
      expect([report, requests]).toEqual([null, []]);
      if (writes > 0) written.push(minute);
    }
    expect([written, (await world.state()).heartbeatAt]).toEqual([[0, 15, 30], iso(30)]);
  });

  it("ends after two reads within the back-off, and notes that it came", async () => {
    const world = await setUp({ state: { ...settings(2), isUnsettled: true, heartbeatAt: iso(0) } });
    expect(await world.tick(1)).toEqual({ report: null, requests: [], reads: 2, writes: 0 });
    expect(await world.tick(1, RECONCILE)).toEqual({ report: null, requests: [], reads: 2, writes: 0 });
    expect((await world.tick(2)).report?.outcome).toBe("in-sync");
  });

  function settings(minute: number): Partial<SyncState> {
    return { ...settled, consecutiveErrors: 1, nextAttemptAt: iso(minute) };
  }

  it("looks at its own minute when the interval is longer", async () => {
    const world = await setUp({ settings: { WATCH_INTERVAL_SECONDS: "300" }, state: settled });
    const looked: number[] = [];
    for (let minute = 0; minute < 15; minute++) if ((await world.tick(minute)).requests.length > 0) looked.push(minute);
    expect(looked).toEqual([0, 5, 10]);
  });
});

describe("a tick that waits for a timestamp to come again", () => {
  it("writes nothing, also after a failure", async () => {
    const awaiting = { lastUpdated: 100, until: iso(30) };
    const world = await setUp({ state: { ...settled, lastUpdated: 99, awaiting, consecutiveErrors: 1 } });
    expect(await world.tick(1)).toMatchObject({ report: null, writes: 0 });
  });
});

describe("the first tick ever", () => {
  it("runs when it shall", async () => {
    const world = await setUp();
    const { report, reads, writes } = await world.tick(0);
    expect(report).toMatchObject({
      trigger: "tick",
      outcome: "in-sync",
      primary: { lastUpdated: 100, previous: null },
    });
    expect([reads, writes]).toEqual([3, 3]);
    expect(await world.state()).toMatchObject({ lastUpdated: 100, isUnsettled: false, lastSuccessAt: iso(0) });
  });

  it("only stores the timestamp when it shall not", async () => {
    const world = await setUp({ settings: { WATCH_ENABLE_STARTUP_SYNC: "false" } });
    expect(await world.tick(0)).toEqual({ report: null, requests: [LAST_UPDATED], reads: 3, writes: 1 });
    expect(await world.state()).toMatchObject({ lastUpdated: 100, lastSuccessAt: null, lastCheckedAt: iso(0) });
    expect((await world.tick(1)).report).toBe(null);
    world.server.stamp = 101;
    expect((await world.tick(2)).report?.outcome).toBe("in-sync");
  });

  it("takes a PRIMARY without metadata for a timestamp like any other", async () => {
    const world = await setUp({ settings: { WATCH_ENABLE_STARTUP_SYNC: "false" } });
    world.server.stamp = null;
    await world.tick(0);
    expect((await world.state()).lastUpdated).toBe(null);
    expect(await world.tick(1)).toMatchObject({ report: null, writes: 0 });
    world.server.stamp = 1;
    expect((await world.tick(2)).report).toMatchObject({ primary: { lastUpdated: 1, previous: null } });
  });
});

describe("an edit in the second of another, which PRIMARY stamps alike", () => {
  const second = START / 1000;
  const read = (requests: readonly string[]) => requests.some((line) => line.endsWith("/v1/clip"));

  it("is seen by the next tick", async () => {
    const world = await setUp({ state: settled });
    world.server.stamp = second + 60;
    world.server.metadata = { clip: { last_updated: second + 60 } };
    expect((await world.tick(1)).report?.outcome).toBe("in-sync");
    // The later edit of the two; nothing can be written in this world.
    world.server.clip = '{"a": {"v": 2}}';
    const { report, requests } = await world.tick(2);
    expect(read(requests)).toBe(true);
    expect(report?.repositories[0]?.error?.message).toContain("POST /repos/haidra/image/git/trees");
  });

  it("costs one more run, and then the stamp is settled", async () => {
    const world = await setUp({ state: settled });
    world.server.stamp = second + 61;
    world.server.metadata = { clip: { last_updated: second + 61 } };
    const runs: number[] = [];
    for (let minute = 1; minute <= 10; minute++) if ((await world.tick(minute)).report !== null) runs.push(minute);
    expect(runs).toEqual([1, 2]);
    expect(await world.state()).toMatchObject({ lastUpdated: second + 61, isStampOpen: false });
  });

  it("does not keep a PRIMARY awake whose clock is hours ahead", async () => {
    const world = await setUp({ state: settled });
    world.server.stamp = second + 5 * 3600;
    world.server.metadata = { clip: { last_updated: second + 5 * 3600 } };
    const runs: number[] = [];
    for (let minute = 1; minute <= 6 * 60; minute++) if ((await world.tick(minute)).report !== null) runs.push(minute);
    expect(runs).toEqual([1, 5 * 60 + 1]);
  });
});

describe("a quiet tick", () => {
  it("is one request, two reads and no write", async () => {
    const world = await setUp({ state: settled });
    for (let minute = 1; minute < 15; minute++) {
      expect(await world.tick(minute)).toEqual({ report: null, requests: [LAST_UPDATED], reads: 2, writes: 0 });
    }
  });

  it("refreshes what was checked every fifteen minutes, and nothing else", async () => {
    const world = await setUp({ state: settled });
    const written: number[] = [];
    for (let minute = 1; minute <= 45; minute++) if ((await world.tick(minute)).writes > 0) written.push(minute);
    expect(written).toEqual([15, 30, 45]);
    const { lastCheckedAt, heartbeatAt, ...rest } = await world.state();
    expect([lastCheckedAt, heartbeatAt]).toEqual([iso(45), iso(45)]);
    expect(rest).toMatchObject({ lastUpdated: 100, lastSuccessAt: iso(0), isUnsettled: false });
  });
});

describe("a changed timestamp", () => {
  it.each<[string, number | null, number | null]>([
    ["larger", 100, 101],
    ["smaller", 100, 99],
    ["gone", 100, null],
    ["there at last", null, 5],
  ])("that is %s starts a run", async (_what, stored, current) => {
    const world = await setUp({ state: { ...settled, lastUpdated: stored } });
    world.server.stamp = current;
    expect((await world.tick(1)).report?.primary).toEqual({ url: PRIMARY_URL, lastUpdated: current, previous: stored });
    expect((await world.state()).lastUpdated).toBe(current);
    expect((await world.tick(2)).report).toBe(null);
  });

  it("is asked for once in a tick that runs", async () => {
    const world = await setUp({ state: { ...settled, lastUpdated: 1 } });
    const { requests, writes } = await world.tick(1);
    expect(requests.filter((line) => line === LAST_UPDATED)).toHaveLength(1);
    // Its mark, the state, and its record, since it is the first.
    expect(writes).toBe(3);
  });
});

describe("a run that did not settle", () => {
  it("is tried again though the timestamp is the same", async () => {
    const world = await setUp({ state: { ...settled, isUnsettled: true } });
    expect((await world.tick(1)).report?.outcome).toBe("in-sync");
    expect((await world.tick(2)).report).toBe(null);
  });

  it("leaves the timestamp where it was, and settles on recovery", async () => {
    const world = await setUp({ state: settled });
    world.server.stamp = 101;
    world.server.clip = "<html>";
    expect((await world.tick(1)).report?.outcome).toBe("failed");
    expect(await world.state()).toMatchObject({ lastUpdated: 100, isUnsettled: true, consecutiveErrors: 1 });
    world.server.clip = CLIP;
    expect((await world.tick(2)).report?.outcome).toBe("in-sync");
    expect(await world.state()).toMatchObject({ lastUpdated: 101, consecutiveErrors: 0, nextAttemptAt: null });
  });

  it("backs off 1, 2, 4 … 60 minutes, counted from the tick", async () => {
    const world = await setUp({ state: settled });
    world.server.stamp = "down";
    const attempts: number[] = [];
    for (let minute = 1; minute <= 250; minute++) if ((await world.tick(minute)).report !== null) attempts.push(minute);
    expect(attempts.slice(1).map((minute, index) => minute - (attempts[index] ?? 0))).toEqual([
      1, 2, 4, 8, 16, 32, 60, 60, 60,
    ]);
    expect(await world.state()).toMatchObject({ lastUpdated: 100, lastSuccessAt: iso(0), consecutiveErrors: 10 });
    world.server.stamp = 100;
    const next = (await world.state()).nextAttemptAt;
    const minute = (Date.parse(next ?? "") - START) / MINUTE;
    expect((await world.tick(minute)).report?.outcome).toBe("in-sync");
    expect(await world.state()).toMatchObject({ consecutiveErrors: 0, nextAttemptAt: null });
  });

  it("does not ask again what has failed within the tick", async () => {
    const world = await setUp({ state: settled });
    world.server.stamp = "down";
    const { report, requests } = await world.tick(1);
    expect(report).toMatchObject({ outcome: "failed", error: { code: "primary-unavailable" } });
    expect(requests).toEqual([LAST_UPDATED, LAST_UPDATED, LAST_UPDATED]);
    expect(report?.requests).toEqual({ primary: 3, github: 0 });
  });

  it("waits as long as a rate limit says", async () => {
    const world = await setUp({ state: settled });
    world.server.stamp = "down";
    world.server.retryAfter = "1800";
    expect((await world.tick(1)).requests).toEqual([LAST_UPDATED]);
    expect((await world.state()).nextAttemptAt).toBe(iso(31));
  });

  it.each(["99999999999999999", "1e300"])("survives a rate limit of %s seconds", async (retryAfter) => {
    const world = await setUp({ state: settled });
    world.server.stamp = "down";
    world.server.retryAfter = retryAfter;
    expect((await world.tick(1)).report?.outcome).toBe("failed");
    expect((await world.state()).nextAttemptAt).toBe(iso(1 + 60));
  });
});

describe("a reconcile", () => {
  it("runs whatever the timestamp says, also without the watch", async () => {
    const world = await setUp({ state: settled, settings: { WATCH_MODE: "false" } });
    const { report, writes } = await world.tick(1, RECONCILE);
    expect([report?.trigger, report?.outcome, writes]).toEqual(["reconcile", "in-sync", 3]);
    expect((await world.state()).lastSuccessAt).toBe(iso(1));
  });

  it("stays within the budget of an unchanged repository", async () => {
    const world = await setUp({ state: settled });
    await world.tick(1, RECONCILE);
    const { report, requests } = await world.tick(2, RECONCILE);
    expect(report?.requests).toEqual({ primary: 3, github: 3 });
    expect(requests).toHaveLength(6);
  });
});

describe("a base branch that moved", () => {
  it("is told once, after the run that found it, which may be the first", async () => {
    const { tick, server, moved } = await setUp();
    await tick(0);
    expect(moved).toEqual([COMMIT]);
    await tick(1, RECONCILE);
    expect(moved).toEqual([COMMIT]);
    server.tree = "e".repeat(40);
    await tick(2, RECONCILE);
    expect(moved).toEqual([COMMIT, COMMIT]);
    await tick(3, RECONCILE);
    expect(moved).toEqual([COMMIT, COMMIT]);
  });

  it("is not told by a dry run", async () => {
    const { tick, server, moved, service } = await setUp();
    await tick(0);
    server.tree = "e".repeat(40);
    await service.sync({ trigger: "manual", categories: null, isDryRun: true, isForced: false });
    expect(moved).toEqual([COMMIT]);
  });
});

describe("a manual run", () => {
  const manual = { trigger: "manual", categories: null, isDryRun: false, isForced: false } as const;

  it("settles like any other", async () => {
    const world = await setUp({
      state: { ...settled, isUnsettled: true, consecutiveErrors: 5, nextAttemptAt: iso(60) },
    });
    world.server.stamp = 101;
    expect((await world.service.sync(manual)).trigger).toBe("manual");
    expect(await world.state()).toMatchObject({ lastUpdated: 101, consecutiveErrors: 0, nextAttemptAt: null });
  });

  it("of some categories does not move the timestamp", async () => {
    const world = await setUp({ state: settled, settings: { CATEGORIES_TO_SYNC: "clip,text_generation" } });
    world.server.stamp = 101;
    expect((await world.service.sync({ ...manual, categories: ["clip"] })).outcome).toBe("in-sync");
    expect(await world.state()).toMatchObject({ lastUpdated: 100, isUnsettled: false, lastSuccessAt: iso(0) });
  });

  it("that fails makes the next tick run, but does not hold it up", async () => {
    const world = await setUp({ state: settled });
    world.server.clip = "[]";
    expect((await world.service.sync(manual)).outcome).toBe("failed");
    expect(await world.state()).toMatchObject({ isUnsettled: true, consecutiveErrors: 0, nextAttemptAt: null });
    world.server.clip = CLIP;
    expect((await world.tick(1)).report?.outcome).toBe("in-sync");
  });

  it("that is dry writes nothing, anywhere", async () => {
    const world = await setUp({ state: settled });
    const writes = world.kv.writes.length;
    world.server.clip = '{"a": {"v": 2}}';
    const report = await world.service.sync({ ...manual, isDryRun: true });
    expect(report).toMatchObject({ dryRun: true, outcome: "planned" });
    expect(world.kv.writes.length).toBe(writes);
    expect(world.seen.every((line) => line.startsWith("GET "))).toBe(true);
  });

  it("keeps its report for 30 days", async () => {
    const world = await setUp({ state: settled });
    const report = await world.service.sync(manual);
    expect(await world.store.readRun(report.id)).toEqual(report);
  });
});

describe("with DRY_RUN", () => {
  it("no tick writes anything but that it came", async () => {
    const world = await setUp({ settings: { DRY_RUN: "true" } });
    world.server.clip = '{"a": {"v": 2}}';
    expect((await world.tick(0)).report).toMatchObject({ dryRun: true, outcome: "planned" });
    expect((await world.tick(360, RECONCILE)).report).toMatchObject({ dryRun: true, outcome: "planned" });
    expect(world.kv.writes).toEqual(["state", "state"]);
    expect(await world.state()).toMatchObject({ lastUpdated: undefined, lastRun: null, heartbeatAt: iso(360) });
  });

  it.each<[string, Partial<SyncState>]>([
    ["that knows nothing yet", {}],
    ["in which something failed before", { ...settled, isUnsettled: true }],
    ["that wrote a moment ago", { ...settled, lastUpdated: 99 }],
  ])(
    "the same is planned four times an hour, and what PRIMARY changes at once: in a state %s",
    async (_what, state) => {
      const world = await setUp({ settings: { DRY_RUN: "true" }, state });
      world.server.clip = '{"a": {"v": 2}}';
      const planned: number[] = [];
      let written = 0;
      for (let minute = 0; minute < 60; minute++) {
        if (minute === 20) world.server.stamp = 101;
        const { report, writes } = await world.tick(minute);
        if (report !== null) planned.push(minute);
        written += writes;
      }
      expect(planned).toEqual([0, 15, 20, 35, 50]);
      expect(written).toBeLessThan(10);
    },
  );

  it("nor does a quiet one, or the first without a startup sync", async () => {
    const world = await setUp({ settings: { DRY_RUN: "true", WATCH_ENABLE_STARTUP_SYNC: "false" } });
    expect(await world.tick(0)).toMatchObject({ report: null, writes: 1 });
    expect(await world.tick(14)).toMatchObject({ report: null, writes: 0 });
    expect(await world.state()).toMatchObject({ lastUpdated: undefined, lastCheckedAt: null });
  });
});

describe("a KV that throws", () => {
  it("costs requests, and never a run", async () => {
    const world = await setUp({ kv: createBrokenKv() });
    expect((await world.tick(0)).report?.outcome).toBe("in-sync");
    expect((await world.tick(1)).report?.outcome).toBe("in-sync");
    expect(world.events()).toEqual(
      expect.arrayContaining(["state.load-failed", "state.save-failed", "state.record-failed"]),
    );
  });

  it("only when read does not pass for the first tick: what changed meanwhile is looked for", async () => {
    const kv = createFakeKv();
    const flaky = { ...kv, get: createBrokenKv().get };
    const world = await setUp({ kv: flaky, settings: { WATCH_ENABLE_STARTUP_SYNC: "false" } });
    expect((await world.tick(0)).report?.outcome).toBe("in-sync");
  });

  it("lets a report be lost, and the run stand", async () => {
    const world = await setUp({ kv: createBrokenKv() });
    const manual = { trigger: "manual", categories: null, isDryRun: false, isForced: false } as const;
    expect((await world.service.sync(manual)).outcome).toBe("in-sync");
  });
});

describe("damaged state", () => {
  it.each(["{", '{"version":0}', '{"version":1,"lastUpdated":"x"}'])("%s is as good as none", async (value) => {
    const world = await setUp();
    world.kv.values.set("state", { value });
    expect((await world.tick(0)).report?.outcome).toBe("in-sync");
    expect((await world.state()).lastUpdated).toBe(100);
  });

  it("is written over by a dry run that fails, so that the failure shows", async () => {
    const world = await setUp({ settings: { DRY_RUN: "true" } });
    world.server.stamp = "down";
    world.kv.values.set("state", { value: "{" });
    expect((await world.tick(0)).report?.outcome).toBe("failed");
    expect(await world.state()).toMatchObject({ consecutiveErrors: 1, failingSince: expect.any(String) });
  });
});

describe("a look", () => {
  it("tells a quiet PRIMARY, a run and a back-off apart, at any second", async () => {
    const world = await setUp({ settings: { WATCH_INTERVAL_SECONDS: "300", WATCH_ENABLE_STARTUP_SYNC: "false" } });
    expect(await world.service.watch(START + 1)).toEqual({ kind: "quiet", lastUpdated: 100, isFirst: true });
    expect(await world.service.watch(START + 2)).toEqual({ kind: "quiet", lastUpdated: 100, isFirst: false });
    world.server.stamp = 101;
    expect(await world.service.watch(START + 3)).toMatchObject({ kind: "ran", report: { trigger: "tick" } });
    expect(await world.service.reconcile(START + 4)).toMatchObject({ kind: "ran", report: { trigger: "reconcile" } });
    world.server.stamp = "down";
    expect(await world.service.watch(START)).toMatchObject({ kind: "ran", report: { outcome: "failed" } });
    const until = iso(1);
    expect(await world.service.watch(START + MINUTE - 1)).toEqual({ kind: "backed-off", until });
    expect(await world.service.reconcile(START + MINUTE - 1)).toEqual({ kind: "backed-off", until });
  });

  it("does not depend on WATCH_MODE, which is about ticks", async () => {
    const world = await setUp({ settings: { WATCH_MODE: "false" }, state: settled });
    expect((await world.service.watch(START)).kind).toBe("quiet");
  });
});

describe("dry runs that are remembered", () => {
  const options = { settings: { DRY_RUN: "true", WATCH_ENABLE_STARTUP_SYNC: "false" }, remembersDryRuns: true };

  it("plan each change once, and tell nobody", async () => {
    const world = await setUp(options);
    expect((await world.service.watch(START)).kind).toBe("quiet");
    world.server.stamp = 101;
    world.server.clip = '{"a": {"v": 2}}';
    expect(await world.service.watch(START)).toMatchObject({ kind: "ran", report: { outcome: "planned" } });
    expect(await world.service.watch(START)).toEqual({ kind: "quiet", lastUpdated: 101, isFirst: false });
    expect(await world.store.listRuns(10)).toEqual([]);
  });

  it("back off when they fail, and are tried again", async () => {
    const world = await setUp({ ...options, state: settled });
    world.server.stamp = "down";
    expect(await world.service.watch(START)).toMatchObject({ kind: "ran", report: { outcome: "failed" } });
    expect(await world.service.watch(START)).toEqual({ kind: "backed-off", until: iso(1) });
    world.server.stamp = 100;
    expect(await world.service.watch(START + MINUTE)).toMatchObject({ kind: "ran", report: { outcome: "in-sync" } });
    expect(await world.state()).toMatchObject({ consecutiveErrors: 0, isUnsettled: false });
  });
});

describe("log lines", () => {
  it("carry the run's id and no secret", async () => {
    const world = await setUp({ state: settled });
    world.server.stamp = 101;
    const { report } = await world.tick(1);
    world.server.stamp = "down";
    await world.tick(2);
    const finished = world.lines.map((line) => JSON.parse(line)).filter(({ event }) => event === "run.finished");
    expect(finished[0]).toMatchObject({ run: report?.id, outcome: "in-sync" });
    for (const secret of [GITHUB_TOKEN, TRIGGER_TOKEN, WEBHOOK_URL]) expect(world.lines.join()).not.toContain(secret);
  });
});

describe("a run that was killed", () => {
  const killed = (minute: number): SetUp => ({ state: { ...settled, heartbeatAt: iso(0), markSeen: iso(minute - 1) } });

  it("is noticed after its deadline and two minutes, counted, told, and backed off from", async () => {
    const world = await setUp(killed(1));
    await world.store.mark(iso(1));
    expect((await world.tick(6)).report, "it may still be at work").toBe(null);
    expect((await world.state()).kills).toBe(0);
    expect((await world.tick(7)).requests).toEqual([]);
    expect(await world.state()).toMatchObject({
      kills: 1,
      consecutiveErrors: 1,
      isUnsettled: true,
      failingSince: iso(1),
      lastError: { code: "run-killed", message: expect.stringContaining(iso(1)) },
      nextAttemptAt: iso(8),
    });
    const { report } = await world.tick(8);
    expect(report?.outcome).toBe("in-sync");
    expect(await world.state()).toMatchObject({ kills: 0, consecutiveErrors: 0, failingSince: null, lastError: null });
  });

  it("three times in a row says that the plan does not carry it", async () => {
    const world = await setUp(killed(1));
    let minute = 1;
    for (let time = 0; time < 3; time++) {
      await world.store.mark(iso(minute));
      minute += 6;
      await world.tick(minute);
      minute += 5;
    }
    expect(await world.state()).toMatchObject({
      kills: 3,
      isFailingTold: true,
      lastError: { message: expect.stringMatching(/3 times in a row: the plan's limits do not carry it/) },
    });
  });

  it("is noticed though every minute starts another that is killed as well", async () => {
    const world = await setUp({ state: { ...settled, lastUpdated: 1, heartbeatAt: iso(0) } });
    const before = await world.store.load();
    for (let minute = 1; minute <= 6; minute++) {
      expect((await world.tick(minute)).report, `minute ${minute}`).not.toBe(null);
      // Killed before it could save anything.
      await world.store.save(before);
    }
    expect((await world.tick(7)).report).toBe(null);
    expect(await world.state()).toMatchObject({ kills: 1, failingSince: iso(1) });
  });

  it("long ago is counted, and the work goes on at once", async () => {
    const world = await setUp(killed(1));
    await world.store.mark(iso(1));
    expect((await world.tick(30, RECONCILE)).report?.outcome).toBe("in-sync");
    expect(await world.state()).toMatchObject({ kills: 0, failingSince: null });
  });

  it("is not seen in one that ended, however long ago", async () => {
    const world = await setUp({ state: settled });
    await world.tick(0, RECONCILE);
    await world.tick(90);
    expect((await world.state()).kills).toBe(0);
  });
});

describe("a failure", () => {
  it("is told from the first attempt on, until all is well", async () => {
    const world = await setUp({ state: settled });
    world.server.stamp = "down";
    await world.tick(1);
    expect(await world.state()).toMatchObject({ failingSince: expect.stringMatching(/12:01/), isFailingTold: false });
    await world.tick(2);
    await world.tick(4);
    expect(await world.state()).toMatchObject({
      failingSince: expect.stringMatching(/12:01/),
      isFailingTold: true,
      consecutiveErrors: 3,
    });
    world.server.stamp = 100;
    await world.tick(8);
    expect(await world.state()).toMatchObject({ failingSince: null, isFailingTold: false, lastError: null });
  });
});
