import { describe, expect, it } from "vitest";
import { ERROR_CODES, type ErrorCode, SyncError } from "../../../src/core/errors.ts";
import { START } from "../../fakes/clock.ts";
import { referenceOf } from "../../fakes/replica.ts";
import { GITHUB_TOKEN, TRIGGER_TOKEN } from "../../fakes/settings.ts";
import { CLIP_V1, CLIP_V2, createReplicaApp, V1, V2 } from "./replica-app.ts";

const PATHS = [`${V1}/clip`, `${V2}/clip`, `${V2}/clip/model/ViT-L%2F14`];
const clipWith = (changes: object) => ({ clip: referenceOf("clip", { v1: CLIP_V1, v2: CLIP_V2, ...changes }) });

describe.each(PATHS)("%s", (path) => {
  it.each([
    ["just confirmed", 0, "0"],
    ["confirmed 1.9 s ago", 1900, "1"],
    ["confirmed a day ago", 86_400_000, "86400"],
    ["confirmed by a clock that is ahead", -5000, "0"],
  ])("tells its age and for how long it may be kept: %s", async (_label, later, age) => {
    const { ask } = createReplicaApp({ later });
    const { headers } = await ask(path);
    expect(headers.get("age")).toBe(age);
    const kept = "public, max-age=60, stale-while-revalidate=600, stale-if-error=604800";
    expect(headers.get("cache-control")).toBe(kept);
    expect([headers.get("warning"), headers.get("x-reference-stale")]).toEqual([null, null]);
  });

  it.each(["github-unavailable", "rate-limited", "legacy-malformed", "github-unauthorized"] as const)(
    "says when GitHub could not confirm it: %s",
    async (code) => {
      const stale = { code, message: "Something about GitHub." };
      const { ask } = createReplicaApp({ references: clipWith({ stale, source: "stale" }), later: 3_600_000 });
      const answer = await ask(path);
      const etag = answer.headers.get("etag") ?? "";
      const known = await ask(path, { headers: { "if-none-match": etag } });
      expect([answer.status, known.status]).toEqual([200, 304]);
      for (const { headers } of [answer, known]) {
        expect(headers.get("warning")).toBe('111 - "Revalidation Failed"');
        expect(headers.get("x-reference-stale")).toBe(code);
        expect(headers.get("age")).toBe("3600");
      }
    },
  );
});

it("counts the records that are left out, in each format for itself", async () => {
  const references = clipWith({ leftOut: { v1: 1, v2: 2 } });
  const { ask } = createReplicaApp({ references });
  const counts = await Promise.all(PATHS.map(async (path) => (await ask(path)).headers.get("x-reference-issues")));
  expect(counts).toEqual(["1", "2", "2"]);
  expect((await ask(`${V1}/lora`)).headers.get("x-reference-issues")).toBe("0");
});

const FAULTS: readonly ErrorCode[] = ERROR_CODES.filter((code) => code !== "internal");

describe("when there is nothing to serve", () => {
  it.each(FAULTS)("%s is a 503 that says why, and when to come back", async (code) => {
    const { ask, lines } = createReplicaApp({ references: { clip: new SyncError(code, "It cannot be had.") } });
    for (const path of PATHS) {
      const answer = await ask(path);
      expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "60"]);
      const detail = "The legacy files cannot be read now. It cannot be had.";
      expect(await answer.json()).toEqual({ detail });
    }
    expect(lines).toEqual([]);
  });

  it.each([
    ["in 90.2 s", START + 90_200, "91"],
    ["now", START, "1"],
    ["a minute ago", START - 60_000, "1"],
    ["tomorrow", START + 86_400_000, "86400"],
  ])("a limit that ends %s", async (_label, retryAt, seconds) => {
    const { ask } = createReplicaApp({ references: { clip: new SyncError("rate-limited", "Wait.", { retryAt }) } });
    const { headers } = await ask(`${V1}/clip`);
    expect(headers.get("retry-after")).toBe(seconds);
  });

  it.each([
    ["a bug", new TypeError(`x is not a function; ${GITHUB_TOKEN}`)],
    ["a bug that has a code", new SyncError("internal", `It should not happen; ${GITHUB_TOKEN}`)],
  ])("%s is a 500 that tells nothing, and one line in the log", async (_label, fault) => {
    const { ask, lines } = createReplicaApp({ references: { clip: fault } });
    for (const method of ["GET", "HEAD"]) {
      const answer = await ask(`${V1}/clip`, { method });
      expect([answer.status, answer.headers.get("retry-after")]).toEqual([500, null]);
      if (method === "GET") expect(await answer.json()).toEqual({ detail: "Internal Server Error" });
    }
    expect(lines.map((line) => JSON.parse(line).event)).toEqual(["http.failed", "http.failed"]);
  });

  it("a conversion that fails is a 500 of v2 alone", async () => {
    const clip = referenceOf("clip", { v1: CLIP_V1 });
    const body: typeof clip.body = async (form) => {
      if (form === "v2") throw new RangeError("Nobody thought of this record.");
      return clip.body(form);
    };
    const app = createReplicaApp({ references: { clip: { ...clip, body } } });
    expect((await app.ask(`${V2}/clip`)).status).toBe(500);
    expect((await app.ask(`${V1}/clip`)).status).toBe(200);
    expect(app.lines).toHaveLength(1);
  });
});

describe("the settings", () => {
  it("of the sync may be wrong: the replica serves", async () => {
    const { ask } = createReplicaApp({ problems: ["HORDE_GITHUB_SYNC_PRIMARY_API_URL must be set."] });
    for (const path of PATHS) expect((await ask(path)).status).toBe(200);
  });

  it("of the replica may be wrong: what needs GitHub is a 503 that says where to look, the rest is served", async () => {
    const { read, ask } = createReplicaApp({ isUsable: false, problems: ["X must be Y."] });
    for (const path of PATHS) {
      const { status, body } = await read(path);
      expect([status, body.detail]).toEqual([503, expect.stringContaining("GET /status")]);
    }
    const statuses = [`${V1}/lora`, `${V1}/video_generation`, `${V1}/nothing`, "/heartbeat"].map(
      async (path) => (await ask(path)).status,
    );
    expect(await Promise.all(statuses)).toEqual([200, 404, 422, 200]);
  });

  it("never stand in an answer", async () => {
    const { ask } = createReplicaApp({ references: { clip: new Error(TRIGGER_TOKEN) } });
    const answer = await ask(`${V1}/clip`);
    expect(JSON.stringify([...answer.headers]) + (await answer.text())).not.toContain(TRIGGER_TOKEN);
  });
});
