/**
 * The table of what is found and what is done, a row for each state that a run may find, with the exact writes that follow.
 */
import { describe, expect, it } from "vitest";
import { BRANCH } from "../world/ground.ts";
import { RECORD } from "./scenarios.ts";
import { type Call, describeWorlds, type Settings, type World } from "./world.ts";

const createWorld = describeWorlds();
const TREE = ["POST git/trees", "POST git/commits"];
const MOVE = `PATCH git/refs/heads/${BRANCH}`;
const DELETE = `DELETE git/refs/heads/${BRANCH}`;
const decorate = (number: number) => [`POST issues/${number}/labels`, `POST pulls/${number}/requested_reviewers`];
const PATH = "stable_diffusion.json";

interface Row {
  readonly found: string;
  readonly prepare: (world: World) => Promise<void> | void;
  readonly settings?: Settings;
  readonly call?: Call;
  readonly outcome: string;
  readonly writes: readonly string[];
}

const add = (world: World, name: string, category = "image_generation") =>
  world.primary.putRecord(category, name, RECORD);

async function publish(world: World): Promise<void> {
  add(world, "First");
  await world.run("tick");
}

async function publishAnd(world: World, then: (world: World) => void): Promise<void> {
  await publish(world);
  then(world);
}

const push = (world: World, branch: string, path: string, change: (text: string) => string) => {
  const bytes = world.github.readFile({ repository: world.image, ref: branch, path });
  const files = { [path]: change(new TextDecoder().decode(bytes ?? undefined)) };
  world.github.commit({ repository: world.image, branch, files });
};
const pushOurFile = (world: World) =>
  push(world, "main", PATH, (text) => text.replace(/"nsfw": false/, '"nsfw": true'));
const merge = (world: World) => world.github.mergePullRequest({ repository: world.image, number: 1 });
const close = (world: World) => world.github.closePullRequest({ repository: world.image, number: 1 });
const undo = (world: World) => world.primary.removeRecord("image_generation", "First");

/** A run that dies before its first request that matches. */
async function dieBefore(world: World, pattern: RegExp): Promise<void> {
  await new Promise<void>((resolve) => {
    void world.run("tick", {
      fetch: (url, init) => {
        if (!pattern.test(`${init.method} ${url}`)) return fetch(url, init);
        resolve();
        return new Promise(() => {});
      },
    });
  });
}

const ROWS: readonly Row[] = [
  { found: "no drift, nothing open", prepare: () => {}, outcome: "in-sync", writes: [] },
  {
    found: "no drift, an owned pull request open",
    prepare: (world) => publishAnd(world, undo),
    outcome: "closed",
    writes: ["POST issues/1/comments", "PATCH pulls/1", DELETE],
  },
  {
    found: "no drift, a person's commit on the pull request",
    prepare: (world) =>
      publishAnd(world, () => {
        undo(world);
        push(world, BRANCH, "README.md", () => "Mine.\n");
      }),
    outcome: "edited",
    writes: ["POST issues/1/comments"],
  },
  {
    found: "drift, no branch, no pull request",
    prepare: (world) => void add(world, "First"),
    outcome: "created",
    writes: [...TREE, "POST git/refs", "POST pulls", ...decorate(1)],
  },
  {
    found: "drift, and an earlier run that died before its pull request",
    async prepare(world) {
      add(world, "First");
      await dieBefore(world, /^POST .*\/pulls$/);
    },
    outcome: "created",
    writes: ["POST pulls", ...decorate(1)],
  },
  {
    found: "no drift, and an earlier run that died before its pull request",
    async prepare(world) {
      await world.run("tick");
      add(world, "First");
      await dieBefore(world, /^POST .*\/pulls$/);
      undo(world);
    },
    outcome: "in-sync",
    writes: [DELETE],
  },
  { found: "an owned pull request whose head is right", prepare: publish, outcome: "current", writes: [] },
  {
    found: "an owned pull request, and the base moved elsewhere",
    prepare: (world) => publishAnd(world, () => push(world, "main", "README.md", () => "Changed.\n")),
    outcome: "current",
    writes: [],
  },
  {
    found: "an owned pull request, and other drift",
    prepare: (world) => publishAnd(world, () => add(world, "Second")),
    outcome: "updated",
    writes: [...TREE, MOVE, "PATCH pulls/1"],
  },
  {
    found: "an owned pull request, and the base moved in our files",
    prepare: (world) => publishAnd(world, pushOurFile),
    outcome: "updated",
    writes: [...TREE, MOVE, "PATCH pulls/1"],
  },
  {
    found: "an owned pull request, and a run that died between its commit and its text",
    async prepare(world) {
      await publish(world);
      add(world, "Second");
      await dieBefore(world, /^PATCH .*\/pulls\/1$/);
    },
    outcome: "updated",
    writes: ["PATCH pulls/1"],
  },
  {
    found: "a person's commit on the branch",
    prepare: (world) =>
      publishAnd(world, () => {
        push(world, BRANCH, "README.md", () => "Mine.\n");
        add(world, "Second");
      }),
    outcome: "edited",
    writes: ["POST issues/1/comments"],
  },
  {
    found: "a person's commit on the branch, and our comment",
    async prepare(world) {
      await publish(world);
      push(world, BRANCH, "README.md", () => "Mine.\n");
      await world.run("reconcile");
      add(world, "Second");
    },
    outcome: "edited",
    writes: [],
  },
  {
    found: "the last one closed unmerged, same drift",
    prepare: (world) => publishAnd(world, close),
    outcome: "rejected",
    writes: [],
  },
  {
    found: "the last one closed unmerged, same drift, and force",
    prepare: (world) => publishAnd(world, close),
    call: { isForced: true },
    outcome: "created",
    writes: ["POST pulls", ...decorate(2)],
  },
  {
    found: "the last one closed unmerged, new drift",
    prepare: (world) =>
      publishAnd(world, () => {
        close(world);
        add(world, "Second");
      }),
    outcome: "created",
    writes: [...TREE, MOVE, "POST pulls", ...decorate(2)],
  },
  {
    found: "merged, with its branch left",
    prepare: (world) => publishAnd(world, merge),
    outcome: "in-sync",
    writes: [DELETE],
  },
  {
    found: "merged, with its branch deleted",
    prepare: (world) =>
      publishAnd(world, () => {
        world.github.mergePullRequest({ repository: world.image, number: 1, deleteBranch: true });
      }),
    outcome: "in-sync",
    writes: [],
  },
  {
    found: "merged, and then undone on the base",
    prepare: (world) =>
      publishAnd(world, () => {
        const before = world.github.readFile({ repository: world.image, ref: "main", path: PATH }) ?? "";
        merge(world);
        world.github.deleteBranch(world.image, BRANCH);
        world.github.commit({ repository: world.image, branch: "main", files: { [PATH]: before } });
      }),
    outcome: "created",
    writes: [...TREE, "POST git/refs", "POST pulls", ...decorate(2)],
  },
  {
    found: "a person's branch of our name",
    prepare(world) {
      push(world, BRANCH, "README.md", () => "Mine.\n");
      add(world, "First");
    },
    outcome: "edited",
    writes: [],
  },
  {
    found: "a drift below the threshold",
    settings: { MIN_CHANGES_THRESHOLD: "2" },
    prepare: (world) => void add(world, "First"),
    outcome: "below-threshold",
    writes: [],
  },
  {
    found: "a category that PRIMARY does not know any more",
    prepare: (world) => world.primary.removeCategory("esrgan"),
    outcome: "held",
    writes: [],
  },
  {
    found: "drift, to be committed",
    settings: { PUBLISH: "commit" },
    prepare: (world) => void add(world, "First"),
    outcome: "committed",
    writes: [...TREE, "PATCH git/refs/heads/main"],
  },
  {
    found: "drift, in a dry run",
    prepare: (world) => void add(world, "First"),
    call: { isDryRun: true },
    outcome: "planned",
    writes: [],
  },
];

describe("what a run does about", () => {
  it.each(ROWS)("$found", async ({ prepare, settings = {}, call = "reconcile", outcome, writes }) => {
    const world = await createWorld({ CATEGORIES_TO_SYNC: "image_generation,esrgan", ...settings });
    await prepare(world);
    world.clock.advance(60_000);
    world.calls();
    const report = await world.run(call);
    expect(report?.repositories.map((repository) => repository.outcome)).toEqual([outcome]);
    const made = world.writes();
    expect(made.map((line) => line.replace(" image ", " "))).toEqual(writes);
    // The same again, now that it is done, is nothing.
    if (call !== "reconcile") return;
    await world.run("reconcile");
    expect(world.writes()).toEqual([]);
  });

  it("reviews of an open pull request, which survive every update: its number and its commits stay", async () => {
    const world = await createWorld({ CATEGORIES_TO_SYNC: "image_generation" });
    const heads: string[] = [];
    for (const name of ["First", "Second", "Third"]) {
      add(world, name);
      world.clock.advance(60_000);
      await world.run("tick");
      heads.push(world.github.branches(world.image)[BRANCH] ?? "");
    }
    const history = world.github.history(world.image, BRANCH).map(({ sha }) => sha);
    expect(history.slice(0, 3)).toEqual(heads.reverse());
    expect(world.github.pullRequests(world.image)).toHaveLength(1);
  });
});
