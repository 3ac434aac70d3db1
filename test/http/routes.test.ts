import { describe, expect, it } from "vitest";
import * as z from "zod/mini";
import type { Report } from "../../src/contract/report.ts";
import {
  BadgeSchema,
  ErrorSchema,
  HealthSchema,
  ReportSchema,
  RunPageSchema,
  StatusSchema,
} from "../../src/http/schemas.ts";
import { createRunId, type SyncState } from "../../src/state/store.ts";
import { START } from "../fakes/clock.ts";
import { report, repositoryReport } from "../fakes/report.ts";
import { TRIGGER_TOKEN } from "../fakes/settings.ts";
import { type AnswerAppOptions, BEARER, CHROME, createAnswerApp } from "./answer-app.ts";

const basic = (password: string, name = "anybody") => ({ authorization: `Basic ${btoa(`${name}:${password}`)}` });
const clip = { added: ["a"], removed: [], modified: [], warnings: [] };
const pullRequest = { number: 3, url: "https://github.test/pull/3" };

async function errorOf(answer: Response): Promise<[number, string]> {
  return [answer.status, ErrorSchema.parse(await answer.json()).error.code];
}

describe("GET /preview", () => {
  const planned = [{ repository: "haidra/image", path: "clip.json", before: "a\n<b>\n", after: "a\nB\n" }];
  const setUp = (options: AnswerAppOptions = {}) =>
    createAnswerApp({ planned, result: report({ outcome: "planned", dryRun: true }), ...options });

  it.each<[string, Record<string, string>, number]>([
    ["a bearer token", BEARER, 200],
    ["HTTP Basic with any name", basic(TRIGGER_TOKEN), 200],
    ["HTTP Basic with no name", basic(TRIGGER_TOKEN, ""), 200],
    ["nothing", {}, 401],
    ["another password", basic("nope"), 401],
    ["the token as the name", basic("", TRIGGER_TOKEN), 401],
    ["a broken header", { authorization: "Basic %%%" }, 401],
  ])("asked with %s is %d", async (_what, headers, status) => {
    const { request, asked } = await setUp();
    const answer = await request("/preview", { headers });
    expect(answer.status).toBe(status);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(asked.length).toBe(status === 200 ? 1 : 0);
  });

  it("challenges with both schemes, Basic first", async () => {
    const { request } = await setUp();
    const realm = 'realm="horde-model-reference-sync"';
    const answer = await request("/preview");
    expect(answer.headers.get("www-authenticate")).toBe(`Basic ${realm}, charset="UTF-8", Bearer ${realm}`);
  });

  it("is the bare diff for curl, a page for a browser, and the Report as JSON", async () => {
    const { request } = await setUp();
    const get = async (accept: string) => {
      const answer = await request("/preview", { headers: { ...BEARER, accept } });
      expect(answer.headers.get("vary")).toBe("Accept");
      return answer.text();
    };
    expect(await get("*/*")).toBe("--- a/clip.json\n+++ b/clip.json\n@@ -1,2 +1,2 @@\n a\n-<b>\n+B\n");
    expect(await get(CHROME)).toContain('<span class="del">-&lt;b&gt;</span>');
    expect(JSON.parse(await get("application/json"))).toEqual(report({ outcome: "planned", dryRun: true }));
  });

  it("is always a dry run, and takes categories and force", async () => {
    const { request, asked } = await setUp();
    await request("/preview?categories=clip,blip&force=true", { headers: BEARER });
    expect(asked).toEqual([{ trigger: "manual", categories: ["blip", "clip"], isDryRun: true, isForced: true }]);
    for (const query of ["dryRun=false", "categories=lora", "x=1"]) {
      expect(await errorOf(await request(`/preview?${query}`, { headers: BEARER }))).toEqual([400, "bad-request"]);
    }
  });

  it("is 502 with the Report when the run failed", async () => {
    const error = { code: "primary-unavailable", message: "PRIMARY answered 502." } as const;
    const { request } = await setUp({ planned: [], result: report({ outcome: "failed", error }) });
    for (const accept of ["*/*", CHROME, "application/json"]) {
      const answer = await request("/preview", { headers: { ...BEARER, accept } });
      expect(answer.status).toBe(502);
      expect(await answer.text()).toContain("PRIMARY answered 502.");
    }
  });

  it("says where a long diff is cut", async () => {
    const after = Array.from({ length: 3000 }, (_, line) => `${line}\n`).join("");
    const { request } = await setUp({ planned: [{ repository: "o/r", path: "db.json", before: null, after }] });
    const text = await (await request("/preview", { headers: BEARER })).text();
    expect(text).toMatch(/^# The first 2000 of 3000 lines of the diff of db\.json\.\n/);
    expect(text.split("\n").filter((line) => /^\+\d/.test(line))).toHaveLength(2000);
  });
});

describe("wrong tokens are counted", () => {
  const setUp = async () => {
    const keys: string[] = [];
    const countFailure = async (key: string) => keys.push(key) <= 2;
    return { ...(await createAnswerApp({ countFailure })), keys };
  };
  const wrong = { authorization: "Bearer nope", "cf-connecting-ip": "192.0.2.7" };

  it("and refused with 429 after too many", async () => {
    const { request, keys } = await setUp();
    const statuses = [];
    for (let time = 0; time < 4; time++)
      statuses.push((await request("/sync", { method: "POST", headers: wrong })).status);
    expect(statuses).toEqual([401, 401, 429, 429]);
    expect(new Set(keys)).toEqual(new Set(["192.0.2.7"]));
    const answer = await request("/preview", { headers: { ...basic("nope"), "cf-connecting-ip": "192.0.2.7" } });
    expect(answer.headers.get("retry-after")).toBe("60");
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(await errorOf(answer)).toEqual([429, "too-many-requests"]);
  });

  it("but the right one works all the same, and is not counted", async () => {
    const { request, keys } = await setUp();
    for (let time = 0; time < 5; time++) await request("/sync", { method: "POST", headers: wrong });
    const counted = keys.length;
    expect((await request("/sync", { method: "POST", headers: { ...wrong, ...BEARER } })).status).toBe(200);
    expect(keys.length).toBe(counted);
  });

  it("not requests that bring none: a browser asks once without before it asks the person", async () => {
    const { request, keys } = await setUp();
    for (let time = 0; time < 5; time++) expect((await request("/preview")).status).toBe(401);
    expect(keys).toEqual([]);
  });

  it.each([
    ["2001:db8:1:2:aaaa::1", "2001:db8:1:2"],
    ["192.0.2.7", "192.0.2.7"],
  ])("by address: %s is %s", async (address, key) => {
    const { request, keys } = await setUp();
    await request("/preview", { headers: { ...wrong, "cf-connecting-ip": address } });
    expect(keys).toEqual([key]);
  });
});

describe("GET /runs", () => {
  const runs: readonly Report[] = Array.from({ length: 25 }, (_, hour) => {
    const startedAt = START - hour * 3_600_000;
    return report({ id: createRunId(startedAt, () => 0.5), startedAt: new Date(startedAt).toISOString() });
  });

  it("leads from page to page, newest first, without reading a Report", async () => {
    const { request, kv } = await createAnswerApp({ runs: [...runs].reverse() });
    const ids: string[] = [];
    let path: string | null = "/runs?limit=10";
    const sizes: number[] = [];
    while (path !== null) {
      const answer: Response = await request(path);
      const page = RunPageSchema.parse(await answer.json());
      sizes.push(page.runs.length);
      ids.push(...page.runs.map(({ id }) => id));
      const next: string | undefined = /^<([^>]+)>; rel="next"$/.exec(answer.headers.get("link") ?? "")?.[1];
      expect(next === undefined).toBe(page.cursor === null);
      path = next ?? null;
    }
    expect(sizes).toEqual([10, 10, 5]);
    expect(ids).toEqual(runs.map(({ id }) => id));
    expect(kv.reads).toEqual([]);
  });

  it("has a page and a plain list that lead on", async () => {
    const { request } = await createAnswerApp({ runs });
    const page = await (await request("/runs?limit=5", { headers: { accept: CHROME } })).text();
    const [, next = ""] = /<a href="([^"]+)" rel="next">/.exec(page) ?? [];
    const second = await request(next.replaceAll("&amp;", "&"), { headers: { accept: CHROME } });
    expect(await second.text()).toContain('<a href="/runs">Newest runs</a>');
    const text = await (await request("/runs?limit=5", { headers: { accept: "text/plain" } })).text();
    expect(text.split("\n")).toHaveLength(7);
    expect(text).toMatch(
      /^2026-11-21 12:00 UTC {2}tick {7}in sync {10}1\.5 s {2}\S+\n[\s\S]*\nolder: \/runs\?limit=5&cursor=/,
    );
  });

  it.each([
    "limit=0",
    "limit=101",
    "limit=x",
    "limit=1.5",
    "limit=-1",
    "limit=",
    "cursor=",
    "cursor=%3C%3E",
    `cursor=${"x".repeat(2000)}`,
    "cursor=unknown",
  ])("refuses %s", async (query) => {
    const { request } = await createAnswerApp({ runs });
    expect(await errorOf(await request(`/runs?${query}`))).toEqual([400, "bad-request"]);
  });
});

describe("GET /runs/:id", () => {
  const modified = [{ name: "M", fields: ["x", "y"], changes: [{ field: "x", before: "1", after: null }] }];
  const run = report({
    repositories: [repositoryReport({ outcome: "created", categories: { clip: { ...clip, modified } } })],
  });

  it("shows fields, old and new, as a page, and the same as JSON and as text", async () => {
    const { request } = await createAnswerApp({ runs: [run] });
    const get = async (accept: string) => (await request(`/runs/${run.id}`, { headers: { accept } })).text();
    const page = await get(CHROME);
    expect(page).toContain(
      '<td>x</td><td data-of="old"><code>1</code></td><td data-of="new"><span class="soft">absent</span></td>',
    );
    expect(page).toContain("<p>and y</p>");
    expect(ReportSchema.parse(JSON.parse(await get("application/json")))).toEqual(run);
    expect(await get("text/plain")).toContain("clip: 1 added, 0 removed, 1 modified");
  });
});

describe("an answer that did not change", () => {
  it.each([
    ["/", CHROME],
    ["/", "*/*"],
    ["/status", "*/*"],
    ["/runs", "*/*"],
    [`/runs/${report().id}`, CHROME],
    ["/badge.json", "*/*"],
    ["/openapi.json", "*/*"],
    ["/favicon.svg", "*/*"],
  ])("is 304 by its ETag: %s for %s", async (path, accept) => {
    const { request } = await createAnswerApp({ runs: [report()] });
    const etag = (await request(path, { headers: { accept } })).headers.get("etag") ?? "";
    expect(etag).toMatch(/^"[0-9a-f]{40}"$/);
    const again = await request(path, { headers: { accept, "if-none-match": etag } });
    expect([again.status, await again.text()]).toEqual([304, ""]);
    expect(again.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect((await request(path, { headers: { accept, "if-none-match": '"other"' } })).status).toBe(200);
  });
});

describe("GET /badge.json", () => {
  const at = (state: Partial<SyncState>, problems?: string[]): AnswerAppOptions => {
    return { state, ...(problems === undefined ? {} : { problems }) };
  };
  const held = { clip: { ...clip, held: "Too much." } };
  it.each<[string, AnswerAppOptions, string, string]>([
    ["nothing yet", at({}), "unknown", "lightgrey"],
    ["all in sync", at({ repositories: [repositoryReport()] }), "in sync", "brightgreen"],
    [
      "a pull request",
      at({ repositories: [repositoryReport({ outcome: "current", pullRequest })] }),
      "1 pull request",
      "yellow",
    ],
    [
      "two, and something held",
      at({
        repositories: [
          repositoryReport({ outcome: "current", pullRequest, categories: held }),
          repositoryReport({ repository: "haidra/text", outcome: "created", pullRequest }),
        ],
      }),
      "2 pull requests, 1 held",
      "yellow",
    ],
    [
      "a rejection",
      at({ repositories: [repositoryReport({ outcome: "rejected", pullRequest })] }),
      "pending",
      "yellow",
    ],
    ["ten failures", at({ consecutiveErrors: 10 }), "degraded", "red"],
    ["wrong settings", at({}, ["No."]), "misconfigured", "red"],
  ])("says %s", async (_what, options, message, color) => {
    const { request } = await createAnswerApp(options);
    const badge = BadgeSchema.parse(await (await request("/badge.json")).json());
    expect(badge).toMatchObject({ schemaVersion: 1, label: "model references", message, color });
    expect(badge.isError ?? false).toBe(color === "red");
  });
});

describe("the status", () => {
  it("names every configured category with its state", async () => {
    const { request } = await createAnswerApp({
      settings: { CATEGORIES_TO_SYNC: "clip,blip,esrgan,text_generation" },
      state: {
        repositories: [
          repositoryReport({ outcome: "created", categories: { clip, blip: { ...clip, held: "Too much." } } }),
          repositoryReport({ repository: "haidra/text", outcome: "failed" }),
          repositoryReport({ repository: "somebody/else", outcome: "failed" }),
        ],
      },
    });
    const status = StatusSchema.parse(await (await request("/status")).json());
    expect(
      status.categories.map(({ category, repository, state, added }) => [category, repository, state, added]),
    ).toEqual([
      ["blip", "haidra/image", "held", 1],
      ["clip", "haidra/image", "created", 1],
      ["esrgan", "haidra/image", "in-sync", 0],
      ["text_generation", "haidra/text", "unchecked", 0],
    ]);
    expect(status.repositories.map(({ repository }) => repository)).toEqual(["haidra/image", "haidra/text"]);
  });

  it("is pending while a category is held in a repository that is otherwise in sync", async () => {
    const repositories = [repositoryReport({ categories: { clip: { ...clip, held: "Too much." } } })];
    const { request } = await createAnswerApp({ state: { repositories } });
    expect(await (await request("/status")).json()).toMatchObject({ state: "pending" });
  });
});

describe("GET /openapi.json", () => {
  const Operation = z.looseObject({
    tags: z.optional(z.array(z.string())),
    responses: z.record(z.string(), z.unknown()),
  });
  const Document = z.object({
    openapi: z.literal("3.1.0"),
    paths: z.record(z.string(), z.looseObject({ get: z.optional(Operation), post: z.optional(Operation) })),
    components: z.looseObject({ schemas: z.record(z.string(), z.unknown()) }),
  });
  const read = async () => {
    const { request, app } = await createAnswerApp();
    return { app, document: Document.parse(await (await request("/openapi.json")).json()) };
  };

  it("describes every route, and no other", async () => {
    const { app, document } = await read();
    const own = Object.entries(document.paths).filter(([, { get }]) => !get?.tags?.includes("replica"));
    const described = own.flatMap(([path, methods]) => {
      return Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace("{id}", ":id")}`);
    });
    const routes = app.routes.filter(({ method }) => method !== "ALL").map(({ method, path }) => `${method} ${path}`);
    const shown = [...new Set(routes)].filter((route) => route !== "GET /favicon.ico");
    expect(described.sort()).toEqual(shown.sort());
  });

  it("resolves every reference", async () => {
    const { document } = await read();
    const references = Array.from(JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g), ([, target]) => target);
    expect(references.length).toBeGreaterThan(20);
    const known = Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`);
    for (const reference of references) expect(known).toContain(reference);
  });

  it("is made of the schemas that check the answers", async () => {
    const { request } = await createAnswerApp({
      runs: [report()],
      state: { repositories: [repositoryReport({ categories: { clip } })] },
    });
    const json = async (path: string) => (await request(path)).json();
    StatusSchema.parse(await json("/status"));
    RunPageSchema.parse(await json("/runs"));
    ReportSchema.parse(await json(`/runs/${report().id}`));
    HealthSchema.parse(await json("/healthz"));
    const { document } = await read();
    expect(Object.keys(document.components.schemas).sort()).toEqual([
      "Badge",
      "Check",
      "Detail",
      "Error",
      "Health",
      "Hook",
      "Pause",
      "Report",
      "RunPage",
      "Status",
      "SyncRequest",
    ]);
    expect(document.components.schemas["Report"]).toMatchObject({
      properties: { outcome: { enum: expect.arrayContaining(["partial"]) } },
    });
  });
});
