import { describe, expect, it } from "vitest";
import { SyncError } from "../../src/core/errors.ts";
import { blobSha } from "../../src/files/blob.ts";
import { createTransport } from "../../src/net/transport.ts";
import { createPrimaryClient } from "../../src/primary/client.ts";
import { createFakeClock, START } from "../fakes/clock.ts";
import { type Answer, createFakeHttp, dropped, json } from "../fakes/http.ts";

const V1 = "https://primary.test/api/model_references/v1";

function setUp(path: string, answers: Answer | readonly Answer[]) {
  const http = createFakeHttp({ [`GET ${V1}/${path}`]: answers });
  const clock = createFakeClock();
  const limits = { timeoutMs: 1000, deadline: START + 60_000, maxBodyBytes: 5000, onAttempt: () => {} };
  const transport = createTransport({ fetch: http.fetch, clock, ...limits });
  const url = "https://primary.test/api";
  return { http, primary: createPrimaryClient({ url, transport, userAgent: "sync/1", now: clock.now }) };
}

async function fault(answer: Promise<unknown>): Promise<SyncError> {
  const error = await answer.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof SyncError) return error;
  throw new Error(`Not a SyncError: ${String(error)}`);
}

describe("last_updated", () => {
  const lastUpdated = (answers: Answer | readonly Answer[]) =>
    setUp("metadata/last_updated", answers).primary.lastUpdated();

  it.each([[1795219334], [null], [0], [1795219334.5]])("may be %j", async (last_updated) => {
    expect(await lastUpdated(json(200, { last_updated }))).toBe(last_updated);
  });

  it.each<[string, Answer, string, RegExp]>([
    ["a text", json(200, { last_updated: "now" }), "primary-malformed", /unexpected form; is this the right URL/],
    ["nothing", json(200, {}), "primary-malformed", /unexpected form/],
    ["a list", json(200, []), "primary-malformed", /unexpected form/],
    ["HTML", () => new Response("<!doctype html>"), "primary-malformed", /unexpected form/],
    ["half a JSON", () => new Response('{"last_upd'), "primary-malformed", /unexpected form/],
    ["404", json(404, { detail: "Not Found" }), "primary-malformed", /answered 404 .*: Not Found\.$/],
    [
      "503 that says why",
      json(503, { detail: "not the owner" }),
      "primary-not-legacy",
      /: not the owner\. .*own the legacy format/,
    ],
    ["503", () => new Response("Busy", { status: 503 }), "primary-unavailable", /answered 503 .*last_updated\.$/],
    ["no connection", dropped(), "primary-unavailable", /the connection failed/],
    ["a flood", () => new Response("x".repeat(5001)), "primary-malformed", /larger than/],
  ])("that is %s is a fault", async (_what, answer, code, says) => {
    const error = await fault(lastUpdated(answer));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(says);
  });

  it("is asked for as JSON, under our name", async () => {
    const { http, primary } = setUp("metadata/last_updated", json(200, { last_updated: 1 }));
    await primary.lastUpdated();
    expect(http.seen[0]?.headers.get("user-agent")).toBe("sync/1");
    expect(http.seen[0]?.headers.get("accept")).toBe("application/json");
  });

  it("is asked for again after a 500", async () => {
    expect(await lastUpdated([json(500, {}), dropped(), json(200, { last_updated: 5 })])).toBe(5);
  });

  it("carries the time that PRIMARY wants to be left alone", async () => {
    const error = await fault(lastUpdated(json(429, {}, { "retry-after": "3600" })));
    expect(error).toMatchObject({ code: "primary-unavailable", retryAt: START + 3_600_000 });
  });
});

describe("stamps", () => {
  const stamps = (body: unknown) => setUp("metadata/metadata", json(200, body)).primary.categoryStamps();

  it("are told per category; others fields do not matter", async () => {
    const entry = { category: "clip", total_creates: 3, last_operation_model: null };
    const body = { clip: { ...entry, last_updated: 7 }, blip: { last_updated: null }, esrgan: {} };
    expect([...(await stamps(body))]).toEqual([
      ["clip", 7],
      ["blip", null],
      ["esrgan", null],
    ]);
  });

  it.each([[[]], [null], [{ clip: 7 }], [{ clip: { last_updated: "7" } }]])(
    "of the form %j are a fault",
    async (body) => {
      expect((await fault(stamps(body))).code).toBe("primary-malformed");
    },
  );
});

describe("a category", () => {
  const category = (answers: Answer | readonly Answer[]) => setUp("clip", answers).primary.category("clip");

  it("comes with its bytes untouched, and with Git's name for them", async () => {
    const bytes = new TextEncoder().encode('\ufeff{"a":\r\n 1.0}');
    expect(await category(() => new Response(bytes))).toEqual({ kind: "present", bytes, sha: await blobSha(bytes) });
  });

  it("is absent when PRIMARY says 404", async () => {
    expect(await category(json(404, { detail: "empty" }))).toEqual({ kind: "absent" });
  });

  it.each<[string, Answer, string, RegExp]>([
    ["422", json(422, { detail: "no such category" }), "primary-malformed", /422 for clip: no such category/],
    ["422 with a whole sentence", json(422, { detail: "No such one." }), "primary-malformed", /: No such one\.$/],
    ["422 with a list of details", json(422, { detail: [{ msg: "x" }] }), "primary-malformed", /422 for clip\.$/],
    ["204", () => new Response(null, { status: 204 }), "primary-malformed", /204 for clip/],
    ["500", json(500, {}), "primary-unavailable", /500 for clip/],
    ["403", json(403, {}), "primary-malformed", /403 for clip/],
    ["a dropped connection", dropped(), "primary-unavailable", /could not be read \(clip\)/],
    ["too much", () => new Response("x".repeat(5001)), "primary-malformed", /larger than/],
  ])("answered by %s is a fault, never an absence", async (_what, answer, code, says) => {
    const error = await fault(category(answer));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(says);
  });

  it("keeps a long detail short", async () => {
    const error = await fault(category(json(400, { detail: "x".repeat(4000) })));
    expect(error.message.length).toBeLessThan(260);
  });

  it("has its name escaped in the path", async () => {
    const { http, primary } = setUp("a%2F..%3Fb", json(404, {}));
    await primary.category("a/..?b");
    expect(http.lines()).toEqual([`GET ${V1}/a%2F..%3Fb`]);
  });
});
