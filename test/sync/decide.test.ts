import { describe, expect, it } from "vitest";
import type { Tree } from "../../src/files/git-tree.ts";
import { type DecideInput, decide } from "../../src/sync/decide.ts";
import type { Decision, Policy } from "../../src/sync/decision.ts";
import type { Delta } from "../../src/sync/delta.ts";
import { describeIn, titleFor } from "../../src/sync/describe.ts";
import { withdraw } from "../../src/sync/marker.ts";
import type { PullRequest } from "../../src/sync/ports.ts";
import type { Proposal } from "../../src/sync/proposal.ts";
import type { SyncBranch } from "../../src/sync/snapshot.ts";
import { drifting } from "../fakes/drift.ts";
import { storyOf } from "../fakes/story.ts";

const files = (texts: Readonly<Record<string, string>>, mode = "100644"): Tree =>
  new Map(Object.entries(texts).map(([path, sha]) => [path, { mode, sha }]));

const BASE = {
  name: "main",
  repository: "o/n",
  commit: "base",
  treeSha: "base-tree",
  files: files({ "clip.json": "old", "blip.json": "old", README: "1" }),
};
const ANCHOR = files({ "clip.json": "old", "blip.json": "old" });
const WANTED = files({ "clip.json": "new", "blip.json": "old" });
const DELTA: Delta = [drifting()];
const STORY = storyOf(DELTA);
const TEXT = { title: titleFor(DELTA), body: describeIn("", STORY) };

function branch(changes: Partial<SyncBranch> = {}): SyncBranch {
  const rest = { owner: "ours", isFinished: false, isMerged: false, baseMoved: false } as const;
  return { commit: "head", files: WANTED, anchor: ANCHOR, ...rest, ...changes };
}

function pull(changes: Partial<PullRequest> = {}): PullRequest {
  const bare = { labels: [], reviewers: [], teams: [], endedAt: null, endedHead: null };
  const times = { openedAt: "2026-11-01T00:00:00Z" };
  return { number: 7, url: "https://x/7", state: "open", base: "main", ...TEXT, ...bare, ...times, ...changes };
}

const ended = (state: "closed" | "merged", changes: Partial<PullRequest> = {}) =>
  pull({ state, endedAt: "2026-11-02T00:00:00Z", endedHead: "head", ...changes });

interface World {
  readonly branch?: SyncBranch | null;
  readonly pull?: PullRequest | null;
  readonly delta?: Delta;
  readonly wanted?: Tree;
  readonly policy?: Partial<Policy>;
  readonly rest?: Partial<DecideInput>;
  readonly proposal?: Partial<Proposal>;
}

function decided({ delta = DELTA, policy = {}, rest = {}, ...world }: World): Decision {
  const wanted = world.wanted ?? (delta.length === 0 ? ANCHOR : WANTED);
  const texts = new Map(delta.length === 0 ? [] : [["clip.json", "text"]]);
  const told = { delta, fingerprint: STORY.fingerprint, keptBack: [], unknown: [], warnings: [], judged: [] };
  const open = world.pull ?? null;
  return decide({
    snapshot: { base: BASE, branch: world.branch ?? null, pull: open, ended: [], leftovers: [] },
    proposal: { wanted, texts, ...told, ...world.proposal },
    policy: { publish: "pull-request", minChanges: 1, isForced: false, ...policy },
    story: storyOf(delta),
    isRejected: false,
    ornaments: { all: [{ kind: "label", name: "sync" }], missing: [] },
    ...rest,
  });
}

const kinds = ({ outcome, actions }: Decision) => [outcome, ...actions.map(({ kind }) => kind)];
const COMMIT = ["commit", "move-ref"];
const OPEN = ["open-pull", "decorate"];
const stale = branch({ files: files({ "clip.json": "earlier", "blip.json": "old" }) });
const finished = (changes: Partial<SyncBranch> = {}) => branch({ isFinished: true, ...changes });

describe("what is done", () => {
  it.each<[string, World, readonly string[]]>([
    ["no drift, nothing there", { delta: [] }, ["in-sync"]],
    [
      "no drift, a pull request of ours",
      { delta: [], branch: branch(), pull: pull() },
      ["closed", "expect-ref", "confirm-pull", "remark", "close-pull", "delete-ref"],
    ],
    ["no drift, a branch that an earlier run left", { delta: [], branch: branch() }, ["in-sync", "delete-ref"]],
    [
      "no drift, a pull request that the base has whole",
      { delta: [], branch: branch({ isMerged: true }), pull: pull() },
      ["in-sync", "delete-ref"],
    ],
    ["no drift, merged", { delta: [], branch: finished(), pull: ended("merged") }, ["in-sync", "delete-ref"]],
    ["no drift, closed by a person", { delta: [], branch: finished(), pull: ended("closed") }, ["in-sync"]],
    [
      "no drift, closed by us",
      { delta: [], branch: finished(), pull: ended("closed", { body: withdraw(TEXT.body, "feed") }) },
      ["in-sync", "delete-ref"],
    ],
    [
      "no drift, a person's commits without a pull request",
      { delta: [], branch: branch({ owner: "theirs" }) },
      ["edited"],
    ],
    [
      "no drift, and something is kept back",
      { delta: [], proposal: { keptBack: [{ category: "clip", why: "Too much." }] } },
      ["held"],
    ],
    ["drift, nothing there", {}, ["created", "commit", "create-ref", ...OPEN]],
    ["drift, the branch is right already", { branch: branch() }, ["created", ...OPEN]],
    ["drift, a stale branch of ours", { branch: stale }, ["created", ...COMMIT, ...OPEN]],
    [
      "drift, a branch of ours with more than is wanted",
      { branch: branch({ files: new Map([...WANTED, ...files({ "gfpgan.json": "x" })]) }) },
      ["created", ...COMMIT, ...OPEN],
    ],
    ["drift, all is right", { branch: branch(), pull: pull() }, ["current"]],
    ["drift, the base moved elsewhere", { branch: branch({ baseMoved: true }), pull: pull() }, ["current"]],
    [
      "drift, the text says something else",
      { branch: branch(), pull: pull({ body: "Words." }) },
      ["updated", "edit-pull"],
    ],
    ["drift, a stale pull request", { branch: stale, pull: pull() }, ["updated", ...COMMIT, "confirm-pull"]],
    [
      "drift, a stale pull request with a stale text",
      { branch: stale, pull: pull({ body: "" }) },
      ["updated", ...COMMIT, "edit-pull"],
    ],
    [
      "drift, the base moved in our files",
      {
        branch: branch({ anchor: files({ "clip.json": "older", "blip.json": "old" }), baseMoved: true }),
        pull: pull(),
      },
      ["updated", ...COMMIT, "confirm-pull"],
    ],
    [
      "drift, a person's commit on the pull request",
      { branch: branch({ owner: "theirs" }), pull: pull() },
      ["edited", "remark"],
    ],
    ["drift, a person's branch", { branch: branch({ owner: "theirs" }) }, ["edited"]],
    ["the same, forced", { branch: branch({ owner: "theirs" }), policy: { isForced: true } }, ["edited"]],
    [
      "drift, merged with its branch left",
      { branch: finished(), pull: ended("merged") },
      ["created", "delete-ref", "commit", "create-ref", ...OPEN],
    ],
    [
      "drift, closed by a person, who said yes to something else",
      { branch: finished({ owner: "theirs" }), pull: ended("closed") },
      ["created", ...COMMIT, ...OPEN],
    ],
    [
      "drift that was rejected",
      { branch: finished(), pull: ended("closed"), rest: { isRejected: true } },
      ["rejected"],
    ],
    [
      "the same, forced",
      { branch: finished(), pull: ended("closed"), rest: { isRejected: true }, policy: { isForced: true } },
      ["created", ...OPEN],
    ],
    ["drift below the threshold", { policy: { minChanges: 2 } }, ["below-threshold"]],
    ["the same, forced", { policy: { minChanges: 2, isForced: true } }, ["created", "commit", "create-ref", ...OPEN]],
    ["the same, with a pull request open", { branch: branch(), pull: pull(), policy: { minChanges: 2 } }, ["current"]],
    [
      "below the threshold after a merge",
      { branch: finished(), pull: ended("merged"), policy: { minChanges: 2 } },
      ["below-threshold", "delete-ref"],
    ],
    ["an open pull request whose branch is gone", { pull: pull() }, ["created", "commit", "create-ref", ...OPEN]],
    ["drift, straight to the base", { policy: { publish: "commit" } }, ["committed", ...COMMIT]],
    ["too little, straight to the base", { policy: { publish: "commit", minChanges: 2 } }, ["below-threshold"]],
    [
      "labels that are missing",
      { branch: branch(), pull: pull(), rest: { ornaments: { all: [], missing: [{ kind: "label", name: "x" }] } } },
      ["current", "decorate"],
    ],
    [
      "nothing to carry",
      { rest: { ornaments: { all: [], missing: [] } } },
      ["created", "commit", "create-ref", "open-pull"],
    ],
  ])("about %s", (_found, world, expected) => {
    expect(kinds(decided(world))).toEqual(expected);
  });
});

describe("the commit", () => {
  const commitOf = (world: World) => {
    const found = decided(world).actions.find(({ kind }) => kind === "commit");
    if (found?.kind !== "commit") throw new Error("There is no commit.");
    return found;
  };

  it("is the base's tree with what differs from it, and nothing else", () => {
    const { baseTree, entries, parents } = commitOf({});
    expect([baseTree, [...entries], parents]).toEqual([
      "base-tree",
      [["clip.json", { mode: "100644", text: "text" }]],
      ["base"],
    ]);
  });

  it("keeps modes, and uploads no text that the branch has", () => {
    const wanted = new Map([...WANTED, ...files({ "clip.json": "new" }, "100755")]);
    expect([...commitOf({ wanted }).entries]).toEqual([["clip.json", { mode: "100755", text: "text" }]]);
    const moved = branch({ anchor: files({ "clip.json": "older" }) });
    expect([...commitOf({ branch: moved, pull: pull() }).entries]).toEqual([
      ["clip.json", { mode: "100644", sha: "new" }],
    ]);
  });

  it.each<[string, SyncBranch, readonly string[]]>([
    ["grows on the branch", stale, ["head"]],
    ["takes in the base where that moved", { ...stale, baseMoved: true }, ["head", "base"]],
    ["stands on the base where that has the branch whole", { ...stale, isMerged: true }, ["base"]],
  ])("%s", (_what, found, parents) => {
    expect(commitOf({ branch: found, pull: pull() }).parents).toEqual(parents);
  });
});

describe("the pull request that is told", () => {
  it("is the rejected one, and no other that ended", () => {
    const rejected = ended("closed");
    const closed = { branch: finished(), pull: rejected };
    expect(decided({ ...closed, rest: { isRejected: true } })).toMatchObject({ outcome: "rejected", pull: rejected });
    expect(decided({ ...closed, policy: { minChanges: 9 } })).toMatchObject({ outcome: "below-threshold", pull: null });
  });
});

describe("the text", () => {
  it("of a new pull request is ours alone", () => {
    expect(decided({}).actions.find(({ kind }) => kind === "open-pull")).toEqual({ kind: "open-pull", ...TEXT });
  });

  const editOf = (changes: Partial<PullRequest>, delta = DELTA) => {
    const found = decided({ branch: branch(), pull: pull(changes), delta }).actions[0];
    return found?.kind === "edit-pull" ? { title: found.title, body: found.body } : null;
  };

  it("is the same with the line ends of GitHub's editor", () => {
    expect(editOf({ body: TEXT.body.replaceAll("\n", "\r\n") })).toBeNull();
  });

  it("keeps a person's title over the drift it was chosen for, and no other", () => {
    expect(editOf({ title: "Mine" })).toBeNull();
    const body = TEXT.body.replace(/fingerprint=\w+/, `fingerprint=${"0".repeat(64)}`);
    expect(editOf({ title: "Mine", body })).toMatchObject({ title: TEXT.title });
  });

  it("of other words for the same drift is mended without news", () => {
    const decision = decided({ branch: branch(), pull: pull({ body: TEXT.body.replace("bot", "robot") }) });
    expect(kinds(decision)).toEqual(["current", "edit-pull"]);
  });
});
