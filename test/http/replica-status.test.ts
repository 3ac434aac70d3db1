/**
 * What the service tells of its replica: status, health, and the description of its routes.
 */
import { describe, expect, it } from "vitest";
import * as z from "zod/mini";
import { buildOpenApi } from "../../src/http/openapi.ts";
import { DetailSchema, HealthSchema, StatusSchema } from "../../src/http/schemas.ts";
import type { Replica, ReplicaStatus } from "../../src/replica/replica.ts";
import { readTarget } from "../../src/replica/serve/target.ts";
import { START } from "../fakes/clock.ts";
import {
  createFakeReplica,
  REPLICA_COMMIT,
  referenceOf,
  replicaCategory,
  replicaRepository,
  replicaStatus,
} from "../fakes/replica.ts";
import { repositoryReport } from "../fakes/report.ts";
import { CHROME, createAnswerApp } from "./answer-app.ts";

const DAY = 86_400;
const outage = { code: "github-unavailable", message: "GitHub answered 502." } as const;
const malformed = { code: "legacy-malformed", message: "clip.json is not JSON." } as const;

/** A copy that GitHub confirmed so many seconds ago. */
function copy(ageSeconds: number, changes: Partial<ReplicaStatus["repositories"][number]> = {}) {
  const checkedAt = new Date(START - 1000 * ageSeconds).toISOString();
  return replicaRepository({ commit: REPLICA_COMMIT, checkedAt, ageSeconds, ...changes });
}

async function ask(path: string, replica: Replica | null, accept = "*/*"): Promise<string> {
  const { request } = await createAnswerApp({ replica });
  const answer = await request(path, { headers: { accept } });
  expect(answer.status).toBe(200);
  return answer.text();
}

describe("GET /status", () => {
  const status = replicaStatus({
    repositories: [copy(30), copy(4000, { repository: "haidra/text", stale: outage, failingSeconds: 60 })],
    categories: [
      replicaCategory({ issueCount: 1, issues: [{ name: "A", reason: "has no size", isLeftOut: true }] }),
      replicaCategory({ category: "text_generation", stale: outage }),
    ],
  });

  it("holds what the replica says of itself", async () => {
    const told = StatusSchema.parse(JSON.parse(await ask("/status", createFakeReplica(status))));
    expect(told.replica).toEqual(status);
    expect(told.warnings).toEqual([]);
  });

  it.each<[string, Replica | null, RegExp]>([
    ["its settings cannot be used", null, /^The replica is off/],
    ["it cannot be read", createFakeReplica(new Error("KV GET failed: 503")), /unknown/],
  ])("goes on without it where %s, and says so in every form", async (_what, replica, says) => {
    const told = StatusSchema.parse(JSON.parse(await ask("/status", replica)));
    expect(told.replica).toBeNull();
    expect(told.warnings).toEqual([expect.stringMatching(says)]);
    const [warning = ""] = told.warnings;
    for (const accept of ["text/plain", CHROME]) {
      const shown = (await ask("/", replica, accept)).replace(/\n {14}/g, " ");
      expect(shown).toContain(warning);
    }
  });

  it("logs a fault that nobody foresaw", async () => {
    const { request, lines } = await createAnswerApp({ replica: createFakeReplica(new Error("KV GET failed: 503")) });
    await request("/status");
    expect(lines).toEqual([expect.stringContaining("replica.status-failed")]);
  });

  it("reads the replica once, beside what else it reads", async () => {
    let isAsked = false;
    let answer: (status: ReplicaStatus) => void = () => {};
    const replica: Replica = {
      ...createFakeReplica(),
      status() {
        isAsked = true;
        return new Promise((resolve) => {
          answer = resolve;
        });
      },
    };
    const { request, kv } = await createAnswerApp({ replica });
    const asked = request("/status");
    expect(isAsked).toBe(true);
    expect(kv.reads.length).toBeGreaterThan(0);
    answer(status);
    expect((await asked).status).toBe(200);
    const counting = createFakeReplica();
    await ask("/status", counting);
    expect([counting.statusReads(), counting.reads]).toEqual([1, []]);
  });

  it("tells an outage once, and not for every category", async () => {
    for (const accept of ["text/plain", CHROME]) {
      const shown = await ask("/", createFakeReplica(status), accept);
      expect(shown.split("GitHub answered 502.")).toHaveLength(2);
      expect(shown).not.toMatch(/text_generation<\/th>|text_generation: stale/);
    }
  });

  it.each<[string, Partial<ReplicaStatus>, string]>([
    ["confirmed within ten TTLs", { repositories: [copy(600)] }, "fresh"],
    ["confirmed before that", { repositories: [copy(601)] }, "not in use"],
    ["never read", { repositories: [replicaRepository()] }, "not in use"],
    ["not confirmed", { repositories: [copy(30, { stale: outage })] }, "stale"],
    ["not to be had", { repositories: [replicaRepository({ stale: outage })] }, "nothing to serve"],
  ])("calls a repository that was %s by its word", async (_what, changes, word) => {
    const replica = createFakeReplica({ categories: [], ...changes });
    expect(await ask("/", replica, "text/plain")).toContain(`  haidra/image (main): ${word}`);
    expect(await ask("/", replica, CHROME)).toContain(`">${word}</span>`);
  });

  it("is not pending or degraded for the replica's sake", async () => {
    const { request } = await createAnswerApp({
      replica: createFakeReplica(status),
      state: { repositories: [repositoryReport()] },
    });
    expect(StatusSchema.parse(await (await request("/status")).json()).state).toBe("in-sync");
  });
});

describe("GET /healthz", () => {
  const read = async (replica: Replica | null) => {
    const { request } = await createAnswerApp({ replica });
    const answer = await request("/healthz");
    return { status: answer.status, health: HealthSchema.parse(await answer.json()) };
  };
  const text = { repository: "haidra/text" };

  it.each<[string, Partial<ReplicaStatus>, { status: string; ageSeconds: number | null }]>([
    ["nobody has used it", {}, { status: "cold", ageSeconds: null }],
    ["nobody has for a week", { repositories: [copy(7 * DAY)] }, { status: "cold", ageSeconds: 7 * DAY }],
    ["it is in use", { repositories: [copy(20), copy(40, text)] }, { status: "ok", ageSeconds: 40 }],
    ["one of two is in use", { repositories: [copy(20), copy(7 * DAY, text)] }, { status: "ok", ageSeconds: 20 }],
    [
      "one is stale",
      { repositories: [copy(20), copy(400, { ...text, stale: outage })] },
      { status: "stale", ageSeconds: 400 },
    ],
    [
      "there is nothing to serve",
      { repositories: [replicaRepository({ stale: outage, failingSeconds: 0 })] },
      { status: "stale", ageSeconds: null },
    ],
    [
      "a file cannot be read",
      { repositories: [copy(20)], categories: [replicaCategory({ stale: malformed })] },
      { status: "stale", ageSeconds: 20 },
    ],
    [
      "a cold isolate met an outage, and knows no more than when the content changed",
      { repositories: [copy(30 * DAY, { stale: outage, failingSeconds: 120 })] },
      { status: "stale", ageSeconds: 30 * DAY },
    ],
    [
      "GitHub did not help for just a day",
      { repositories: [copy(2 * DAY, { stale: outage, failingSeconds: DAY })] },
      { status: "stale", ageSeconds: 2 * DAY },
    ],
  ])("is 200 while %s", async (_what, changes, replica) => {
    expect(await read(createFakeReplica(changes))).toEqual({ status: 200, health: { status: "ok", replica } });
  });

  it("is 503 when GitHub was asked for more than a day, and did not help", async () => {
    const repositories = [copy(20), copy(2 * DAY, { ...text, stale: outage, failingSeconds: DAY + 1 })];
    expect(await read(createFakeReplica({ repositories }))).toEqual({
      status: 503,
      health: {
        status: "unhealthy",
        reasons: ["replica-stale"],
        replica: { status: "stale", ageSeconds: 2 * DAY },
      },
    });
  });

  it.each<[string, Replica | null]>([
    ["is off", null],
    ["cannot be read", createFakeReplica(new Error("no"))],
  ])("knows no more where the replica %s", async (_what, replica) => {
    expect(await read(replica)).toEqual({ status: 200, health: { status: "ok", replica: null } });
  });
});

describe("GET /metrics", () => {
  it("holds the replica's, and goes on without them", async () => {
    const counters = { hits: 3, misses: 0, stale: 0, revalidations: 0, githubRequests: 0, errors: 0 };
    const line = 'model_reference_sync_replica_requests_total{result="hit"} 3';
    expect(await ask("/metrics", createFakeReplica({ counters }))).toContain(line);
    const without = await ask("/metrics", createFakeReplica(new Error("no")));
    expect(without).not.toContain("replica");
    expect(without).toContain("model_reference_sync_info");
  });
});

describe("GET /openapi.json on the replica", () => {
  const Get = z.looseObject({
    tags: z.optional(z.array(z.string())),
    responses: z.record(z.string(), z.looseObject({})),
  });
  const Document = z.object({ paths: z.record(z.string(), z.looseObject({ get: z.optional(Get) })) });
  const { paths } = Document.parse(JSON.parse(JSON.stringify(buildOpenApi("1.2.3"))));
  const own = Object.entries(paths).flatMap(([path, { get }]) => {
    return get?.tags?.includes("replica") === true ? [{ path, responses: get.responses }] : [];
  });
  const fill = (path: string, category: string) => path.replace("{category}", category).replace("{name}", "A");

  it("describes only paths that are its own, with and without /api", () => {
    expect(own.length).toBe(15);
    for (const { path } of own) {
      for (const prefix of ["", "/api"]) {
        expect(readTarget(prefix + fill(path, "clip"))?.kind, prefix + path).not.toBe("nothing");
        expect(readTarget(prefix + fill(path, "clip")), prefix + path).not.toBeNull();
      }
    }
  });

  it.each(own)("$path answers what is described there", async ({ path, responses }) => {
    const clip = referenceOf("clip", { v1: '{"A":{}}', v2: '{"A":{}}', stale: outage });
    const replica = createFakeReplica({}, { clip, blip: referenceOf("blip") });
    const { request } = await createAnswerApp({ replica });
    const queries = path.includes("{category}") ? ["", "?refresh=true"] : [""];
    for (const category of ["clip", "blip", "esrgan", "nonsense", "lora"]) {
      for (const query of queries) {
        const answer = await request(fill(path, category) + query);
        expect(Object.keys(responses), `${category}${query}`).toContain(String(answer.status));
        if (answer.status !== 200) DetailSchema.parse(await answer.json());
      }
    }
  });

  it("names every header that an answer carries of its own", async () => {
    const clip = referenceOf("clip", { v1: '{"A":{}}', stale: outage });
    const { request } = await createAnswerApp({ replica: createFakeReplica({}, { clip }) });
    const answer = await request("/model_references/v1/clip");
    const described = z
      .object({ headers: z.record(z.string(), z.unknown()) })
      .parse(paths["/model_references/v1/{category}"]?.get?.responses["200"]).headers;
    for (const name of Object.keys(described)) expect(answer.headers.has(name), name).toBe(true);
    for (const name of ["etag", "age", "warning", "x-reference-commit", "x-reference-issues", "x-reference-stale"])
      expect(Object.keys(described)).toContain(name);
  });
});
