/**
 * Ten thousand requests that nobody meant: every answer has a documented status and shape, and tells no secret.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as z from "zod/mini";
import { ErrorSchema, HealthSchema } from "../../src/http/schemas.ts";
import { readTarget } from "../../src/replica/serve/target.ts";
import { report, repositoryReport } from "../fakes/report.ts";
import { GITHUB_TOKEN, TRIGGER_TOKEN, WEBHOOK_URL } from "../fakes/settings.ts";
import { type AnswerAppOptions, BEARER, CHROME, createAnswerApp } from "./answer-app.ts";

const REQUESTS = 10_000;
const SECRETS = [GITHUB_TOKEN, TRIGGER_TOKEN, WEBHOOK_URL];
const PATHS = [
  "/",
  "/status",
  "/healthz",
  "/runs",
  "/sync",
  "/preview",
  "/metrics",
  "/badge.json",
  "/openapi.json",
  "/favicon.svg",
];

const segment = fc.oneof(
  fc.constantFrom(
    "runs",
    report().id,
    "sync",
    "..",
    ".",
    "%00",
    "%2e%2e",
    "%E0%A4%A",
    "%",
    "state",
    "__proto__",
    "constructor",
  ),
  fc.string({ unit: "binary", maxLength: 12 }).map((text) => encodeURIComponent(text.toWellFormed())),
  fc.string({ maxLength: 12 }).map((text) => text.replace(/[?#]/g, "")),
);
const path = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...PATHS) },
  { weight: 2, arbitrary: fc.constantFrom(report().id, "x", "%00").map((id) => `/runs/${id}`) },
  { weight: 2, arbitrary: fc.array(segment, { maxLength: 4 }).map((segments) => `/${segments.join("/")}`) },
);
const word = fc.oneof(
  fc.constantFrom(
    "true",
    "false",
    "1",
    "",
    "clip",
    "clip,blip",
    "lora",
    "__proto__",
    "0x10",
    "1e3",
    "-1",
    "NaN",
    "%",
    "\u0000",
  ),
  fc.string({ unit: "binary", maxLength: 20 }).map((text) => text.toWellFormed()),
);
const field = fc.oneof(fc.constantFrom("categories", "dryRun", "force", "limit", "cursor", "__proto__", "token"), word);
const query = fc.array(fc.tuple(field, word), { maxLength: 3 }).map((pairs) => new URLSearchParams(pairs).toString());

const latin = fc.string({
  unit: fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCharCode(code)),
  maxLength: 30,
});
const authorization = fc.oneof(
  { weight: 3, arbitrary: fc.constant(BEARER.authorization) },
  fc.constantFrom(
    "Bearer nope",
    "Bearer",
    "Basic %%%",
    `Basic ${btoa(`a:${TRIGGER_TOKEN}`)}`,
    `Basic ${btoa("a:b")}`,
    "Basic",
    "Digest x",
  ),
  latin,
);
const accept = fc.oneof(
  fc.constantFrom("*/*", CHROME, "text/plain", "application/json", "text/html;q=0", "q=;;,,", "*"),
  latin,
);
const headers = fc.record(
  {
    authorization,
    accept,
    "content-type": fc.oneof(
      fc.constantFrom("application/json", "application/x-www-form-urlencoded", "multipart/form-data"),
      latin,
    ),
    "sec-fetch-site": fc.constantFrom("same-origin", "cross-site", "none"),
    "if-none-match": fc.oneof(fc.constantFrom("*", '"x"', "W/"), latin),
    "content-length": fc.constantFrom("0", "5", "-1", "999999999", "x"),
    "cf-connecting-ip": fc.oneof(fc.constantFrom("192.0.2.1", "2001:db8::1", ":::::"), latin),
    range: fc.constantFrom("bytes=0-1", "x"),
  },
  { requiredKeys: [] },
);
const body = fc.oneof(
  fc.constant(null),
  fc.json(),
  fc
    .record({ categories: fc.oneof(word, fc.array(word, { maxLength: 3 })), dryRun: fc.anything({ maxDepth: 1 }) })
    .map((value) => JSON.stringify(value, (_key, inner) => (typeof inner === "bigint" ? String(inner) : inner)) ?? ""),
  query,
  fc.string({ unit: "binary", maxLength: 60 }).map((text) => text.toWellFormed()),
  fc.constant("x".repeat(70_000)),
  fc.constantFrom(`token=${TRIGGER_TOKEN}`, `token=${TRIGGER_TOKEN}&categories=clip`, "token=wrong"),
);
const method = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom("GET", "POST", "HEAD") },
  fc.constantFrom("PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND", "QUERY", "get", "BREW"),
);

const repositories = [repositoryReport({ outcome: "failed", error: { code: "internal", message: "x" } })];
const WORLDS: readonly AnswerAppOptions[] = [
  {
    runs: [report()],
    state: { repositories, consecutiveErrors: 12 },
    countFailure: async (key) => key !== "192.0.2.1",
  },
  {
    runs: [report()],
    result: report({ outcome: "failed" }),
    planned: [{ repository: "o/r", path: "a", before: null, after: "b" }],
  },
  { problems: ["X must be Y."] },
  { settings: { TRIGGER_TOKEN: "" } },
];

const STATUSES = [200, 303, 304, 400, 401, 403, 404, 405, 413, 429, 502, 503];
/** Of forms with everything right, or from elsewhere: too rare to be met for sure. */
const RARE = [303, 403];
const FailedReport = z.object({ outcome: z.literal("failed") });
const Refusal = z.union([ErrorSchema, HealthSchema, FailedReport]);

describe("whatever is asked", () => {
  it(`${REQUESTS} requests get a documented status, one shape of errors, and no secret`, async () => {
    const apps = await Promise.all(WORLDS.map((world) => createAnswerApp(world)));
    const seen = new Set<number>();
    const request = fc.record({ app: fc.constantFrom(...apps), path, query, method, headers, body });
    const ask = async ({
      app,
      path,
      query,
      method,
      headers,
      body,
    }: typeof request extends fc.Arbitrary<infer T> ? T : never) => {
      // The replica has other errors, and a test like this one of its own.
      const { pathname } = new URL(`https://sync.test${path}`);
      fc.pre(readTarget(pathname) === null);
      const isBodyless = ["GET", "HEAD", "get"].includes(method);
      const answer = await app.request(`${path}${query === "" ? "" : `?${query}`}`, {
        method,
        headers: Object.entries(headers),
        body: isBodyless ? null : body,
      });
      const text = await answer.text();
      seen.add(answer.status);
      expect(STATUSES).toContain(answer.status);
      if (answer.status >= 400 && method !== "HEAD") {
        // A failed run may be asked for as text or as a page; forms and runs that are not there yet have pages.
        const type = answer.headers.get("content-type") ?? "";
        const isJson = type.startsWith("application/json");
        const isForm = method === "POST" && (headers["content-type"] ?? "").toLowerCase().includes("form-urlencoded");
        const mayBePage = isForm || (answer.status === 404 && pathname.startsWith("/runs/"));
        expect(isJson || answer.status === 502 || (mayBePage && type.startsWith("text/html"))).toBe(true);
        if (isJson) Refusal.parse(JSON.parse(text));
        expect(answer.headers.get("cache-control")).toBe("no-store");
      }
      if (answer.status === 405) expect(answer.headers.get("allow")).toMatch(/^[A-Z]+(, [A-Z]+)*$/);
      if (answer.status === 401) expect(answer.headers.get("www-authenticate")).toContain("Bearer realm=");
      if (answer.status === 429) expect(answer.headers.get("retry-after")).toMatch(/^\d+$/);
      expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
      const told = JSON.stringify([...answer.headers]) + text;
      for (const secret of SECRETS) expect(told).not.toContain(secret);
      expect(told).not.toMatch(/\n\s+at .+:\d+:\d+/);
    };
    await fc.assert(fc.asyncProperty(request, ask), { numRuns: REQUESTS });
    const isUsual = (status: number) => !RARE.includes(status);
    expect([...seen].filter(isUsual).sort()).toEqual(STATUSES.filter(isUsual));
    for (const { lines } of apps) expect(lines).toEqual([]);
  });
});
