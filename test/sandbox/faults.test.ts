import { afterEach, beforeEach, expect, test } from "vitest";
import { createFaults } from "../../sandbox/faults.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { API, ask, REPOSITORY, startWithRepository } from "./support.ts";

let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await startWithRepository();
});

afterEach(() => sandbox.close());

function createRef(name: string) {
  const sha = sandbox.github.branches(REPOSITORY)["main"];
  return ask(sandbox, `${API}/git/refs`, { method: "POST", body: { ref: `refs/heads/${name}`, sha } });
}

test("a fault hits matching requests, after those it skips, as often as it says", () => {
  const faults = createFaults();
  const action = { type: "hang" } as const;
  faults.add({ method: "GET", path: "/pulls", skip: 1, times: 2, action });
  const take = (method: string, path: string) => faults.take({ method, path, query: "" });
  expect([take("POST", "/r/pulls"), take("GET", "/r/git")]).toEqual([null, null]);
  expect([1, 2, 3, 4].map(() => take("GET", "/r/pulls"))).toEqual([null, action, action, null]);
  faults.add({ path: /\?state=all$/g, times: Number.POSITIVE_INFINITY, action });
  expect([1, 2].map(() => faults.take({ method: "GET", path: "/x", query: "?state=all" }))).toEqual([action, action]);
  faults.clear();
  expect(faults.list()).toEqual([]);
});

test("a status is answered instead of the work", async () => {
  const headers = { "retry-after": "5" };
  sandbox.github.faults.add({ method: "POST", path: "/git/refs", action: { type: "status", status: 429, headers } });
  const refused = await createRef("x");
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "5"]);
  expect(sandbox.github.branches(REPOSITORY)["x"]).toBeUndefined();
  expect((await createRef("x")).status).toBe(201);
});

test("a body is answered with 200", async () => {
  sandbox.github.faults.add({ action: { type: "body", body: "<html>", contentType: "text/html" } });
  const reply = await ask(sandbox, API);
  expect([reply.status, reply.text]).toEqual([200, "<html>"]);
});

test("a request that is dropped before is not done, one that is dropped after is", async () => {
  sandbox.github.faults.add({ path: "/git/refs", action: { type: "drop-before" } });
  await expect(createRef("before")).rejects.toThrow();
  sandbox.github.faults.add({ path: "/git/refs", action: { type: "drop-after" } });
  await expect(createRef("after")).rejects.toThrow();
  expect(Object.keys(sandbox.github.branches(REPOSITORY))).toEqual(["after", "main"]);
  expect(sandbox.github.requests.map(({ status }) => status)).toEqual([0, 0]);
});

test("a delay only takes time, and a hang ends with the caller's patience", async () => {
  sandbox.github.faults.add({ action: { type: "delay", ms: 60 } });
  const start = Date.now();
  expect((await ask(sandbox, API)).status).toBe(200);
  expect(Date.now() - start).toBeGreaterThanOrEqual(55);
  sandbox.primary.faults.add({ action: { type: "hang" } });
  await expect(fetch(sandbox.primary.url, { signal: AbortSignal.timeout(60) })).rejects.toThrow();
});

test("a page for people comes with any status, 200 too", async () => {
  sandbox.github.faults.add({ action: { type: "html" } });
  sandbox.github.faults.add({ action: { type: "html", status: 502 } });
  for (const status of [200, 502]) {
    const reply = await ask(sandbox, API);
    expect([reply.status, reply.headers.get("content-type")]).toEqual([status, "text/html; charset=utf-8"]);
    expect(reply.text).toContain("Unicorn");
  }
});

test("half an answer looks whole, and does not parse", async () => {
  sandbox.github.faults.add({ method: "POST", action: { type: "truncate" } });
  const sha = sandbox.github.branches(REPOSITORY)["main"];
  const headers = { authorization: "Bearer token-of-a-maintainer", "user-agent": "a-test" };
  const body = JSON.stringify({ ref: "refs/heads/half", sha });
  const answer = await fetch(`${sandbox.github.url}${API}/git/refs`, { method: "POST", headers, body });
  expect(answer.status).toBe(201);
  await expect(answer.json()).rejects.toThrow(SyntaxError);
  expect(sandbox.github.branches(REPOSITORY)["half"]).toBe(sha);
});

test("a body that is cut breaks while it is read", async () => {
  sandbox.github.faults.add({ action: { type: "cut" } });
  const answer = await fetch(`${sandbox.github.url}${API}`, { headers: { "user-agent": "a-test" } });
  expect(answer.status).toBe(200);
  await expect(answer.text()).rejects.toThrow();
});

test("a body that trickles arrives whole, and late", async () => {
  sandbox.github.faults.add({ action: { type: "trickle", ms: 5, bytes: 512 } });
  const start = Date.now();
  const reply = await ask(sandbox, API);
  expect(reply.json["full_name"]).toBe(REPOSITORY);
  expect(Date.now() - start).toBeGreaterThanOrEqual(5 * Math.floor(reply.text.length / 512));
});

test("a fault can be taken back", async () => {
  const undo = sandbox.github.faults.add({ times: Number.POSITIVE_INFINITY, action: { type: "hang" } });
  undo();
  expect((await ask(sandbox, API)).status).toBe(200);
});

test("the log never holds the credentials", async () => {
  await ask(sandbox, API);
  expect(JSON.stringify(sandbox.github.requests)).not.toContain("token-of-a-maintainer");
});
