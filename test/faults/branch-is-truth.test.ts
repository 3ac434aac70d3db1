/**
 * The pull request says what its branch holds, whatever was forced, held, broken, delayed or done by people before.
 */
import { describe, expect, it } from "vitest";
import type { Report } from "../../src/contract/report.ts";
import { BRANCH } from "../world/ground.ts";
import { imageWorlds } from "./image-worlds.ts";
import { editText, RECORD } from "./scenarios.ts";
import { expectTold, recordsThatDiffer } from "./told.ts";
import { branchesOf, expectOnePull, expectTidy, meansPrimary, openPulls } from "./truth.ts";
import { describeWorlds, LABELS, type Settings, type World } from "./world.ts";

const createWorld = describeWorlds();
const PATH = "stable_diffusion.json";
const worldWith = imageWorlds(createWorld);

const add = (world: World, name: string, category = "image_generation") =>
  world.primary.putRecord(category, name, RECORD);

async function outcomeOf(world: World, call: Parameters<World["run"]>[0] = "reconcile") {
  world.clock.advance(60_000);
  const report = await world.run(call);
  return imageOf(report)?.outcome;
}

const imageOf = (report: Report | null) => report?.repositories[0];

async function published(settings: Settings = {}): Promise<World> {
  const world = await worldWith(settings);
  add(world, "First");
  expect(await outcomeOf(world)).toBe("created");
  return world;
}

function primaryNames(world: World, category = "image_generation"): string[] {
  return Object.keys(JSON.parse(world.primary.category(category) ?? "{}"));
}

function removeRecords(world: World, count: number): void {
  for (const name of primaryNames(world).slice(0, count)) world.primary.removeRecord("image_generation", name);
}

const headOf = (world: World) => world.github.branches(world.image)[BRANCH] ?? "";
const pull = (world: World, number = 1) => ({ repository: world.image, number });

describe("the text is the tree", () => {
  it("names what a force published, also after another category drifts and a plain run", async () => {
    const world = await worldWith();
    removeRecords(world, 6);
    expect(await outcomeOf(world)).toBe("held");
    expect(await outcomeOf(world, { categories: ["image_generation"], isForced: true })).toBe("created");
    expectTold(world, world.image);

    expect(await outcomeOf(world)).toBe("current");
    add(world, "Other", "clip");
    expect(await outcomeOf(world, "tick")).toBe("updated");
    expectTold(world, world.image);
    const [open] = openPulls(world, world.image);
    expect(open?.title).toMatch(/6 removed/);
    expect(open?.body).not.toMatch(/held/);
    const report = await world.run("reconcile");
    expect(imageOf(report)?.categories).toMatchObject({
      image_generation: { removed: expect.objectContaining({ length: 6 }) },
      clip: { added: ["Other"] },
    });
    expect(imageOf(report)?.categories.image_generation).not.toHaveProperty("held");
  });

  it("keeps what was published before a removal that is held, and says both", async () => {
    const world = await worldWith();
    removeRecords(world, 3);
    expect(await outcomeOf(world)).toBe("created");
    removeRecords(world, 4);
    add(world, "Other", "clip");
    expect(await outcomeOf(world)).toBe("updated");
    expectTold(world, world.image);
    expect(recordsThatDiffer(world, world.image)).toMatchObject({ image_generation: { length: 3 }, clip: ["Other"] });
    const [open] = openPulls(world, world.image);
    expect(open?.body).toMatch(/### image_generation: the rest is held/);
    expect(open?.title).toMatch(/1 added, 3 removed/);
  });

  it("does not let a force for one category release another", async () => {
    const world = await worldWith({ CATEGORIES_TO_SYNC: "image_generation,clip" });
    add(world, "First", "clip");
    await outcomeOf(world);
    removeRecords(world, 6);
    expect(await outcomeOf(world, { categories: ["clip"], isForced: true })).toBe("current");
    expect(recordsThatDiffer(world, world.image)).toEqual({ clip: ["First"] });
  });

  it("gets its section back when a person removes it, and keeps their words and their title", async () => {
    const world = await published();
    world.github.editPullRequest({ ...pull(world), title: "My title", body: "My words." });
    await outcomeOf(world);
    expectTold(world, world.image);
    const [open] = openPulls(world, world.image);
    expect(open?.body).toMatch(/^My words\.\n/);
    expect(open?.title).toMatch(/^Sync /);
    world.github.editPullRequest({ ...pull(world), title: "My title" });
    expect(await outcomeOf(world)).toBe("current");
    expect(openPulls(world, world.image)[0]?.title).toBe("My title");
  });
});

describe("one bad category stops nobody", () => {
  const broken: [string, (world: World) => void, RegExp][] = [
    ["PRIMARY answers HTML", (world) => world.primary.setCategory("esrgan", "<html>"), /HTML/],
    ["PRIMARY has a record that is none", (world) => world.primary.setCategory("esrgan", '{"a": 1}'), /"a"/],
    [
      "PRIMARY answers 500",
      (world) => {
        add(world, "Other", "esrgan");
        const action = { type: "status", status: 500, headers: {}, body: "{}" } as const;
        world.primary.faults.add({ path: /\/esrgan$/, times: 9, action });
      },
      /500/,
    ],
    [
      "the file on the base is broken",
      (world) => {
        add(world, "Other", "esrgan");
        world.github.commit({ repository: world.image, files: { "esrgan.json": '{"a": ' } });
      },
      /esrgan\.json/,
    ],
    [
      "the file on the base is a symbolic link",
      (world) => {
        add(world, "Other", "esrgan");
        world.github.commit({
          repository: world.image,
          files: { "esrgan.json": { mode: "120000", content: "clip.json" } },
        });
      },
      /esrgan\.json on GitHub is a symbolic link/,
    ],
    [
      "the file on the base is a Git LFS pointer",
      (world) => {
        add(world, "Other", "esrgan");
        const text = `version https://git-lfs.github.com/spec/v1\noid sha256:${"0".repeat(64)}\nsize 1\n`;
        world.github.commit({ repository: world.image, files: { "esrgan.json": text } });
      },
      /Git LFS pointer/,
    ],
  ];

  it.each(broken)("when %s", async (_what, harm, reason) => {
    const world = await worldWith();
    const before = world.state().lastUpdated;
    harm(world);
    add(world, "First");
    world.clock.advance(60_000);
    const report = await world.run("tick");
    expect(report?.outcome).toBe("partial");
    expect(imageOf(report)).toMatchObject({
      outcome: "created",
      categories: { esrgan: { failed: { message: expect.stringMatching(reason) } } },
    });
    expectTold(world, world.image);
    expect(world.state().lastUpdated).toBe(before);

    world.primary.faults.clear();
    expect(await world.run("tick"), "nothing is done before the category is due again").toBeNull();
    add(world, "Second");
    world.clock.advance(1000);
    expect(imageOf(await world.run("tick"))?.outcome, "and nobody waits for it").toBe("updated");
  });

  it("and it is published once it can be read again", async () => {
    const world = await worldWith();
    const good = world.primary.category("esrgan") ?? "";
    world.primary.setCategory("esrgan", "<html>");
    await outcomeOf(world, "tick");
    world.primary.setCategory("esrgan", good);
    add(world, "Other", "esrgan");
    world.pass();
    const report = await world.run("tick");
    expect(report).toMatchObject({ outcome: "published" });
    expect(world.state().lastUpdated).toBe(world.primary.lastUpdated);
    expectTold(world, world.image);
  });
});

describe("the branch's ref is the truth", () => {
  it("while lists still tell the head that the pull request was opened with", async () => {
    const world = await published();
    world.github.startLag(world.image, { scope: "heads" });
    add(world, "Second");
    expect(await outcomeOf(world, "tick")).toBe("updated");
    world.primary.removeRecord("image_generation", "Second");
    expect(await outcomeOf(world, "tick")).toBe("updated");
    expect(recordsThatDiffer(world, world.image)).toEqual({ image_generation: ["First"] });
    add(world, "Third");
    expect(await outcomeOf(world, "tick")).toBe("updated");
    expectOnePull(world, world.image);
    expectTold(world, world.image);
  });

  it("while lists do not know the pull request at all, or still take it for open", async () => {
    const world = await worldWith();
    world.github.startLag(world.image);
    add(world, "First");
    expect(await outcomeOf(world, "tick")).toBe("created");
    add(world, "Second");
    expect(await outcomeOf(world, "tick")).toBe("updated");
    world.github.endLag(world.image);
    expectOnePull(world, world.image);

    world.github.startLag(world.image);
    world.github.mergePullRequest({ ...pull(world), method: "squash" });
    add(world, "Third");
    await outcomeOf(world, "tick");
    world.github.endLag(world.image);
    world.pass();
    await world.run("tick");
    expectOnePull(world, world.image);
    expect(recordsThatDiffer(world, world.image)).toEqual({ image_generation: ["Third"] });
  });
});

describe("a finished branch is finished", () => {
  const push = (world: World) =>
    world.github.commit({ repository: world.image, branch: BRANCH, files: { "NOTE.md": "Mine.\n" } });

  it.each(["merge", "squash", "rebase"] as const)(
    "after a %s with a person's commit, the branch kept",
    async (method) => {
      const world = await published();
      push(world);
      expect(await outcomeOf(world)).toBe("edited");
      world.github.mergePullRequest({ ...pull(world), method });
      expect(await outcomeOf(world)).toBe("in-sync");
      expect(branchesOf(world, world.image)).toEqual(["main"]);
      add(world, "Second");
      expect(await outcomeOf(world)).toBe("created");
      expectOnePull(world, world.image);
      expectTold(world, world.image);
    },
  );

  it.each(["merge", "squash", "rebase"] as const)("after a %s, when PRIMARY changed already", async (method) => {
    const world = await published();
    push(world);
    await outcomeOf(world);
    world.github.mergePullRequest({ ...pull(world), method });
    add(world, "Second");
    expect(await outcomeOf(world)).toBe("created");
    expect(recordsThatDiffer(world, world.image)).toEqual({ image_generation: ["Second"] });
  });

  it("but not when a person committed on it after the merge", async () => {
    const world = await published();
    world.github.mergePullRequest({ ...pull(world), method: "squash" });
    const commit = push(world);
    add(world, "Second");
    world.clock.advance(60_000);
    const report = await world.run("reconcile");
    expect(imageOf(report)).toMatchObject({ outcome: "edited", pullRequest: null });
    expect(headOf(world)).toBe(commit);
    expect(await outcomeOf(world, { isForced: true })).toBe("edited");
    world.github.deleteBranch(world.image, BRANCH);
    expect(await outcomeOf(world)).toBe("created");
  });

  it("closed by a person, an edited pull request is rejected as what it said when it was last ours", async () => {
    const world = await published();
    push(world);
    await outcomeOf(world);
    world.github.closePullRequest(pull(world));
    expect(await outcomeOf(world)).toBe("rejected");
    add(world, "Second");
    expect(await outcomeOf(world)).toBe("created");
    expectOnePull(world, world.image);
    expect(world.github.readFile({ repository: world.image, ref: BRANCH, path: "NOTE.md" })).toBeNull();
    expectTold(world, world.image);
  });

  it("closed and with its branch deleted, an edited one starts afresh, as its comment says", async () => {
    const world = await published();
    push(world);
    await outcomeOf(world);
    expect(openPulls(world, world.image)[0]?.comments[0]?.body).toMatch(
      /Close it and delete the branch.*starts afresh/,
    );
    world.github.closePullRequest(pull(world));
    world.github.deleteBranch(world.image, BRANCH);
    expect(await outcomeOf(world)).toBe("created");
    expectOnePull(world, world.image);
  });

  it("and a person who takes their commit back gives it back to the sync", async () => {
    const world = await published();
    const ours = headOf(world);
    push(world);
    expect(await outcomeOf(world)).toBe("edited");
    world.github.forcePush({ repository: world.image, branch: BRANCH, sha: ours });
    expect(await outcomeOf(world)).toBe("current");
    world.kv.values.clear();
    add(world, "Second");
    expect(await outcomeOf(world)).toBe("updated");
  });
});

describe("ownership cannot be copied", () => {
  it.each(["amendCommit", "squashBranch"] as const)("by %s, which keeps our message", async (deed) => {
    const world = await published();
    add(world, "Second");
    await outcomeOf(world);
    const files = { [PATH]: "{}\n" };
    if (deed === "amendCommit") world.github.amendCommit({ repository: world.image, branch: BRANCH, files });
    else {
      world.github.commit({ repository: world.image, branch: BRANCH, files, message: "Mine" });
      const message = world.github.history(world.image, BRANCH)[1]?.message ?? "";
      world.github.squashBranch({ repository: world.image, branch: BRANCH, message });
    }
    const theirs = headOf(world);
    world.primary.removeRecord("image_generation", "First");
    world.primary.removeRecord("image_generation", "Second");
    expect(await outcomeOf(world)).toBe("edited");
    world.kv.values.clear();
    expect(await outcomeOf(world)).toBe("edited");
    expect(headOf(world)).toBe(theirs);
    expect(openPulls(world, world.image)).toHaveLength(1);
  });

  it("is not lost to an empty commit, to GitHub's own update of the branch, or to authors who do not count", async () => {
    const world = await published({ IGNORED_AUTHORS: "Fixer@Bots.example" });
    world.github.commit({ repository: world.image, branch: BRANCH, files: {}, message: "Start the checks again" });
    add(world, "Second");
    expect(await outcomeOf(world)).toBe("updated");
    world.github.commit({ repository: world.image, files: { "README.md": "New.\n" } });
    world.github.updateBranch({ ...pull(world), method: "merge" });
    add(world, "Third");
    expect(await outcomeOf(world)).toBe("updated");
    const email = "fixer@bots.example";
    world.github.commit({ repository: world.image, branch: BRANCH, files: { "README.md": "Fixed.\n" }, email });
    add(world, "Fourth");
    expect(await outcomeOf(world)).toBe("updated");
    expectTold(world, world.image);
  });
});

describe("every pull request is found", () => {
  it("reopened after eleven newer ones were closed", async () => {
    const world = await published();
    world.github.closePullRequest(pull(world));
    for (let number = 2; number <= 12; number++) {
      world.clock.advance(60_000);
      const opened = world.github.openPullRequest({ repository: world.image, head: BRANCH, title: `Mine ${number}` });
      world.github.closePullRequest(pull(world, opened));
    }
    world.github.reopenPullRequest(pull(world));
    add(world, "Second");
    expect(await outcomeOf(world)).toBe("updated");
    expect(openPulls(world, world.image).map(({ number }) => number)).toEqual([1]);
  });

  it("retargeted, as a draft, locked and with another title", async () => {
    const world = await published();
    world.github.commit({ repository: world.image, branch: "release", files: {} });
    world.github.retargetPullRequest({ ...pull(world), base: "release" });
    world.github.setDraft({ ...pull(world), isDraft: true });
    world.github.lockConversation(pull(world));
    add(world, "Second");
    world.clock.advance(60_000);
    const report = await world.run("reconcile");
    expect(imageOf(report)?.outcome).toBe("updated");
    expect(report?.warnings).toEqual([expect.stringMatching(/#1 of .* goes into release and not into main/)]);
    expect(openPulls(world, world.image)).toHaveLength(1);
  });

  it("locked, with a person's commit: the comment that cannot be posted blocks nothing", async () => {
    const world = await published();
    world.github.lockConversation(pull(world));
    world.github.commit({ repository: world.image, branch: BRANCH, files: { "NOTE.md": "Mine.\n" } });
    expect(await outcomeOf(world)).toBe("edited");
  });

  it("closed with its branch deleted, and restored", async () => {
    const world = await published();
    world.github.deleteBranch(world.image, BRANCH);
    expect(await outcomeOf(world)).toBe("rejected");
    world.github.restoreBranch(pull(world));
    world.github.reopenPullRequest(pull(world));
    add(world, "Second");
    expect(await outcomeOf(world)).toBe("updated");
    expectOnePull(world, world.image);
  });

  it("and a fork's of the same branch name in the same organisation is not ours", async () => {
    const world = await published();
    const [owner = ""] = world.image.split("/");
    world.github.mergePullRequest({ ...pull(world), deleteBranch: true });
    world.github.forkRepository({ from: world.image, owner, name: "image-fork" });
    const fork = `${owner}/image-fork`;
    world.github.commit({ repository: fork, branch: BRANCH, files: { "README.md": "Mine.\n" } });
    const theirs = world.github.openPullRequest({
      repository: world.image,
      head: BRANCH,
      headRepository: fork,
      title: "Mine",
    });
    world.calls();
    expect(await outcomeOf(world)).toBe("in-sync");
    expect(world.writes()).toEqual([]);
    add(world, "Second");
    expect(await outcomeOf(world)).toBe("created");
    const fromFork = world.github.pullRequests(world.image).find(({ number }) => number === theirs);
    expect(fromFork).toMatchObject({ title: "Mine", state: "open", comments: [] });
  });
});

describe("who closed it decides what a closing means", () => {
  const bot = { login: "stale[bot]", type: "Bot" as const };

  it("a person rejects, also where GitHub does not tell who it was", async () => {
    const world = await published();
    world.github.closePullRequest({ ...pull(world), by: null });
    expect(await outcomeOf(world)).toBe("rejected");
  });

  it("a bot does not; after two closings in a day it is said who closes, and nothing is opened any more", async () => {
    const world = await published();
    world.github.closePullRequest({ ...pull(world), by: bot });
    world.clock.advance(60_000);
    const first = await world.run("reconcile");
    expect([imageOf(first)?.outcome, first?.warnings]).toEqual([
      "created",
      [expect.stringMatching(/#1 was closed by stale\[bot\]/)],
    ]);
    world.github.closePullRequest({ ...pull(world, 2), by: bot });
    world.clock.advance(60_000);
    const second = await world.run("reconcile");
    expect([imageOf(second)?.outcome, second?.warnings]).toEqual([
      "rejected",
      [expect.stringMatching(/closed 2 times within a day.*#2\) by stale\[bot\]/)],
    ]);
    world.clock.advance(25 * 60 * 60_000);
    expect(await outcomeOf(world)).toBe("created");
  });

  it("the Python service does not, and its leftovers are named", async () => {
    const world = await published();
    world.github.runPythonService({ repository: world.image, files: { "README.md": "Python\n" } });
    world.clock.advance(60_000);
    const report = await world.run("reconcile");
    expect(imageOf(report)?.outcome).toBe("created");
    expect(report?.warnings.join("\n")).toMatch(/branches of the Python service: sync\/multi-category\//);
    expect(report?.warnings.join("\n")).toMatch(/#1 was closed by the Python sync service/);
  });

  it("nor do we ourselves", async () => {
    const world = await published();
    world.primary.removeRecord("image_generation", "First");
    expect(await outcomeOf(world)).toBe("closed");
    add(world, "First");
    expect(await outcomeOf(world)).toBe("created");
  });
});

describe("labels and reviewers", () => {
  it("that a person took away stay away, also without memory", async () => {
    const world = await published();
    world.github.removeLabels({ ...pull(world), labels: ["sync"] });
    world.github.removeReviewers({ ...pull(world), reviewers: ["bob"] });
    for (const forget of [false, true]) {
      if (forget) world.kv.values.clear();
      world.clock.advance(10 * 60_000);
      await outcomeOf(world);
      const [open] = openPulls(world, world.image);
      expect(open?.labels).toEqual(LABELS.filter((label) => label !== "sync"));
      expect(open?.requestedReviewers).toEqual(["alice"]);
    }
  });

  it("are not asked for again once a reviewer has answered", async () => {
    const world = await published();
    world.github.submitReview({ ...pull(world), by: { login: "alice", type: "User" } });
    world.kv.values.clear();
    world.clock.advance(10 * 60_000);
    world.calls();
    expect(await outcomeOf(world)).toBe("current");
    expect(world.writes()).toEqual([]);
  });

  it("one bad reviewer costs the others nothing, and is told as long as it is so", async () => {
    const world = await worldWith({ PR_REVIEWERS: "alice,nobody" });
    add(world, "First");
    for (let time = 0; time < 3; time++) {
      world.clock.advance(60_000);
      const report = await world.run("reconcile");
      expect(report?.warnings).toEqual([expect.stringMatching(/^The reviewer nobody could not be added/)]);
      if (time > 0) expect(world.writes()).toEqual([]);
      else world.calls();
    }
    expect(openPulls(world, world.image)[0]?.requestedReviewers).toEqual(["alice"]);
  });
});

describe("the origin of a change", () => {
  it("that undoes an edit of the base is named with its commit", async () => {
    const world = await worldWith();
    const text = new TextDecoder().decode(
      world.github.readFile({ repository: world.image, ref: "main", path: PATH }) ?? undefined,
    );
    const [name = ""] = primaryNames(world);
    const edited = JSON.parse(text);
    edited[name].description = "Edited here";
    world.clock.advance(60_000);
    const sha = world.github.commit({
      repository: world.image,
      files: { [PATH]: `${JSON.stringify(edited, null, 4)}\n` },
    });
    add(world, "Second");
    expect(await outcomeOf(world)).toBe("created");
    const body = openPulls(world, world.image)[0]?.body ?? "";
    expect(body).toContain(`merging this undoes [${sha.slice(0, 7)}](`);
    expect(body).toContain(`PRIMARY did not change \`${name}\``);
    expect(body).not.toMatch(/PRIMARY did not change .*Second/);
    expectTold(world, world.image);
    world.calls();
    expect(await outcomeOf(world)).toBe("current");
    expect(world.calls().filter((call) => /commits$/.test(call))).toEqual([]);
  });
});

describe("two services with a PRIMARY each", () => {
  it("are recognised, and said so", async () => {
    const world = await published();
    const body = openPulls(world, world.image)[0]?.body ?? "";
    world.github.editPullRequest({ ...pull(world), body: body.replace(/source=\w+/, "source=0123456789abcdef") });
    world.clock.advance(60_000);
    const report = await world.run("reconcile");
    expect(imageOf(report)).toMatchObject({
      outcome: "conflict",
      error: { message: expect.stringMatching(/another PRIMARY.*Stop one of them/) },
    });
  });
});

describe("modes", () => {
  it("stay as they are: an executable file stays one", async () => {
    const world = await worldWith();
    const bytes = world.github.readFile({ repository: world.image, ref: "main", path: PATH });
    const content = new TextDecoder().decode(bytes ?? undefined);
    world.github.commit({ repository: world.image, files: { [PATH]: { mode: "100755", content } } });
    add(world, "First");
    expect(await outcomeOf(world)).toBe("created");
    expect(world.github.readMode({ repository: world.image, ref: BRANCH, path: PATH })).toBe("100755");
  });
});

it("a branch named sync is said to be in the way", async () => {
  const world = await worldWith();
  world.github.commit({ repository: world.image, branch: "sync", files: {} });
  add(world, "First");
  world.clock.advance(60_000);
  const report = await world.run("reconcile");
  expect(imageOf(report)).toMatchObject({
    outcome: "failed",
    error: { message: expect.stringMatching(/named "sync"/) },
  });
  expect(world.writes()).toEqual([]);
});

it("text models: a rename is told once, in the body and in the report", async () => {
  const world = await createWorld({ CATEGORIES_TO_SYNC: "text_generation" });
  await world.run("tick");
  editText(world, "Edited");
  world.clock.advance(60_000);
  await world.run("tick");
  expectTold(world, world.text);
  expect(meansPrimary(world, world.text, BRANCH)).toBe(true);
  expectTidy(world);
});
