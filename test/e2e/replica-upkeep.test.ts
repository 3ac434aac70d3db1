/**
 * How the replica in real workerd keeps up with GitHub: who asks it, how often, and with which credentials.
 */
import { describe, expect, test, vi } from "vitest";
import { CATEGORY_NAMES } from "../../src/categories.ts";
import { once } from "../../src/core/once.ts";
import { TRIGGER_TOKEN } from "../world/ground.ts";
import {
  breakRepository,
  describeReplicas,
  expectStale,
  REFRESH,
  type ReplicaWorld,
  see,
  V1,
  V2,
} from "./replica-world.ts";
import { IMAGE, TEXT } from "./world.ts";

const createWorld = describeReplicas();
const SOON = { timeout: 5000, interval: 20 };
const PATHS = [`${V1}/clip`, `${V2}/clip`, `${V1}/text_generation`, `${V2}/text_generation`];
const isBlob = (call: string) => call.startsWith("GET /git/blobs/");
const isHead = (call: string) => call.startsWith("GET /branches/");

async function namesOf(world: ReplicaWorld, path: string, init: RequestInit = {}): Promise<string[]> {
  const answer = await world.fetch(path, init);
  expect([path, answer.status]).toEqual([path, 200]);
  return Object.keys(JSON.parse(await answer.text()));
}

function withRecord(world: ReplicaWorld, name: string): Record<string, string> {
  return { "clip.json": world.files["clip.json"]?.replace("{", `{"${name}": {"name": "${name}"},`) ?? "" };
}

describe("private repositories and a token", () => {
  /** Cold for the first test. */
  const sharedWorld = once(() => createWorld({ hidden: [IMAGE, TEXT] }));

  test("200 clients of a cold replica, one of which goes away: GitHub is asked for each thing once", async () => {
    const world = await sharedWorld();
    world.sandbox.github.faults.add({ path: "/branches/", action: { type: "delay", ms: 500 } });
    const gone = new AbortController();
    const first = world.fetch(`${V1}/clip`, { signal: gone.signal });
    await vi.waitFor(() => expect(world.sandbox.github.requests).toHaveLength(1), SOON);
    const paths = CATEGORY_NAMES.flatMap((name) => [`${V1}/${name}`, `${V2}/${name}`]);
    const clients = Array.from({ length: 199 }, (_client, index) => paths[index % paths.length] ?? "");
    const early = clients.slice(0, 20).map((path) => world.fetch(path));
    gone.abort();
    const late = clients.slice(20).map((path) => world.fetch(path));
    await expect(first).rejects.toThrow();
    const answers = await Promise.all([...early, ...late]);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    const texts = await Promise.all(answers.map((answer) => answer.text()));
    for (const [index, path] of clients.entries()) expect(texts[index]).toBe(texts[clients.indexOf(path)]);
    const asked = world.githubReads();
    expect(asked.filter(isHead)).toHaveLength(2);
    // Of the text repository three files are read; db.json is made of them.
    expect(asked.filter(isBlob)).toHaveLength(CATEGORY_NAMES.length + 2);
    expect(new Set(asked.filter(isBlob)).size).toBe(CATEGORY_NAMES.length + 2);
    expect(asked.filter((call) => !isHead(call) && !isBlob(call))).toHaveLength(2);
  });

  test("a change shows at once with ?refresh=true and the token, and within the TTL to nobody else", async () => {
    const world = await sharedWorld();
    await namesOf(world, `${V1}/clip`);
    world.push(IMAGE, withRecord(world, "Refreshed"));
    expect(await namesOf(world, `${V1}/clip`)).not.toContain("Refreshed");
    expect((await world.fetch(`${V1}/clip?refresh=true`)).status).toBe(401);
    expect(await namesOf(world, `${V1}/clip?refresh=true`, REFRESH)).toContain("Refreshed");
    expect(await namesOf(world, `${V2}/clip`)).toContain("Refreshed");
  });

  test("a change that the sync made is there before a client asks for it", async () => {
    const world = await sharedWorld();
    const { primary, github } = world.sandbox;
    primary.putRecord("blip", "Merged", { name: "Merged" });
    expect(await world.tick()).toBe("ok");
    const [pull] = github.pullRequests(IMAGE);
    const merged = github.mergePullRequest({ repository: IMAGE, number: pull?.number ?? 0 });
    expect(await world.reconcile(1)).toBe("ok");
    const kept = `replica:category:${world.sandbox.github.url} ${IMAGE}@${world.branch}:blip`;
    const isWarm = async () => JSON.parse((await world.stored())[kept] ?? "null")?.commit === merged;
    await vi.waitUntil(isWarm, SOON);
    world.githubCalls();
    expect(await namesOf(world, `${V1}/blip`)).toContain("Merged");
    for (const category of CATEGORY_NAMES) await namesOf(world, `${V2}/${category}`);
    expect(world.githubCalls()).toEqual([]);
  });

  test("files that cannot be read come after good ones: the last good content, until they are repaired", async () => {
    const world = await sharedWorld();
    const paths = [
      `${V1}/image_generation`,
      `${V2}/image_generation`,
      `${V1}/text_generation`,
      `${V2}/text_generation`,
    ];
    const refresh = (path: string) => see(world, `${path}?refresh=true`, REFRESH);
    const before = await Promise.all(paths.map((path) => see(world, path)));
    const broken = Object.fromEntries(
      ["stable_diffusion.json", "models.csv"].map((path) => [path, world.files[path]?.slice(0, -30) ?? ""]),
    );
    world.push(IMAGE, { "stable_diffusion.json": broken["stable_diffusion.json"] ?? "" });
    world.push(TEXT, { "models.csv": broken["models.csv"] ?? "" });
    for (const [index, path] of paths.entries()) {
      for (const seen of [await refresh(path), await see(world, path)]) {
        expectStale(seen, before[index], "legacy-malformed");
      }
    }
    expect(await refresh(`${V1}/clip`)).toMatchObject({ stale: null, warning: null });
    const { replica } = await world.status();
    const stale = replica?.categories.filter(({ stale }) => stale !== null).map(({ category }) => category);
    expect(stale).toEqual(["image_generation", "text_generation"]);
    const [name = ""] = Object.keys(JSON.parse(before[0]?.text ?? ""));
    const repaired = world.files["stable_diffusion.json"]?.replaceAll(`"${name}"`, '"Repaired"') ?? "";
    world.push(IMAGE, { "stable_diffusion.json": repaired });
    const [v1, v2] = [await refresh(`${V1}/image_generation`), await see(world, `${V2}/image_generation`)];
    for (const { text, stale, warning } of [v1, v2]) {
      expect(Object.keys(JSON.parse(text))).toContain("Repaired");
      expect([stale, warning]).toEqual([null, null]);
    }
  });
});

describe("a time to live of one second", () => {
  const sharedWorld = once(() => createWorld({ vars: { HORDE_MODEL_REFERENCE_CACHE_TTL_SECONDS: "1" } }));

  test("a change shows after the time to live, and costs the one blob that is new", async () => {
    const world = await sharedWorld();
    for (const name of ["clip", "blip"]) await namesOf(world, `${V1}/${name}`);
    world.githubReads();
    const commit = world.push(IMAGE, withRecord(world, "Later"));
    const shows = async () => expect(await namesOf(world, `${V2}/clip`)).toContain("Later");
    await vi.waitFor(shows, { timeout: 10_000, interval: 100 });
    const untouched = await world.fetch(`${V1}/blip`);
    expect(untouched.headers.get("x-reference-commit")).toBe(commit);
    expect(world.githubReads().filter(isBlob)).toHaveLength(1);
  });

  test("GitHub hangs, drops connections, answers 502, is over its limit: the last good answers, whose age grows", async () => {
    const world = await sharedWorld();
    const before = await Promise.all(PATHS.map((path) => see(world, path)));
    expect(before.map(({ stale, warning }) => [stale, warning])).toEqual(PATHS.map(() => [null, null]));
    const isOver = Date.now() + 1100;
    await expectKept(world, `${IMAGE}@${world.branch}:clip`);
    await expectKept(world, `${TEXT}@${world.branch}:text_generation`);
    // Another isolate has nothing in memory.
    await world.restart();
    await vi.waitUntil(() => Date.now() > isOver, SOON);
    breakRepository(world, IMAGE, { type: "hang" });
    world.sandbox.github.faults.add({ path: `/repos/${TEXT}/`, action: { type: "drop-before" } });
    breakRepository(world, TEXT, { type: "status", status: 502 });
    const [image, text] = await Promise.all([see(world, `${V1}/clip`), see(world, `${V1}/text_generation`)]);
    expectStale(image, before[0], "github-unavailable");
    expectStale(text, before[2], "github-unavailable");
    const old = await Promise.all(PATHS.map((path) => see(world, path)));
    expect(old.map(({ text, etag }) => [text, etag])).toEqual(before.map(({ text, etag }) => [text, etag]));
    for (const { ageSeconds } of [image, text, ...old]) expect(ageSeconds).toBeGreaterThan(0);
    world.sandbox.github.faults.clear();
    breakRepository(world, IMAGE, { type: "status", status: 403, headers: { "retry-after": "3600" } });
    const older = await see(world, `${V1}/clip?refresh=true`, REFRESH);
    expectStale(older, before[0], "rate-limited");
    expect(older.ageSeconds).toBeGreaterThan(1);
    world.githubReads();
    expectStale(await see(world, `${V1}/clip?refresh=true`, REFRESH), before[0], "rate-limited");
    expect(world.githubReads()).toEqual([]);
    const { replica } = await world.status();
    expect(replica?.repositories[0]?.stale?.code).toBe("rate-limited");
  });
});

test("after the first run an outage of GitHub meets no category that nobody asked for before", async () => {
  const world = await createWorld();
  expect(await world.reconcile()).toBe("ok");
  const isNear = async () => {
    const keys = Object.keys(await world.stored());
    return ["replica:category:", "replica:body:"].every(
      (prefix) => keys.filter((key) => key.startsWith(prefix)).length >= CATEGORY_NAMES.length,
    );
  };
  // What the run left no requests for comes with the next tick.
  await vi.waitUntil(async () => (await isNear()) || (await world.stored())["replica:warm"] !== undefined, SOON);
  expect(world.githubCalls().length + world.primaryCalls().length).toBeLessThanOrEqual(50);
  if (!(await isNear())) expect(await world.tick(1)).toBe("ok");
  await vi.waitUntil(isNear, SOON);
  expect((await world.stored())["replica:warm"]).toBeUndefined();
  await world.restart();
  for (const repository of [IMAGE, TEXT]) breakRepository(world, repository, { type: "status", status: 502 });
  world.githubCalls();
  for (const category of CATEGORY_NAMES) {
    for (const version of [V1, V2]) {
      expect(await namesOf(world, `${version}/${category}`), category).not.toEqual([]);
    }
  }
  expect(world.githubCalls().filter((call) => call.includes("/git/blobs/"))).toEqual([]);
  const { last_updated } = JSON.parse(await (await world.fetch(`${V1}/metadata/last_updated`)).text());
  expect(last_updated).toBeTypeOf("number");
});

test("without any credentials public repositories are served, although the sync can do nothing", async () => {
  const vars = { HORDE_GITHUB_SYNC_GITHUB_TOKEN: null, HORDE_GITHUB_SYNC_PRIMARY_API_URL: null };
  const world = await createWorld({ hidden: [TEXT], vars });
  expect(JSON.parse(await (await world.fetch("/healthz")).text()).reasons).toContain("misconfigured");
  for (const path of [`${V1}/clip`, `${V2}/image_generation`]) await namesOf(world, path);
  await namesOf(world, `${V1}/clip?refresh=true`, REFRESH);
  const hidden = await world.fetch(`${V1}/text_generation`);
  const text = await hidden.text();
  expect([hidden.status, hidden.headers.get("retry-after")]).toEqual([503, "60"]);
  expect(JSON.parse(text).detail).toContain(TEXT);
  expect(text).not.toContain(TRIGGER_TOKEN);
});

/** Until KV holds what another isolate needs. */
async function expectKept(world: ReplicaWorld, place: string): Promise<void> {
  const name = `${world.sandbox.github.url} ${place}`;
  await vi.waitFor(async () => {
    const stored = await world.stored();
    const { files } = JSON.parse(stored[`replica:category:${name}`] ?? "");
    const shas = Object.values(files).filter((sha) => sha !== null);
    expect(Object.keys(stored)).toEqual(expect.arrayContaining(shas.map((sha) => `replica:blob:${name}:${sha}`)));
  }, SOON);
}
