/**
 * What people see of a run, in real workerd: preview, metrics, notifications, and the limit on wrong tokens.
 */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import type { DiscordMessage } from "../../src/notify/message.ts";
import { RECORD, TRIGGER_TOKEN } from "../world/ground.ts";
import { describeWorlds, IMAGE } from "./world.ts";

const createWorld = describeWorlds();
const basic = { authorization: `Basic ${btoa(`anybody:${TRIGGER_TOKEN}`)}` };

let hook: Server | null = null;
afterEach(() => {
  hook?.closeAllConnections();
  hook?.close();
  hook = null;
});

/** A webhook's other end; it answers with `status`, or never. */
async function listenForMessages(status: number | "never"): Promise<{ url: string; messages: DiscordMessage[] }> {
  const messages: DiscordMessage[] = [];
  hook = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    messages.push(JSON.parse(Buffer.concat(chunks).toString()));
    if (status !== "never") response.writeHead(status).end();
  });
  const server = hook;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/api/webhooks/1/hook-secret`, messages };
}

describe("GET /preview", () => {
  test("shows the diff that the next run publishes, and writes nothing", async () => {
    const world = await createWorld();
    world.sandbox.primary.putRecord("esrgan", "Preview <b>me</b>", RECORD);
    const answer = await world.fetch("/preview", { headers: basic });
    const diff = await answer.text();
    expect([answer.status, answer.headers.get("cache-control")]).toEqual([200, "no-store"]);
    expect(world.githubCalls().filter((call) => !call.startsWith("GET "))).toEqual([]);
    expect(await world.stored()).toEqual({});
    await world.tick();
    const published = world.sandbox.github.diff({ repository: IMAGE, number: 1 });
    const lines = (text: string) => text.split("\n").filter((line) => /^[-+][^-+]/.test(line));
    expect(lines(diff)).toEqual(lines(published));
    expect(lines(diff).join("\n")).toContain("Preview <b>me</b>");
    const page = await world.fetch("/preview", { headers: { ...basic, accept: "text/html" } });
    expect(await page.text()).toContain("Preview &lt;b&gt;me&lt;/b&gt;");
  });
});

describe("GET /metrics", () => {
  test("counts over runs and isolates, with three KV keys", async () => {
    const world = await createWorld();
    await world.tick();
    world.sandbox.primary.putRecord("esrgan", "Counted", RECORD);
    await world.tick(1);
    const answer = await world.fetch("/metrics");
    expect(answer.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
    const lines = (await answer.text()).split("\n");
    for (const line of [
      'model_reference_sync_runs_total{trigger="tick",outcome="in-sync"} 1',
      'model_reference_sync_runs_total{trigger="tick",outcome="published"} 1',
      `model_reference_sync_drift_records{repository="${IMAGE}",category="esrgan",kind="added"} 1`,
    ]) {
      expect(lines).toContain(line);
    }
    expect(lines.find((line) => line.startsWith("model_reference_sync_github_rate_limit_remaining "))).toMatch(
      / \d{4}$/,
    );
    expect(Object.keys(await world.stored()).sort()).toEqual([
      expect.stringMatching(/^run:/),
      expect.stringMatching(/^run:/),
      "running",
      "state",
    ]);
  });
});

describe("a notification", () => {
  test("tells of a pull request once, and not of an update right after it", async () => {
    const { url, messages } = await listenForMessages(204);
    const world = await createWorld({ vars: { HORDE_GITHUB_SYNC_NOTIFY_WEBHOOK_URL: url } });
    world.sandbox.primary.putRecord("esrgan", "@everyone", RECORD);
    await world.tick();
    await world.reconcile(1);
    world.sandbox.primary.putRecord("esrgan", "Second", RECORD);
    await world.tick(2);
    await expect
      .poll(() => messages.flatMap(({ embeds }) => embeds.map(({ title }) => title)))
      .toEqual([`${IMAGE}: pull request #1 opened: review and merge it`]);
    expect((await world.status()).repositories[0]?.outcome).toBe("updated");
    expect(messages.map(({ allowed_mentions }) => allowed_mentions)).toEqual([{ parse: [] }]);
    expect(world.logs().join("\n")).not.toContain("hook-secret");
  });

  test("that cannot be sent fails no run, and its URL stays secret", async () => {
    const { url } = await listenForMessages(500);
    const world = await createWorld({ vars: { HORDE_GITHUB_SYNC_NOTIFY_WEBHOOK_URL: url } });
    world.sandbox.primary.putRecord("esrgan", "One", RECORD);
    expect(await world.tick()).toBe("ok");
    expect(world.sandbox.github.pullRequests(IMAGE)).toHaveLength(1);
    expect(world.logs().join("\n")).toContain("notify.refused");
    expect(world.logs().join("\n") + JSON.stringify(await world.stored())).not.toContain("hook-secret");
  });

  test("says when the service fails, when it degrades and when it recovers, though the failing ticks throw", async () => {
    const { url, messages } = await listenForMessages(204);
    const world = await createWorld({ vars: { HORDE_GITHUB_SYNC_NOTIFY_WEBHOOK_URL: url } });
    world.sandbox.primary.faults.add({ times: 999, action: { type: "status", status: 403 } });
    for (let failure = 0; failure < 12; failure++) expect(await world.tick(failure * 61)).toBe("failed");
    world.sandbox.primary.faults.clear();
    expect(await world.tick(800)).toBe("ok");
    await expect
      .poll(() => messages.flatMap(({ embeds }) => embeds.map(({ title }) => title)))
      .toEqual(["Failing: 3 attempts in a row", "Degraded: 10 failures in a row", "Recovered"]);
  });

  test("is not sent for a dry run", async () => {
    const { url, messages } = await listenForMessages(204);
    const world = await createWorld({ vars: { HORDE_GITHUB_SYNC_NOTIFY_WEBHOOK_URL: url } });
    world.sandbox.primary.putRecord("esrgan", "One", RECORD);
    await world.sync({ dryRun: true });
    await world.fetch("/preview", { headers: basic });
    expect(messages).toEqual([]);
  });
});

describe("wrong tokens", () => {
  test("are refused with 429 after ten in a minute, and the right one never", async () => {
    const world = await createWorld();
    const headers = { authorization: "Bearer wrong", "cf-connecting-ip": "192.0.2.99" };
    const statuses = new Set<number>();
    for (let time = 0; time < 25; time++)
      statuses.add((await world.fetch("/sync", { method: "POST", headers })).status);
    expect([...statuses].sort()).toEqual([401, 429]);
    const right = await world.fetch("/preview", { headers: { ...headers, ...basic } });
    expect(right.status).toBe(200);
  });
});
