import { describe, expect, it } from "vitest";
import { SYNC_BRANCH } from "../../src/config/sync-branch.ts";
import { SyncError } from "../../src/core/errors.ts";
import { BLIP, CLIP, changed, outcomes, setUp } from "./run-world.ts";

describe("a run with everything in sync", () => {
  it("says so, writes nothing, and leaves out a repository without categories", async () => {
    const world = await setUp();
    const { report, isSettled, isComplete, retryAt, moved } = await world.run();
    expect([isSettled, isComplete, retryAt]).toEqual([true, true, null]);
    // To a first run everything is new.
    expect(moved).toMatchObject([{ repository: "haidra/image", branch: "main" }]);
    expect(report).toMatchObject({
      id: "run-1",
      trigger: "reconcile",
      startedAt: "2026-11-21T12:00:00.000Z",
      finishedAt: "2026-11-21T12:00:03.000Z",
      durationMs: 3000,
      dryRun: false,
      forced: false,
      outcome: "in-sync",
      primary: { url: "https://primary.test", lastUpdated: 100, previous: 7 },
      repositories: [
        expect.objectContaining({
          repository: "haidra/image",
          branch: "main",
          outcome: "in-sync",
          pullRequest: null,
          commit: null,
          files: [],
          categories: {},
        }),
      ],
      warnings: [],
      requests: { primary: 4, github: world.image.calls.length },
    });
    expect([world.image.writes(), world.text.calls]).toEqual([[], []]);
  });

  it("costs three calls of GitHub the next time, though the bytes differ", async () => {
    const world = await setUp();
    await world.run();
    expect(outcomes(await world.run())).toEqual(["in-sync", "in-sync"]);
    expect(world.image.calls).toEqual(["branch main", "branches sync", `list ${SYNC_BRANCH}`]);
  });

  it("finds what people did on GitHub meanwhile", async () => {
    const world = await setUp();
    await world.run();
    const commit = await world.image.push("main", { "clip.json": changed(CLIP) });
    const result = await world.run();
    expect(outcomes(result)).toEqual(["published", "created"]);
    expect(result.moved).toMatchObject([{ repository: "haidra/image", branch: "main", commit }]);
    expect(world.image.read(SYNC_BRANCH)["clip.json"]).toBe(CLIP);
  });
});

describe("a run that finds drift", () => {
  it("puts all categories of a repository into one commit and one pull request", async () => {
    const world = await setUp();
    world.primary.bodies["clip"] = changed(CLIP);
    world.primary.bodies["blip"] = '{"b": {"v": 1}, "c": {"v": 3}}';
    const { report, isSettled } = await world.run();
    expect(isSettled).toBe(true);
    expect(report.repositories).toMatchObject([
      {
        outcome: "created",
        pullRequest: { number: 1, url: "https://github.test/pull/1" },
        commit: world.image.refs.get(SYNC_BRANCH),
        categories: {
          blip: { added: ["c"], removed: [], modified: [] },
          clip: { added: [], removed: [], modified: [{ name: "a", fields: ["v"] }] },
        },
      },
    ]);
    expect([...(report.repositories[0]?.files ?? [])].sort()).toEqual(["blip.json", "clip.json"]);
    expect(world.image.read(SYNC_BRANCH)["clip.json"]).toBe(changed(CLIP));
  });

  it("does nothing the second time, with what it remembers or without", async () => {
    const world = await setUp();
    world.primary.bodies["clip"] = changed(CLIP);
    await world.run();
    const sha = world.image.refs.get(SYNC_BRANCH);
    for (const again of [world.run, world.runOnce]) {
      world.image.calls.length = 0;
      expect(outcomes(await again.call(world))).toEqual(["published", "current"]);
      expect(world.image.writes()).toEqual([]);
    }
    expect(world.image.refs.get(SYNC_BRANCH)).toBe(sha);
  });

  it("gives one branch, one commit and one pull request when ten run at once", async () => {
    const world = await setUp();
    world.primary.bodies["clip"] = changed(CLIP);
    const results = await Promise.all(Array.from({ length: 10 }, () => world.runOnce()));
    expect(world.image.pulls).toHaveLength(1);
    expect(world.image.parents(SYNC_BRANCH)).toEqual([world.image.refs.get("main")]);
    expect(results.map((result) => outcomes(result)[1]).sort()).toContain("created");
    for (const result of results) expect(["created", "current"]).toContain(outcomes(result)[1]);
  });

  it("appends to its pull request, and closes it when nothing is left", async () => {
    const world = await setUp();
    world.primary.bodies["clip"] = changed(CLIP);
    await world.run();
    const first = world.image.refs.get(SYNC_BRANCH);
    world.primary.bodies["blip"] = changed(BLIP);
    expect(outcomes(await world.run())).toEqual(["published", "updated"]);
    expect(world.image.parents(SYNC_BRANCH)).toEqual([first]);
    world.primary.bodies["clip"] = CLIP;
    world.primary.bodies["blip"] = BLIP;
    expect(outcomes(await world.run())).toEqual(["published", "closed"]);
    expect(world.image.refs.has(SYNC_BRANCH)).toBe(false);
    expect(world.image.pulls).toMatchObject([{ state: "closed" }]);
  });

  it("commits to the base when told to", async () => {
    const world = await setUp({ PUBLISH: "commit" });
    world.primary.bodies["clip"] = changed(CLIP);
    expect(outcomes(await world.run())).toEqual(["published", "committed"]);
    expect(world.image.read("main")["clip.json"]).toBe(changed(CLIP));
    expect([world.image.pulls, world.image.refs.has(SYNC_BRANCH)]).toEqual([[], false]);
    expect(outcomes(await world.run())).toEqual(["in-sync", "in-sync"]);
  });

  it("respects a rejection until something else changes, or somebody forces it", async () => {
    const world = await setUp();
    world.primary.bodies["clip"] = changed(CLIP);
    await world.run();
    const [pull] = world.image.pulls;
    const end = {
      state: "closed",
      endedAt: "2026-11-01T00:00:00Z",
      endedHead: world.image.refs.get(SYNC_BRANCH) ?? "",
    } as const;
    if (pull !== undefined) world.image.pulls[0] = { ...pull, ...end };
    for (let time = 0; time < 3; time++) expect(outcomes(await world.run())).toEqual(["held", "rejected"]);
    await world.image.push("main", { README: "2" });
    const rejected = await world.run();
    expect([outcomes(rejected), rejected.isSettled]).toEqual([["held", "rejected"], true]);
    expect(outcomes(await world.run({ isForced: true }))).toEqual(["published", "created"]);
  });

  it("holds back what is below the threshold, unless forced", async () => {
    const world = await setUp({ MIN_CHANGES_THRESHOLD: "2" });
    world.primary.bodies["clip"] = changed(CLIP);
    expect(outcomes(await world.run())).toEqual(["held", "below-threshold"]);
    expect(outcomes(await world.run({ isForced: true }))).toEqual(["published", "created"]);
  });
});

describe("an absence", () => {
  it.each<[string, string | undefined]>([
    ["a 404", undefined],
    ["an empty answer", "{}"],
  ])("that is %s holds its category, lets the others go on, and is asked about again", async (_what, body) => {
    const world = await setUp();
    if (body === undefined) delete world.primary.bodies["clip"];
    else world.primary.bodies["clip"] = body;
    world.primary.bodies["blip"] = changed(BLIP);
    const { report, isSettled } = await world.run();
    expect(report.repositories).toMatchObject([
      { outcome: "created", categories: { clip: { held: expect.any(String) } } },
    ]);
    expect(world.image.read(SYNC_BRANCH)["clip.json"]).toBe(CLIP);
    expect(isSettled).toBe(false);
  });
});

describe("a dry run", () => {
  it.each<[string, (world: Awaited<ReturnType<typeof setUp>>) => unknown, string]>([
    ["with drift", (world) => (world.primary.bodies["clip"] = changed(CLIP)), "planned"],
    ["without", () => null, "in-sync"],
  ])("plans %s, and writes nothing", async (_what, change, outcome) => {
    const world = await setUp();
    change(world);
    const { report, isSettled } = await world.run({ isDryRun: true });
    expect(report).toMatchObject({ dryRun: true, outcome, repositories: [{ outcome, pullRequest: null }] });
    expect(isSettled).toBe(outcome === "in-sync");
    expect([world.image.writes(), world.image.refs.size]).toEqual([[], 1]);
  });
});

describe("some categories only", () => {
  it("reads and publishes no others, and settles nothing", async () => {
    const world = await setUp();
    world.primary.bodies["clip"] = changed(CLIP);
    world.primary.bodies["blip"] = changed(BLIP);
    const { report, isSettled, isComplete } = await world.run({ categories: ["clip"] });
    expect([report.outcome, isSettled, isComplete]).toEqual(["published", false, false]);
    expect(Object.keys(report.repositories[0]?.categories ?? {})).toEqual(["clip"]);
    expect(world.image.read(SYNC_BRANCH)["blip.json"]).toBe(BLIP);
    expect(world.primary.calls).not.toContain("blip");
  });

  it("keeps the open pull request whole", async () => {
    const world = await setUp();
    world.primary.bodies["blip"] = changed(BLIP);
    await world.run();
    world.primary.bodies["clip"] = changed(CLIP);
    expect(outcomes(await world.run({ categories: ["clip"] }))).toEqual(["published", "updated"]);
    expect(world.image.read(SYNC_BRANCH)).toMatchObject({ "clip.json": changed(CLIP), "blip.json": changed(BLIP) });
  });

  it("may be all of them, one by one", async () => {
    const world = await setUp();
    const { isSettled, isComplete } = await world.run({ categories: ["blip", "clip"] });
    expect([isSettled, isComplete]).toEqual([true, true]);
  });
});

describe("what PRIMARY tells of its categories", () => {
  it("saves a tick from reading those that did not move", async () => {
    const world = await setUp();
    world.primary.stamps.set("clip", 1).set("blip", 1);
    await world.run();
    world.primary.stamps.set("clip", 2);
    world.primary.bodies["clip"] = changed(CLIP);
    expect(outcomes(await world.run({ trigger: "tick" }))).toEqual(["published", "created"]);
    expect(world.primary.calls).toEqual(["last_updated", "metadata", "clip"]);
  });

  it("is not trusted by a reconcile", async () => {
    const world = await setUp();
    world.primary.stamps.set("clip", 1).set("blip", 1);
    await world.run();
    world.primary.bodies["clip"] = changed(CLIP);
    expect(outcomes(await world.run({ trigger: "reconcile" }))).toEqual(["published", "created"]);
  });

  it("may be missing: then every category is read", async () => {
    const world = await setUp();
    world.primary.categoryStamps = () => Promise.reject(new SyncError("primary-malformed", "No metadata."));
    expect(outcomes(await world.run({ trigger: "tick" }))).toEqual(["in-sync", "in-sync"]);
    expect([...world.primary.calls].sort()).toEqual(["blip", "clip", "last_updated"]);
  });
});

describe("a category that is configured later", () => {
  it("is compared with its file, though the tree is remembered", async () => {
    const world = await setUp();
    await world.run();
    world.reconfigure({ CATEGORIES_TO_SYNC: "clip,blip,esrgan" });
    expect(outcomes(await world.run())).toEqual(["in-sync", "in-sync"]);
  });

  it("adds nothing to an open pull request while it is in sync", async () => {
    const world = await setUp();
    world.primary.bodies["clip"] = changed(CLIP);
    await world.run();
    world.reconfigure({ CATEGORIES_TO_SYNC: "clip,blip,esrgan" });
    expect(outcomes(await world.run())).toEqual(["published", "current"]);
    expect(world.image.writes()).toEqual([]);
  });
});

describe("faults", () => {
  it("of PRIMARY at the start end the run before GitHub is asked", async () => {
    const world = await setUp();
    world.primary.stamp = "down";
    const { report, isSettled } = await world.run();
    expect(report).toMatchObject({
      outcome: "failed",
      repositories: [],
      primary: { lastUpdated: null },
      error: { code: "primary-unavailable", message: "PRIMARY answered 502." },
    });
    expect([isSettled, world.image.calls]).toEqual([false, []]);
  });

  it("of one category are its own: the others are published, and it is asked for again", async () => {
    const world = await setUp();
    world.primary.bodies["clip"] = null;
    world.primary.bodies["blip"] = changed(BLIP);
    const result = await world.run();
    expect([outcomes(result), result.isSettled]).toEqual([["partial", "created"], false]);
    expect(result.againAt).toBeGreaterThan(0);
    expect(result.report.repositories).toMatchObject([
      { categories: { clip: { failed: { code: "primary-unavailable" } }, blip: { modified: [{ name: "b" }] } } },
    ]);
    world.primary.calls.length = 0;
    const tick = await world.run({ trigger: "tick" });
    expect([outcomes(tick), world.primary.calls.includes("clip")]).toEqual([["partial", "current"], false]);
    world.primary.bodies["clip"] = CLIP;
    expect(outcomes(await world.run())).toEqual(["published", "current"]);
  });

  it("of every category fail the repository", async () => {
    const world = await setUp();
    world.primary.bodies["clip"] = null;
    world.primary.bodies["blip"] = null;
    const result = await world.run();
    expect([outcomes(result), result.isSettled]).toEqual([["failed", "failed"], false]);
    expect(result.report.repositories).toMatchObject([{ error: { code: "primary-unavailable" } }]);
    expect(world.image.writes()).toEqual([]);
  });

  it("of one repository do not stop the other", async () => {
    const world = await setUp({ CATEGORIES_TO_SYNC: "clip,text_generation" });
    world.primary.bodies["clip"] = changed(CLIP);
    world.primary.bodies["text_generation"] = "{}";
    world.text.refs.delete("main");
    const result = await world.run();
    expect([outcomes(result), result.isSettled]).toEqual([["partial", "created", "failed"], false]);
    expect(result.report.repositories[1]).toMatchObject({
      repository: "haidra/text",
      error: { code: "github-not-found", message: expect.stringMatching(/^haidra\/text has no commit yet/) },
    });
  });

  it("that are bugs keep their details for the log", async () => {
    const world = await setUp();
    world.image.before = () => {
      throw new TypeError("secret detail");
    };
    const { report } = await world.run();
    expect(report.repositories).toMatchObject([{ outcome: "failed", error: { code: "internal" } }]);
    expect(JSON.stringify(report)).not.toContain("secret detail");
  });

  it("carry the time that a rate limit named", async () => {
    const world = await setUp();
    world.image.before = () => {
      throw new SyncError("rate-limited", "Slow down.", { retryAt: 123_456 });
    };
    expect((await world.run()).retryAt).toBe(123_456);
  });

  it("carry the later of two such times", async () => {
    const world = await setUp({ CATEGORIES_TO_SYNC: "clip,text_generation" });
    const limit = (retryAt: number) => () => {
      throw new SyncError("rate-limited", "Slow down.", { retryAt });
    };
    world.image.before = limit(123_456);
    world.text.before = limit(123_400);
    expect((await world.run()).retryAt).toBe(123_456);
  });

  it("are logged with the run and the repository", async () => {
    const world = await setUp();
    world.text.refs.delete("main");
    world.image.refs.delete("main");
    await world.run();
    const failed = world.lines.map((line) => JSON.parse(line)).find(({ event }) => event === "sync.failed");
    expect(failed).toMatchObject({ run: "run-1", repository: "haidra/image", code: "github-not-found" });
  });
});

describe("races", () => {
  it("with another run are adopted", async () => {
    const world = await setUp();
    world.primary.bodies["clip"] = changed(CLIP);
    let isFirst = true;
    world.image.before = async (call) => {
      if (!isFirst || !call.startsWith("createBranch")) return;
      isFirst = false;
      await world.runOnce();
    };
    expect(outcomes(await world.run())).toEqual(["published", "current"]);
    expect(world.image.pulls).toHaveLength(1);
  });

  it("end when another try would be more than an invocation may ask", async () => {
    const world = await setUp({ PUBLISH: "commit" });
    world.limitTo(45);
    world.primary.bodies["clip"] = changed(CLIP);
    let tries = 0;
    world.image.before = async (call) => {
      if (!call.startsWith("moveBranch")) return;
      tries++;
      await world.image.push("main", { README: `${tries}` });
      // As if the other repository had asked for much.
      world.text.calls.push(...Array.from({ length: 30 }, () => "blob"));
    };
    const result = await world.run();
    expect([tries, ...outcomes(result)]).toEqual([1, "failed", "conflict"]);
    expect(result.report.repositories[0]?.error?.message).toContain("Gave up after 1 try");
  });

  it("are tried again although the other repository has asked for more than half", async () => {
    const world = await setUp({ PUBLISH: "commit" });
    world.limitTo(45);
    world.primary.bodies["clip"] = changed(CLIP);
    let isFirst = true;
    world.image.before = async (call) => {
      if (!call.startsWith("moveBranch") || !isFirst) return;
      isFirst = false;
      await world.image.push("main", { README: "more" });
      world.text.calls.push(...Array.from({ length: 20 }, () => "blob"));
    };
    expect(outcomes(await world.run())).toEqual(["published", "committed"]);
  });

  it("are tried again where there is room for what one try takes, whatever was asked for before", async () => {
    const world = await setUp({ PUBLISH: "commit" });
    world.limitTo(60);
    world.primary.bodies["clip"] = changed(CLIP);
    world.image.calls.push(...Array.from({ length: 20 }, () => "blob"));
    let isFirst = true;
    world.image.before = async (call) => {
      if (!call.startsWith("moveBranch") || !isFirst) return;
      isFirst = false;
      await world.image.push("main", { README: "more" });
    };
    expect(outcomes(await world.runOnce())).toEqual(["published", "committed"]);
  });

  it("with a merge count, although GitHub's list does not tell of it yet", async () => {
    const world = await setUp();
    world.primary.bodies["clip"] = changed(CLIP);
    await world.run();
    world.primary.bodies["blip"] = changed(BLIP);
    const { image } = world;
    const stale = [...image.pulls];
    image.ports.pullRequests.list = async () => stale;
    image.before = (call) => {
      if (!call.startsWith("moveBranch") || image.pulls[0]?.state !== "open") return;
      const head = image.refs.get(SYNC_BRANCH) ?? "";
      image.refs.set("main", head);
      image.pulls[0] = { ...image.pulls[0], state: "merged", endedAt: new Date(0).toISOString(), endedHead: head };
    };
    expect(outcomes(await world.run())).toEqual(["published", "created"]);
    expect(image.pulls.map(({ state }) => state)).toEqual(["merged", "open"]);
    expect(image.read(SYNC_BRANCH)).toMatchObject({ "clip.json": changed(CLIP), "blip.json": changed(BLIP) });
  });

  it("with people who keep pushing end after three tries, to be tried again", async () => {
    const world = await setUp({ PUBLISH: "commit" });
    world.primary.bodies["clip"] = changed(CLIP);
    let pushes = 0;
    world.image.before = async (call) => {
      if (!call.startsWith("moveBranch")) return;
      pushes++;
      await world.image.push("main", { README: `${pushes}` });
    };
    const result = await world.run();
    expect([outcomes(result), pushes, result.isSettled]).toEqual([["failed", "conflict"], 3, false]);
    expect(world.image.read("main")).toMatchObject({ README: "3", "clip.json": CLIP });
    const told = world.lines.map((line) => JSON.parse(line)).filter(({ event }) => event === "sync.lost");
    const why = "The branch main moved meanwhile.";
    expect(told).toMatchObject([1, 2, 3].map((attempt) => ({ level: "warn", why, attempt })));
  });

  const STEPS = ["tree", "commit", "createBranch", "open"];
  it.each(STEPS)("with an end just before %s leave something that the next run completes", async (step) => {
    const world = await setUp();
    world.primary.bodies["clip"] = changed(CLIP);
    world.image.before = (call) => {
      if (call.startsWith(step)) throw new SyncError("rate-limited", "The run ends here.");
    };
    expect(outcomes(await world.run())).toEqual(["failed", "failed"]);
    world.image.before = () => {};
    expect(outcomes(await world.run())[0]).toBe("published");
    expect(world.image.pulls).toMatchObject([{ state: "open" }]);
    expect(world.image.parents(SYNC_BRANCH)).toEqual([world.image.refs.get("main")]);
    expect(world.image.read(SYNC_BRANCH)["clip.json"]).toBe(changed(CLIP));
  });
});
