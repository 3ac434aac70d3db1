import { describe, expect, it } from "vitest";
import { BEARER, createReplicaApp, V1, V2 } from "./replica-app.ts";

const PATHS = [`${V1}/clip`, `${V2}/clip`, `${V2}/clip/model/ViT-L%2F14`];
const WRONG = { authorization: "Bearer nope" };

describe.each(PATHS)("%s?refresh", (path) => {
  it.each(["true", "1", "yes", "on", "TRUE", "Yes"])("=%s goes past the cache with the trigger token", async (flag) => {
    const { ask, replica } = createReplicaApp();
    for (const method of ["GET", "HEAD"])
      expect((await ask(`${path}?refresh=${flag}`, { method, headers: BEARER })).status).toBe(200);
    const refreshed = { category: "clip", refresh: true };
    expect(replica.reads).toEqual([refreshed, refreshed]);
  });

  it.each(["false", "0", "no", "off", "FALSE"])("=%s is an ordinary read, for everybody", async (flag) => {
    const { ask, replica } = createReplicaApp();
    for (const headers of [{}, WRONG, BEARER])
      expect((await ask(`${path}?refresh=${flag}`, { headers })).status).toBe(200);
    expect(replica.reads.map(({ refresh }) => refresh)).toEqual([false, false, false]);
  });

  it.each(["", "maybe", "2", "true ", "<b>", "%00"])("=%j is a 422 that says what is valid", async (flag) => {
    const { read, replica } = createReplicaApp();
    for (const headers of [{}, BEARER])
      expect(await read(`${path}?refresh=${flag.replace(" ", "%20")}`, { headers })).toEqual({
        status: 422,
        body: { detail: "refresh must be one of true, 1, yes, on, false, 0, no, off." },
      });
    expect(replica.reads).toEqual([]);
  });

  it.each([
    ["no token", {}],
    ["a wrong one", WRONG],
    ["another scheme", { authorization: `Basic ${btoa(`x:${BEARER.authorization.slice(7)}`)}` }],
    ["the token twice", { authorization: `${BEARER.authorization} ${BEARER.authorization.slice(7)}` }],
  ])("=true is a 401 with %s, and reads nothing", async (_label, headers) => {
    const { ask, replica } = createReplicaApp();
    for (const method of ["GET", "HEAD"]) {
      const answer = await ask(`${path}?refresh=true`, { method, headers });
      expect(answer.status).toBe(401);
      expect(answer.headers.get("www-authenticate")).toMatch(/^Bearer realm=/);
      if (method === "GET") expect(await answer.text()).toContain("Authorization: Bearer <TRIGGER_TOKEN>");
    }
    expect(replica.reads).toEqual([]);
  });

  it("=true is closed while no token is set", async () => {
    const { read, replica } = createReplicaApp({ triggerToken: null });
    for (const headers of [{}, { authorization: "Bearer " }, BEARER]) {
      const { status, body } = await read(`${path}?refresh=true`, { headers });
      expect([status, body.detail]).toEqual([
        503,
        expect.stringContaining("HORDE_GITHUB_SYNC_TRIGGER_TOKEN is not set"),
      ]);
    }
    expect(replica.reads).toEqual([]);
  });

  it("=true is a 429 after too many wrong tokens, but never with the right one", async () => {
    const counted: string[] = [];
    const countFailure = async (key: string) => counted.push(key) <= 2;
    const { ask } = createReplicaApp({ countFailure });
    const from = (headers: Record<string, string>) =>
      ask(`${path}?refresh=true`, { headers: { ...headers, "cf-connecting-ip": "192.0.2.1" } });
    const statuses = [];
    for (const headers of [{}, WRONG, WRONG, WRONG, {}, BEARER]) statuses.push((await from(headers)).status);
    expect(statuses).toEqual([401, 401, 401, 429, 401, 200]);
    expect(counted).toEqual(Array(3).fill("192.0.2.1"));
    expect((await from(WRONG)).headers.get("retry-after")).toBe("60");
  });

  it("=true is kept by no cache, because the next one must reach us too", async () => {
    const { ask } = createReplicaApp();
    const answer = await ask(`${path}?refresh=true`, { headers: BEARER });
    expect(answer.headers.get("cache-control")).toBe("no-cache");
    const etag = answer.headers.get("etag") ?? "";
    const known = await ask(`${path}?refresh=true`, { headers: { ...BEARER, "if-none-match": etag } });
    expect([known.status, known.headers.get("cache-control")]).toEqual([304, "no-cache"]);
  });
});

it("another parameter changes nothing", async () => {
  const { ask, replica } = createReplicaApp();
  expect((await ask(`${V1}/clip?refreshed=true&x=${"y".repeat(5000)}&%zz`)).status).toBe(200);
  expect(replica.reads).toEqual([{ category: "clip", refresh: false }]);
});

it("a refresh is not asked of what has no legacy file", async () => {
  const { ask, replica } = createReplicaApp();
  expect((await ask(`${V1}/lora?refresh=true`)).status).toBe(200);
  expect((await ask(`${V2}/video_generation?refresh=true`)).status).toBe(200);
  expect(replica.reads).toEqual([]);
});
