import { describe, expect, it } from "vitest";
import { SYNC_BRANCH } from "../../src/config/sync-branch.ts";
import { withdraw } from "../../src/sync/marker.ts";
import type { PullRequest } from "../../src/sync/ports.ts";
import { START } from "../fakes/clock.ts";
import { BLIP, CLIP, changed, outcomes, setUp } from "./run-world.ts";

type World = Awaited<ReturnType<typeof setUp>>;

const MANY = `{${Array.from({ length: 10 }, (_, index) => `"m${index}": {"v": 1}`).join(", ")}}`;
const FEW = '{"m0": {"v": 1}}';

/** As GitHub tells it of a pull request that somebody closed. */
function close(world: World, changes: Partial<PullRequest> = {}): void {
  const { pulls, refs } = world.image;
  const last = pulls.at(-1);
  if (last === undefined) throw new Error("There is no pull request.");
  const endedAt = new Date(START).toISOString();
  pulls[pulls.length - 1] = { ...last, state: "closed", endedAt, endedHead: refs.get(SYNC_BRANCH) ?? null, ...changes };
}

describe("a force for what was shown", () => {
  it("is none where PRIMARY says something else by now, not even of a rejection", async () => {
    const world = await setUp();
    world.primary.bodies["clip"] = changed(CLIP);
    await world.run();
    close(world);
    expect(outcomes(await world.run())).toEqual(["held", "rejected"]);
    const request = { categories: ["clip"], isForced: true, expected: "f".repeat(64) } as const;
    const { report } = await world.run(request);
    expect([report.outcome, report.repositories[0]?.outcome]).toEqual(["held", "held"]);
    expect(report.repositories[0]?.categories.clip?.held).toMatch(/^PRIMARY or GitHub changed since it was shown/);
    expect(world.image.writes()).toEqual([]);
  });

  it("is one where it says the same", async () => {
    const world = await setUp();
    world.primary.bodies["clip"] = changed(CLIP);
    await world.run();
    close(world);
    const shown = await world.runOnce({ isDryRun: true, categories: ["clip"] });
    const expected = shown.report.repositories[0]?.categories.clip?.digest ?? null;
    expect(expected).toMatch(/^[0-9a-f]{64}$/);
    expect(outcomes(await world.run({ categories: ["clip"], isForced: true, expected }))).toEqual([
      "published",
      "created",
    ]);
  });
});

describe("a force for one category of two", () => {
  it("opens nothing that was rejected, because what goes with it was not shown", async () => {
    const world = await setUp();
    world.primary.bodies["clip"] = changed(CLIP);
    world.primary.bodies["blip"] = changed(BLIP);
    await world.run();
    close(world);
    const categories = ["clip", "blip"] as const;
    const shown = await world.runOnce({ isDryRun: true, categories });
    const expected = shown.report.repositories[0]?.categories.clip?.digest ?? null;
    expect(outcomes(await world.run({ categories, isForced: true, expected }))).toEqual(["held", "rejected"]);
    expect(outcomes(await world.run({ categories, isForced: true }))).toEqual(["published", "created"]);
  });
});

describe("when to look again", () => {
  const again = async (body: string | undefined, settings = {}) => {
    const world = await setUp(settings);
    await world.image.push("main", { "clip.json": MANY });
    if (body === undefined) delete world.primary.bodies["clip"];
    else world.primary.bodies["clip"] = body;
    const { againAt, isSettled } = await world.run({ dueAt: START });
    return { againAt, isSettled };
  };

  it("in ten minutes where PRIMARY has nothing to say, because it may be just coming up", async () => {
    expect(await again(undefined)).toEqual({ againAt: START + 600_000, isSettled: false });
    expect(await again("{}")).toEqual({ againAt: START + 600_000, isSettled: false });
  });

  it("not for what would be removed: that is up to people", async () => {
    expect(await again(FEW)).toEqual({ againAt: null, isSettled: true });
  });
});

describe("a closing that is no decision", () => {
  const drifting = async () => {
    const world = await setUp();
    world.primary.bodies["clip"] = changed(CLIP);
    await world.run();
    return world;
  };
  const closedBy = (world: World, login: string, isBot: boolean) => {
    world.image.ports.comments.closedBy = async () => ({ login, isBot });
  };

  it("of ours opens a new one", async () => {
    const world = await drifting();
    const body = withdraw(world.image.pulls[0]?.body ?? "", "21fae69594220dbf");
    close(world, { body });
    expect(outcomes(await world.run())).toEqual(["published", "created"]);
    expect(world.image.calls.filter((call) => call.startsWith("closedBy"))).toEqual([]);
  });

  it("of a bot's does too, and is told; after the second within a day nothing is opened", async () => {
    const world = await drifting();
    closedBy(world, "stale[bot]", true);
    close(world);
    const first = await world.run();
    expect(first.report.warnings).toEqual([
      "The pull request #1 was closed by stale[bot], which is no person's decision, so that a new one is opened.",
    ]);
    expect(outcomes(first)).toEqual(["published", "created"]);
    close(world, { endedAt: new Date(START + 60_000).toISOString() });
    const second = await world.run();
    expect(second.report.warnings).toEqual([
      "Pull requests of the sync were closed 2 times within a day, the last one (#2) by stale[bot]. No new one is opened until a day has passed: stop what closes them, or use force.",
    ]);
    expect(outcomes(second)).toEqual(["held", "rejected"]);
    expect(outcomes(await world.run({ isForced: true }))).toEqual(["published", "created"]);
  });

  it("of a service that follows another PRIMARY counts as a bot's", async () => {
    const world = await drifting();
    close(world, { body: withdraw(world.image.pulls[0]?.body ?? "", "0123456789abcdef") });
    const { report } = await world.run();
    expect(report.warnings[0]).toContain("closed by a sync service that follows another PRIMARY");
    expect(world.image.calls.filter((call) => /^(closedBy|comments)/.test(call))).toEqual([]);
  });

  it("of the Python service is known by its comment", async () => {
    const world = await drifting();
    closedBy(world, "maintainer", false);
    world.image.comments.push("Automatically closed because a new sync operation has been initiated.");
    close(world);
    const { report } = await world.run();
    expect(report.warnings[0]).toContain("closed by the Python sync service");
  });

  it("is looked into once", async () => {
    const world = await drifting();
    close(world);
    expect(outcomes(await world.run())).toEqual(["held", "rejected"]);
    expect(world.image.calls).toContain("closedBy 1");
    expect(outcomes(await world.run())).toEqual(["held", "rejected"]);
    expect(world.image.calls).not.toContain("closedBy 1");
  });

  it("where the proposed files cannot be found any more, only the fingerprint counts", async () => {
    const world = await drifting();
    close(world, { endedHead: "0".repeat(40) });
    expect(outcomes(await world.run())).toEqual(["held", "rejected"]);
    await world.image.push("main", { "blip.json": changed(BLIP) });
    expect(outcomes(await world.run())).toEqual(["published", "created"]);
  });

  it("where the drift is another for the base's sake, what was proposed is compared with PRIMARY", async () => {
    const world = await drifting();
    close(world);
    await world.image.push("main", { "clip.json": CLIP.replace('"v": 1', '"v": 9') });
    expect(outcomes(await world.run())).toEqual(["held", "rejected"]);
    world.primary.bodies["clip"] = changed(CLIP).replace('"v": 2', '"v": 4');
    expect(outcomes(await world.run())).toEqual(["published", "created"]);
  });
});

describe("a dry run", () => {
  it("tells what it found record by record, of what is held too", async () => {
    const world = await setUp();
    await world.image.push("main", { "clip.json": MANY });
    world.primary.bodies["clip"] = FEW;
    world.primary.bodies["blip"] = changed(BLIP);
    const { found, planned } = await world.run({ isDryRun: true });
    expect(found.map(({ repository, category, changes }) => [repository, category, changes.length])).toEqual([
      ["haidra/image", "blip", 1],
      ["haidra/image", "clip", 9],
    ]);
    expect(planned).toEqual([{ repository: "haidra/image", path: "blip.json", before: BLIP, after: changed(BLIP) }]);
    expect((await world.run()).found).toEqual([]);
  });
});

describe("what is odd about a repository is told", () => {
  it("branches of the Python service, the first five by name", async () => {
    const world = await setUp();
    const names = Array.from({ length: 6 }, (_, index) => `sync/clip/${index}`);
    for (const name of names.slice(0, 5)) await world.image.push(name, {});
    expect((await world.run()).report.warnings).toEqual([
      `haidra/image still has branches of the Python service: ${names.slice(0, 5).join(", ")}. Stop that service, and delete them.`,
    ]);
    for (const name of names) await world.image.push(name, {});
    expect((await world.run()).report.warnings).toEqual([
      `haidra/image still has branches of the Python service: ${names.slice(0, 5).join(", ")} and 1 more. Stop that service, and delete them.`,
    ]);
  });

  it("a pull request that goes elsewhere", async () => {
    const world = await setUp();
    world.primary.bodies["clip"] = changed(CLIP);
    await world.run();
    const [pull] = world.image.pulls;
    if (pull !== undefined) world.image.pulls[0] = { ...pull, base: "dev" };
    expect((await world.run()).report.warnings).toEqual([
      "Pull request #1 of haidra/image goes into dev and not into main.",
    ]);
  });

  it("another service that writes to the same pull request ends the run there", async () => {
    const world = await setUp();
    world.primary.bodies["clip"] = changed(CLIP);
    await world.run();
    const [pull] = world.image.pulls;
    const body = (pull?.body ?? "").replace(/source=\w+/, "source=feedfeedfeedfeed");
    if (pull !== undefined) world.image.pulls[0] = { ...pull, body };
    const { report } = await world.run();
    expect(report.repositories[0]).toMatchObject({ outcome: "conflict", error: { code: "conflict" } });
    expect(world.image.writes()).toEqual([]);
  });
});
