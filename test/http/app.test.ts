import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import * as z from "zod/mini";
import { CATEGORY_NAMES } from "../../src/categories.ts";
import type { Configured } from "../../src/config/configured.ts";
import type { Report } from "../../src/contract/report.ts";
import { type ErrorCode, SyncError } from "../../src/core/errors.ts";
import { createApp } from "../../src/http/app.ts";
import { createPace } from "../../src/http/pace.ts";
import type { KeyValueStore } from "../../src/state/key-value-store.ts";
import { createStateStore, EMPTY_STATE, type SyncState } from "../../src/state/store.ts";
import { subjectsOf } from "../../src/state/subjects.ts";
import type { RunRequest } from "../../src/sync/run-request.ts";
import { START } from "../fakes/clock.ts";
import { HOSTILE } from "../fakes/hostile-text.ts";
import { createBrokenKv, createFakeKv } from "../fakes/kv.ts";
import { createFakeLog } from "../fakes/log.ts";
import { createFakeReplica } from "../fakes/replica.ts";
import { report, repositoryReport } from "../fakes/report.ts";
import { configWith, GITHUB_TOKEN, OPEN, TRIGGER_TOKEN, WEBHOOK_URL } from "../fakes/settings.ts";

const HOUR = 3_600_000;
const iso = (hoursAgo: number) => new Date(START - hoursAgo * HOUR).toISOString();

interface SetUp {
  readonly settings?: Record<string, string>;
  readonly problems?: readonly string[];
  readonly state?: Partial<SyncState>;
  readonly runs?: readonly Report[];
  readonly kv?: KeyValueStore;
  readonly result?: Report | Error;
  readonly deployedAt?: number;
  readonly isUnsaved?: boolean;
}

async function setUp({
  settings = {},
  deployedAt,
  isUnsaved = false,
  problems,
  state,
  runs = [],
  kv,
  result = report({ trigger: "manual" }),
}: SetUp = {}) {
  const store = createStateStore(kv ?? createFakeKv());
  const config = configWith(settings);
  if (state !== undefined) await store.save({ ...EMPTY_STATE, subjects: subjectsOf(config), ...state });
  for (const run of runs) await store.recordRun(run);
  const { log, lines } = createFakeLog();
  const asked: Omit<RunRequest, "id">[] = [];
  const usable: Configured =
    problems === undefined
      ? { kind: "configured", config }
      : { kind: "misconfigured", problems, warnings: ["A warning."], access: OPEN };
  const app = createApp({
    check: async () => ({ result: "ok", items: [] }),
    hear: () => {},
    pace: createPace(),
    recentRuns: { value: null, lists: null },
    version: "1.2.3",
    settings: usable,
    store,
    now: () => START,
    log,
    ...(deployedAt === undefined ? {} : { deployedAt }),
    isUnsaved: () => isUnsaved,
    replica: createFakeReplica(),
    replicaConfig: { cacheTtlSeconds: 60, ...OPEN },
    preview: async () => ({ report: report({ dryRun: true }), planned: [], found: [] }),
    sync: async (request) => {
      asked.push(request);
      if (result instanceof Error) throw result;
      return result;
    },
  });
  const request = async (path: string, init: RequestInit = {}) => app.request(`https://sync.test${path}`, init);
  const post = (path: string, init: RequestInit = {}) =>
    request(path, { method: "POST", ...init, headers: { authorization: `Bearer ${TRIGGER_TOKEN}`, ...init.headers } });
  return { asked, lines, request, post };
}

const ErrorBody = z.strictObject({ error: z.strictObject({ code: z.string(), message: z.string() }) });

async function expectError(answer: Response, status: number, code: string, says: RegExp = /./): Promise<void> {
  const { error } = ErrorBody.parse(await answer.json());
  expect([answer.status, error.code]).toEqual([status, code]);
  expect(error.message).toMatch(says);
  expect(answer.headers.get("content-type")).toMatch(/^application\/json/);
  expect(answer.headers.get("cache-control")).toBe("no-store");
}

const CHROME =
  "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7";
const FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
const SAFARI = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

describe("GET / answers in the form that is asked for", () => {
  it.each<[string, string | null, string]>([
    ["Chrome", CHROME, "text/html"],
    ["Firefox", FIREFOX, "text/html"],
    ["Safari", SAFARI, "text/html"],
    ["lynx", "text/html, text/plain, text/sgml, text/css, application/xhtml+xml, */*;q=0.01", "text/html"],
    ["curl and wget", "*/*", "text/plain"],
    ["no header at all", null, "text/plain"],
    ["text/plain", "text/plain", "text/plain"],
    ["text/*", "text/*", "text/plain"],
    ["application/json", "application/json", "application/json"],
    ["axios", "application/json, text/plain, */*", "application/json"],
    ["PowerShell's JSON", "application/json;q=0.9, text/plain;q=0.5", "application/json"],
    ["something we do not have", "image/png", "text/plain"],
    ["JSON in capitals", "Application/JSON", "application/json"],
    ["not HTML", "text/html;q=0, application/json", "application/json"],
  ])("%s", async (_who, accept, type) => {
    const { request } = await setUp({ state: { repositories: [repositoryReport()] } });
    const headers: Record<string, string> = accept === null ? {} : { accept };
    const answer = await request("/", { headers });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toMatch(new RegExp(`^${type}`, "i"));
    expect(answer.headers.get("vary")).toMatch(/accept/i);
    expect(answer.headers.get("cache-control")).toBe("no-cache");
  });

  it.each(["/", "/status", "/healthz", "/runs"])("HEAD %s has the headers of GET and no body", async (path) => {
    const { request } = await setUp();
    const [head, get] = [await request(path, { method: "HEAD" }), await request(path)];
    expect([head.status, await head.text()]).toEqual([get.status, ""]);
    expect(head.headers.get("content-type")).toBe(get.headers.get("content-type"));
  });
});

describe("the status", () => {
  const state: Partial<SyncState> = {
    lastUpdated: START / 1000 - 7200,
    lastCheckedAt: iso(1),
    lastSuccessAt: iso(2),
    consecutiveErrors: 3,
    nextAttemptAt: new Date(START + 240_000).toISOString(),
    repositories: [
      repositoryReport({ outcome: "created", pullRequest: { number: 5, url: "https://github.test/pull/5" } }),
      repositoryReport({
        repository: "haidra/text",
        outcome: "failed",
        error: { code: "github-unavailable", message: "GitHub answered 502." },
      }),
    ],
  };

  it("has the public fields, as JSON", async () => {
    const { request } = await setUp({ state, runs: [report()], settings: { CATEGORIES_TO_SYNC: "clip,blip" } });
    const answer = await request("/status");
    expect(await answer.json()).toMatchObject({
      service: "horde-model-reference-sync",
      version: "1.2.3",
      state: "pending",
      config: {
        primaryUrl: "https://primary.test",
        publish: "pull-request",
        dryRun: false,
        auth: "token",
        categories: ["blip", "clip"],
      },
      problems: [],
      primary: { lastUpdated: START / 1000 - 7200 },
      lastCheckedAt: iso(1),
      lastSuccessAt: iso(2),
      consecutiveErrors: 3,
      nextAttemptAt: state.nextAttemptAt,
      repositories: state.repositories,
      runs: [{ id: report().id, trigger: "tick", startedAt: report().startedAt, outcome: "in-sync", durationMs: 1500 }],
    });
    const root = await request("/", { headers: { accept: "application/json" } });
    expect(await root.json()).toEqual(await (await request("/status")).json());
  });

  it("says the same in every form", async () => {
    const { request } = await setUp({ state, runs: [report()] });
    const text = await (await request("/")).text();
    const page = await (await request("/", { headers: { accept: CHROME } })).text();
    for (const form of [text, page]) {
      for (const fact of [
        "pending",
        "haidra/image",
        "haidra/text",
        "https://github.test/pull/5",
        "GitHub answered 502.",
      ]) {
        expect(form).toContain(fact);
      }
      expect(form).toContain("2026-11-21 10:00 UTC");
      expect(form).toContain("2 hours ago");
      expect(form).toContain("in 4 minutes");
      expect(form).toMatch(/pull request was opened/i);
      expect(form).toContain(report().id);
    }
  });

  interface Case {
    readonly title: string;
    readonly state: Partial<SyncState>;
    readonly expected: string;
  }
  it.each<Case>([
    { title: "before the first run", state: {}, expected: "unknown" },
    { title: "all in sync", state: { repositories: [repositoryReport()] }, expected: "in-sync" },
    {
      title: "a pull request waits",
      state: { repositories: [repositoryReport(), repositoryReport({ outcome: "current" })] },
      expected: "pending",
    },
    {
      title: "something is held",
      state: { repositories: [repositoryReport({ outcome: "held" })] },
      expected: "pending",
    },
    {
      title: "a run did not settle",
      state: { repositories: [repositoryReport()], isUnsettled: true },
      expected: "pending",
    },
    {
      title: "the first error",
      state: { repositories: [repositoryReport()], consecutiveErrors: 1, failingSince: iso(0) },
      expected: "failing",
    },
    {
      title: "nine errors in a row",
      state: { repositories: [repositoryReport()], consecutiveErrors: 9, failingSince: iso(1) },
      expected: "failing",
    },
    {
      title: "ten errors in a row",
      state: { repositories: [repositoryReport()], consecutiveErrors: 10 },
      expected: "degraded",
    },
  ])("is one word for everything: $title", async ({ state, expected }) => {
    const { request } = await setUp({ state });
    expect(await (await request("/status")).json()).toMatchObject({ state: expected });
  });
});

describe("GET /healthz", () => {
  interface Case {
    readonly title: string;
    readonly setUp: SetUp;
    readonly reasons: string[];
  }
  const at = (state: Partial<SyncState>): SetUp => ({ state });
  const failing = (hoursAgo: number, code: ErrorCode): Partial<SyncState> => ({
    failingSince: iso(hoursAgo),
    lastError: { code, message: "It failed." },
  });
  it.each<Case>([
    { title: "before the first tick", setUp: {}, reasons: [] },
    { title: "after a success", setUp: at({ lastSuccessAt: iso(1), lastCheckedAt: iso(0) }), reasons: [] },
    { title: "a success just a day ago", setUp: at({ lastSuccessAt: iso(24) }), reasons: [] },
    {
      title: "no success for longer",
      setUp: at({ lastSuccessAt: iso(24.01), lastCheckedAt: iso(0) }),
      reasons: ["stale"],
    },
    { title: "no tick for longer", setUp: at({ lastCheckedAt: iso(25) }), reasons: ["stale"] },
    { title: "ten errors", setUp: at({ consecutiveErrors: 10, lastSuccessAt: iso(1) }), reasons: ["degraded"] },
    { title: "both", setUp: at({ consecutiveErrors: 50, lastSuccessAt: iso(30) }), reasons: ["degraded", "stale"] },
    { title: "misconfigured", setUp: { problems: ["X must be Y."] }, reasons: ["misconfigured"] },
    { title: "a passing fault, for 14 minutes", setUp: at(failing(14 / 60, "github-unavailable")), reasons: [] },
    { title: "a passing fault, for longer", setUp: at(failing(0.25, "github-unavailable")), reasons: ["failing"] },
    { title: "a lasting fault, at once", setUp: at(failing(0, "github-unauthorized")), reasons: ["failing"] },
    { title: "a heartbeat 45 minutes ago", setUp: at({ heartbeatAt: iso(0.75) }), reasons: [] },
    { title: "none for longer", setUp: at({ heartbeatAt: iso(0.76) }), reasons: ["cron-stopped"] },
    { title: "none yet, deployed just now", setUp: { deployedAt: START - 0.75 * HOUR }, reasons: [] },
    { title: "none since the deploy", setUp: { deployedAt: START - 0.76 * HOUR }, reasons: ["cron-stopped"] },
    {
      title: "a tick every hour is expected every hour",
      setUp: { settings: { WATCH_INTERVAL_SECONDS: "3600" }, state: { heartbeatAt: iso(2.9) } },
      reasons: [],
    },
    { title: "a run that never ended", setUp: at({ kills: 1 }), reasons: ["run-killed"] },
    { title: "a state that cannot be written", setUp: { isUnsaved: true }, reasons: ["state-not-saved"] },
  ])("$title", async ({ setUp: options, reasons }) => {
    const { request } = await setUp(options);
    const answer = await request("/healthz");
    expect(answer.status).toBe(reasons.length === 0 ? 200 : 503);
    const replica = { status: "cold", ageSeconds: null };
    const expected = reasons.length === 0 ? { status: "ok", replica } : { status: "unhealthy", reasons, replica };
    expect(await answer.json()).toEqual(expected);
    expect(answer.headers.get("cache-control")).toBe("no-store");
  });
});

describe("POST /sync with the right token", () => {
  const DEFAULTS = { trigger: "manual", categories: null, isDryRun: false, isForced: false };

  interface Case {
    readonly title: string;
    readonly query?: string;
    readonly body?: string;
    readonly type?: string;
    readonly expected: object;
  }
  const form = "application/x-www-form-urlencoded";
  it.each<Case>([
    { title: "nothing at all", expected: {} },
    { title: "an empty object", body: "{}", expected: {} },
    { title: "a list", body: '{"categories":["clip","blip"]}', expected: { categories: ["blip", "clip"] } },
    { title: "names with commas", body: '{"categories":"clip, blip,"}', expected: { categories: ["blip", "clip"] } },
    { title: "null for all", body: '{"categories":null}', expected: {} },
    { title: "booleans", body: '{"dryRun":true,"force":true}', expected: { isDryRun: true, isForced: true } },
    { title: "booleans as words", body: '{"dryRun":"yes","force":"0"}', expected: { isDryRun: true } },
    { title: "the query", query: "?dryRun=true&categories=clip", expected: { isDryRun: true, categories: ["clip"] } },
    {
      title: "body and query",
      query: "?force=1",
      body: '{"dryRun":true}',
      expected: { isDryRun: true, isForced: true },
    },
    {
      title: "a form",
      body: "dryRun=on&categories=clip%2Cblip",
      type: form,
      expected: { isDryRun: true, categories: ["blip", "clip"] },
    },
    { title: "JSON that curl calls a form", body: '{"force":true}', type: form, expected: { isForced: true } },
    {
      title: "a form that says nothing of itself",
      body: "force=true",
      type: "text/plain",
      expected: { isForced: true },
    },
  ])("takes $title", async ({ query = "", body, type = "application/json", expected }) => {
    const { post, asked } = await setUp();
    const answer = await post(`/sync${query}`, body === undefined ? {} : { body, headers: { "content-type": type } });
    expect(answer.status).toBe(200);
    expect(asked).toEqual([{ ...DEFAULTS, ...expected }]);
  });

  it("cannot switch a configured dry run off", async () => {
    const { post, asked } = await setUp({ settings: { DRY_RUN: "true" } });
    await post("/sync", { body: '{"dryRun":false}' });
    expect(asked).toMatchObject([{ isDryRun: true }]);
  });

  it.each<[string, string | null, RegExp]>([
    ["JSON by default", null, /^application\/json/],
    ["JSON for curl", "*/*", /^application\/json/],
    ["text where asked for", "text/plain", /^text\/plain/],
  ])("answers the Report as %s", async (_what, accept, type) => {
    const { post } = await setUp();
    const answer = await post("/sync", { headers: accept === null ? {} : { accept } });
    expect(answer.headers.get("content-type")).toMatch(type);
    expect(answer.headers.get("vary")).toMatch(/accept/i);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    const body = await answer.text();
    if (type.test("application/json")) expect(JSON.parse(body)).toEqual(report({ trigger: "manual" }));
    else expect(body).toMatch(/^run mhx0k3v9a-4f7c2e: in-sync in 1500 ms\n3 requests to PRIMARY, 2 to GitHub\n/);
  });

  it.each<[Report["outcome"], number]>([
    ["in-sync", 200],
    ["published", 200],
    ["planned", 200],
    ["held", 200],
    ["partial", 200],
    ["failed", 502],
  ])("answers a run that ended as %s with %d", async (outcome, status) => {
    const failed = report({ outcome, error: { code: "primary-unavailable", message: "PRIMARY answered 502." } });
    const { post } = await setUp({ result: failed });
    const answer = await post("/sync");
    expect([answer.status, await answer.json()]).toEqual([status, failed]);
  });

  interface Bad {
    readonly title: string;
    readonly query?: string;
    readonly body?: string;
    readonly says: RegExp;
  }
  it.each<Bad>([
    { title: "broken JSON", body: '{"force":', says: /^The body is not valid JSON\. Valid fields: categories/ },
    { title: "a JSON list", body: '["clip"]', says: /not a JSON object/ },
    { title: "a JSON text", body: '"clip"', says: /not a JSON object/ },
    { title: "a number", body: "5", says: /neither a JSON object nor a form/ },
    { title: "a sentence", body: "please sync", says: /neither a JSON object nor a form/ },
    {
      title: "an unknown field",
      body: '{"dry_run":true}',
      says: /no field "dry_run"\. Valid fields: categories .*dryRun and force/,
    },
    { title: "an unknown query parameter", query: "?dryrun=true", says: /no field "dryrun"/ },
    { title: "an unknown field of a form", body: "forced=1", says: /no field "forced"/ },
    {
      title: "a field in body and query",
      query: "?force=true",
      body: '{"force":true}',
      says: /^force is given more than once/,
    },
    {
      title: "a parameter twice",
      query: "?categories=clip&categories=blip",
      says: /^categories is given more than once/,
    },
    { title: "a form field twice", body: "force=1&force=0", says: /^force is given more than once/ },
    { title: "a number for a boolean", body: '{"force":1}', says: /^force is not a boolean/ },
    { title: "null for a boolean", body: '{"dryRun":null}', says: /^dryRun is not a boolean/ },
    { title: "another word for a boolean", query: "?dryRun=maybe", says: /^dryRun is not a boolean/ },
    { title: "an empty boolean", query: "?dryRun=", says: /^dryRun is not a boolean/ },
    {
      title: "an unknown category",
      body: '{"categories":["clop"]}',
      says: /^"clop" is not a category\. Valid categories: image_generation, /,
    },
    { title: "a category without a file", query: "?categories=lora", says: /^"lora" has no legacy file/ },
    { title: "no category", body: '{"categories":[]}', says: /^No category was given\. Valid/ },
    {
      title: "a category that is not configured",
      query: "?categories=esrgan",
      says: /not in CATEGORIES_TO_SYNC\. Valid here: blip, clip\./,
    },
    {
      title: "categories of another kind",
      body: '{"categories":{"clip":true}}',
      says: /neither a list of names nor a text/,
    },
    { title: "a field that objects have anyway", body: '{"__proto__":{"force":true}}', says: /no field "__proto__"/ },
    { title: "another one", body: '{"constructor":1}', says: /no field "constructor"/ },
  ])("refuses $title, and starts nothing", async ({ query = "", body, says }) => {
    const { post, asked } = await setUp({ settings: { CATEGORIES_TO_SYNC: "clip,blip" } });
    await expectError(await post(`/sync${query}`, body === undefined ? {} : { body }), 400, "bad-request", says);
    expect(asked).toEqual([]);
  });

  it("lists every valid category", async () => {
    const { post } = await setUp();
    const answer = await post("/sync?categories=x");
    for (const name of CATEGORY_NAMES) expect(await answer.clone().text()).toContain(name);
  });

  const megabyte = JSON.stringify({ categories: "x".repeat(1_000_000) });
  it.each<[string, () => NonNullable<RequestInit["body"]>]>([
    ["that says its length", () => megabyte],
    ["that is streamed", () => new Blob([megabyte]).stream()],
  ])("refuses a megabyte %s", async (_what, body) => {
    const { post, asked } = await setUp();
    const init: RequestInit & { duplex: "half" } = {
      body: body(),
      duplex: "half",
      headers: { "content-length": "1000021" },
    };
    await expectError(await post("/sync", init), 413, "too-large", /at most 64 KiB/);
    expect(asked).toEqual([]);
  });

  it("takes 64 KiB", async () => {
    const { post } = await setUp();
    const body = `{"force":true${" ".repeat(64 * 1024 - 14)}}`;
    expect((await post("/sync", { body })).status).toBe(200);
  });

  it.each<[string, Error, number, string]>([
    ["a bug", new TypeError("secret detail"), 500, "internal"],
    ["settings that turn out wrong", new SyncError("misconfigured", "No key."), 503, "misconfigured"],
  ])("tells %s without details", async (_what, error, status, code) => {
    const { post, lines } = await setUp({ result: error });
    const answer = await post("/sync");
    expect(await answer.clone().text()).not.toContain("secret detail");
    await expectError(answer, status, code);
    if (code === "internal") expect(lines.join()).toContain("secret detail");
  });
});

describe("POST /sync with anything else", () => {
  it.each<[string, Record<string, string>]>([
    ["no header", {}],
    ["another token", { authorization: "Bearer other" }],
    ["a token that is longer", { authorization: `Bearer ${TRIGGER_TOKEN}x` }],
    ["a token that is shorter", { authorization: `Bearer ${TRIGGER_TOKEN.slice(0, -1)}` }],
    ["another scheme", { authorization: `Basic ${btoa(`x:${TRIGGER_TOKEN}`)}` }],
    ["no scheme", { authorization: TRIGGER_TOKEN }],
    ["an empty token", { authorization: "Bearer " }],
    ["strange characters", { authorization: "Bearer a b\u00e4" }],
  ])("is 401 with a challenge: %s", async (_what, headers) => {
    const { request, asked } = await setUp();
    const answer = await request("/sync", { method: "POST", headers, body: "{" });
    expect(answer.headers.get("www-authenticate")).toBe('Bearer realm="horde-model-reference-sync"');
    await expectError(answer, 401, "unauthorized", /Authorization: Bearer/);
    expect(asked).toEqual([]);
  });

  it("does not take the token from the query", async () => {
    const { request } = await setUp();
    expect((await request(`/sync?token=${TRIGGER_TOKEN}`, { method: "POST" })).status).toBe(401);
  });

  it("is closed while no token is configured, whatever is sent", async () => {
    const { post, asked } = await setUp({ settings: { TRIGGER_TOKEN: "" } });
    await expectError(await post("/sync"), 503, "no-trigger-token", /TRIGGER_TOKEN is not set/);
    await expectError(await post("/sync", { headers: { authorization: "Bearer " } }), 503, "no-trigger-token");
    expect(asked).toEqual([]);
  });

  it("is judged before the body is read", async () => {
    const { request } = await setUp();
    const body = "x".repeat(1_000_000);
    expect((await request("/sync", { method: "POST", body })).status).toBe(401);
  });
});

describe("a wrong method", () => {
  it.each([
    ["GET", "/sync", "POST"],
    ["HEAD", "/sync", "POST"],
    ["PUT", "/sync", "POST"],
    ["OPTIONS", "/sync", "POST"],
    ["POST", "/", "GET, HEAD"],
    ["DELETE", "/status", "GET, HEAD"],
    ["POST", "/healthz", "GET, HEAD"],
    ["POST", "/runs", "GET, HEAD"],
    ["DELETE", "/runs/mhx0k3v9a-4f7c2e", "GET, HEAD"],
  ])("%s %s is 405 and allows %s", async (method, path, allow) => {
    const { request } = await setUp();
    const answer = await request(path, { method });
    expect([answer.status, answer.headers.get("allow")]).toEqual([405, allow]);
    if (method !== "HEAD") await expectError(answer, 405, "method-not-allowed", /^Use /);
  });
});

describe("what is not there", () => {
  it.each(["/nothing", "/sync/", "/status.json", "/runs/", "//", "/%00", "/%", "/runs/a/b", "/<script>"])(
    "%s is 404",
    async (path) => {
      const { request } = await setUp();
      await expectError(await request(path), 404, "not-found", /^There is nothing at .*POST \/sync/);
    },
  );

  it.each(["mhx0k3v9a-4f7c2f", "x", "..%2Fstate", "%00"])("the run %s is 404", async (id) => {
    const { request } = await setUp({ runs: [report()] });
    await expectError(await request(`/runs/${id}`), 404, "not-found", /no such run/);
  });
});

describe("GET /runs", () => {
  it("lists runs, and each is found under its id", async () => {
    const { request } = await setUp({ runs: [report()] });
    const list = await (await request("/runs")).json();
    expect(list).toMatchObject({ runs: [{ id: report().id, outcome: "in-sync" }] });
    expect(await (await request(`/runs/${report().id}`)).json()).toEqual(report());
  });
});

describe("while misconfigured", () => {
  const problems = ["HORDE_GITHUB_SYNC_PRIMARY_API_URL must be an http(s) URL.", "No GitHub credentials."];

  it("POST /sync is 503 and lists the problems, with and without a token", async () => {
    const { post, request, asked } = await setUp({ problems });
    await expectError(await post("/sync"), 503, "misconfigured", /PRIMARY_API_URL must be.*No GitHub credentials/);
    await expectError(await request("/sync", { method: "POST" }), 503, "misconfigured");
    expect(asked).toEqual([]);
  });

  it.each(["*/*", CHROME, "application/json"])("the status says so to %s", async (accept) => {
    const { request } = await setUp({ problems });
    const answer = await request("/", { headers: { accept } });
    const text = await answer.text();
    for (const fact of ["misconfigured", ...problems, "A warning."]) expect(text).toContain(fact);
  });

  it("GET /sync is still 405, and nothing still 404", async () => {
    const { request } = await setUp({ problems });
    expect([(await request("/sync")).status, (await request("/x")).status]).toEqual([405, 404]);
  });
});

describe("texts from elsewhere", () => {
  const names = [...HOSTILE];
  const clip = {
    added: names,
    removed: names,
    modified: names.map((name) => ({ name, fields: names })),
    held: names.join(" "),
    warnings: names,
  };
  const error = { code: "primary-unavailable", message: names.join("") } as const;
  const hostile = [repositoryReport({ outcome: "failed", categories: { clip }, error })];
  const few = HOSTILE.slice(0, 10)
    .concat(HOSTILE.slice(17, 36))
    .map((name) =>
      repositoryReport({
        outcome: "failed",
        categories: {
          clip: { added: [name], removed: [name], modified: [{ name, fields: [name] }], held: name, warnings: [name] },
        },
        error: { code: "primary-unavailable", message: name },
      }),
    );

  it.each([
    ["all at once", hostile],
    ["one by one", few],
  ])("cannot add an element to the page: %s", async (_what, repositories) => {
    const page = async (state: Partial<SyncState>) => {
      const { request } = await setUp({ state });
      return (await request("/", { headers: { accept: CHROME } })).text();
    };
    const tags = (text: string) =>
      new Set(Array.from(text.matchAll(/<\/?[a-z!][^>\s]*/gi), ([tag]) => tag.toLowerCase()));
    const harmless = repositories.map(() =>
      repositoryReport({
        outcome: "failed",
        categories: { clip: { added: ["a"], removed: [], modified: [], held: "h", warnings: ["w"] } },
        error: { code: "primary-unavailable", message: "m" },
      }),
    );
    expect(tags(await page({ repositories }))).toEqual(tags(await page({ repositories: harmless })));
  });

  it.each(["text/plain", CHROME])("cannot control a terminal or the direction of reading (%s)", async (accept) => {
    const { request } = await setUp({ state: { repositories: [...hostile, ...few] } });
    const text = await (await request("/", { headers: { accept } })).text();
    expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  });

  it("cannot start a line of their own in the plain form of a report", async () => {
    const of = (text: string) =>
      report({
        error: { code: "primary-malformed", message: text },
        warnings: [text],
        repositories: [
          repositoryReport({
            outcome: "failed",
            error: { code: "github-rejected", message: text },
            categories: {
              clip: {
                added: [text],
                removed: [text],
                modified: [{ name: text, fields: [text] }],
                held: text,
                warnings: [text],
              },
            },
          }),
        ],
      });
    const shown = async (result: Report) => {
      const { post } = await setUp({ result });
      return (await post("/sync", { headers: { accept: "text/plain" } })).text();
    };
    for (const name of HOSTILE) {
      const text = await shown(of(name));
      const ours = text.split("\n").filter((line) => !line.startsWith("  "));
      expect(ours.map((line) => line.split(" ")[0])).toEqual(["run", "3", "error", "warning:", "", "haidra/image", ""]);
      expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    }
  });

  it("are cut where there are many", async () => {
    const many = Array.from({ length: 500 }, (_, index) => `model ${index}`);
    const repositories = [
      repositoryReport({
        outcome: "created",
        categories: { clip: { added: many, removed: [], modified: [], warnings: [] } },
      }),
    ];
    const { request } = await setUp({ state: { repositories } });
    expect(await (await request("/")).text()).toContain("    and 490 more\n");
    expect(await (await request("/", { headers: { accept: CHROME } })).text()).toContain("<li>and 480 more</li>");
  });
});

describe("every answer", () => {
  const everything: SetUp = { state: { repositories: [repositoryReport()], lastSuccessAt: iso(1) }, runs: [report()] };
  const paths = ["/", "/status", "/healthz", "/runs", `/runs/${report().id}`, "/runs/x", "/nothing"];

  it.each([...paths, "POST /sync", "GET /sync"])("%s has the security headers", async (line) => {
    const { request } = await setUp(everything);
    const [method = "GET", path = line] = line.includes(" ") ? line.split(" ") : ["GET", line];
    const { headers } = await request(path, { method });
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("x-frame-options")).toMatch(/DENY|SAMEORIGIN/);
    expect(headers.get("strict-transport-security")).toMatch(/max-age=\d{7,}/);
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(headers.get("content-security-policy")).toMatch(/^default-src 'none';.*frame-ancestors 'none'/);
    expect(headers.get("x-powered-by")).toBe(null);
  });

  it("allows the page its own style and icon, and nothing else", async () => {
    const { request } = await setUp(everything);
    const answer = await request("/", { headers: { accept: CHROME } });
    const policy = answer.headers.get("content-security-policy") ?? "";
    const page = await answer.text();
    const [, style = ""] = /<style>([^<]*)<\/style>/.exec(page) ?? [];
    const digest = createHash("sha256").update(style).digest("base64");
    expect(policy).toContain(`style-src 'sha256-${digest}';`);
    expect(policy).not.toMatch(/unsafe|script-src|https?:|\*/);
    expect(page).not.toMatch(
      /<script|\son\w+=|style="|<link(?! rel="icon" href="\/favicon.svg")|<img|src=|@import|url\(/i,
    );
  });

  it("keeps every secret", async () => {
    const configured = await setUp({ ...everything, settings: { GITHUB_BRANCH: "main" } });
    const answers = [];
    for (const path of paths) {
      for (const accept of ["*/*", CHROME, "application/json"]) {
        answers.push(await configured.request(path, { headers: { accept } }));
        answers.push(await configured.post(path, { headers: { accept }, body: "{" }));
      }
    }
    answers.push(
      await configured.post("/sync"),
      await configured.post("/sync", { body: "{" }),
      await configured.post("/sync?x=1"),
    );
    for (const answer of answers) {
      const all = JSON.stringify([...answer.headers]) + (await answer.text());
      for (const secret of [GITHUB_TOKEN, TRIGGER_TOKEN, WEBHOOK_URL]) expect(all).not.toContain(secret);
    }
    expect(configured.lines.join()).not.toContain(TRIGGER_TOKEN);
  });

  it("shows no details while KV does not answer", async () => {
    const { request } = await setUp({ kv: createBrokenKv() });
    for (const path of ["/", "/status", "/healthz", "/runs", `/runs/${report().id}`]) {
      const answer = await request(path, { headers: { accept: "application/json" } });
      expect(answer.headers.get("content-type")).toMatch(/^application\/json/);
      expect(await answer.text()).not.toMatch(/KV GET failed|\.ts:\d/);
    }
    expect((await request("/runs")).status).toBeGreaterThanOrEqual(500);
  });
});
