/**
 * The command in this process, where a terminal, the passing of time and the network can be made up.
 */
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { runCommand } from "../../src/cli/command.ts";
import { GRACE_MS } from "../../src/cli/stop.ts";
import { createFakeClock } from "../fakes/clock.ts";
import { RECORD } from "../world/ground.ts";
import { createFakeHost, type FakeHost, type FakeHostOptions } from "./fake-host.ts";
import { describeWorlds, type World } from "./world.ts";

const createWorld = describeWorlds();

function drifted(): World {
  const world = createWorld();
  world.sandbox.primary.putRecord("image_generation", "First", RECORD);
  return world;
}

function hostOf(world: World, options: FakeHostOptions = {}): FakeHost {
  const send = (url: string, init: RequestInit) => fetch(url, init);
  return createFakeHost({
    cwd: world.folder,
    home: world.folder,
    fetch: send,
    ...options,
    env: { ...world.env, ...options.env },
  });
}

describe("colours", () => {
  const ESCAPE = "\u001b[";

  it.each<[string, boolean, Record<string, string>, boolean]>([
    ["are there on a terminal", true, {}, true],
    ["are not there with NO_COLOR", true, { NO_COLOR: "1" }, false],
    ["are not there off a terminal", false, {}, false],
  ])("%s", async (_what, isTerminal, env, isColoured) => {
    const host = hostOf(drifted(), { isTerminal, env });
    expect(await runCommand(["--dry-run", "--categories", "image_generation"], host)).toBe(0);
    expect(host.seen.stdout.includes(`${ESCAPE}32m    + First${ESCAPE}0m\n`)).toBe(isColoured);
    expect(`${host.seen.stdout}${host.seen.stderr}`.includes(ESCAPE)).toBe(isColoured);
  });

  it("are never in JSON", async () => {
    const host = hostOf(drifted(), { isTerminal: true });
    expect(await runCommand(["--dry-run", "--json"], host)).toBe(0);
    expect(host.seen.stdout).not.toContain(ESCAPE);
    expect(host.seen.stderr).toContain(ESCAPE);
  });
});

describe("a stop in the middle of a run", () => {
  /** The signal comes while GitHub does not answer; the time to finish passes at once. */
  async function interrupt(args: readonly string[]) {
    const world = drifted();
    world.sandbox.github.faults.add({ method: "POST", path: "/git/commits", action: { type: "hang" } });
    const clock = createFakeClock({ now: Date.now() });
    const host = hostOf(world, {
      clock,
      async fetch(url, init) {
        const answer = fetch(url, init);
        if (!url.endsWith("/git/commits")) return answer;
        await vi.waitFor(() => expect(world.sandbox.github.requests.at(-1)?.path).toMatch(/commits$/), {
          interval: 10,
        });
        host.send("SIGTERM");
        return answer;
      },
    });
    const code = await runCommand(args, host);
    return { world, host, clock, code };
  }

  it("aborts its requests after a while, and records nothing", async () => {
    const { world, host, clock, code } = await interrupt(["--state-file", "state.json"]);
    expect([code, clock.sleeps]).toEqual([143, [GRACE_MS]]);
    expect(host.seen.stderr).toMatch(/\ninterrupted: the run was cut short; the next one finishes it\n$/);
    expect(existsSync(join(world.folder, "state.json"))).toBe(false);
    expect(world.pullRequests()).toEqual([]);
    expect(await runCommand([], hostOf(world))).toBe(0);
    expect(world.pullRequests()).toHaveLength(1);
  });

  it("is a clean end for a watch", async () => {
    const { world, host, code } = await interrupt(["--watch", "--watch-startup-sync", "--state-file", "state.json"]);
    expect(code).toBe(0);
    expect(host.seen.stderr).toMatch(/stopped; the run was cut short, and the next start finishes it\n$/);
    expect(existsSync(join(world.folder, "state.json"))).toBe(false);
  });
});

describe("the webhook", () => {
  const WEBHOOK = "http://hooks.test/secret-path";
  const env = { HORDE_GITHUB_SYNC_NOTIFY_WEBHOOK_URL: WEBHOOK };

  it("was told when the command ends, and its address was not shown", async () => {
    const titles: string[] = [];
    const host = hostOf(drifted(), {
      env,
      async fetch(url, init) {
        if (url !== WEBHOOK) return fetch(url, init);
        await new Promise((resolve) => setImmediate(resolve));
        titles.push(...JSON.parse(String(init.body)).embeds.map(({ title }: { title: string }) => title));
        return new Response(null, { status: 204 });
      },
    });
    expect(await runCommand(["--verbose"], host)).toBe(0);
    expect(titles).toEqual([expect.stringContaining("pull request #1 opened: review and merge it")]);
    expect(`${host.seen.stdout}${host.seen.stderr}`).not.toContain("secret-path");
  });

  it("that is gone costs a line, and not the run", async () => {
    const host = hostOf(drifted(), {
      env,
      fetch: async (url, init) => (url === WEBHOOK ? new Response(null, { status: 404 }) : fetch(url, init)),
    });
    expect(await runCommand([], host)).toBe(0);
    expect(host.seen.stderr).toContain("the webhook answered 404\n");
  });
});

describe("the state of a watch", () => {
  it("that cannot be kept is a warning, unless a file was asked for", async () => {
    const world = createWorld();
    const file = join(world.folder, "file");
    writeFileSync(file, "");
    const host = hostOf(world, { home: file });
    const sleep = async (ms: number) => (ms === 60_000 ? host.send("SIGTERM") : undefined);
    expect(await runCommand(["--watch"], { ...host, clock: { ...host.clock, sleep } })).toBe(0);
    expect(host.seen.stderr).toContain("a part of its path is not a folder. What was synced is forgotten at the end;");
    const asked = hostOf(world);
    expect(await runCommand(["--watch", "--state-file", join(file, "state.json")], asked)).toBe(1);
    expect(asked.seen.stderr).toContain(`The state file ${join(file, "state.json")} cannot be used: `);
  });
});
