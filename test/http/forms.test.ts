import { describe, expect, it } from "vitest";
import { createRunId } from "../../src/state/store.ts";
import { START } from "../fakes/clock.ts";
import { report } from "../fakes/report.ts";
import { TRIGGER_TOKEN } from "../fakes/settings.ts";
import { type AnswerAppOptions, BEARER, CHROME, createAnswerApp } from "./answer-app.ts";

const FORM = "application/x-www-form-urlencoded";
const ID = createRunId(START, () => 0.5);

async function setUp(options: AnswerAppOptions = {}) {
  const app = await createAnswerApp({ result: report({ id: ID, trigger: "manual" }), ...options });
  /** As a browser sends a form. */
  const submit = (path: string, fields: Record<string, string> = {}, headers: Record<string, string> = {}) =>
    app.request(path, {
      method: "POST",
      headers: { "content-type": FORM, accept: CHROME, "sec-fetch-site": "same-origin", ...headers },
      body: new URLSearchParams(fields).toString(),
    });
  return { ...app, submit };
}

const token = TRIGGER_TOKEN;
const typeOf = (answer: Response) => answer.headers.get("content-type");

describe("a form of the page", () => {
  it("starts a run, and leads to its page", async () => {
    const { submit, asked } = await setUp();
    const answer = await submit("/sync", { token, categories: "clip", force: "true" });
    expect([answer.status, answer.headers.get("location")]).toEqual([303, `/runs/${ID}`]);
    expect(asked).toMatchObject([{ trigger: "manual", categories: ["clip"], isForced: true, isDryRun: false }]);
  });

  it("shows a dry run at once, because it is in no list", async () => {
    const dry = report({ id: ID, dryRun: true, outcome: "planned" });
    const { submit } = await setUp({ settings: { DRY_RUN: "true" }, result: dry });
    const answer = await submit("/sync", { token });
    expect([answer.status, typeOf(answer)]).toEqual([200, "text/html; charset=UTF-8"]);
    expect(await answer.text()).toContain(`Run ${ID}`);
    const kept = await setUp({ settings: { NO_PR: "true" }, result: dry });
    expect((await kept.submit("/sync", { token })).headers.get("location")).toBe(`/runs/${ID}`);
  });

  it("shows a preview", async () => {
    const { submit, asked } = await setUp({ result: report({ dryRun: true }) });
    const answer = await submit("/preview?categories=clip&force=true", { token });
    expect([answer.status, typeOf(answer)]).toEqual([200, "text/html; charset=UTF-8"]);
    expect(await answer.text()).toContain("<h1>Preview</h1>");
    expect(asked).toMatchObject([{ categories: ["clip"], isForced: true, isDryRun: true }]);
  });

  it("pauses and resumes, and leads to the status", async () => {
    const { submit, request } = await setUp();
    const paused = await submit("/pause", { token, reason: "PRIMARY moves house" });
    expect([paused.status, paused.headers.get("location")]).toEqual([303, "/"]);
    expect(await (await request("/", { headers: { accept: CHROME } })).text()).toContain("PRIMARY moves house");
    const resumed = await submit("/resume", { token });
    expect([resumed.status, resumed.headers.get("location")]).toEqual([303, "/"]);
    expect(await (await request("/", { headers: { accept: CHROME } })).text()).not.toContain("PRIMARY moves house");
  });
});

const WRITES = ["/sync", "/preview", "/pause", "/resume"];

describe("a form that is refused", () => {
  it.each(WRITES)("of %s is a page with what was asked for, and does nothing", async (path) => {
    const { submit, asked, kv } = await setUp();
    kv.values.clear();
    for (const wrong of ["", "wrong"]) {
      const answer = await submit(`${path}?force=true`, { token: wrong, categories: '"><b>clip' });
      expect([answer.status, typeOf(answer)]).toEqual([401, "text/html; charset=UTF-8"]);
      expect(answer.headers.get("www-authenticate")).not.toContain("Basic");
      const page = await answer.text();
      expect(page).toContain(wrong === "" ? "The trigger token is missing." : "That is not the trigger token.");
      expect(page).toContain(`<form class="act" method="post" action="${path}?force=true">`);
      expect(page).toContain('name="categories" value="&quot;&gt;&lt;b&gt;clip"');
      expect(page).not.toContain('value="wrong"');
    }
    expect([asked, kv.values.size]).toEqual([[], 0]);
  });

  it("counts wrong tokens as any others, and then says to wait", async () => {
    const counted: string[] = [];
    const { submit } = await setUp({ countFailure: async (key) => counted.push(key) < 2 });
    const ip = { "cf-connecting-ip": "192.0.2.1" };
    expect((await submit("/sync", { token: "" }, ip)).status).toBe(401);
    expect((await submit("/sync", { token: "wrong" }, ip)).status).toBe(401);
    const third = await submit("/pause", { token: "wrong" }, ip);
    expect([third.status, third.headers.get("retry-after"), typeOf(third)]).toEqual([
      429,
      "60",
      "text/html; charset=UTF-8",
    ]);
    expect(await third.text()).toContain("Too many wrong tokens");
    expect(counted).toEqual(["192.0.2.1", "192.0.2.1"]);
    expect((await submit("/sync", { token }, ip)).status).toBe(303);
  });

  it.each(WRITES)("because it is on another site is 403, whatever it knows: %s", async (path) => {
    const { submit, asked, kv } = await setUp();
    kv.values.clear();
    const answer = await submit(path, { token }, { "sec-fetch-site": "cross-site" });
    expect([answer.status, typeOf(answer)]).toEqual([403, "text/html; charset=UTF-8"]);
    expect(await answer.text()).toContain("another site");
    expect([asked, kv.values.size]).toEqual([[], 0]);
  });

  it.each<[string, string, Record<string, string>, number, string]>([
    ["an unknown category", "/sync", { categories: "nothing" }, 400, "nothing"],
    ["a field that there is not", "/preview", { dryRun: "true" }, 400, "always a dry run"],
    ["a long reason", "/pause", { reason: "x".repeat(201) }, 400, "at most 200"],
    ["more than 64 KiB", "/sync", { categories: "x".repeat(70_000) }, 413, "at most 64 KiB"],
  ])("for %s says why on a page", async (_what, path, fields, status, says) => {
    const { submit, asked } = await setUp();
    const answer = await submit(path, { token, ...fields });
    expect([answer.status, typeOf(answer)]).toEqual([status, "text/html; charset=UTF-8"]);
    expect(await answer.text()).toContain(says);
    expect(asked).toEqual([]);
  });

  it("is a page too where nothing can be started", async () => {
    const closed = await setUp({ settings: { TRIGGER_TOKEN: "" } });
    const answer = await closed.submit("/sync", { token });
    expect([answer.status, typeOf(answer)]).toEqual([503, "text/html; charset=UTF-8"]);
    const failing = await setUp({ result: new Error("secret detail") });
    const failed = await failing.submit("/sync", { token });
    expect([failed.status, typeOf(failed)]).toEqual([500, "text/html; charset=UTF-8"]);
    expect(await failed.text()).not.toContain("secret detail");
  });

  it("is JSON to a program that sends a form", async () => {
    const { submit } = await setUp();
    const answer = await submit("/sync", { token: "wrong" }, { accept: "*/*" });
    expect([answer.status, await answer.json()]).toMatchObject([401, { error: { code: "unauthorized" } }]);
    const fields = { categories: "clip" };
    const told = await submit("/sync", fields, { ...BEARER, accept: "*/*", "sec-fetch-site": "cross-site" });
    expect([told.status, await told.json()]).toMatchObject([200, { id: ID }]);
  });
});

it("a token counts in the form only: neither in the query nor in JSON", async () => {
  const { submit, request } = await setUp();
  expect((await submit(`/sync?token=${token}`)).status).toBe(401);
  const json = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ token }) };
  expect((await request("/sync", json)).status).toBe(401);
});

describe("a run that nothing is known of", () => {
  const NEW = createRunId(START - 60_000, () => 0.1);
  const OLD = createRunId(START - 86_400_000, () => 0.1);

  it.each([
    { id: NEW, says: "not visible yet", retryAfter: "60" },
    { id: OLD, says: "no such run", retryAfter: null },
    { id: "x", says: "no such run", retryAfter: null },
  ])("is 404, and says to come back where that helps: $says", async ({ id, says, retryAfter }) => {
    const { request } = await setUp();
    const page = await request(`/runs/${id}`, { headers: { accept: CHROME } });
    expect([page.status, typeOf(page), page.headers.get("retry-after")]).toEqual([
      404,
      "text/html; charset=UTF-8",
      retryAfter,
    ]);
    const text = await page.text();
    expect(text).toContain(says);
    expect(text.includes("Load it again")).toBe(retryAfter !== null);
    const json = await request(`/runs/${id}`);
    expect([json.status, await json.json()]).toMatchObject([404, { error: { code: "not-found" } }]);
  });
});

describe("a status that is not public", () => {
  const closed = { settings: { PUBLIC: "replica" }, runs: [report({ id: ID })] };

  it.each(["/", `/runs/${ID}`, "/runs?limit=1", "/metrics"])("opens %s to a form with the token", async (path) => {
    const { request, submit } = await setUp(closed);
    const refused = await request(path, { headers: { accept: CHROME } });
    expect(await refused.text()).toContain(`<form class="act" method="post" action="${path}">`);
    const opened = await submit(path, { token });
    expect([opened.status, opened.headers.get("cache-control")]).toEqual([200, "private, no-store"]);
    expect(opened.headers.get("content-security-policy")).toContain("form-action 'self'");
    const wrong = await submit(path, { token: "wrong" });
    expect([wrong.status, typeOf(wrong)]).toEqual([401, "text/html; charset=UTF-8"]);
    const page = await wrong.text();
    expect(page).toContain("That is not the trigger token.");
    expect(page).not.toContain("<dl>");
    expect((await submit(path, { token }, { "sec-fetch-site": "cross-site" })).status).toBe(403);
  });

  it("offers no form that would not help", async () => {
    const { request } = await setUp({ settings: { PUBLIC: "none", TRIGGER_TOKEN: "" } });
    const page = await (await request("/", { headers: { accept: CHROME } })).text();
    expect(page).not.toContain("<form");
  });

  it("takes the forms that do something, and shows at once what they did", async () => {
    const { submit, asked } = await setUp(closed);
    const answer = await submit("/sync", { token });
    expect([answer.status, answer.headers.get("location")]).toEqual([200, null]);
    expect(await answer.text()).toContain(ID);
    expect(asked.length).toBe(1);
    for (const path of ["/pause", "/resume"])
      expect(await (await submit(path, { token })).text()).toContain("<h1>Done</h1>");
  });
});
