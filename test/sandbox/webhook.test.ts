/**
 * The webhook of the sandbox's GitHub: what it tells, in GitHub's shapes, and that the service listens to it.
 */
import { createServer, type Server } from "node:http";
import { verify } from "@octokit/webhooks-methods";
import { afterEach, describe, expect, it } from "vitest";
import * as z from "zod/mini";
import type { Webhook } from "../../sandbox/github/webhook.ts";
import { type Sandbox, startSandbox } from "../../sandbox/sandbox.ts";
import { readDelivery } from "../../src/http/delivery.ts";
import { configWith } from "../fakes/settings.ts";
import { IMAGE, type LocalService, startLocalService } from "../world/local-service.ts";

const SECRET = "a-secret-for-tests";
const REPOSITORY = "haidra/image";
const SYNC = "sync/model-references";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

interface Call {
  readonly event: string;
  readonly signature: string;
  readonly body: string;
}

/** A server that notes what it is told. */
async function listen(status = 202): Promise<{ url: string; calls: Call[] }> {
  const calls: Call[] = [];
  const server: Server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const header = (name: string) => String(request.headers[name]);
    const body = Buffer.concat(parts).toString("utf8");
    calls.push({ event: header("x-github-event"), signature: header("x-hub-signature-256"), body });
    response.writeHead(status).end("said");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => new Promise((resolve) => server.close(resolve)));
  const address = server.address();
  return { url: `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`, calls };
}

const Push = z.object({
  ref: z.string(),
  before: z.string(),
  after: z.string(),
  created: z.boolean(),
  deleted: z.boolean(),
  forced: z.boolean(),
  commits: z.array(
    z.object({
      id: z.string(),
      added: z.array(z.string()),
      removed: z.array(z.string()),
      modified: z.array(z.string()),
    }),
  ),
  head_commit: z.nullable(z.object({ id: z.string() })),
});
const PullEvent = z.object({
  action: z.string(),
  number: z.number(),
  pull_request: z.object({ state: z.string(), merged: z.boolean(), head: z.object({ ref: z.string() }) }),
});

describe("the sandbox's webhook", () => {
  let sandbox: Sandbox;
  let calls: Call[];
  let webhook: Webhook;

  async function setUp() {
    sandbox = await startSandbox();
    closers.push(() => sandbox.close());
    const files = { "clip.json": "{}\n", "README.md": "Hello.\n" };
    sandbox.github.createRepository({ owner: "haidra", name: "image", files });
    const server = await listen();
    calls = server.calls;
    webhook = sandbox.github.startWebhook({ url: server.url, secret: SECRET, everyMs: 60_000 });
  }

  async function told(): Promise<{ event: string; payload: unknown }[]> {
    const first = calls.length;
    await webhook.look();
    return calls.slice(first).map(({ event, body }) => ({ event, payload: JSON.parse(body) }));
  }
  const pushOf = (payload: unknown) => Push.parse(payload);
  const pullOf = (payload: unknown) => PullEvent.parse(payload);

  it("tells nothing of what was so before, and nothing twice", async () => {
    await setUp();
    expect(await told()).toEqual([]);
    sandbox.github.commit({ repository: REPOSITORY, files: { "clip.json": "{ }\n" } });
    expect((await told()).length).toBe(1);
    expect(await told()).toEqual([]);
  });

  it("signs what it tells, and is understood", async () => {
    await setUp();
    sandbox.github.commit({ repository: REPOSITORY, files: { "clip.json": "{ }\n" } });
    const [{ event, payload } = { event: "", payload: null }] = await told();
    const [call] = calls;
    expect(await verify(SECRET, call?.body ?? "", call?.signature ?? "")).toBe(true);
    expect(readDelivery(event, payload, configWith())).toEqual({
      kind: "touched",
      touched: { role: "image", where: "base" },
    });
  });

  it("tells of a push with its commits and their files", async () => {
    await setUp();
    const { main: before } = sandbox.github.branches(REPOSITORY);
    const first = sandbox.github.commit({ repository: REPOSITORY, files: { "new.txt": "New\n" } });
    const after = sandbox.github.commit({ repository: REPOSITORY, files: { "clip.json": "{ }\n", "README.md": null } });
    const [{ event, payload } = { event: "", payload: null }] = await told();
    expect([event, pushOf(payload)]).toEqual([
      "push",
      {
        ref: "refs/heads/main",
        before,
        after,
        created: false,
        deleted: false,
        forced: false,
        commits: [
          { id: first, added: ["new.txt"], removed: [], modified: [] },
          { id: after, added: [], removed: ["README.md"], modified: ["clip.json"] },
        ],
        head_commit: { id: after },
      },
    ]);
  });

  it("tells of branches that come, are forced, and go", async () => {
    await setUp();
    const { main = "" } = sandbox.github.branches(REPOSITORY);
    const made = sandbox.github.commit({ repository: REPOSITORY, branch: "topic", files: { "a.txt": "A\n" } });
    expect(pushOf((await told())[0]?.payload)).toMatchObject({ ref: "refs/heads/topic", created: true, after: made });
    sandbox.github.forcePush({ repository: REPOSITORY, branch: "topic", sha: main });
    expect(pushOf((await told())[0]?.payload)).toMatchObject({ forced: true, before: made, after: main });
    sandbox.github.deleteBranch(REPOSITORY, "topic");
    expect(pushOf((await told())[0]?.payload)).toMatchObject({ deleted: true, commits: [], head_commit: null });
  });

  it("tells of each thing that happens to a pull request", async () => {
    await setUp();
    const { github } = sandbox;
    const push = (text: string) =>
      github.commit({ repository: REPOSITORY, branch: SYNC, files: { "clip.json": text } });
    const actions = async () =>
      (await told()).flatMap(({ event, payload }) => (event === "pull_request" ? [pullOf(payload).action] : [event]));
    push('{"a": {}}\n');
    const number = github.openPullRequest({ repository: REPOSITORY, head: SYNC, title: "Sync" });
    const ref = { repository: REPOSITORY, number };
    expect(await actions()).toEqual(["push", "opened"]);
    push('{"b": {}}\n');
    expect(await actions()).toEqual(["push", "synchronize"]);
    github.editPullRequest({ ...ref, title: "Another" });
    github.addLabels({ ...ref, labels: ["bug"] });
    github.setDraft({ ...ref, isDraft: true });
    expect(await actions()).toEqual(["edited", "labeled", "converted_to_draft"]);
    github.setDraft({ ...ref, isDraft: false });
    github.closePullRequest(ref);
    expect(await actions()).toEqual(["ready_for_review", "closed"]);
    github.reopenPullRequest(ref);
    expect(await actions()).toEqual(["reopened"]);
    github.mergePullRequest(ref);
    const merged = await told();
    expect(merged.map(({ event }) => event)).toEqual(["push", "pull_request"]);
    expect(pullOf(merged[1]?.payload)).toMatchObject({
      action: "closed",
      number,
      pull_request: { state: "closed", merged: true, head: { ref: SYNC } },
    });
  });

  it("says what could not be delivered, does not try it again, and goes on", async () => {
    await setUp();
    const server = await listen(500);
    const errors: unknown[] = [];
    const onError = (error: unknown) => errors.push(error);
    const other = sandbox.github.startWebhook({ url: server.url, secret: SECRET, everyMs: 60_000, onError });
    sandbox.github.commit({ repository: REPOSITORY, files: { "clip.json": "{ }\n" } });
    expect([await other.look(), await other.look(), server.calls.length]).toEqual([0, 0, 1]);
    expect(String(errors)).toContain("answered the push event with 500: said");
  });
});

describe("a service that hears of it", () => {
  async function setUp(): Promise<{ service: LocalService; webhook: Webhook; page: () => Promise<string> }> {
    const service = await startLocalService({}, { GITHUB_WEBHOOK_SECRET: SECRET });
    closers.push(() => service.close());
    await service.tick();
    service.sandbox.primary.putRecord("clip", "Fresh", { name: "Fresh" });
    service.advance(1);
    await service.tick();
    service.advance(1);
    const url = `${service.url}/github`;
    const webhook = service.sandbox.github.startWebhook({ url, secret: SECRET, everyMs: 60_000 });
    return {
      service,
      webhook,
      page: async () => (await fetch(service.url, { headers: { accept: "text/plain" } })).text(),
    };
  }

  it("shows a merge at once, without a tick", async () => {
    const { service, webhook, page } = await setUp();
    expect(await page()).toContain("pull request opened");
    service.sandbox.github.mergePullRequest({ repository: IMAGE, number: 1 });
    await webhook.look();
    await expect.poll(page, { timeout: 10_000 }).toMatch(/image-reference \(main\): in sync/);
  });

  it("shows a person's push at once, without a tick", async () => {
    const { service, webhook, page } = await setUp();
    service.sandbox.github.commit({ repository: IMAGE, branch: SYNC, files: { "README.md": "Mine.\n" } });
    await webhook.look();
    await expect.poll(page, { timeout: 10_000 }).toMatch(/image-reference \(main\): edited/);
  });
});
