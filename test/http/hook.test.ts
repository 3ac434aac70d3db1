import { sign } from "@octokit/webhooks-methods";
import { describe, expect, it } from "vitest";
import { createApp } from "../../src/http/app.ts";
import { createPace } from "../../src/http/pace.ts";
import type { Touched } from "../../src/service/service.ts";
import { createStateStore } from "../../src/state/store.ts";
import { createFakeClock } from "../fakes/clock.ts";
import { createFakeKv } from "../fakes/kv.ts";
import { createFakeLog } from "../fakes/log.ts";
import { createFakeReplica } from "../fakes/replica.ts";
import { configWith } from "../fakes/settings.ts";

const SECRET = "It's a Secret to Everybody";
const IMAGE = { full_name: "haidra/image" };
const TEXT = { full_name: "Haidra/Text" };

interface Options {
  readonly secret?: string | null;
  /** How many wrong signatures are within the limit. */
  readonly guesses?: number;
}

function setUp({ secret = SECRET, guesses = 100 }: Options = {}) {
  const heard: (Touched & { delayMs: number })[] = [];
  const clock = createFakeClock();
  const { log } = createFakeLog();
  let wrong = 0;
  const never = async () => {
    throw new Error("Nothing here starts a run by hand.");
  };
  const env: Record<string, string> = secret === null ? {} : { GITHUB_WEBHOOK_SECRET: secret };
  const app = createApp({
    version: "1.2.3",
    settings: { kind: "configured", config: configWith({}, env) },
    store: createStateStore(createFakeKv()),
    now: clock.now,
    log,
    replica: createFakeReplica(),
    replicaConfig: null,
    sync: never,
    preview: never,
    check: never,
    hear: (touched, delayMs) => void heard.push({ ...touched, delayMs }),
    pace: createPace(),
    recentRuns: { value: null, lists: null },
    countFailure: async () => ++wrong <= guesses,
  });
  const send = async (event: string, body: string, headers: Record<string, string> = {}) => {
    const signature = body === "" ? "" : await sign(SECRET, body);
    const answer = await app.request("https://sync.test/github", {
      method: "POST",
      body,
      headers: {
        "content-type": "application/json",
        "x-github-event": event,
        "x-hub-signature-256": signature,
        ...headers,
      },
    });
    return { status: answer.status, body: await answer.json() };
  };
  return { heard, clock, send, deliver: (event: string, payload: object) => send(event, JSON.stringify(payload)) };
}

const push = (ref: string, rest: object = {}) => ({ repository: IMAGE, ref: `refs/heads/${ref}`, ...rest });
const commits = (...modified: string[]) => ({ commits: [{ added: [], removed: [], modified }] });
const pull = (ref: string, repo: object | null = IMAGE) => ({
  action: "closed",
  repository: IMAGE,
  pull_request: { number: 7, head: { ref, repo }, base: { ref: "main" } },
});

describe("GitHub's webhook", () => {
  it.each<[string, string, object, Omit<Touched, "role">]>([
    [
      "a push to the base that touches a file of ours",
      "push",
      push("main", commits("README.md", "clip.json")),
      { where: "base" },
    ],
    ["a push that GitHub does not tell in full", "push", push("main"), { where: "base" }],
    ["a forced push", "push", push("main", { ...commits("README.md"), forced: true }), { where: "base" }],
    ["a push to the sync branch", "push", push("sync/model-references", commits()), { where: "branch" }],
    ["what happens to our pull request", "pull_request", pull("sync/model-references"), { where: "branch", pull: 7 }],
  ])("makes a look due for %s", async (_what, event, payload, touched) => {
    const world = setUp();
    expect(await world.deliver(event, payload)).toEqual({ status: 202, body: { look: "haidra/image" } });
    expect(world.heard).toEqual([{ role: "image", ...touched, delayMs: 0 }]);
  });

  it("knows a repository however its name is written", async () => {
    const world = setUp();
    await world.deliver("push", { repository: TEXT, ref: "refs/heads/main" });
    expect(world.heard).toEqual([{ role: "text", where: "base", delayMs: 0 }]);
  });

  it.each<[string, string, object]>([
    ["a push of other files", "push", push("main", commits("README.md"))],
    ["a push to another branch", "push", push("dev", commits("clip.json"))],
    ["a tag", "push", { repository: IMAGE, ref: "refs/tags/v1" }],
    [
      "a pull request from a fork's branch of that name",
      "pull_request",
      pull("sync/model-references", { full_name: "stranger/image" }),
    ],
    ["a pull request whose fork is gone", "pull_request", pull("sync/model-references", null)],
    ["another pull request", "pull_request", pull("feature")],
    ["another repository", "push", { repository: { full_name: "haidra/other" }, ref: "refs/heads/main" }],
    ["another event", "issues", { repository: IMAGE }],
  ])("looks at nothing for %s, and says why", async (_what, event, payload) => {
    const world = setUp();
    const { status, body } = await world.deliver(event, payload);
    expect([status, body]).toEqual([202, { look: null, why: expect.stringMatching(/\.$/) }]);
    expect(world.heard).toEqual([]);
  });

  it("answers a ping", async () => {
    const world = setUp();
    expect(await world.deliver("ping", { zen: "Keep it logically awesome.", hook_id: 1 })).toEqual({
      status: 200,
      body: { pong: true },
    });
  });

  it("takes the form that GitHub sends unless it is told otherwise", async () => {
    const world = setUp();
    const body = new URLSearchParams({ payload: JSON.stringify(push("main")) }).toString();
    const answer = await world.send("push", body, { "content-type": "application/x-www-form-urlencoded" });
    expect([answer.status, world.heard.length]).toEqual([202, 1]);
  });

  it.each(["not json", "[]", '{"repository": 7}', "{}"])("says what is wrong with %s", async (body) => {
    const world = setUp();
    expect(await world.send("push", body)).toMatchObject({
      status: 400,
      body: { error: { code: "bad-request", message: expect.stringContaining("application/json") } },
    });
  });
});

describe("a delivery that is not GitHub's", () => {
  const body = JSON.stringify(push("main"));
  it.each<[string, string]>([
    ["without a signature", ""],
    ["with somebody else's", `sha256=${"0".repeat(64)}`],
    ["with the old kind", `sha1=${"0".repeat(40)}`],
    ["with none that is one", "sha256=x"],
  ])("%s is refused", async (_how, signature) => {
    const world = setUp();
    const answer = await world.send("push", body, { "x-hub-signature-256": signature });
    expect(answer).toMatchObject({ status: 401, body: { error: { code: "unauthorized" } } });
    expect(world.heard).toEqual([]);
  });

  it("is refused when its body was changed on the way", async () => {
    const world = setUp();
    const answer = await world.send("push", body.replace("main", "mein"), {
      "x-hub-signature-256": await sign(SECRET, body),
    });
    expect(answer.status).toBe(401);
  });

  it("counts towards the limit of wrong tokens, and a right one does not", async () => {
    const world = setUp({ guesses: 2 });
    const guess = () => world.send("push", body, { "x-hub-signature-256": "sha256=x" });
    expect([await guess(), await guess(), await guess()].map(({ status }) => status)).toEqual([401, 401, 429]);
    expect((await world.send("push", body)).status).toBe(202);
  });

  it("finds nothing while no secret is set", async () => {
    const answer = await setUp({ secret: null }).send("push", body);
    expect(answer).toMatchObject({
      status: 404,
      body: { error: { message: expect.stringContaining("GITHUB_WEBHOOK_SECRET") } },
    });
  });

  it("may not be larger than 4 MiB", async () => {
    const answer = await setUp().send("push", JSON.stringify(push("main", { x: "x".repeat(4 * 2 ** 20) })));
    expect(answer).toMatchObject({ status: 413, body: { error: { code: "too-large" } } });
  });
});

describe("a burst of deliveries", () => {
  it("is one look at once, and one ten seconds later", async () => {
    const world = setUp();
    for (let number = 0; number < 20; number++) {
      expect((await world.deliver("push", push("main", { number }))).status).toBe(202);
      world.clock.advance(100);
    }
    expect(world.heard.map(({ delayMs }) => delayMs)).toEqual([0, 9900]);
    world.clock.advance(20_000);
    await world.deliver("push", push("main", { number: 20 }));
    expect(world.heard.map(({ delayMs }) => delayMs)).toEqual([0, 9900, 0]);
  });

  it("looks at each repository, and at base and branch", async () => {
    const world = setUp();
    await world.deliver("push", push("main"));
    await world.deliver("push", push("sync/model-references"));
    await world.deliver("push", { ...push("main"), repository: TEXT });
    expect(world.heard.map(({ role, where }) => `${role} ${where}`)).toEqual([
      "image base",
      "image branch",
      "text base",
    ]);
  });

  it("of one and the same is taken once", async () => {
    const world = setUp();
    await world.deliver("push", push("main"));
    world.clock.advance(30_000);
    const again = await world.deliver("push", push("main"));
    expect(again).toEqual({ status: 202, body: { look: null, why: "It was taken before." } });
    world.clock.advance(31_000);
    expect((await world.deliver("push", push("main"))).body).toEqual({ look: "haidra/image" });
    expect(world.heard).toHaveLength(2);
  });

  it("is not silenced by a clock that ran ahead", async () => {
    const world = setUp();
    world.clock.advance(20 * 3_600_000);
    await world.deliver("push", push("main"));
    world.clock.advance(-20 * 3_600_000);
    await world.deliver("push", push("main"));
    expect(world.heard.map(({ delayMs }) => delayMs)).toEqual([0, 0]);
  });
});
