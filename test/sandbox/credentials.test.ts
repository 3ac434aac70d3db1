import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { API, type AppKeys, ask, at, createAppKeys, REPOSITORY, shaIn, startWithRepository } from "./support.ts";

const INSTALLATION = "/app/installations/77/access_tokens";
let sandbox: Sandbox;
let keys: AppKeys;
let now = Date.now();

beforeAll(async () => {
  sandbox = await startWithRepository({ now: () => now });
  keys = createAppKeys(5);
  const { credentials } = sandbox.github;
  sandbox.github.createRepository({ owner: "octo-org", name: "second", files: { a: "b" } });
  sandbox.github.createRepository({ owner: "octo-org", name: "outside", files: { a: "b" } });
  const permissions = { contents: "write", pull_requests: "write", issues: "read" } as const;
  const repositories = ["models", "second"];
  credentials.addApp({
    id: 5,
    slug: "syncer",
    publicKeyPem: keys.publicKeyPem,
    installationId: 77,
    owner: "octo-org",
    permissions,
    repositories,
  });
  credentials.addToken({ token: "reader", permissions: { contents: "read" } });
  credentials.addToken({ token: "elsewhere", repositories: ["octo-org/second"] });
});

beforeEach(() => {
  now = Date.now();
});

afterAll(() => sandbox.close());

async function mint(body: object = {}): Promise<string> {
  const reply = await ask(sandbox, INSTALLATION, { method: "POST", token: keys.jwt(), body });
  expect(reply.status, reply.text).toBe(201);
  return String(reply.json["token"]);
}

const makeBlob = (token: string | null, path = API) =>
  ask(sandbox, `${path}/git/blobs`, { method: "POST", token, body: { content: "x" } });

describe("tokens", () => {
  test("are needed to write, and not to read what is public", async () => {
    expect((await ask(sandbox, API, { token: null })).status).toBe(200);
    const refused = await makeBlob(null);
    expect([refused.status, refused.json["message"]]).toEqual([401, "Requires authentication"]);
  });

  test("that are wrong are refused, even to read", async () => {
    const refused = await ask(sandbox, API, { token: "wrong" });
    expect([refused.status, refused.json["message"]]).toEqual([401, "Bad credentials"]);
  });

  test("without the permission are told so, and see nothing outside their reach", async () => {
    const refused = await makeBlob("reader");
    expect([refused.status, refused.json["message"]]).toEqual([
      403,
      "Resource not accessible by personal access token",
    ]);
    expect((await makeBlob("elsewhere")).status).toBe(404);
    expect((await makeBlob("elsewhere", "/repos/octo-org/second")).status).toBe(201);
  });

  test("do not replace a User-Agent", async () => {
    expect((await ask(sandbox, API, { headers: { "user-agent": "" } })).status).toBe(403);
  });

  test("come with a rate limit", async () => {
    const reply = await ask(sandbox, "/rate_limit");
    expect(at(reply.json, "resources", "core", "limit")).toBe(5000);
    expect(Number(reply.headers.get("x-ratelimit-remaining"))).toBeLessThan(5000);
    expect(reply.headers.get("x-github-request-id")).not.toBeNull();
  });
});

describe("an App's own token", () => {
  const seconds = () => Math.floor(Date.now() / 1000);
  const cases: [label: string, jwt: () => string, status: number, message: string][] = [
    [
      "expired",
      () => keys.jwt({ exp: seconds() - 1 }),
      401,
      "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
    ],
    ["that lasts too long", () => keys.jwt({ exp: seconds() + 900 }), 401, "too far in the future"],
    ["from the future", () => keys.jwt({ iat: seconds() + 120 }), 401, "'Issued at' claim ('iat')"],
    ["by another key", () => createAppKeys(5).jwt(), 401, "A JSON web token could not be decoded"],
    ["of an unknown App", () => keys.jwt({ iss: 6 }), 404, "Integration not found"],
    ["that is none", () => "wrong", 401, "Bad credentials"],
  ];
  test.each(cases)("%s is refused", async (_label, jwt, status, message) => {
    const reply = await ask(sandbox, "/app", { token: jwt() });
    expect([reply.status, reply.json["message"]]).toEqual([status, expect.stringContaining(message)]);
  });

  test("shows where the App's events go, and not its secret", async () => {
    const config = async () => (await ask(sandbox, "/app/hook/config", { token: keys.jwt() })).json;
    expect(await config()).toEqual({ content_type: "json", insecure_ssl: "0" });
    sandbox.github.credentials.changeApp(5, { webhookUrl: "https://sync.example/github" });
    expect(await config()).toMatchObject({ url: "https://sync.example/github", secret: "********" });
  });

  test("shows the App and finds its installation", async () => {
    expect((await ask(sandbox, "/app", { token: keys.jwt() })).json).toMatchObject({ id: 5, slug: "syncer" });
    expect((await ask(sandbox, "/app/installations", { token: keys.jwt() })).list).toMatchObject([{ id: 77 }]);
    const found = await ask(sandbox, `${API}/installation`, { token: keys.jwt({ iss: "5" }) });
    expect(found.json["id"]).toBe(77);
    expect((await ask(sandbox, "/repos/octo-org/outside/installation", { token: keys.jwt() })).status).toBe(404);
    expect((await ask(sandbox, API, { token: keys.jwt() })).status).toBe(401);
  });
});

describe("an installation token", () => {
  test("commits in the App's name, signed, unless an author is set", async () => {
    const token = await mint();
    const tree = shaIn(await ask(sandbox, `${API}/branches/main`), "commit", "commit", "tree", "sha");
    const commit = (body: object) =>
      ask(sandbox, `${API}/git/commits`, { method: "POST", token, body: { message: "m", tree, parents: [], ...body } });
    const own = await commit({});
    expect(own.json).toMatchObject({
      author: { name: "syncer[bot]" },
      verification: { verified: true, reason: "valid" },
    });
    const other = await commit({ author: { name: "X", email: "x@example.org" } });
    expect(other.json).toMatchObject({ author: { name: "X" }, verification: { verified: false, reason: "unsigned" } });
    expect(await sandbox.github.fsck(REPOSITORY)).toBe("");
  });

  test("keeps to what it was narrowed to", async () => {
    const token = await mint({ repositories: ["models"], permissions: { contents: "write" } });
    expect((await makeBlob(token)).status).toBe(201);
    expect((await makeBlob(token, "/repos/octo-org/second")).status).toBe(404);
    const refused = await ask(sandbox, `${API}/pulls`, { method: "POST", token, body: {} });
    expect([refused.status, refused.json["message"]]).toEqual([403, "Resource not accessible by integration"]);
    expect((await makeBlob(await mint(), "/repos/octo-org/outside")).status).toBe(404);
  });

  test.each([
    [
      "a permission",
      { permissions: { members: "read" } },
      "The permissions requested are not granted to this installation.",
    ],
    [
      "a level",
      { permissions: { issues: "write" } },
      "The permissions requested are not granted to this installation.",
    ],
    ["a repository", { repositories: ["outside"] }, "There is at least one repository"],
  ])("is not made with %s that was not granted", async (_label, body, message) => {
    const reply = await ask(sandbox, INSTALLATION, { method: "POST", token: keys.jwt(), body });
    expect([reply.status, reply.json["message"]]).toEqual([422, expect.stringContaining(message)]);
  });

  test("ends, and may fail while it is fresh", async () => {
    sandbox.github.credentials.setInstallationTokenLifetimeMs(60_000);
    sandbox.github.credentials.setFreshTokenFailures(2);
    const token = await mint();
    const statuses = [await makeBlob(token), await makeBlob(token), await makeBlob(token)].map(({ status }) => status);
    expect(statuses).toEqual([401, 401, 201]);
    now += 61_000;
    expect((await makeBlob(token)).status).toBe(401);
    sandbox.github.credentials.setFreshTokenFailures(0);
    sandbox.github.credentials.setInstallationTokenLifetimeMs(3_600_000);
  });
});
