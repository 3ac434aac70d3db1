import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Rule } from "../../sandbox/github/setting-model.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import {
  API,
  type AppKeys,
  type Ask,
  ask,
  at,
  createAppKeys,
  openPull,
  pushBranch,
  REPOSITORY,
  startWithRepository,
} from "./support.ts";

/** What owners, organisations and GitHub itself set, and the words in which GitHub tells it. */

const BRANCH = "sync/models";
const FINE = "github_pat_fine";
let sandbox: Sandbox;
let keys: AppKeys;
let now = Date.now();

beforeEach(async () => {
  now = Date.now();
  sandbox = await startWithRepository({ now: () => now });
  keys = createAppKeys(5);
  sandbox.github.createRepository({ owner: "octo-org", name: "second", files: { a: "b" } });
  sandbox.github.credentials.addToken({ token: FINE, permissions: { contents: "write", pull_requests: "write" } });
  sandbox.github.credentials.addApp({
    id: 5,
    publicKeyPem: keys.publicKeyPem,
    installationId: 77,
    owner: "octo-org",
    permissions: { contents: "write", pull_requests: "write" },
    repositories: ["models", "second"],
  });
});

afterEach(async () => {
  for (const repository of sandbox.github.repositories()) expect(await sandbox.github.fsck(repository)).toBe("");
  await sandbox.close();
});

const post = (path: string, body: unknown, options: Ask = {}) =>
  ask(sandbox, path, { method: "POST", body, ...options });
const main = () => sandbox.github.branches(REPOSITORY)["main"] ?? "";
const told = ({ status, json }: { status: number; json: Readonly<Record<string, unknown>> }) => [
  status,
  json["message"],
];
const mint = (body: object = {}) => post("/app/installations/77/access_tokens", body, { token: keys.jwt() });
const installation = async (body: object = {}) => String((await mint(body)).json["token"]);

/** Without following: `fetch` would turn a POST that meets a 301 into a GET. */
async function askOnce(path: string, method = "GET", token = FINE) {
  const headers = { authorization: `Bearer ${token}`, "user-agent": "a-test" };
  const answer = await fetch(sandbox.github.url + path, { method, headers, redirect: "manual" });
  return { status: answer.status, location: answer.headers.get("location"), json: await answer.json() };
}

describe("a repository that was renamed", () => {
  beforeEach(() => sandbox.github.moveRepository(REPOSITORY, "octo-org/references"));

  test("redirects to its number, with 301 for a GET and 307 for the rest", async () => {
    const read = await askOnce(`${API}/branches/main?x=1`);
    const id = (await ask(sandbox, "/repos/octo-org/references")).json["id"];
    const location = `${sandbox.github.url}/repositories/${id}/branches/main?x=1`;
    expect(read).toMatchObject({ status: 301, location, json: { message: "Moved Permanently", url: location } });
    expect(await askOnce(`${API}/git/refs`, "POST")).toMatchObject({ status: 307 });
    const followed = await ask(sandbox, `${API}/branches/main`);
    expect(followed.json).toMatchObject({ name: "main" });
    const written = await post(`${API}/git/refs`, { ref: "refs/heads/x", sha: at(followed.json, "commit", "sha") });
    expect(written.status).toBe(201);
    expect((await ask(sandbox, API)).json["full_name"]).toBe("octo-org/references");
  });

  test("is no secret to those who may not see it", async () => {
    sandbox.github.credentials.addToken({ token: "elsewhere", repositories: ["octo-org/second"] });
    expect((await askOnce(API, "GET", "elsewhere")).status).toBe(404);
  });

  test("keeps its installation, which does not know the old name", async () => {
    expect(told(await mint({ repositories: ["models"] }))).toEqual([422, expect.stringContaining("at least one")]);
    const token = await installation({ repositories: ["references"] });
    expect((await post("/repos/octo-org/references/git/blobs", { content: "x" }, { token })).status).toBe(201);
    expect((await ask(sandbox, "/repos/octo-org/references/installation", { token: keys.jwt() })).json["id"]).toBe(77);
  });

  test("gives its name up to whoever takes it", async () => {
    sandbox.github.createRepository({ owner: "octo-org", name: "models", files: { other: "1" } });
    expect((await askOnce(API)).json).toMatchObject({ full_name: REPOSITORY });
  });
});

test("a transferred repository redirects, is listed under its new owner only, and leaves its installation", async () => {
  await pushBranch(sandbox, BRANCH, { "a.json": "{}\n" });
  await openPull(sandbox);
  const token = await installation();
  sandbox.github.moveRepository(REPOSITORY, "new-org/models");
  expect((await askOnce(API)).status).toBe(301);
  const list = async (head: string) => (await ask(sandbox, `/repos/new-org/models/pulls?head=${head}`)).list.length;
  expect([await list(`octo-org:${BRANCH}`), await list(`new-org:${BRANCH}`)]).toEqual([0, 1]);
  expect((await ask(sandbox, "/repos/new-org/models/installation", { token: keys.jwt() })).status).toBe(404);
  expect((await askOnce(API, "GET", token)).status).toBe(404);
});

test("a renamed branch redirects, takes its pull requests along, and is no base any more", async () => {
  await pushBranch(sandbox, BRANCH, { "a.json": "{}\n" });
  await openPull(sandbox);
  sandbox.github.renameBranch(REPOSITORY, "main", "master");
  const moved = await askOnce(`${API}/branches/main`);
  expect(moved).toMatchObject({
    status: 301,
    location: expect.stringMatching(/\/repositories\/\d+\/branches\/master$/),
  });
  expect((await ask(sandbox, `${API}/branches/main`)).json).toMatchObject({ name: "master" });
  expect((await ask(sandbox, `${API}/git/ref/heads/main`)).status).toBe(404);
  expect((await ask(sandbox, API)).json["default_branch"]).toBe("master");
  expect(sandbox.github.pullRequests(REPOSITORY)).toMatchObject([{ state: "open", base: { ref: "master" } }]);
  sandbox.github.closePullRequest({ repository: REPOSITORY, number: 1 });
  expect((await openPull(sandbox)).json["errors"]).toEqual([
    { resource: "PullRequest", field: "base", code: "invalid" },
  ]);
  expect((await openPull(sandbox, BRANCH, { base: "master" })).status).toBe(201);
});

describe("a ruleset", () => {
  const create = (branch: string, token = FINE) =>
    post(`${API}/git/refs`, { ref: `refs/heads/${branch}`, sha: main() }, { token });
  const update = async (branch: string, token: string, author?: object) => {
    const base = await ask(sandbox, `${API}/branches/${branch}`);
    const body = { message: "m", tree: at(base.json, "commit", "commit", "tree", "sha"), parents: [main()], author };
    const commit = await post(`${API}/git/commits`, body, { token });
    return ask(sandbox, `${API}/git/refs/heads/${branch}`, {
      method: "PATCH",
      body: { sha: commit.json["sha"] },
      token,
    });
  };

  test.each<[Rule["type"], string]>([
    ["update", "Cannot update this protected ref."],
    ["pull_request", "Changes must be made through a pull request."],
    ["merge_queue", "Changes must be made through the merge queue"],
    ["required_signatures", "Commits must have verified signatures.\nFound 1 violation:\n\n"],
    ["required_status_checks", 'Required status check "validate" is expected.'],
  ])("of %s refuses to move a branch, and says why", async (type, reason) => {
    await pushOf(BRANCH);
    sandbox.github.setRules(REPOSITORY, [{ type, branches: "sync/*" }]);
    const refused = await update(BRANCH, FINE);
    expect(refused.status).toBe(422);
    expect(refused.json["message"]).toContain(`Repository rule violations found\n\n${reason}`);
    expect(sandbox.github.branches(REPOSITORY)[BRANCH]).toBe(main());
    sandbox.github.setRules(REPOSITORY, [{ type, branches: "sync/*" }], 409);
    expect((await update(BRANCH, FINE)).status).toBe(409);
    expect((await ask(sandbox, `${API}/rules/branches/${BRANCH}`)).list).toMatchObject([
      { type, ruleset_source: REPOSITORY },
    ]);
    expect((await ask(sandbox, `${API}/rules/branches/main`)).list).toEqual([]);
    expect((await ask(sandbox, `${API}/branches/${BRANCH}`)).json["protected"]).toBe(true);
  });

  const pushOf = async (branch: string) => expect((await create(branch)).status).toBe(201);

  test("of signatures takes an App's commits, and nobody's that names an author", async () => {
    sandbox.github.setRules(REPOSITORY, [{ type: "required_signatures" }]);
    await pushOf(BRANCH);
    const token = await installation();
    expect((await update(BRANCH, token, { name: "X", email: "x@example.org" })).status).toBe(422);
    expect((await update(BRANCH, token)).status).toBe(200);
  });

  test("of creation refuses without a reason, and only what it is for", async () => {
    sandbox.github.setRules(REPOSITORY, [{ type: "creation", branches: "sync/**" }]);
    expect(told(await create(BRANCH))).toEqual([422, "Reference update failed"]);
    expect((await create("other")).status).toBe(201);
  });

  test("of deletion keeps a branch, and a bypass is let through", async () => {
    await pushOf(BRANCH);
    sandbox.github.setRules(REPOSITORY, [{ type: "deletion" }]);
    const remove = () => ask(sandbox, `${API}/git/refs/heads/${BRANCH}`, { method: "DELETE" });
    expect((await remove()).status).toBe(422);
    sandbox.github.setRules(REPOSITORY, [{ type: "deletion", bypass: ["maintainer"] }]);
    expect((await remove()).status).toBe(204);
  });
});

describe("classic protection", () => {
  const move = async (token = FINE) => {
    const tree = at((await ask(sandbox, `${API}/branches/main`)).json, "commit", "commit", "tree", "sha");
    const commit = await post(`${API}/git/commits`, { message: "m", tree, parents: [main()] }, { token });
    return ask(sandbox, `${API}/git/refs/heads/main`, { method: "PATCH", body: { sha: commit.json["sha"] }, token });
  };

  test.each([
    [{ reviews: 1 }, "At least 1 approving review is required by reviewers with write access."],
    [{ checks: ["a", "b"] }, "2 of 2 required status checks are expected."],
    [{ pushers: ["alice"] }, "You're not authorized to push to this branch. Visit https://docs.github.com/articles"],
    [{ isLocked: true }, "Cannot change this locked branch"],
  ])("of %j names itself", async (protection, reason) => {
    sandbox.github.setProtection(REPOSITORY, "main", protection);
    const refused = await move();
    expect(told(refused)).toEqual([422, expect.stringContaining(reason)]);
    expect(refused.json["documentation_url"]).toBe("https://docs.github.com/articles/about-protected-branches");
    expect((await ask(sandbox, `${API}/branches/main`)).json).toMatchObject({
      protected: true,
      protection: { enabled: true },
    });
    sandbox.github.setProtection(REPOSITORY, "main", null);
    expect((await move()).status).toBe(200);
  });

  test("is told to administrators only", async () => {
    sandbox.github.setProtection(REPOSITORY, "main", { reviews: 1 });
    const refused = await ask(sandbox, `${API}/branches/main/protection`, { token: FINE });
    expect(told(refused)).toEqual([403, "Resource not accessible by personal access token"]);
    expect((await ask(sandbox, `${API}/branches/main/protection`)).status).toBe(200);
  });
});

test("the head of a queued pull request does not move", async () => {
  await pushBranch(sandbox, BRANCH, { "a.json": "{}\n" });
  sandbox.github.setQueued(REPOSITORY, BRANCH, true);
  const path = `${API}/git/refs/heads/${BRANCH}`;
  const refused = await ask(sandbox, path, { method: "PATCH", body: { sha: main(), force: true } });
  expect(told(refused)).toEqual([422, expect.stringContaining("added to a merge queue")]);
  sandbox.github.setQueued(REPOSITORY, BRANCH, false);
  expect((await ask(sandbox, path, { method: "DELETE" })).status).toBe(204);
});

test("a branch of the folder's name is in the way", async () => {
  sandbox.github.commit({ repository: REPOSITORY, branch: "sync", files: { x: "1" } });
  const refused = await post(`${API}/git/refs`, { ref: `refs/heads/${BRANCH}`, sha: main() });
  expect(told(refused)).toEqual([422, "Reference update failed"]);
});

test.each([
  ["dmca", 451],
  ["tos", 403],
] as const)("a repository blocked for %s answers %i to everything", async (reason, status) => {
  sandbox.github.setBlocked(REPOSITORY, reason);
  const refused = await ask(sandbox, `${API}/branches/main`);
  expect(told(refused)).toEqual([status, "Repository access blocked"]);
  expect(refused.json["block"]).toMatchObject({ reason });
  sandbox.github.setBlocked(REPOSITORY, null);
  expect((await ask(sandbox, `${API}/branches/main`)).status).toBe(200);
});

describe("an organisation", () => {
  const read = (token: string | null) => ask(sandbox, API, { token });

  test("with single sign-on tells people where to go, and lets Apps in", async () => {
    sandbox.github.setPolicy("octo-org", { needsSso: true });
    const refused = await read(FINE);
    expect(told(refused)).toEqual([403, expect.stringMatching(/^Resource protected by organization SAML enforcement/)]);
    expect(refused.headers.get("x-github-sso")).toMatch(/^required; url=https:\/\/github.com\/orgs\/octo-org\/sso\?/);
    expect((await read(await installation())).status).toBe(200);
  });

  test("with an IP allow list lets nobody in who says who they are", async () => {
    sandbox.github.setPolicy("octo-org", { hasIpAllowList: true });
    expect(told(await read(FINE))).toEqual([403, expect.stringContaining("has an IP allow list enabled")]);
    expect((await read(null)).status).toBe(200);
  });

  test("takes no classic tokens, or none that live long", async () => {
    sandbox.github.setPolicy("octo-org", { forbidsClassicTokens: true });
    expect(told(await ask(sandbox, API))).toEqual([403, expect.stringContaining("personal access token (classic)")]);
    expect((await read(FINE)).status).toBe(200);
    sandbox.github.setPolicy("octo-org", { maxTokenDays: 90 });
    expect(told(await read(FINE))).toEqual([403, expect.stringContaining("greater than 90 days")]);
    sandbox.github.setPolicy("octo-org", {});
    expect((await read(FINE)).status).toBe(200);
  });
});

describe("credentials", () => {
  test("end when they say so, or when somebody revokes them", async () => {
    sandbox.github.credentials.addToken({ token: "ending", expiresAt: now + 60_000 });
    const before = await ask(sandbox, API, { token: "ending" });
    expect(before.headers.get("github-authentication-token-expiration")).toMatch(
      /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/,
    );
    now += 60_000;
    expect(told(await ask(sandbox, API, { token: "ending" }))).toEqual([401, "Bad credentials"]);
    sandbox.github.credentials.removeToken(FINE);
    expect((await ask(sandbox, API, { token: FINE })).status).toBe(401);
  });

  test("of a suspended App are refused, old and new", async () => {
    const token = await installation();
    sandbox.github.credentials.changeApp(5, { isSuspended: true });
    expect(told(await mint())).toEqual([403, "This installation has been suspended"]);
    expect(told(await ask(sandbox, API, { token }))).toEqual([403, "This installation has been suspended"]);
    const shown = await ask(sandbox, `${API}/installation`, { token: keys.jwt() });
    expect(shown.json["suspended_at"]).not.toBeNull();
  });

  test("of an App that lost a repository or a permission lose it, too", async () => {
    const token = await installation();
    sandbox.github.credentials.changeApp(5, { repositories: ["second"], permissions: { contents: "write" } });
    expect((await post(`${API}/git/blobs`, { content: "x" }, { token })).status).toBe(404);
    expect((await post("/repos/octo-org/second/git/blobs", { content: "x" }, { token })).status).toBe(201);
    expect(told(await mint({ repositories: ["models", "second"] }))).toEqual([
      422,
      expect.stringContaining("at least one"),
    ]);
    const refused = await post("/repos/octo-org/second/pulls", {}, { token });
    expect(told(refused)).toEqual([403, "Resource not accessible by integration"]);
    expect(refused.headers.get("x-accepted-github-permissions")).toBe("pull_requests=write");
  });

  test("of an App whose clock is behind are refused, and the date says why", async () => {
    sandbox.github.credentials.setClockSkewMs(20 * 60_000);
    const refused = await mint();
    expect(told(refused)).toEqual([401, expect.stringContaining("'Expiration time' claim ('exp')")]);
    expect(Date.parse(refused.headers.get("date") ?? "") - now).toBeGreaterThan(19 * 60_000);
    sandbox.github.credentials.setClockSkewMs(-20 * 60_000);
    expect(told(await mint())).toEqual([401, expect.stringMatching(/too far in the future|'Issued at' claim/)]);
  });
});

test("every answer tells the permission that would do", async () => {
  const header = async (path: string) => (await ask(sandbox, path)).headers.get("x-accepted-github-permissions");
  expect(await header(API)).toBe("metadata=read");
  await pushBranch(sandbox, BRANCH, { "a.json": "{}\n" });
  await openPull(sandbox);
  expect(await header(`${API}/issues/1/comments`)).toBe("issues=read; pull_requests=read");
});
