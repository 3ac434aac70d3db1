import { describe, expect, it } from "vitest";
import { START } from "../fakes/clock.ts";
import { BEARER, CHROME, createAnswerApp } from "./answer-app.ts";

const since = new Date(START).toISOString();

async function setUp() {
  const { request, kv } = await createAnswerApp({});
  kv.values.clear();
  const post = async (path: string, body = "", headers: Record<string, string> = BEARER) => {
    const answer = await request(path, { method: "POST", body, headers });
    return { status: answer.status, body: await answer.json() };
  };
  const text = async (path: string, accept: string) => (await request(path, { headers: { accept } })).text();
  return { request, post, text, kv };
}

describe("POST /pause and POST /resume", () => {
  it.each<[string, string]>([
    ['{"reason": "PRIMARY moves house"}', "PRIMARY moves house"],
    ["reason=PRIMARY+moves+house", "PRIMARY moves house"],
    ["", ""],
    ["{}", ""],
  ])("takes %s", async (body, reason) => {
    const { post } = await setUp();
    expect(await post("/pause", body)).toEqual({ status: 200, body: { paused: { since, reason } } });
    expect(await post("/resume")).toEqual({ status: 200, body: { paused: null } });
  });

  it.each(['{"why": "x"}', '{"reason": 7}', "[1]", "cause=x", `reason=${"x".repeat(201)}`])(
    "says what is valid instead of %s, and pauses nothing",
    async (body) => {
      const { post, kv } = await setUp();
      expect(await post("/pause", body)).toMatchObject({
        status: 400,
        body: { error: { code: "bad-request", message: expect.stringContaining("reason") } },
      });
      expect(kv.values.size).toBe(0);
    },
  );

  it("asks for the trigger token", async () => {
    const { post, kv } = await setUp();
    for (const path of ["/pause", "/resume"]) expect((await post(path, "", {})).status).toBe(401);
    expect(kv.values.size).toBe(0);
  });

  it("is said by the page, the text, JSON, the badge and the metrics", async () => {
    const { post, text } = await setUp();
    await post("/pause", '{"reason": "PRIMARY <b>moves</b>"}');
    expect(await text("/", CHROME)).toContain('<strong class="bad">paused</strong>');
    expect(await text("/", CHROME)).toContain("PRIMARY &lt;b&gt;moves&lt;/b&gt;");
    expect(await text("/", "text/plain")).toMatch(/^PAUSED {8}Somebody paused the schedule/m);
    expect(JSON.parse(await text("/status", "application/json")).paused).toEqual({
      since,
      reason: "PRIMARY <b>moves</b>",
    });
    expect(JSON.parse(await text("/badge.json", "*/*"))).toMatchObject({ message: "paused", color: "red" });
    expect(await text("/metrics", "*/*")).toContain("model_reference_sync_paused 1");
    await post("/resume");
    expect(await text("/", "text/plain")).not.toContain("PAUSED");
  });
});
