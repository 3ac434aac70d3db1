/**
 * What is known is about the PRIMARY, the GitHub, the repositories and the branches that the settings named: after they
 * name others nothing is said of these before a run has looked.
 */
import { describe, expect, it } from "vitest";
import { buildHealth } from "../../src/http/health.ts";
import { buildStatus } from "../../src/present/status.ts";
import { createSyncService } from "../../src/service/service.ts";
import { createStateStore } from "../../src/state/store.ts";
import { createFakeClock, START } from "../fakes/clock.ts";
import { createFakeGitHub } from "../fakes/github.ts";
import { createFakeKv } from "../fakes/kv.ts";
import { createFakeLog } from "../fakes/log.ts";
import { configWith, GITHUB_URL } from "../fakes/settings.ts";

const MINUTE = 60_000;
const OTHER_PRIMARY = "https://other-primary.test";
const OTHER_GITHUB = "https://other-github.test";
const SAID = '{"a": {"v": 1}}\n';
const LACKS = "{}\n";
type Settings = Readonly<Record<string, string>>;

/** What is there lags behind PRIMARY everywhere but where the service looks first; nothing is ever written. */
async function setUp(first: Settings = {}) {
  const [github, elsewhere] = [createFakeGitHub(GITHUB_URL), createFakeGitHub(OTHER_GITHUB)];
  const text = { "models.csv": "name,parameters_bn\n", "db.json": "{}\n" };
  for (const branch of ["main", "dev"]) github.push("haidra/text", text, branch);
  elsewhere.push("haidra/text", text);
  github.push("haidra/image", { "clip.json": SAID });
  github.push("haidra/image", { "clip.json": LACKS }, "dev");
  github.push("fork/image", { "clip.json": LACKS });
  elsewhere.push("haidra/image", { "clip.json": LACKS });
  const primary = { isUp: true };
  const kv = createFakeKv();
  const clock = createFakeClock();
  const store = createStateStore(kv);
  const { log } = createFakeLog();
  const fetch = async (url: string, init: RequestInit) => {
    const path = /\/model_references\/v1\/(.*)$/.exec(url)?.[1];
    if (path !== undefined) {
      if (!primary.isUp) return new Response("", { status: 502 });
      if (path === "metadata/last_updated") return Response.json({ last_updated: 100 });
      if (path === "metadata/metadata") return Response.json({ clip: { last_updated: 100 } });
      return new Response(url.startsWith(OTHER_PRIMARY) ? '{"a": {"v": 2}}\n' : SAID);
    }
    if (/\/pulls\?|\/git\/matching-refs\//.test(url)) return Response.json([]);
    return (url.startsWith(OTHER_GITHUB) ? elsewhere : github).fetch(url, init);
  };
  const base = { WATCH_MODE: "true", WATCH_ENABLE_STARTUP_SYNC: "true", CATEGORIES_TO_SYNC: "clip" };
  const make = (settings: Settings) => {
    const config = configWith({ ...base, MIN_CHANGES_THRESHOLD: "1000", ...settings });
    const rest = { tokens: new Map(), log, now: clock.now, keepsDryRuns: config.noPr };
    return { config, service: createSyncService({ config, store, fetch, clock, ...rest }) };
  };
  let made = make(first);
  return {
    primary,
    kv,
    store,
    get service() {
      return made.service;
    },
    deploy(settings: Settings) {
      made = make(settings);
    },
    async tick(cron = "* * * * *") {
      clock.advance(MINUTE);
      const writes = kv.writes.length;
      const report = await made.service.tick({ cron, scheduledTime: clock.now() });
      return { outcome: report?.outcome ?? null, writes: kv.writes.length - writes };
    },
    async see() {
      const settings = { kind: "configured", config: made.config } as const;
      const state = await store.load();
      const status = buildStatus({ version: "1", settings, state, runs: [], replica: "off" });
      const rest = { replica: null, deployedAt: START, isUnsaved: false, now: clock.now() };
      const health = buildHealth({ settings, state, ...rest });
      return {
        state: status.state,
        clip: status.categories[0]?.state,
        reports: status.repositories.map(({ repository, branch }) => `${repository}@${branch}`),
        lastUpdated: status.primary.lastUpdated,
        isWarned: status.warnings.some((sentence) => sentence.startsWith("The settings name another")),
        reasons: health.status === "ok" ? [] : health.reasons,
      };
    },
  };
}

const WELL = { state: "in-sync", clip: "in-sync", isWarned: false, reasons: [] };
const UNCHECKED = { state: "pending", clip: "unchecked", reports: [], isWarned: true, reasons: ["unchecked"] };

const CHANGES: readonly [string, Settings, repository: string][] = [
  ["the image repository", { GITHUB_IMAGE_REPO: "fork/image" }, "fork/image@main"],
  ["the branch", { GITHUB_BRANCH: "dev" }, "haidra/image@dev"],
  ["PRIMARY", { PRIMARY_API_URL: OTHER_PRIMARY }, "haidra/image@main"],
  ["GitHub", { GITHUB_API_URL: OTHER_GITHUB }, "haidra/image@main"],
];

describe.each(CHANGES)("another setting of %s", (_what, settings, repository) => {
  it("makes the next tick run, and until then nobody says that all is well", async () => {
    const world = await setUp();
    expect((await world.tick()).outcome).toBe("in-sync");
    expect(await world.see()).toMatchObject({ ...WELL, lastUpdated: 100 });
    world.deploy(settings);
    expect(await world.see()).toEqual({ ...UNCHECKED, lastUpdated: null });
    expect((await world.tick()).outcome).toBe("held");
    const after = { state: "pending", clip: "below-threshold", reports: [repository], isWarned: false, reasons: [] };
    expect(await world.see()).toEqual({ ...after, lastUpdated: 100 });
    expect(await world.tick()).toEqual({ outcome: null, writes: 0 });
  });

  it("is about the same again once it is taken back", async () => {
    const world = await setUp();
    await world.tick();
    world.deploy(settings);
    await world.tick();
    world.deploy({});
    expect(await world.see()).toMatchObject(UNCHECKED);
    expect((await world.tick()).outcome).toBe("in-sync");
    expect(await world.see()).toMatchObject(WELL);
  });
});

describe("after another setting", () => {
  const settings = { GITHUB_BRANCH: "dev" };

  it("a run that does not get to look leaves all unchecked, and backs off", async () => {
    const world = await setUp();
    await world.tick();
    world.deploy(settings);
    world.primary.isUp = false;
    const outcomes = [];
    for (let minute = 0; minute < 8; minute++) outcomes.push((await world.tick()).outcome);
    expect(outcomes).toEqual(["failed", "failed", null, "failed", null, null, null, "failed"]);
    expect((await world.see()).reasons).toContain("unchecked");
    world.primary.isUp = true;
    for (let minute = 0; minute < 8; minute++) await world.tick();
    expect(await world.see()).toMatchObject({ clip: "below-threshold", reasons: [] });
  });

  it("a run by hand over a part leaves the rest unchecked", async () => {
    const categories = { CATEGORIES_TO_SYNC: "clip,blip" };
    const world = await setUp(categories);
    await world.tick();
    world.deploy({ ...categories, ...settings });
    await world.service.sync({ trigger: "manual", categories: ["clip"], isDryRun: false, isForced: false });
    expect(await world.see()).toMatchObject({ state: "pending", reasons: ["unchecked"] });
    expect((await world.tick()).outcome).not.toBe(null);
    expect((await world.see()).reasons).not.toContain("unchecked");
  });

  it("a dry run that keeps nothing says that it looked, and the first run that writes takes nothing on trust", async () => {
    const world = await setUp();
    await world.tick();
    world.deploy({ ...settings, DRY_RUN: "true" });
    expect((await world.see()).reasons).toEqual(["unchecked"]);
    await world.tick();
    expect(await world.see()).toMatchObject({ state: "pending", reports: [], reasons: [] });
    expect((await world.tick()).writes).toBe(0);
    world.deploy(settings);
    expect((await world.tick()).outcome).toBe("held");
  });

  it("a look at what waits on GitHub does not take the other's pull request for ours", async () => {
    const world = await setUp();
    await world.tick();
    const state = await world.store.load();
    const pullRequest = { number: 7, url: `${GITHUB_URL}/pull/7` };
    const repositories = state.repositories.map((entry) => ({ ...entry, outcome: "current" as const, pullRequest }));
    await world.store.save({ ...state, repositories });
    world.deploy(settings);
    expect((await world.tick()).outcome).toBe("held");
    expect((await world.store.load()).repositories).toMatchObject([{ branch: "dev", pullRequest: null }]);
  });
});

describe("a state of an earlier version, which does not say what it is about", () => {
  const asEarlier = async (world: Awaited<ReturnType<typeof setUp>>) => {
    await world.tick();
    await world.store.save({ ...(await world.store.load()), subjects: {} });
  };

  it("is shown as it is, but not as settled, and checked by the next tick", async () => {
    const world = await setUp();
    await asEarlier(world);
    const shown = { state: "pending", clip: "in-sync", reports: ["haidra/image@main"], isWarned: false, reasons: [] };
    expect(await world.see()).toMatchObject(shown);
    expect((await world.tick()).outcome).toBe("in-sync");
    expect(await world.see()).toMatchObject(WELL);
    expect(await world.tick()).toEqual({ outcome: null, writes: 0 });
  });

  it("says nothing of a branch that its reports do not name", async () => {
    const world = await setUp();
    await asEarlier(world);
    world.deploy({ GITHUB_BRANCH: "dev" });
    expect(await world.see()).toMatchObject({ state: "pending", clip: "unchecked", reports: [] });
    expect((await world.tick()).outcome).toBe("held");
  });
});

it("a service that has not run yet begins as it would have, whatever is set meanwhile", async () => {
  const world = await setUp({ WATCH_ENABLE_STARTUP_SYNC: "false" });
  expect((await world.tick()).outcome).toBe(null);
  world.deploy({ WATCH_ENABLE_STARTUP_SYNC: "false", GITHUB_BRANCH: "dev" });
  expect(await world.see()).toMatchObject({ state: "unknown", reasons: [] });
  expect((await world.tick()).outcome).toBe(null);
});

it("a category that was added is not called in sync before it was looked at", async () => {
  const world = await setUp();
  await world.tick();
  world.deploy({ CATEGORIES_TO_SYNC: "clip,blip" });
  expect((await world.see()).state).toBe("pending");
});
