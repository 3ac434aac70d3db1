import { sign } from "@octokit/webhooks-methods";
import { describe, expect, it, vi } from "vitest";
import { RECORD, TRIGGER_TOKEN } from "../world/ground.ts";
import { describeWorlds, IMAGE, type World } from "./world.ts";

const createWorld = describeWorlds();
const SECRET = "a-webhook-secret-for-tests";
const vars = { GITHUB_WEBHOOK_SECRET: SECRET, GITHUB_CHECK_SECONDS: "86400" };

async function deliver(world: World, event: string, payload: object) {
  const body = JSON.stringify(payload);
  const headers = {
    "content-type": "application/json",
    "x-github-event": event,
    "x-hub-signature-256": await sign(SECRET, body),
  };
  const answer = await world.fetch("/github", { method: "POST", body, headers });
  return { status: answer.status, body: await answer.json() };
}

const imageOutcome = async (world: World) =>
  (await world.status()).repositories.find(({ repository }) => repository === IMAGE)?.outcome;

const repository = { full_name: IMAGE };
const merged = {
  action: "closed",
  repository,
  pull_request: { number: 1, head: { ref: "sync/model-references", repo: repository }, base: { ref: "main" } },
};

describe("GitHub's webhook, in workerd", () => {
  it("makes the status right after a merge, without a tick, and the replica fresh", async () => {
    const world = await createWorld({ vars });
    const clip = async () => (await world.fetch("/model_references/v1/clip")).json();
    world.sandbox.primary.putRecord("clip", "Fresh", RECORD);
    expect(await world.tick()).toBe("ok");
    expect(await imageOutcome(world)).toBe("created");
    expect(await clip()).not.toHaveProperty("Fresh");
    world.sandbox.github.mergePullRequest({ repository: IMAGE, number: 1 });
    expect(await imageOutcome(world)).toBe("created");
    expect(await deliver(world, "pull_request", merged)).toEqual({ status: 202, body: { look: IMAGE } });
    const push = { repository, ref: "refs/heads/main", commits: [{ modified: ["clip.json"] }] };
    expect(await deliver(world, "push", push)).toEqual({ status: 202, body: { look: IMAGE } });
    await vi.waitFor(async () => expect(await imageOutcome(world)).toBe("in-sync"), 10_000);
    await vi.waitFor(async () => expect(await clip()).toHaveProperty("Fresh"), 10_000);
  });

  it("answers a ping, refuses a stranger, and is not there without its secret", async () => {
    const world = await createWorld({ vars });
    expect(await deliver(world, "ping", { zen: "Speak like a human." })).toEqual({ status: 200, body: { pong: true } });
    const forged = await world.fetch("/github", { method: "POST", body: JSON.stringify(merged) });
    expect(forged.status).toBe(401);
    const closed = await createWorld();
    expect((await deliver(closed, "ping", {})).status).toBe(404);
  });
});

describe("a pause, in workerd", () => {
  const authorization = `Bearer ${TRIGGER_TOKEN}`;

  it("stops ticks and no run by hand, until it is resumed", async () => {
    const world = await createWorld();
    await world.tick();
    const paused = await world.fetch("/pause", {
      method: "POST",
      body: JSON.stringify({ reason: "PRIMARY moves house" }),
      headers: { authorization },
    });
    expect(await paused.json()).toMatchObject({ paused: { reason: "PRIMARY moves house" } });
    world.sandbox.primary.putRecord("clip", "Fresh", RECORD);
    world.githubCalls();
    expect(await world.tick(5)).toBe("ok");
    expect(world.githubCalls()).toEqual([]);
    expect((await world.status()).paused).toMatchObject({ reason: "PRIMARY moves house" });
    expect((await world.sync({ categories: ["clip"] })).report.outcome).toBe("published");
    await world.fetch("/resume", { method: "POST", headers: { authorization } });
    expect((await world.status()).paused).toBe(null);
    world.sandbox.primary.putRecord("clip", "Fresher", RECORD);
    await world.tick(10);
    expect(world.githubCalls().filter((call) => call.startsWith("PATCH")).length).toBeGreaterThan(0);
  });
});
