import { createPublicKey, generateKeyPairSync, verify } from "node:crypto";
import { describe, expect, it } from "vitest";
import * as z from "zod/mini";
import type { Auth } from "../../src/config/github-settings.ts";
import { SyncError } from "../../src/core/errors.ts";
import { type CredentialsOptions, createCredentials, type TokenCache } from "../../src/github/credentials.ts";
import { createTransport } from "../../src/net/transport.ts";
import { createFakeClock, START } from "../fakes/clock.ts";
import { type Answer, createFakeHttp, dropped, json } from "../fakes/http.ts";

const API = "https://github.test";
const { privateKey: key } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const PKCS1 = key.export({ type: "pkcs1", format: "pem" }).toString();
const PKCS8 = key.export({ type: "pkcs8", format: "pem" }).toString();
const MINT = `POST ${API}/app/installations/77/access_tokens`;
const LOOK_UP = `GET ${API}/repos/haidra/image/installation`;

function appAuth(changes: Partial<Extract<Auth, { kind: "github-app" }>> = {}): Auth {
  return { kind: "github-app", appId: "123", installationId: 77, privateKey: PKCS1, ...changes };
}

/** Valid for an hour, and different each time. */
function minted(clock: { now(): number }): Answer {
  let count = 0;
  return () => {
    count++;
    const expires_at = new Date(clock.now() + 3_600_000).toISOString().replace(".000Z", "Z");
    return Response.json({ token: `ghs_${count}`, expires_at }, { status: 201 });
  };
}

function setUp(auth: Auth, answers: Record<string, Answer | readonly Answer[]> = {}, wantsTeam = false) {
  const clock = createFakeClock();
  const http = createFakeHttp({ [MINT]: minted(clock), [LOOK_UP]: json(200, { id: 77 }), ...answers });
  const cache: TokenCache = new Map();
  const limits = { timeoutMs: 1000, deadline: START + 10 * 3_600_000, maxBodyBytes: 10_000, onAttempt: () => {} };
  const transport = createTransport({ fetch: http.fetch, clock, ...limits });
  const request = { apiUrl: API, owner: "haidra", repositories: ["image", "text"], wantsTeam };
  const options: CredentialsOptions = {
    auth,
    request,
    cache,
    pending: new Map(),
    transport,
    userAgent: "sync/1",
    now: clock.now,
  };
  return { clock, http, options, credentials: createCredentials(options) };
}

async function fault(answer: Promise<unknown>): Promise<SyncError> {
  const error = await answer.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof SyncError) return error;
  throw new Error(`Not a SyncError: ${String(error)}`);
}

describe("without an App", () => {
  it.each<[string, Auth, string | null]>([
    ["a token is sent as it is", { kind: "token", token: "ghp_x" }, "Bearer ghp_x"],
    ["nothing is sent anonymously", { kind: "none" }, null],
  ])("%s, and no request is made", async (_what, auth, header) => {
    const { credentials, http } = setUp(auth);
    expect(await credentials.authorize()).toEqual({ header, isFresh: false });
    expect(credentials.forget(await credentials.authorize())).toBe(false);
    expect(await credentials.authorize()).toEqual({ header, isFresh: false });
    expect(http.seen).toEqual([]);
  });
});

describe("the App's JWT", () => {
  const Claims = z.object({ iat: z.number(), exp: z.number(), iss: z.string() });

  it.each([
    ["PKCS#1, as GitHub gives it", PKCS1],
    ["PKCS#8", PKCS8],
    ["PKCS#1 with \\n for newlines", PKCS1.replaceAll("\n", "\\n")],
    ["PKCS#8 with \\n for newlines", PKCS8.replaceAll("\n", "\\n")],
    ["PKCS#1 without its final newline", PKCS1.trimEnd()],
    ["PKCS#1 with CRLF", PKCS1.replaceAll("\n", "\r\n")],
    ["PKCS#1 with \\r\\n escaped", PKCS1.replaceAll("\n", "\\r\\n")],
  ])("is signed with a key in the form %s", async (_form, privateKey) => {
    const { credentials, http } = setUp(appAuth({ privateKey }));
    await credentials.authorize();
    const jwt = http.seen[0]?.headers.get("authorization")?.replace("Bearer ", "") ?? "";
    const [head = "", payload = "", signature = ""] = jwt.split(".");
    const signed = Buffer.from(`${head}.${payload}`);
    expect(verify("RSA-SHA256", signed, createPublicKey(key), Buffer.from(signature, "base64url"))).toBe(true);
    expect(JSON.parse(Buffer.from(head, "base64url").toString())).toEqual({ alg: "RS256", typ: "JWT" });
    const claims = Claims.parse(JSON.parse(Buffer.from(payload, "base64url").toString()));
    expect(claims.iss).toBe("123");
    expect(claims.iat).toBeLessThanOrEqual(START / 1000);
    expect(claims.iat).toBeGreaterThanOrEqual(START / 1000 - 60);
    expect(claims.exp - claims.iat).toBeLessThanOrEqual(600);
    expect(claims.exp).toBeGreaterThan(START / 1000);
  });

  const ec = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
  it.each([
    ["cut short", PKCS1.slice(0, 400)],
    ["with a damaged body", PKCS8.replace(/\n.{20}/, "\n!!!!!!!!!!!!!!!!!!!!")],
    ["of another kind", ec.export({ type: "pkcs8", format: "pem" }).toString()],
    ["without line breaks at all", PKCS1.replaceAll("\n", "")],
  ])("cannot be made with a key %s, and the message shows nothing of it", async (_what, privateKey) => {
    const { credentials, http } = setUp(appAuth({ privateKey }));
    const error = await fault(credentials.authorize());
    expect(error).toMatchObject({ code: "misconfigured" });
    expect(error.message).toBe(
      "GITHUB_APP_PRIVATE_KEY is not a usable RSA private key; paste the whole .pem file that GitHub gave you, with real or \\n newlines.",
    );
    expect(http.seen).toEqual([]);
  });
});

describe("an installation token", () => {
  it("is asked for with the headers GitHub wants, narrowed to the repositories and two permissions", async () => {
    const { credentials, http } = setUp(appAuth());
    expect(await credentials.authorize()).toEqual({ header: "Bearer ghs_1", isFresh: true });
    expect(http.lines()).toEqual([MINT]);
    const [request] = http.seen;
    expect(request?.body).toEqual({
      repositories: ["image", "text"],
      permissions: { contents: "write", pull_requests: "write" },
    });
    expect(request?.headers.get("user-agent")).toBe("sync/1");
    expect(request?.headers.get("x-github-api-version")).toBe("2022-11-28");
    expect(request?.headers.get("accept")).toBe("application/vnd.github+json");
  });

  it("is looked up first when the installation is not configured", async () => {
    const { credentials, http } = setUp(appAuth({ installationId: null }));
    await credentials.authorize();
    expect(http.lines()).toEqual([LOOK_UP, MINT]);
  });

  it.each([
    ["is kept while it is good", 54 * 60_000, 1],
    ["is replaced five minutes before it expires", 55 * 60_000, 2],
    ["is replaced after it expired", 61 * 60_000, 2],
  ])("%s", async (_what, later, mints) => {
    const { credentials, http, clock } = setUp(appAuth());
    await credentials.authorize();
    clock.advance(later);
    const second = await credentials.authorize();
    expect(http.seen).toHaveLength(mints);
    expect(second).toEqual({ header: `Bearer ghs_${mints}`, isFresh: mints === 2 });
  });

  it("stops being fresh after half a minute", async () => {
    const { credentials, clock } = setUp(appAuth());
    await credentials.authorize();
    clock.advance(29_999);
    expect((await credentials.authorize()).isFresh).toBe(true);
    clock.advance(1);
    expect((await credentials.authorize()).isFresh).toBe(false);
  });

  it("is replaced after it was forgotten", async () => {
    const { credentials } = setUp(appAuth());
    const first = await credentials.authorize();
    credentials.forget(first);
    expect((await credentials.authorize()).header).toBe("Bearer ghs_2");
    expect(credentials.forget(first)).toBe(true);
    expect((await credentials.authorize()).header).toBe("Bearer ghs_2");
  });

  it("is shared by credentials that ask for the same, and by no others", async () => {
    const { credentials, options, http } = setUp(appAuth());
    await credentials.authorize();
    expect((await createCredentials(options).authorize()).header).toBe("Bearer ghs_1");
    const request = { ...options.request, repositories: ["image"] };
    expect((await createCredentials({ ...options, request }).authorize()).header).toBe("Bearer ghs_2");
    expect(http.seen).toHaveLength(2);
  });
});

describe("two repositories that need a token at the same moment", () => {
  it("wait for one", async () => {
    const { credentials, options, http } = setUp(appAuth());
    const both = await Promise.all([credentials.authorize(), createCredentials(options).authorize()]);
    expect(both.map(({ header }) => header)).toEqual(["Bearer ghs_1", "Bearer ghs_1"]);
    expect(http.seen).toHaveLength(1);
  });

  it("both hear why there is none, and the next one asks again", async () => {
    const refused = [json(500, {}), json(500, {})];
    const { credentials, options } = setUp(appAuth(), { [MINT]: [...refused, minted({ now: () => START })] });
    const both = await Promise.allSettled([credentials.authorize(), createCredentials(options).authorize()]);
    expect(both.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    await expect(credentials.authorize()).rejects.toThrow();
    expect((await credentials.authorize()).header).toBe("Bearer ghs_1");
  });
});

describe("a team to review", () => {
  const permissions = { contents: "write", pull_requests: "write" };

  it("needs members:read as well", async () => {
    const { credentials, http } = setUp(appAuth(), {}, true);
    await credentials.authorize();
    expect(http.seen.map(({ body }) => body)).toMatchObject([{ permissions: { ...permissions, members: "read" } }]);
  });

  it("does not cost the run its token when the App may not read members", async () => {
    const clock = createFakeClock();
    const refused = json(422, { message: "The permissions requested are not granted to this installation." });
    const { credentials, http } = setUp(appAuth(), { [MINT]: [refused, minted(clock)] }, true);
    expect((await credentials.authorize()).header).toBe("Bearer ghs_1");
    expect(http.seen.map(({ body }) => body)).toMatchObject([
      { permissions: { ...permissions, members: "read" } },
      { permissions },
    ]);
    expect(http.seen[1]?.body).not.toHaveProperty("permissions.members");
  });

  it("does not hide another refusal", async () => {
    const { credentials, http } = setUp(appAuth(), { [MINT]: json(401, {}) }, true);
    expect((await fault(credentials.authorize())).code).toBe("github-unauthorized");
    expect(http.seen).toHaveLength(1);
  });
});

describe("refusals", () => {
  interface Case {
    readonly title: string;
    readonly at: "look-up" | "mint";
    readonly answer: Answer;
    readonly code: string;
    readonly says: RegExp;
  }
  const LIMIT = json(403, { message: "API rate limit exceeded" }, { "retry-after": "90000" });
  it.each<Case>([
    {
      title: "App and key do not match",
      at: "mint",
      answer: json(401, {}),
      code: "github-unauthorized",
      says: /401.*belong together/,
    },
    { title: "a suspended App", at: "mint", answer: json(403, {}), code: "github-unauthorized", says: /suspended/ },
    {
      title: "a wrong installation",
      at: "mint",
      answer: json(404, {}),
      code: "github-not-found",
      says: /GITHUB_APP_INSTALLATION_ID/,
    },
    {
      title: "a missing permission",
      at: "mint",
      answer: json(422, {}),
      code: "github-rejected",
      says: /Contents and Pull requests/,
    },
    { title: "an outage", at: "mint", answer: json(503, {}), code: "github-unavailable", says: /HTTP 5\d\d/ },
    {
      title: "a dropped connection",
      at: "mint",
      answer: dropped(),
      code: "github-unavailable",
      says: /the connection failed/,
    },
    {
      title: "an answer of another form",
      at: "mint",
      answer: json(201, { token: 1 }),
      code: "github-unavailable",
      says: /unexpected form/,
    },
    {
      title: "an answer that is no JSON",
      at: "mint",
      answer: () => new Response("<html>"),
      code: "github-unavailable",
      says: /unexpected form/,
    },
    {
      title: "an owner without the App",
      at: "look-up",
      answer: json(404, {}),
      code: "github-not-found",
      says: /haidra\/image.*installed/,
    },
    {
      title: "an exhausted limit",
      at: "mint",
      answer: LIMIT,
      code: "rate-limited",
      says: /403.*rate limit is used up/,
    },
  ])("$title", async ({ at, answer, code, says }) => {
    const routes = at === "mint" ? { [MINT]: answer } : { [LOOK_UP]: answer };
    const { credentials, options } = setUp(appAuth(at === "mint" ? {} : { installationId: null }), routes);
    const error = await fault(credentials.authorize());
    expect(error.code).toBe(code);
    expect(error.message).toMatch(says);
    expect(error.message).not.toMatch(/eyJ|PRIVATE KEY-----/);
    expect(options.cache.size).toBe(0);
  });

  it("of all repositories together cost only those that the App is not installed on", async () => {
    const token = { token: "ghs_alone", expires_at: new Date(START + 3_600_000).toISOString() };
    const only =
      (name: string): Answer =>
      ({ body, ...request }) => {
        const asked = JSON.stringify(body);
        return asked.includes('"text"') === (name === "text") && !asked.includes('"image","text"')
          ? json(201, token)({ body, ...request })
          : json(422, {})({ body, ...request });
      };
    const image = setUp(appAuth(), { [MINT]: only("image") });
    expect((await image.credentials.authorize()).header).toBe("Bearer ghs_alone");
    expect((await image.credentials.authorize()).header).toBe("Bearer ghs_alone");
    expect(image.http.seen.map(({ body }) => Reflect.get(Object(body), "repositories"))).toEqual([
      ["image", "text"],
      ["image"],
    ]);
    image.credentials.forget(await image.credentials.authorize());
    expect(image.options.cache.size).toBe(0);
    const refused = setUp(appAuth(), { [MINT]: only("text") });
    expect((await fault(refused.credentials.authorize())).message).toMatch(
      /^An installation token for haidra \(image\) was refused .*must be installed on these repositories/,
    );
  });

  it("of a JWT from a clock that is wrong are mended by GitHub's own time", async () => {
    const token = { token: "ghs_late", expires_at: new Date(START + 3_600_000).toISOString() };
    const date = new Date(START - 20 * 60_000).toUTCString();
    const { http, credentials } = setUp(appAuth(), { [MINT]: [json(401, {}, { date }), json(201, token)] });
    expect((await credentials.authorize()).header).toBe("Bearer ghs_late");
    const issued = http.seen.map(({ headers }) => {
      const [, payload = ""] = (headers.get("authorization") ?? "").split(".");
      return Number(JSON.parse(Buffer.from(payload, "base64url").toString()).iat);
    });
    expect((issued[0] ?? 0) - (issued[1] ?? 0)).toBe(20 * 60);
  });

  it("carry the time that a rate limit named", async () => {
    const later = json(429, {}, { "retry-after": "50000" });
    const { credentials } = setUp(appAuth(), { [MINT]: later });
    expect((await fault(credentials.authorize())).retryAt).toBe(START + 50_000_000);
  });
});
