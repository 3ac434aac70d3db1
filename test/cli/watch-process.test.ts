/**
 * The built program as it watches: every command line that stays, how it is stopped, and how it is killed.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { BRANCH, RECORD } from "../world/ground.ts";
import { describeWorlds, type Started, type World } from "./world.ts";

const createWorld = describeWorlds();
const PREFIX = "HORDE_GITHUB_SYNC_";
const BEGUN = "the first change after it starts a run";
const STATE = ".local/state/horde-model-reference-sync/state.json";

/** Watches that are still there would outlive a test that failed. */
async function using<T>(started: Started, work: (started: Started) => Promise<T>): Promise<T> {
  try {
    return await work(started);
  } finally {
    started.process.kill("SIGKILL");
  }
}

async function stop(started: Started, signal: NodeJS.Signals = "SIGTERM") {
  started.process.kill(signal);
  return started.ended();
}

const isAsked = ({ sandbox }: World, method: string, path: string) =>
  vi.waitFor(
    () => {
      const found = sandbox.github.requests.some((request) => request.method === method && request.path.endsWith(path));
      if (!found) throw new Error(`Nobody asked ${method} ${path}.`);
    },
    { timeout: 10_000, interval: 10 },
  );

const stateOf = ({ folder }: World, path = STATE) => JSON.parse(readFileSync(join(folder, path), "utf8"));
const wantedText = ({ sandbox, image }: World) =>
  Buffer.from(
    sandbox.github.readFile({ repository: image, ref: BRANCH, path: "stable_diffusion.json" }) ?? [],
  ).toString();

describe("the watches that the Python service's users know", () => {
  const full = [
    "--primary-url",
    "URL",
    "--watch-interval",
    "120",
    "--watch-startup-sync",
    "--categories",
    "image_generation",
    "--verbose",
  ];
  it.each<[string, readonly string[], Record<string, string>, string, RegExp]>([
    ["by default", ["--watch"], {}, BEGUN, / {2}interval {6}60 s\n.* {2}startup sync {2}no\n/s],
    ["with an interval", ["--watch", "--watch-interval", "300"], {}, BEGUN, / {2}interval {6}300 s\n/],
    ["by settings", [], { WATCH_MODE: "1", WATCH_INTERVAL_SECONDS: "30" }, BEGUN, / {2}interval {6}30 s\n/],
    ["with a startup sync", ["--watch", "--watch-startup-sync"], {}, ": in-sync in", /run \S+ \(reconcile\)\n/],
    [
      "dry",
      ["--watch", "--watch-interval", "30", "--dry-run"],
      {},
      BEGUN,
      /state file {4}none, as this is a dry run\n/,
    ],
    [
      "dry by a setting, and verbose",
      ["--watch", "--verbose"],
      { DRY_RUN: "true" },
      BEGUN,
      /^request method=GET url=/m,
    ],
    ["with all options", ["--watch", ...full], {}, ": in-sync in", / {2}categories {4}image_generation\n/],
  ])("stay and stop: %s", async (_what, args, settings, until, shown) => {
    const world = createWorld();
    const env = Object.fromEntries(Object.entries(settings).map(([name, value]) => [`${PREFIX}${name}`, value]));
    const words = args.map((word) => (word === "URL" ? world.sandbox.primary.url : word));
    await using(world.start(words, { env }), async (started) => {
      await started.saw(until);
      const { code, stderr } = await stop(started, "SIGINT");
      expect(code).toBe(0);
      expect(stderr).toMatch(new RegExp(`^\\S+ \\S+Z watching ${world.sandbox.primary.url}; stop with Ctrl\\+C\n`));
      expect(stderr.replace(/^\S+ \S+Z /gm, "")).toMatch(shown);
      expect(stderr).toMatch(/Z stopped\n$/);
    });
    const isDry = args.includes("--dry-run") || "DRY_RUN" in settings;
    expect(existsSync(join(world.folder, STATE))).toBe(!isDry);
  });
});

describe("a watch", () => {
  it("publishes each change of PRIMARY, and goes on where another one stopped", async () => {
    const world = createWorld();
    const args = ["--watch", "--watch-interval", "1", "--state-file", "state.json"];
    await using(world.start(args), async (started) => {
      await started.saw(BEGUN);
      world.sandbox.primary.putRecord("image_generation", "First", RECORD);
      await started.saw("pull request opened\n");
      await started.saw(": published in");
      expect((await stop(started)).code).toBe(0);
    });
    expect(world.pullRequests()).toMatchObject([{ state: "open" }]);
    expect(stateOf(world, "state.json")).toMatchObject({ lastUpdated: world.sandbox.primary.lastUpdated });
    world.sandbox.primary.putRecord("image_generation", "Second", RECORD);
    await using(world.start([...args, "--json"]), async (started) => {
      await started.saw(": published in");
      await started.saw('"outcome":"updated"');
      const { stdout } = await stop(started);
      expect(
        stdout
          .trimEnd()
          .split("\n")
          .map((line) => JSON.parse(line).trigger),
      ).toEqual(["tick"]);
    });
    expect(world.pullRequests()).toHaveLength(1);
  });

  it("plans each change once in a dry run, and writes nothing", async () => {
    const world = createWorld();
    await using(world.start(["--watch", "--watch-interval", "1", "--dry-run", "--verbose"]), async (started) => {
      await started.saw(BEGUN);
      world.sandbox.primary.putRecord("image_generation", "First", RECORD);
      await started.saw(": planned in");
      await started.saw("no change; PRIMARY's timestamp is");
      const { stdout } = await stop(started);
      expect(stdout.match(/^dry run /gm)).toHaveLength(1);
    });
    expect(world.sandbox.github.requests.every(({ method }) => method === "GET")).toBe(true);
  });

  it("waits before it begins, and ends at once when it is stopped then", async () => {
    const world = createWorld();
    const env = { [`${PREFIX}WATCH_INITIAL_DELAY_SECONDS`]: "3600" };
    await using(world.start(["--watch"], { env }), async (started) => {
      await started.saw("initial delay 3600 s");
      expect((await stop(started)).code).toBe(0);
    });
    expect(world.sandbox.primary.log).toEqual([]);
  });

  it("backs off when PRIMARY is down, keeps that over a restart, and says until when", async () => {
    const world = createWorld();
    world.sandbox.primary.faults.add({
      path: "last_updated",
      times: Number.POSITIVE_INFINITY,
      action: { type: "status", status: 404 },
    });
    const args = ["--watch", "--watch-interval", "1"];
    await using(world.start(args), async (started) => {
      await started.saw("before the next attempt");
      const { stderr } = await stop(started);
      expect(stderr).toMatch(/run \S+ \(tick\)\n/);
    });
    expect(stateOf(world)).toMatchObject({ consecutiveErrors: 1, isUnsettled: true });
    world.sandbox.primary.clearLog();
    await using(world.start(args), async (started) => {
      await started.saw("before the next attempt");
      await stop(started);
    });
    expect(world.sandbox.primary.log).toEqual([]);
  });
});

describe("a signal in the middle of a run", () => {
  it("lets the run finish", async () => {
    const world = createWorld();
    world.sandbox.primary.putRecord("image_generation", "First", RECORD);
    world.sandbox.github.faults.add({ method: "POST", path: "/git/commits", action: { type: "delay", ms: 300 } });
    await using(world.start(["--watch", "--watch-startup-sync"]), async (started) => {
      await isAsked(world, "POST", "/git/commits");
      const { code, stdout } = await stop(started);
      expect([code, stdout]).toEqual([0, expect.stringContaining("pull request opened")]);
    });
    expect(world.pullRequests()).toMatchObject([{ state: "open", labels: ["automated", "sync", "ready-for-review"] }]);
    expect(stateOf(world)).toMatchObject({ lastUpdated: world.sandbox.primary.lastUpdated, isUnsettled: false });
  });

  it("ends it at once when a second one comes", async () => {
    const world = createWorld();
    world.sandbox.primary.putRecord("image_generation", "First", RECORD);
    world.sandbox.github.faults.add({ method: "POST", path: "/git/commits", action: { type: "hang" } });
    await using(world.start([]), async (started) => {
      await isAsked(world, "POST", "/git/commits");
      started.process.kill("SIGINT");
      await started.saw("a second signal ends it at once");
      expect((await stop(started, "SIGINT")).code).toBe(130);
    });
  });
});

describe("a watch that was killed in the middle of a run", () => {
  it.each([
    ["before its commit", "POST", "/git/commits"],
    ["before its pull request", "POST", "/pulls"],
    ["before its labels", "POST", "/labels"],
  ])("comes to the same end when it is started again: %s", async (_what, method, path) => {
    const world = createWorld();
    const args = ["--watch", "--watch-interval", "1"];
    await using(world.start(args), async (started) => {
      await started.saw(BEGUN);
      world.sandbox.github.faults.add({ method, path, action: { type: "hang" } });
      world.sandbox.primary.putRecord("image_generation", "First", RECORD);
      await isAsked(world, method, path);
      started.process.kill("SIGKILL");
      expect((await started.ended()).code).toBe(null);
    });
    const before = stateOf(world).lastUpdated;
    expect(before).not.toBe(world.sandbox.primary.lastUpdated);
    await using(world.start(args), async (started) => {
      await started.saw(": published in");
      await stop(started);
    });
    expect(world.pullRequests()).toMatchObject([{ state: "open", number: 1 }]);
    expect(world.sandbox.github.history(world.image, BRANCH)).toHaveLength(2);
    expect(wantedText(world)).toContain('"First": {');
    // For some minutes the run that was killed counts as about to add its labels, and that waits.
    const { awaiting, lastUpdated } = stateOf(world);
    expect(awaiting?.lastUpdated ?? lastUpdated).toBe(world.sandbox.primary.lastUpdated);
    expect(awaiting === null).toBe(path !== "/labels");
    expect(await world.sandbox.github.fsck(world.image)).toBe("");
  });
});
