/**
 * Drift on PRIMARY, and what becomes of it on GitHub: each test names the state it starts from.
 */
import { describe, expect, test } from "vitest";
import { RECORD } from "../world/ground.ts";
import { describeWorlds, IMAGE, isWrite, readText, TEXT, type World } from "./world.ts";

const createWorld = describeWorlds();

const FIRST_WRITES = ["POST /git/trees", "POST /git/commits", "POST /git/refs", "POST /pulls", "POST /issues/1/labels"];
const APPEND_WRITES = [
  "POST /git/trees",
  "POST /git/commits",
  "PATCH /git/refs/heads/sync/model-references",
  "PATCH /pulls/1",
];

/** A world in sync, its logs cleared. */
async function inSync(vars: Record<string, string | null> = {}): Promise<World> {
  const world = await createWorld({ vars });
  expect(await world.tick()).toBe("ok");
  expect((await world.status()).state).toBe("in-sync");
  world.githubCalls();
  world.primaryCalls();
  return world;
}

/** … with one record added on PRIMARY and its pull request open. */
async function withPullRequest(vars: Record<string, string | null> = {}): Promise<World> {
  const world = await inSync(vars);
  world.sandbox.primary.putRecord("image_generation", "First", RECORD);
  expect(await world.tick(1)).toBe("ok");
  expect(world.sandbox.github.pullRequests(IMAGE)).toHaveLength(1);
  world.githubCalls();
  world.primaryCalls();
  return world;
}

function pullRequest(world: World, number = 1) {
  const found = world.sandbox.github.pullRequests(IMAGE).find((pull) => pull.number === number);
  if (found === undefined) throw new Error(`There is no pull request ${number}.`);
  return found;
}

async function outcomeOf(world: World, repository = IMAGE): Promise<string | undefined> {
  return (await world.status()).repositories.find((report) => report.repository === repository)?.outcome;
}

describe("without a pull request", () => {
  test("a new record becomes one commit, one branch and one pull request, within the budget", async () => {
    const world = await inSync();
    world.sandbox.primary.putRecord("image_generation", "New Model", { name: "New Model", nsfw: false });

    expect(await world.tick(1)).toBe("ok");

    expect(world.primaryCalls()).toEqual(["metadata/last_updated", "metadata/metadata", "image_generation"]);
    const calls = world.githubCalls();
    expect(calls.length).toBeLessThanOrEqual(9);
    expect(calls.filter(isWrite)).toEqual(FIRST_WRITES);
    expect(pullRequest(world)).toMatchObject({
      state: "open",
      title: "Sync image_generation with PRIMARY: 1 added",
      labels: ["automated", "sync", "ready-for-review"],
    });
    const diff = world.sandbox.github.diff({ repository: IMAGE, number: 1 }).split("\n");
    expect(diff.filter((line) => /^[+-](?![+-])/.test(line))).toEqual([
      "+    },",
      '+    "New Model": {',
      '+        "name": "New Model",',
      '+        "nsfw": false',
    ]);
    expect(world.sandbox.github.pullRequests(TEXT)).toEqual([]);
    const status = await world.status();
    expect(status.state).toBe("pending");
    expect(status.repositories[0]).toMatchObject({
      repository: IMAGE,
      outcome: "created",
      files: ["stable_diffusion.json"],
    });
  });

  test("the commit carries the trailers and names no author of its own", async () => {
    const world = await withPullRequest();
    const [commit] = world.sandbox.github.history(IMAGE, "sync/model-references");
    expect(commit?.message).toMatch(
      /^Sync image_generation with PRIMARY: 1 added\n\nimage_generation\n- add: First\n\n/,
    );
    expect(commit?.message).toMatch(
      /\n\nSync-Fingerprint: [0-9a-f]{64}\nPrimary-Last-Updated: \d+\nSync-Tree: [0-9a-f]{40}\s*$/,
    );
    expect(commit?.parents).toEqual([world.sandbox.github.branches(IMAGE)["main"]]);
  });

  test("several categories of a repository share one commit and one pull request", async () => {
    const world = await inSync();
    world.sandbox.primary.putRecord("image_generation", "A", RECORD);
    world.sandbox.primary.putRecord("esrgan", "B", RECORD);
    world.sandbox.primary.putRecord("controlnet", "C", RECORD);

    expect(await world.tick(1)).toBe("ok");

    expect(world.githubCalls().filter(isWrite)).toEqual(FIRST_WRITES);
    const status = await world.status();
    expect(status.repositories[0]?.files).toEqual(["stable_diffusion.json", "controlnet.json", "esrgan.json"]);
  });

  test("other files of the repository survive", async () => {
    const world = await withPullRequest();
    expect(readText(world, IMAGE, "sync/model-references", "README.md")).toBe(
      readText(world, IMAGE, "main", "README.md"),
    );
  });

  test("reviewers and a team are asked once, and one unknown name does not cost the others", async () => {
    const world = await createWorld({
      isIsolated: true,
      vars: {
        HORDE_GITHUB_SYNC_PR_REVIEWERS: "alice,nobody,bob",
        HORDE_GITHUB_SYNC_PR_AUTO_ASSIGN_TEAM: "haidra/maintainers",
      },
    });
    world.sandbox.github.credentials.setUsers(["alice", "bob"]);
    world.sandbox.github.credentials.setTeams(["maintainers"]);
    world.sandbox.github.credentials.setMembersReadable(true);
    world.sandbox.primary.putRecord("esrgan", "First", RECORD);

    const { report } = await world.sync();

    expect(pullRequest(world)).toMatchObject({ requestedReviewers: ["alice", "bob"], requestedTeams: ["maintainers"] });
    expect(report.warnings).toHaveLength(1);
    expect(report.warnings[0]).toContain("The reviewer nobody could not be added to pull request #1");
    world.sandbox.primary.putRecord("esrgan", "Second", RECORD);
    world.githubCalls();
    await world.sync();
    expect(world.githubCalls().filter((call) => call.includes("requested_reviewers"))).toEqual([]);
  });

  test("a label that may not be created is a warning, and the pull request stands", async () => {
    const world = await createWorld({ isIsolated: true, vars: { HORDE_GITHUB_SYNC_PR_LABELS: "no-such-label" } });
    world.sandbox.github.credentials.setLabelCreationAllowed(false);
    world.sandbox.primary.putRecord("esrgan", "First", RECORD);
    const { status, report } = await world.sync();
    expect(status).toBe(200);
    expect(report.outcome).toBe("published");
    expect(report.warnings[0]).toContain("The label no-such-label could not be added");
  });
});

describe("with an open pull request of ours", () => {
  test("a reconcile leaves it alone", async () => {
    const world = await withPullRequest();
    expect(await world.reconcile(2)).toBe("ok");
    expect(world.githubCalls().filter(isWrite)).toEqual([]);
    expect(await outcomeOf(world)).toBe("current");
  });

  test("other drift is appended, within the budget, and title and body follow", async () => {
    const world = await withPullRequest();
    const head = pullRequest(world).head.sha;
    world.sandbox.primary.putRecord("image_generation", "Second", RECORD);

    expect(await world.tick(2)).toBe("ok");

    const calls = world.githubCalls();
    expect(calls.filter(isWrite)).toEqual(APPEND_WRITES);
    expect(calls.length).toBeLessThanOrEqual(9);
    expect(world.primaryCalls()).toHaveLength(3);
    expect(pullRequest(world)).toMatchObject({ state: "open", title: "Sync image_generation with PRIMARY: 2 added" });
    expect(world.sandbox.github.history(IMAGE, "sync/model-references")[0]?.parents).toEqual([head]);
    expect(await outcomeOf(world)).toBe("updated");
  });

  test("with a wiped KV the same happens, with more requests", async () => {
    const world = await withPullRequest();
    for (const key of Object.keys(await world.stored())) await world.store(key, null);
    world.sandbox.primary.putRecord("image_generation", "Second", RECORD);
    expect(await world.tick(2)).toBe("ok");
    expect(world.githubCalls().filter(isWrite)).toEqual(APPEND_WRITES);
    expect(world.sandbox.github.pullRequests(IMAGE)).toHaveLength(1);
  });

  test("drift in another category joins it without losing what it held", async () => {
    const world = await withPullRequest();
    world.sandbox.primary.putRecord("esrgan", "Other", RECORD);
    expect(await world.tick(2)).toBe("ok");
    expect(pullRequest(world).title).toBe("Sync image_generation, esrgan with PRIMARY: 2 added");
    expect(readText(world, IMAGE, "sync/model-references", "stable_diffusion.json")).toContain('"First"');
    expect(readText(world, IMAGE, "sync/model-references", "esrgan.json")).toContain('"Other"');
  });

  test("a manual run of another category keeps what it held", async () => {
    const world = await withPullRequest();
    world.sandbox.primary.putRecord("esrgan", "Other", RECORD);
    const { report } = await world.sync({ categories: ["esrgan"] });
    expect(report.repositories[0]?.outcome).toBe("updated");
    expect(pullRequest(world).title).toBe("Sync image_generation, esrgan with PRIMARY: 2 added");
  });

  test("what a person wrote around our section of the body stays", async () => {
    const world = await withPullRequest();
    const { body } = pullRequest(world);
    world.sandbox.github.editPullRequest({
      repository: IMAGE,
      number: 1,
      body: `Please wait for me.\n\n${body}\n\nThanks!`,
    });
    world.sandbox.primary.putRecord("image_generation", "Second", RECORD);
    await world.tick(2);
    expect(pullRequest(world).body).toMatch(/^Please wait for me\.\n\n<!-- [\s\S]*`Second`[\s\S]* -->\n\nThanks!$/);
  });

  test("when the base moved elsewhere, nothing is done", async () => {
    const world = await withPullRequest();
    world.sandbox.github.commit({ repository: IMAGE, branch: "main", files: { "README.md": "Changed.\n" } });
    await world.reconcile(2);
    expect(world.githubCalls().filter(isWrite)).toEqual([]);
    expect(await outcomeOf(world)).toBe("current");
  });

  test("when the base moved in our files, the base is merged in with the wanted files", async () => {
    const world = await withPullRequest();
    const head = pullRequest(world).head.sha;
    const file = readText(world, IMAGE, "main", "stable_diffusion.json");
    const edited = file.replace('"nsfw": false', '"nsfw": true');
    const base = world.sandbox.github.commit({
      repository: IMAGE,
      branch: "main",
      files: { "stable_diffusion.json": edited },
    });

    await world.reconcile(2);

    expect(world.sandbox.github.history(IMAGE, "sync/model-references")[0]?.parents).toEqual([head, base]);
    world.sandbox.github.mergePullRequest({ repository: IMAGE, number: 1 });
    await world.reconcile(3);
    expect(await outcomeOf(world)).toBe("in-sync");
  });

  test("when the drift is gone, it is closed with a reason and its branch deleted", async () => {
    const world = await withPullRequest();
    world.sandbox.primary.removeRecord("image_generation", "First");
    expect(await world.tick(2)).toBe("ok");
    expect(pullRequest(world).state).toBe("closed");
    expect(
      pullRequest(world)
        .comments.map(({ body }) => body)
        .join(),
    ).toContain("nothing is left to merge");
    expect(Object.keys(world.sandbox.github.branches(IMAGE))).toEqual(["main"]);
    expect(await outcomeOf(world)).toBe("closed");
  });

  test("a drift that comes back after we closed it ourselves is not taken for rejected", async () => {
    const world = await withPullRequest();
    world.sandbox.primary.removeRecord("image_generation", "First");
    await world.tick(2);
    world.sandbox.primary.putRecord("image_generation", "First", RECORD);
    await world.tick(3);
    expect(pullRequest(world, 2).state).toBe("open");
  });

  test("a person's commit on the branch is left alone, with one comment", async () => {
    const world = await withPullRequest();
    world.sandbox.github.commit({
      repository: IMAGE,
      branch: "sync/model-references",
      files: { "NOTE.md": "Mine.\n" },
    });
    for (const minutes of [2, 3, 4]) {
      world.sandbox.primary.putRecord("image_generation", `More ${minutes}`, RECORD);
      expect(await world.tick(minutes)).toBe("ok");
    }
    expect(pullRequest(world).comments).toHaveLength(1);
    expect(world.githubCalls().filter(isWrite)).toEqual(["POST /issues/1/comments"]);
    expect(await outcomeOf(world)).toBe("edited");
  });

  test("after a merge the next run is in sync, writes nothing but the leftover branch's deletion, and reads what it warns of once", async () => {
    const world = await withPullRequest();
    world.sandbox.github.mergePullRequest({ repository: IMAGE, number: 1 });
    await world.reconcile(2);
    const calls = world.githubCalls();
    expect(calls.filter(isWrite)).toEqual(["DELETE /git/refs/heads/sync/model-references"]);
    // The repository's check refuses the record of these tests.
    expect(calls.filter((call) => call.includes("/git/blobs/"))).toHaveLength(1);
    expect((await world.status()).state).toBe("in-sync");
    await world.reconcile(3);
    const later = world.githubCalls();
    expect(later.filter((call) => isWrite(call) || call.includes("/git/blobs/"))).toEqual([]);
  });

  test("after a merge that left its branch, and without memory, new drift starts a new pull request", async () => {
    const world = await withPullRequest();
    world.sandbox.github.mergePullRequest({ repository: IMAGE, number: 1 });
    await world.store("state", null);
    world.sandbox.primary.putRecord("image_generation", "Second", RECORD);
    expect(await world.tick(2)).toBe("ok");
    expect(pullRequest(world, 2)).toMatchObject({
      state: "open",
      title: "Sync image_generation with PRIMARY: 1 added",
    });
    expect(world.sandbox.github.history(IMAGE, "sync/model-references")[0]?.parents).toEqual([
      world.sandbox.github.branches(IMAGE)["main"],
    ]);
  });
});

describe("after a pull request was closed unmerged", () => {
  test("the same drift is respected as rejected, and force opens a new one", async () => {
    const world = await withPullRequest();
    world.sandbox.github.closePullRequest({ repository: IMAGE, number: 1 });
    await world.reconcile(2);
    expect(world.githubCalls().filter(isWrite)).toEqual([]);
    expect(await outcomeOf(world)).toBe("rejected");
    const { report } = await world.sync({ force: true });
    expect(report.repositories[0]).toMatchObject({ outcome: "created", pullRequest: { number: 2 } });
  });

  test("other drift opens a new one", async () => {
    const world = await withPullRequest();
    world.sandbox.github.closePullRequest({ repository: IMAGE, number: 1 });
    world.sandbox.primary.putRecord("image_generation", "Second", RECORD);
    await world.tick(2);
    expect(pullRequest(world, 2)).toMatchObject({
      state: "open",
      title: "Sync image_generation with PRIMARY: 2 added",
    });
  });
});

describe("held and below the threshold", () => {
  test("a category that would lose too much is held, the others go on, and force overrides", async () => {
    const world = await inSync();
    const category: Record<string, object> = JSON.parse(world.sandbox.primary.category("image_generation") ?? "{}");
    for (const name of Object.keys(category).slice(0, 8)) world.sandbox.primary.removeRecord("image_generation", name);
    world.sandbox.primary.putRecord("esrgan", "First", RECORD);

    await world.tick(1);

    const [report] = (await world.status()).repositories;
    expect(report).toMatchObject({ outcome: "created", files: ["esrgan.json"] });
    expect(report?.categories.image_generation?.held).toMatch(
      /^It would remove 8 of \d+ records \(\d+ %, allowed are 30 %\)/,
    );
    const forced = await world.sync({ force: true });
    expect(forced.report.repositories[0]).toMatchObject({
      outcome: "updated",
      files: ["stable_diffusion.json", "esrgan.json"],
    });
  });

  test("fewer changes than the threshold wait, and force overrides", async () => {
    const world = await inSync({ HORDE_GITHUB_SYNC_MIN_CHANGES_THRESHOLD: "2" });
    world.sandbox.primary.putRecord("esrgan", "First", RECORD);
    await world.tick(1);
    expect(await outcomeOf(world)).toBe("below-threshold");
    expect(world.githubCalls().filter(isWrite)).toEqual([]);
    const { report } = await world.sync({ force: true });
    expect(report.repositories[0]?.outcome).toBe("created");
  });
});

describe("dry run", () => {
  test("plans the same and writes nothing anywhere", async () => {
    const world = await inSync();
    world.sandbox.primary.putRecord("image_generation", "First", RECORD);
    const before = await world.stored();
    const { status, report } = await world.sync({ dryRun: true });
    expect(status).toBe(200);
    expect(report).toMatchObject({ outcome: "planned", dryRun: true });
    expect(report.repositories[0]).toMatchObject({ outcome: "planned", files: ["stable_diffusion.json"] });
    expect(report.repositories[0]?.categories.image_generation?.added).toEqual(["First"]);
    expect(world.githubCalls().filter(isWrite)).toEqual([]);
    expect(await world.stored()).toEqual(before);
  });
});

describe("PUBLISH=commit", () => {
  test("commits straight to the base branch, once", async () => {
    const world = await inSync({ HORDE_GITHUB_SYNC_PUBLISH: "commit" });
    const base = world.sandbox.github.branches(IMAGE)["main"];
    world.sandbox.primary.putRecord("image_generation", "First", RECORD);
    await world.tick(1);
    expect(world.githubCalls().filter(isWrite)).toEqual([
      "POST /git/trees",
      "POST /git/commits",
      "PATCH /git/refs/heads/main",
    ]);
    expect(world.sandbox.github.history(IMAGE, "main")[0]?.parents).toEqual([base]);
    expect(await outcomeOf(world)).toBe("committed");
    await world.reconcile(2);
    expect(world.githubCalls().filter(isWrite)).toEqual([]);
    expect((await world.status()).state).toBe("in-sync");
  });

  test("compares again when the base moved between its read and its write", async () => {
    const world = await inSync({ HORDE_GITHUB_SYNC_PUBLISH: "commit" });
    world.sandbox.primary.putRecord("image_generation", "First", RECORD);
    world.sandbox.github.faults.add({
      method: "PATCH",
      path: /refs\/heads\/main$/,
      action: { type: "status", status: 422, body: '{"message":"Update is not a fast forward"}' },
    });
    await world.tick(1);
    expect(await outcomeOf(world)).toBe("committed");
    expect(world.githubCalls().filter((call) => call.startsWith("PATCH"))).toHaveLength(2);
  });
});

describe("many runs at once", () => {
  test("25 manual runs and a tick make one branch, one commit and one pull request", async () => {
    const world = await inSync();
    world.sandbox.primary.putRecord("image_generation", "First", RECORD);
    const runs = await Promise.all([world.tick(1), ...Array.from({ length: 25 }, () => world.sync())]);
    expect(runs[0]).toBe("ok");
    expect(world.sandbox.github.pullRequests(IMAGE)).toHaveLength(1);
    expect(Object.keys(world.sandbox.github.branches(IMAGE)).sort()).toEqual(["main", "sync/model-references"]);
    const [head, base] = world.sandbox.github.history(IMAGE, "sync/model-references");
    expect(head?.parents).toEqual([base?.sha]);
    expect(base?.sha).toBe(world.sandbox.github.branches(IMAGE)["main"]);
  });
});
