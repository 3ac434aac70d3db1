import { describe, expect, it } from "vitest";
import { SYNC_BRANCH } from "../../src/config/sync-branch.ts";
import { SyncError } from "../../src/core/errors.ts";
import { blobShaOfText } from "../../src/files/blob.ts";
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

describe("a force", () => {
  it("opens what was rejected, though another category is held in spite of it", async () => {
    const world = await setUp();
    world.primary.bodies["clip"] = changed(CLIP);
    await world.run();
    close(world);
    delete world.primary.bodies["blip"];
    const { report } = await world.run({ isForced: true });
    expect(report.repositories).toMatchObject([
      { outcome: "created", files: ["clip.json"], categories: { blip: { held: expect.stringContaining("404") } } },
    ]);
  });
});

describe("a run has failed anew", () => {
  it("where something was tried and failed, and not while that waits for its next attempt", async () => {
    const world = await setUp();
    expect((await world.runOnce()).hasFailedAnew).toBe(false);
    world.primary.bodies["clip"] = "{";
    const tick = async (dueAt: number) => (await world.run({ trigger: "tick", dueAt })).hasFailedAnew;
    expect([await tick(START), await tick(START + 1), await tick(START + 60_000)]).toEqual([true, false, true]);
  });

  it("where PRIMARY says nothing at all", async () => {
    const world = await setUp();
    world.primary.stamp = "down";
    expect((await world.run()).hasFailedAnew).toBe(true);
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
    const result = await world.run();
    expect([outcomes(result), result.report.warnings]).toEqual([["published", "created"], []]);
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
    closedBy(world, "pat", false);
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
    const inSync = await setUp();
    expect((await inSync.run({ isDryRun: true })).found).toEqual([]);
  });
});

it("a dry run shows as empty what an ignored author took away from the branch", async () => {
  const world = await setUp({ IGNORED_AUTHORS: "bot@example.org" });
  world.primary.bodies["clip"] = changed(CLIP);
  await world.run();
  await world.image.push(SYNC_BRANCH, { "clip.json": null }, { email: "bot@example.org" });
  world.reconfigure({ CATEGORIES_TO_SYNC: "blip" });
  const { planned } = await world.runOnce({ isDryRun: true });
  expect(planned).toEqual([{ repository: "haidra/image", path: "clip.json", before: CLIP, after: "" }]);
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

  it("and no service where an earlier version of this one wrote, which did not say whose PRIMARY it was", async () => {
    const world = await setUp();
    world.primary.bodies["clip"] = changed(CLIP);
    await world.run();
    const [pull] = world.image.pulls;
    const body = (pull?.body ?? "").replace(/ source=\w+/, "");
    if (pull !== undefined) world.image.pulls[0] = { ...pull, body };
    const forced = await world.run({ isForced: true });
    expect([outcomes(forced), forced.report.warnings]).toEqual([["published", "current"], []]);
  });

  it("and no service where somebody took our words out, which come back", async () => {
    const world = await setUp();
    world.primary.bodies["clip"] = changed(CLIP);
    await world.run();
    const [pull] = world.image.pulls;
    if (pull !== undefined) world.image.pulls[0] = { ...pull, body: "Words." };
    expect(outcomes(await world.run())).toEqual(["published", "updated"]);
    expect(world.image.pulls[0]?.body).toMatch(/^Words\.\n\n<!-- horde-model-reference-sync:begin /);
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

describe("what a run leaves of GitHub, for a look at what changed", () => {
  const glimpseOf = ({ memory }: Awaited<ReturnType<World["run"]>>) => memory["haidra/image"]?.glimpse;

  it("is the branch and the pull request as they are in the end", async () => {
    const world = await setUp();
    const head = () => world.image.refs.get(SYNC_BRANCH);
    expect(glimpseOf(await world.run())).toBe("- -");
    world.primary.bodies["clip"] = changed(CLIP);
    expect(glimpseOf(await world.run({ isDryRun: true }))).toBe("- -");
    expect(glimpseOf(await world.run())).toBe(`${head()} #1 open`);
    expect(glimpseOf(await world.run())).toBe(`${head()} #1 open`);
    world.primary.bodies["blip"] = changed(BLIP);
    const before = head();
    expect(glimpseOf(await world.run({ isDryRun: true }))).toBe(`${before} #1 open`);
    expect(glimpseOf(await world.run())).toBe(`${head()} #1 open`);
    expect(head()).not.toBe(before);
    world.primary.bodies["clip"] = CLIP;
    world.primary.bodies["blip"] = BLIP;
    expect(glimpseOf(await world.run())).toBe("- #1 closed");
  });

  it("knows no sync branch where commits go straight to the base", async () => {
    const world = await setUp({ PUBLISH: "commit" });
    world.primary.bodies["clip"] = changed(CLIP);
    const result = await world.run();
    expect([outcomes(result), glimpseOf(result)]).toEqual([["published", "committed"], "- -"]);
  });
});

describe("labels that are not known to be there", () => {
  it.each([
    ["a new pull request", START, 60_000],
    ["one that is ten minutes old", START - 600_000, 600_000],
  ])("are looked for again, of %s sooner", async (_what, openedAt, waitMs) => {
    const world = await setUp({ PR_LABELS: "sync" });
    world.primary.bodies["clip"] = changed(CLIP);
    const { open } = world.image.ports.pullRequests;
    world.image.ports.pullRequests.open = async (request) => {
      const pull = await open(request);
      return pull && { ...pull, openedAt: new Date(openedAt).toISOString() };
    };
    world.image.before = (call) => {
      if (call.startsWith("add ")) throw new SyncError("github-unavailable", "GitHub answered 502.");
    };
    const { againAt, isSettled } = await world.run({ dueAt: START });
    expect([againAt, isSettled]).toEqual([START + waitMs, false]);
  });
});

describe("a repository whose turn it is not", () => {
  it("has its last report told again, and is not asked for", async () => {
    const world = await setUp({ CATEGORIES_TO_SYNC: "clip,text_generation" });
    world.primary.bodies["text_generation"] = "{}";
    world.primary.stamps.set("clip", 1).set("text_generation", 1);
    world.text.refs.delete("main");
    const first = await world.run();
    world.primary.stamps.set("text_generation", 2);
    const tick = await world.run({ trigger: "tick" });
    expect(tick.report.repositories[0]).toEqual(first.report.repositories[0]);
    expect([world.image.calls, tick.memory["haidra/image"]]).toEqual([[], first.memory["haidra/image"]]);
    world.primary.stamps.set("clip", 2);
    const other = await world.run({ trigger: "tick" });
    expect(other.report.repositories[1]).toEqual(tick.report.repositories[1]);
    expect([world.image.calls.length > 0, other.report.repositories[1]?.repository]).toEqual([true, "haidra/text"]);
  });
});

describe("PRIMARY that fails", () => {
  it("leaves no stamp open, and is logged where only its stamps cannot be had", async () => {
    const world = await setUp();
    world.primary.stamp = "down";
    expect((await world.run()).isStampOpen).toBe(false);
    world.primary.stamp = START / 1000;
    expect((await world.run()).isStampOpen).toBe(true);
    world.primary.categoryStamps = () => Promise.reject(new SyncError("primary-malformed", "No metadata."));
    await world.run();
    const told = world.lines.map((line) => JSON.parse(line)).filter(({ level }) => level === "warn");
    expect(told).toMatchObject([{ event: "primary.metadata-unavailable", code: "primary-malformed" }]);
  });
});

describe("a file that GitHub cannot find", () => {
  it("is the failure of its category alone", async () => {
    const world = await setUp();
    world.primary.bodies["blip"] = changed(BLIP);
    world.primary.bodies["clip"] = changed(CLIP);
    const { blob } = world.image.ports.read;
    const clip = (await world.image.ports.read.files("main")).get("clip.json")?.sha;
    world.image.ports.read.blob = (sha) =>
      sha === clip ? Promise.reject(new SyncError("github-not-found", "No such blob.")) : blob(sha);
    const { report } = await world.run();
    expect(report.repositories).toMatchObject([
      { outcome: "created", files: ["blip.json"], categories: { clip: { failed: { code: "github-not-found" } } } },
    ]);
  });
});

describe("what a run means to do", () => {
  it("is logged before it is done", async () => {
    const world = await setUp();
    world.primary.bodies["clip"] = changed(CLIP);
    await world.run();
    const told = world.lines.map((line) => JSON.parse(line)).filter(({ event }) => event === "sync.planned");
    const actions = ["commit", "create-ref", "open-pull", "decorate"];
    expect(told).toMatchObject([{ outcome: "created", changes: 1, actions, attempt: 1 }]);
  });
});

describe("a run that ends early", () => {
  it.each([
    ["knows what to ask PRIMARY for", 0],
    ["does not yet", 20],
  ])("waits for what it asks PRIMARY for, so that nothing outlives it, where it %s", async (_what, stampsMs) => {
    const world = await setUp();
    const { category, categoryStamps } = world.primary;
    let answered = 0;
    world.primary.categoryStamps = async () => {
      await new Promise((resolve) => setTimeout(resolve, stampsMs));
      return categoryStamps();
    };
    world.primary.category = async (name) => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      answered += 1;
      return category(name);
    };
    world.image.before = (call) => {
      if (call.startsWith("files ")) throw new SyncError("github-unavailable", "GitHub answered 502.");
    };
    expect([outcomes(await world.run()), answered]).toEqual([["failed", "failed"], 2]);
  });
});

describe("a dry run plans", () => {
  it("an update, and a closing", async () => {
    const world = await setUp();
    world.primary.bodies["clip"] = changed(CLIP);
    await world.run();
    world.primary.bodies["blip"] = changed(BLIP);
    expect(outcomes(await world.run({ isDryRun: true }))).toEqual(["planned", "planned"]);
    world.primary.bodies["clip"] = CLIP;
    world.primary.bodies["blip"] = BLIP;
    expect(outcomes(await world.run({ isDryRun: true }))).toEqual(["planned", "planned"]);
    expect(world.image.pulls).toMatchObject([{ state: "open" }]);
  });

  it("a commit straight to the base", async () => {
    const world = await setUp({ PUBLISH: "commit" });
    world.primary.bodies["clip"] = changed(CLIP);
    expect(outcomes(await world.run({ isDryRun: true }))).toEqual(["planned", "planned"]);
    expect(world.image.writes()).toEqual([]);
  });
});

it("a category that failed is asked for again from when a run is due, however late that comes", async () => {
  const world = await setUp();
  world.primary.bodies["clip"] = "{";
  await world.run({ trigger: "tick", dueAt: START });
  const isAsked = async (dueAt: number) => {
    await world.runOnce({ trigger: "tick", dueAt });
    return world.primary.calls.splice(0).includes("clip");
  };
  world.primary.calls.length = 0;
  expect([await isAsked(START + 59_999), await isAsked(START + 60_000)]).toEqual([false, true]);
});

describe("a repository that fails", () => {
  it("is tried again later each time, from when the run was due", async () => {
    const world = await setUp();
    world.image.before = () => {
      throw new SyncError("github-unavailable", "GitHub answered 502.");
    };
    for (const times of [1, 2, 3]) {
      const { memory } = await world.run({ dueAt: START });
      expect(memory["haidra/image"]?.retry).toEqual({ times, nextAttemptAt: START + 60_000 * 2 ** (times - 1) });
    }
    world.image.before = () => {};
    expect((await world.run()).memory["haidra/image"]?.retry).toBeUndefined();
  });

  it("is logged, and only a bug with its details", async () => {
    const world = await setUp();
    const logged = async (error: Error) => {
      world.image.before = () => {
        throw error;
      };
      await world.run();
      return world.lines.map((line) => JSON.parse(line)).findLast(({ event }) => event === "sync.failed");
    };
    expect(await logged(new SyncError("github-unavailable", "GitHub answered 502."))).not.toHaveProperty("fault");
    expect(JSON.stringify((await logged(new TypeError("the detail"))).fault)).toContain("the detail");
  });
});

describe("one of two categories that fails", () => {
  it("keeps the repository from being settled", async () => {
    const world = await setUp();
    world.primary.stamps.set("clip", 1).set("blip", 1);
    world.primary.bodies["clip"] = null;
    expect((await world.run()).memory["haidra/image"]?.settledAt).toBeNull();
    world.primary.bodies["clip"] = CLIP;
    expect((await world.run()).memory["haidra/image"]?.settledAt).toEqual({ blip: 1, clip: 1 });
  });
});

describe("what PRIMARY answered", () => {
  it("is logged by category", async () => {
    const world = await setUp();
    delete world.primary.bodies["clip"];
    await world.run();
    const told = world.lines.map((line) => JSON.parse(line)).filter(({ event }) => event === "primary.fetched");
    expect(told).toMatchObject([
      { category: "blip", bytes: 13 },
      { category: "clip", bytes: null },
    ]);
  });

  it("is logged as it compares", async () => {
    const world = await setUp();
    world.primary.bodies["clip"] = '{"new": {}, "newer": {}, "a": {"v": 2}}';
    world.primary.bodies["blip"] = '{"z": {}}';
    await world.run();
    const told = world.lines.map((line) => JSON.parse(line)).filter(({ event }) => event === "category.compared");
    expect(told).toMatchObject([
      { category: "blip", standing: "drift", added: 1, removed: 1, modified: 0 },
      { category: "clip", standing: "drift", added: 2, removed: 0, modified: 1 },
    ]);
  });
});

describe("a repository or a branch that has another name now", () => {
  it("is followed, and the setting to change is told", async () => {
    const world = await setUp();
    const { branch } = world.image.ports.read;
    const called = (names: { repository?: string; name?: string }) => {
      world.image.ports.read.branch = async (name) => {
        const found = await branch(name);
        return found && { ...found, ...names };
      };
    };
    called({ repository: "Haidra/Image" });
    expect((await world.run()).report.warnings).toEqual([]);
    called({ repository: "other/image", name: "trunk" });
    expect((await world.run()).report.warnings).toEqual([
      "haidra/image is called other/image now. It is followed as long as GitHub redirects; set HORDE_GITHUB_SYNC_GITHUB_IMAGE_REPO or HORDE_GITHUB_SYNC_GITHUB_TEXT_REPO to the new name.",
      "The branch main of haidra/image is called trunk now. It is followed as long as GitHub redirects; set HORDE_GITHUB_SYNC_GITHUB_BRANCH to the new name.",
    ]);
  });
});

describe("a category that is not configured any more", () => {
  it("is told as long as the pull request changes it", async () => {
    const world = await setUp();
    world.primary.bodies["clip"] = changed(CLIP);
    await world.run();
    world.reconfigure({ CATEGORIES_TO_SYNC: "blip" });
    const { report } = await world.run();
    expect(report.repositories).toMatchObject([
      { outcome: "current", files: ["clip.json"], categories: { clip: { modified: [{ name: "a" }] } } },
    ]);
    world.primary.bodies["blip"] = changed(BLIP);
    await world.run();
    expect(world.image.pulls[0]?.body).toContain("clip, which was not compared");
  });
});

describe("a tick that trusts what PRIMARY tells of its categories", () => {
  const stamped = async () => {
    const world = await setUp();
    world.primary.stamps.set("clip", 1).set("blip", 1);
    world.primary.bodies["clip"] = changed(CLIP);
    await world.run();
    return world;
  };

  it("downloads nothing of a category that it does not know, where the bytes are PRIMARY's", async () => {
    const world = await stamped();
    world.primary.bodies["esrgan"] = "{}\n";
    world.primary.stamps.set("esrgan", 1);
    world.reconfigure({ CATEGORIES_TO_SYNC: "clip,blip,esrgan" });
    expect(outcomes(await world.run({ trigger: "tick" }))).toEqual(["published", "current"]);
    expect(world.primary.calls).toContain("esrgan");
    expect(world.image.calls).not.toContain(`blob ${blobShaOfText("{}\n")}`);
  });

  it("leaves alone what the branch holds, and reads it again once the base moved under it", async () => {
    const world = await stamped();
    world.primary.stamps.set("blip", 2);
    const tick = await world.run({ trigger: "tick" });
    expect([outcomes(tick), world.primary.calls]).toEqual([
      ["published", "current"],
      ["last_updated", "metadata", "blip"],
    ]);
    await world.image.push("main", { "clip.json": CLIP.replace('"v": 1', '"v": 7') });
    world.primary.stamps.set("blip", 3);
    expect(outcomes(await world.run({ trigger: "tick" }))).toEqual(["published", "updated"]);
    expect(world.primary.calls).toContain("clip");
    expect(world.image.read(SYNC_BRANCH)["clip.json"]).toBe(changed(CLIP));
  });
});
