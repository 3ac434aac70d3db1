import { describe, expect, it } from "vitest";
import { SYNC_BRANCH } from "../../src/config/sync-branch.ts";
import { SyncError } from "../../src/core/errors.ts";
import type { PullRequest } from "../../src/sync/ports.ts";
import type { RunResult } from "../../src/sync/run.ts";
import { CLIP, changed, outcomes, setUp } from "./run-world.ts";

/** A pull request that was opened when the settings wanted nothing but a label on it. */
async function opened() {
  const world = await setUp({ PR_LABELS: "sync" });
  world.primary.bodies["clip"] = changed(CLIP);
  await world.run();
  const people = (changes: Partial<PullRequest>) => {
    const [pull] = world.image.pulls;
    if (pull !== undefined) world.image.pulls[0] = { ...pull, openedAt: new Date(0).toISOString(), ...changes };
  };
  return { ...world, people };
}

/** What the run that opened it remembers. */
const OPENED = { pullRequest: 1, added: ["label sync"], refused: {} };
const remembered = ({ memory }: RunResult) => memory["haidra/image"]?.decoration;
const WISHES = { PR_LABELS: "ready", PR_REVIEWERS: "alice", PR_AUTO_ASSIGN_TEAM: "keepers" };

describe("what people put on the pull request, and the settings want too", () => {
  it("counts as done, so that it stays away when they take it away again", async () => {
    const world = await opened();
    world.people({ labels: ["Ready", "theirs"], reviewers: ["Alice"], teams: ["others", "keepers"] });
    world.reconfigure(WISHES);
    const added = ["label sync", "label ready", "reviewer alice", "team keepers"];
    expect(remembered(await world.run())).toEqual({ pullRequest: 1, added, refused: {} });
    world.people({ labels: [], reviewers: [], teams: [] });
    expect(remembered(await world.run())).toEqual({ pullRequest: 1, added, refused: {} });
    expect(world.image.pulls[0]?.labels).toEqual([]);
    expect(world.image.calls.filter((call) => /^(add|events) /.test(call))).toEqual([]);
  });

  it("is not learnt by a dry run, which keeps what is known", async () => {
    const world = await opened();
    world.people({ labels: ["ready"] });
    world.reconfigure({ PR_LABELS: "ready" });
    const known = remembered(await world.run());
    world.people({ labels: ["ready", "more"] });
    world.reconfigure({ PR_LABELS: "ready,more" });
    expect(remembered(await world.run({ isDryRun: true }))).toEqual(known);
    expect(remembered(await world.run())?.added).toEqual(["label sync", "label ready", "label more"]);
  });

  it("is not learnt of a pull request that people edited, which is theirs", async () => {
    const world = await opened();
    await world.image.push(SYNC_BRANCH, { README: "Mine." });
    world.people({ labels: ["ready"] });
    world.reconfigure({ PR_LABELS: "ready" });
    const result = await world.run();
    expect([outcomes(result), remembered(result)]).toEqual([["held", "edited"], OPENED]);
  });

  it("is not learnt of one that the run closes", async () => {
    const world = await opened();
    world.people({ labels: ["ready"] });
    world.reconfigure({ PR_LABELS: "ready" });
    world.primary.bodies["clip"] = CLIP;
    const result = await world.run();
    expect([outcomes(result), remembered(result)]).toEqual([["published", "closed"], OPENED]);
  });
});

it("what is wanted and is not there does not count as done", async () => {
  const world = await opened();
  world.people({ labels: ["ready"] });
  world.reconfigure({ PR_LABELS: "ready,more" });
  world.image.before = (call) => {
    if (call.startsWith("add ")) throw new SyncError("github-unavailable", "GitHub answered 502.");
  };
  expect(remembered(await world.run())?.added).toEqual(["label sync", "label ready"]);
  world.image.before = () => {};
  expect(remembered(await world.run())?.added).toEqual(["label sync", "label ready", "label more"]);
  expect(world.image.pulls[0]?.labels).toEqual(["ready", "more"]);
});
