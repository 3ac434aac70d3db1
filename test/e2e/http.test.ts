/**
 * The HTTP interface in real workerd: the three forms of `/`, manual triggers, and every error.
 */
import { describe, expect, test } from "vitest";
import { RECORD, TRIGGER_TOKEN } from "../world/ground.ts";
import { describeWorlds } from "./world.ts";

const createWorld = describeWorlds();
const BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8";
const authorized = { authorization: `Bearer ${TRIGGER_TOKEN}` };

interface Refusal {
  readonly what: string;
  readonly request: { path?: string; method?: string; headers?: Record<string, string>; body?: string };
  readonly status: number;
  readonly code: string;
  readonly says: RegExp;
}

const post = (body: string, headers: Record<string, string> = authorized) => ({ method: "POST", headers, body });

const REFUSALS: readonly Refusal[] = [
  { what: "no token", request: post("", {}), status: 401, code: "unauthorized", says: /Authorization: Bearer/ },
  {
    what: "a wrong token",
    request: post("", { authorization: "Bearer nope" }),
    status: 401,
    code: "unauthorized",
    says: /trigger token/,
  },
  {
    what: "another scheme",
    request: post("", { authorization: `Basic ${TRIGGER_TOKEN}` }),
    status: 401,
    code: "unauthorized",
    says: /Bearer/,
  },
  { what: "GET on /sync", request: { headers: authorized }, status: 405, code: "method-not-allowed", says: /Use POST/ },
  {
    what: "broken JSON",
    request: post('{"dryRun": tru'),
    status: 400,
    code: "bad-request",
    says: /not valid JSON\. Valid fields: categories/,
  },
  { what: "a list as the body", request: post("[1]"), status: 400, code: "bad-request", says: /not a JSON object/ },
  {
    what: "an unknown category",
    request: post('{"categories":["image"]}'),
    status: 400,
    code: "bad-request",
    says: /"image" is not a category\. Valid categories: image_generation,/,
  },
  {
    what: "a category without a legacy file",
    request: post("categories=lora"),
    status: 400,
    code: "bad-request",
    says: /"lora" has no legacy file/,
  },
  {
    what: "an unknown field",
    request: post('{"dry_run":true}'),
    status: 400,
    code: "bad-request",
    says: /no field "dry_run"\. Valid fields/,
  },
  {
    what: "a flag that is none",
    request: post('{"dryRun":"maybe"}'),
    status: 400,
    code: "bad-request",
    says: /dryRun is not a boolean/,
  },
  {
    what: "100 KB of body",
    request: post(JSON.stringify({ categories: "x".repeat(100_000) })),
    status: 413,
    code: "too-large",
    says: /at most 64 KiB/,
  },
  {
    what: "an unknown path",
    request: { path: "/nowhere" },
    status: 404,
    code: "not-found",
    says: /nothing at \/nowhere/,
  },
];

describe("the HTTP interface refuses", () => {
  test("with an error that says what is valid, and starts nothing", async () => {
    const world = await createWorld();
    for (const { what, request, status, code, says } of REFUSALS) {
      const { path = "/sync", ...init } = request;
      const answer = await world.fetch(path, init);
      const body = JSON.parse(await answer.text());
      expect({ what, status: answer.status, code: body.error.code }).toEqual({ what, status, code });
      expect(body.error.message, what).toMatch(says);
      if (status === 401) expect(answer.headers.get("www-authenticate")).toMatch(/^Bearer/);
      if (status === 405) expect(answer.headers.get("allow")).toBe("POST");
    }
    expect(world.githubCalls()).toEqual([]);
    expect(world.primaryCalls()).toEqual([]);
  });

  test("every trigger while no token is configured", async () => {
    const world = await createWorld({ vars: { HORDE_GITHUB_SYNC_TRIGGER_TOKEN: null } });
    const answer = await world.fetch("/sync", post("", { authorization: "Bearer " }));
    expect(answer.status).toBe(503);
    expect(JSON.parse(await answer.text()).error.code).toBe("no-trigger-token");
  });

  test("to sync while misconfigured, and says every problem at once", async () => {
    const world = await createWorld({
      vars: {
        HORDE_GITHUB_SYNC_PRIMARY_API_URL: null,
        HORDE_GITHUB_SYNC_GITHUB_TOKEN: null,
        HORDE_GITHUB_SYNC_DRY_RUN: "maybe",
      },
    });
    expect(await world.tick()).toBe("failed");
    expect((await world.fetch("/sync", post(""))).status).toBe(503);
    const health = await world.fetch("/healthz");
    expect([health.status, JSON.parse(await health.text())]).toEqual([
      503,
      { status: "unhealthy", reasons: ["misconfigured"], replica: { status: "cold", ageSeconds: null } },
    ]);
    const status = await world.status();
    expect(status.state).toBe("misconfigured");
    expect(status.problems.join("\n")).toMatch(
      /DRY_RUN must be true, false[\s\S]*PRIMARY_API_URL|PRIMARY_API_URL[\s\S]*DRY_RUN must be true, false/,
    );
    expect(status.problems.join("\n")).toContain("No GitHub credentials");
    expect(world.primaryCalls()).toEqual([]);
  });
});

describe("the status", () => {
  test("comes as HTML, text or JSON, by Accept", async () => {
    const world = await createWorld();
    world.sandbox.primary.putRecord("esrgan", '<script>alert("x")</script>', RECORD);
    await world.tick();
    const forms = [
      [BROWSER, "text/html"],
      ["*/*", "text/plain"],
      ["text/plain", "text/plain"],
      ["application/json", "application/json"],
    ] as const;
    for (const [accept, type] of forms) {
      const answer = await world.fetch("/", { headers: { accept } });
      expect(answer.headers.get("content-type"), accept).toContain(type);
      expect(answer.headers.get("vary")).toContain("Accept");
      const body = await answer.text();
      expect(body).toContain("haidra/image-reference");
      if (type === "text/html") expect(body).not.toContain("<script");
      if (type === "text/plain")
        expect(body.split("\n").filter((line) => line.length > 80 && !line.includes("http"))).toEqual([]);
    }
  });

  test("and the health of a working service are 200, to HEAD as well", async () => {
    const world = await createWorld();
    await world.tick();
    for (const path of ["/", "/status", "/healthz", "/runs"]) {
      expect((await world.fetch(path)).status, path).toBe(200);
      const head = await world.fetch(path, { method: "HEAD" });
      expect([head.status, await head.text()], path).toEqual([200, ""]);
    }
  });
});

describe("POST /sync", () => {
  test("answers the Report, or a summary as plain text", async () => {
    const world = await createWorld();
    world.sandbox.primary.putRecord("esrgan", "First", RECORD);
    const text = await world.fetch("/sync?categories=esrgan,gfpgan&dryRun=1", {
      method: "POST",
      headers: { ...authorized, accept: "text/plain" },
    });
    expect(await text.text()).toMatch(
      /^dry run \S+: planned in \d+ ms\n[\s\S]*esrgan: 1 added, 0 removed, 0 modified\n {4}\+ First\n$/,
    );
    const { status, report } = await world.sync({ categories: "esrgan" });
    expect(status).toBe(200);
    expect(report).toMatchObject({ trigger: "manual", outcome: "published", dryRun: false, forced: false });
  });

  test("answers 502 with the Report when the run failed", async () => {
    const world = await createWorld();
    world.sandbox.github.faults.add({ path: /branches\/main$/, times: 9, action: { type: "status", status: 403 } });
    const { status, report } = await world.sync();
    expect([status, report.outcome]).toEqual([502, "failed"]);
    expect(report.repositories[0]?.error?.code).toBe("github-unauthorized");
  });
});
