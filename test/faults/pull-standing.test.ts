/**
 * What a look at GitHub tells of an open pull request, beside whether a run is due: a conflict with its base, and its
 * checks.
 */
import { describe, expect, it } from "vitest";
import type { ReportedPullRequest } from "../../src/contract/report.ts";
import { lookAtBranch } from "../../src/sync/glimpse.ts";
import { BRANCH } from "../world/ground.ts";
import { describeWorlds, type World } from "./world.ts";

const createWorld = describeWorlds();
const CHECKED = { CATEGORIES_TO_SYNC: "esrgan" };

async function openPull(world: World): Promise<string> {
  world.primary.putRecord("esrgan", "Fresh", { name: "Fresh", type: "esrgan" });
  world.clock.advance(60_000);
  const report = await world.run("tick");
  expect(report?.outcome).toBe("published");
  return world.github.branches(world.image)[BRANCH] ?? "";
}

/** A tick a minute; each looks. @returns the pull request as the state tells it, and the calls of GitHub */
async function look(world: World, minutes = 1) {
  world.calls();
  for (let minute = 0; minute < minutes; minute++) {
    world.clock.advance(60_000);
    expect(await world.run("tick")).toBe(null);
  }
  return { pull: world.state().repositories[0]?.pullRequest, calls: world.calls() };
}

/** That GitHub finds nothing in the way is worth no write of its own. */
function expectMergeable(pull: ReportedPullRequest | null | undefined) {
  expect([pull?.merging ?? "clean", pull?.checks]).toEqual(["clean", undefined]);
}

function allowChecks(world: World) {
  const token = "ghp_withchecks000000000000000000000000";
  const permissions = { contents: "write", pull_requests: "write", checks: "read" } as const;
  world.github.credentials.addToken({ token, permissions });
  world.configure({ GITHUB_TOKEN: token });
}

describe("an open pull request", () => {
  it("is told to be mergeable without more than two calls a look", async () => {
    const world = await createWorld(CHECKED);
    await openPull(world);
    expectMergeable((await look(world, 3)).pull);
    const { calls, pull } = await look(world);
    expect(calls.sort()).toEqual(
      ["GET image git/matching-refs/heads/sync/model-references", "GET image pulls/1"].sort(),
    );
    expect(pull).not.toHaveProperty("checks");
  });

  it("that conflicts with its base is brought up to date at once", async () => {
    const world = await createWorld(CHECKED);
    await openPull(world);
    await look(world, 2);
    const bytes = world.github.readFile({ repository: world.image, ref: "main", path: "esrgan.json" });
    const text = new TextDecoder().decode(bytes ?? new Uint8Array());
    world.github.commit({
      repository: world.image,
      branch: "main",
      message: "By hand",
      files: { "esrgan.json": text.replace(/\n}\n?$/, ',\n    "By hand": {}\n}\n') },
    });
    // GitHub begins to find out when it is asked.
    expectMergeable((await look(world)).pull);
    world.clock.advance(60_000);
    const report = await world.run("tick");
    expect(report?.repositories[0]).toMatchObject({ outcome: "updated", pullRequest: { number: 1 } });
    expectMergeable((await look(world, 2)).pull);
  });

  it("with a person's commit is told to conflict, and left to them", async () => {
    const world = await createWorld(CHECKED);
    await openPull(world);
    world.github.commit({ repository: world.image, branch: BRANCH, message: "Mine", files: { "esrgan.json": "{}\n" } });
    world.clock.advance(60_000);
    expect((await world.run("tick"))?.repositories[0]?.outcome).toBe("edited");
    world.github.commit({
      repository: world.image,
      branch: "main",
      message: "Too",
      files: { "esrgan.json": '{"Too": {}}\n' },
    });
    await look(world);
    world.clock.advance(60_000);
    expect((await world.run("tick"))?.repositories[0]?.outcome).toBe("edited");
    expect(world.state().repositories[0]?.pullRequest).toMatchObject({ merging: "dirty" });
    await look(world, 3);
  });

  it("tells its checks while they are not green, and by whom they fail", async () => {
    const world = await createWorld(CHECKED);
    const head = await openPull(world);
    allowChecks(world);
    world.github.setChecks(world.image, head, { validate: null, lint: "success" });
    expect((await look(world, 12)).pull).toMatchObject({ merging: "unstable", checks: "pending" });
    world.github.setChecks(world.image, head, { validate: "failure", lint: "success" });
    const failed = await look(world, 6);
    expect(failed.pull).toMatchObject({ merging: "unstable", checks: "failed", failedChecks: ["validate"] });
    expect((await look(world)).calls).toHaveLength(2);
    world.github.setChecks(world.image, head, { validate: "success", lint: "success" });
    const { pull } = await look(world, 6);
    expect(pull).toMatchObject({ merging: "clean" });
    expect(pull).not.toHaveProperty("checks");
  });

  it("tells that they cannot be read, and asks for them every half hour", async () => {
    const world = await createWorld(CHECKED);
    const head = await openPull(world);
    world.github.setChecks(world.image, head, { validate: "failure" });
    const body = JSON.stringify({ message: "Resource not accessible by integration" });
    const undo = world.github.faults.add({
      path: /\/check-runs/,
      times: Number.POSITIVE_INFINITY,
      action: { type: "status", status: 403, body },
    });
    expect((await look(world, 12)).pull).toMatchObject({ merging: "unstable", checks: "unreadable" });
    expect((await look(world, 60)).calls.filter((call) => call.includes("check-runs")).length).toBeLessThanOrEqual(2);
    undo();
    expect((await look(world, 40)).pull).toMatchObject({ checks: "failed", failedChecks: ["validate"] });
  });

  it("loses what was told of its checks with the next commit", async () => {
    const world = await createWorld(CHECKED);
    const head = await openPull(world);
    allowChecks(world);
    world.github.setChecks(world.image, head, { validate: "failure" });
    await look(world, 3);
    world.primary.putRecord("esrgan", "Fresher", { name: "Fresher", type: "esrgan" });
    world.clock.advance(60_000);
    expect((await world.run("tick"))?.repositories[0]?.outcome).toBe("updated");
    expect(world.state().repositories[0]?.pullRequest).not.toHaveProperty("checks");
    world.github.setChecks(world.image, world.github.branches(world.image)[BRANCH] ?? "", { validate: "success" });
    expectMergeable((await look(world, 3)).pull);
  });

  it("is seen to be merged while its checks are read instead of its branch", async () => {
    const world = await createWorld(CHECKED);
    const head = await openPull(world);
    allowChecks(world);
    world.github.setChecks(world.image, head, { validate: "failure" });
    await look(world, 3);
    world.github.mergePullRequest({ repository: world.image, number: 1, deleteBranch: true });
    world.clock.advance(60_000);
    expect((await world.run("tick"))?.repositories[0]?.outcome).toBe("in-sync");
  });
});

describe("a look", () => {
  it("has nothing to compare with before the first run", async () => {
    const never = async () => {
      throw new Error("Nothing is asked.");
    };
    const ports: Parameters<typeof lookAtBranch>[2] = {
      read: {
        branch: never,
        repository: never,
        branches: never,
        files: never,
        checks: never,
        blob: never,
        compare: never,
        history: never,
      },
      pullRequests: { list: never, get: never, open: never, update: never },
    };
    expect(
      await lookAtBranch(
        { pullRequest: null },
        { baseTree: null, sameness: {}, published: null, settledAt: null },
        ports,
      ),
    ).toBe(null);
  });
});
