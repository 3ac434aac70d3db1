/**
 * The replica and the sandbox's GitHub, over HTTP: who it is there, and nobody where GitHub refuses that.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type GitHubServer, startGitHubServer } from "../../sandbox/github/server.ts";
import { CATEGORIES } from "../../src/categories.ts";
import { parseReplicaConfig } from "../../src/config/config.ts";
import type { Clock } from "../../src/net/transport.ts";
import type { ReplicaOptions } from "../../src/replica/options.ts";
import { createReplica, createReplicaMemory } from "../../src/replica/replica.ts";
import { createKeys } from "../fakes/keys.ts";
import { createFakeKv } from "../fakes/kv.ts";
import { createFakeLog } from "../fakes/log.ts";
import { BLIP, CLIP, TEXT_FILES, textOf } from "./world.ts";

const TOKEN = "ghp_replica0000000000000000000000000000";
const { privateKey, publicKey } = createKeys();
const APP = { GITHUB_APP_ID: "4711", GITHUB_APP_PRIVATE_KEY: privateKey };
const directory = mkdtempSync(join(tmpdir(), "replica-credentials-"));
let github: GitHubServer;
let owner = "";
let made = 0;

beforeAll(async () => {
  github = await startGitHubServer({ port: 0, directory });
  github.credentials.addToken({ token: TOKEN, permissions: { contents: "read" } });
});
afterAll(async () => {
  await github.close();
  rmSync(directory, { recursive: true, force: true });
});
beforeEach(() => {
  owner = `o${++made}`;
  github.createRepository({ owner, name: "image", files: { "blip.json": BLIP, "clip.json": CLIP } });
  github.createRepository({ owner, name: "text", files: TEXT_FILES });
  github.clearRequests();
});

function install(repositories: readonly string[]) {
  const permissions = { contents: "write", pull_requests: "write" } as const;
  github.credentials.addApp({
    id: "4711",
    publicKeyPem: publicKey,
    installationId: 99 + made,
    owner,
    permissions,
    repositories,
  });
}

function setUp(settings: Readonly<Record<string, string>> = {}, parts: Partial<ReplicaOptions> = {}) {
  let passedMs = 0;
  const clock: Clock = {
    now: () => Date.now() + passedMs,
    sleep: (ms) => new Promise((wake) => setTimeout(wake, ms).unref()),
    random: () => 0,
  };
  const config = parseReplicaConfig({
    HORDE_GITHUB_SYNC_GITHUB_API_URL: github.url,
    HORDE_GITHUB_SYNC_GITHUB_IMAGE_REPO: `${owner}/image`,
    HORDE_GITHUB_SYNC_GITHUB_TEXT_REPO: `${owner}/text`,
    ...settings,
  });
  const { log, lines } = createFakeLog();
  const shared = {
    config,
    categories: CATEGORIES,
    memory: createReplicaMemory(),
    kv: createFakeKv(),
    tokens: new Map(),
  };
  const replica = createReplica({
    ...shared,
    edge: null,
    fetch,
    clock,
    waitUntil: () => {},
    log,
    requestsLeft: () => 50,
    ...parts,
  });
  const pass = (ms: number) => {
    passedMs += ms;
  };
  return { replica, lines, pass };
}

/** `GET /branches/main as ghp_…`, without the repository. */
function calls(): string[] {
  const seen = github.requests.map(({ method, path }) => `${method} ${path.replace(/^\/repos\/[^/]+\//, "")}`);
  github.clearRequests();
  return seen.map((call) => call.replace(/[0-9a-f]{40}/, "…"));
}

const READ = ["GET image/branches/main", "GET image/git/trees/…", "GET image/git/blobs/…"];

describe("the replica's credentials", () => {
  it.each([
    ["none at all", {}],
    ["a token", { GITHUB_TOKEN: TOKEN }],
    ["an App without its key", { GITHUB_APP_ID: "4711" }],
  ])("%s: read a public repository with three requests", async (_what, settings) => {
    const { replica } = setUp(settings);
    expect(await textOf(await replica.read("blip"))).toBe(BLIP);
    expect(calls()).toEqual(READ);
  });

  it("of an App are a token that may only read this one repository, kept for an hour", async () => {
    install(["image", "text"]);
    const { replica } = setUp(APP);
    expect(await textOf(await replica.read("blip"))).toBe(BLIP);
    expect(calls()).toEqual(["GET image/installation", `POST /app/installations/${99 + made}/access_tokens`, ...READ]);
    await replica.read("blip", { refresh: true });
    expect(calls()).toEqual(["GET image/branches/main"]);
    await replica.read("text_generation");
    expect(calls().filter((call) => call.includes("access_tokens"))).toHaveLength(1);
  });

  it.each([
    ["a token that GitHub does not know", () => ({ GITHUB_TOKEN: "ghp_unknown" })],
    ["an App that is not installed there", () => APP],
    [
      "an App that is installed, but not on this repository",
      () => {
        install(["text"]);
        return { ...APP, GITHUB_APP_INSTALLATION_ID: `${99 + made}` };
      },
    ],
    [
      "an App whose key is none",
      () => ({
        ...APP,
        GITHUB_APP_PRIVATE_KEY: "-----BEGIN RSA PRIVATE KEY-----\nMAMCAQA=\n-----END RSA PRIVATE KEY-----",
      }),
    ],
  ])(
    "%s: are tried once, told in the log without the secret, and left out for ten minutes",
    async (_what, settings) => {
      const secrets = settings();
      const { replica, lines, pass } = setUp(secrets);
      expect(await textOf(await replica.read("blip"))).toBe(BLIP);
      expect(calls().slice(-3)).toEqual(READ);
      const told = lines.filter((line) => line.includes("replica.credentials-refused"));
      expect(told).toHaveLength(1);
      for (const secret of Object.values(secrets)) if (secret.length > 10) expect(told[0]).not.toContain(secret);
      pass(9 * 60_000);
      await replica.read("blip", { refresh: true });
      expect(calls()).toEqual(["GET image/branches/main"]);
      pass(61_000);
      await replica.read("blip", { refresh: true });
      expect(lines.filter((line) => line.includes("replica.credentials-refused"))).toHaveLength(2);
    },
  );

  it("that are refused for a private repository are the reason given", async () => {
    github.createRepository({ owner, name: "secret", files: { "blip.json": BLIP }, isPrivate: true });
    const settings = { HORDE_GITHUB_SYNC_GITHUB_IMAGE_REPO: `${owner}/secret`, GITHUB_TOKEN: "ghp_unknown" };
    await expect(setUp(settings).replica.read("blip")).rejects.toMatchObject({ code: "github-unauthorized" });
    const allowed = setUp({ ...settings, GITHUB_TOKEN: TOKEN });
    expect(await textOf(await allowed.replica.read("blip"))).toBe(BLIP);
  });

  it("that are refused by a GitHub that then limits strangers end in the limit", async () => {
    const limited = { status: 429, headers: { "retry-after": "600" }, body: '{"message":"slow down"}' };
    github.faults.add({ path: "/branches/", skip: 1, action: { type: "status", ...limited } });
    const { replica } = setUp({ GITHUB_TOKEN: "ghp_unknown" });
    const retryAt = expect.any(Number);
    await expect(replica.read("blip")).rejects.toMatchObject({ code: "rate-limited", retryAt });
    github.faults.clear();
  });

  it("are not doubted when GitHub is only unavailable", async () => {
    github.faults.add({ path: "/access_tokens", times: 3, action: { type: "status", status: 400 } });
    install(["image"]);
    const { replica } = setUp({ ...APP, GITHUB_APP_INSTALLATION_ID: `${99 + made}` });
    await expect(replica.read("blip")).rejects.toMatchObject({ code: "github-unavailable" });
    github.faults.clear();
  });
});

describe("a GitHub that takes a request and does not answer", () => {
  it("is given up after the time-out, and asked again", async () => {
    github.faults.add({ path: "/branches/", action: { type: "hang" } });
    // Between two attempts no time passes, and nobody gives up waiting.
    const sleep = (ms: number) => (ms <= 1000 ? Promise.resolve() : new Promise<void>(() => {}));
    const clock = { now: Date.now, random: () => 0, sleep };
    const { replica } = setUp({}, { clock, githubTimeoutMs: 1500 });
    expect(await textOf(await replica.read("blip"))).toBe(BLIP);
    expect(calls()).toEqual(["GET image/branches/main", ...READ]);
    expect((await replica.status()).counters.githubRequests).toBe(4);
  });
});
