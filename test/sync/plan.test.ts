import { describe, expect, it } from "vitest";
import { pullRequestSection, withdrawFingerprint } from "../../src/sync/message.ts";
import { type Action, type HeadState, type PlanInput, planRepository } from "../../src/sync/plan.ts";
import type { PullRequest } from "../../src/sync/ports.ts";
import { drifting } from "../fakes/drift.ts";

const FINGERPRINT = "5b3c".repeat(16);
const OTHER = "0f0f".repeat(16);
const bodyWith = (fingerprint: string) =>
  pullRequestSection({ states: [drifting()], fingerprint, primaryUrl: "https://primary.test", lastUpdated: 1 });

const pull = (changes: Partial<PullRequest> = {}): PullRequest => ({
  number: 7,
  url: "https://github.test/pull/7",
  state: "open",
  headSha: "head",
  title: "Sync",
  body: bodyWith(FINGERPRINT),
  ...changes,
});

const head = (changes: Partial<HeadState> = {}): HeadState => ({
  sha: "head",
  files: new Map([["clip.json", "new"]]),
  changed: new Map([["clip.json", "new"]]),
  isOwned: true,
  isMerged: false,
  baseMoved: false,
  baseMovedInOurFiles: false,
  ...changes,
});

/** One changed record in clip.json, nothing on GitHub but the base. */
function plan(changes: Partial<PlanInput>): Action {
  return planRepository({
    base: { sha: "base", treeSha: "tree" },
    baseFiles: new Map([["clip.json", "old"]]),
    wanted: new Map([["clip.json", "new"]]),
    changes: 1,
    fingerprint: FINGERPRINT,
    hasHeld: false,
    pullRequest: null,
    saysNothingNew: false,
    isAbandoned: false,
    head: null,
    publish: "pull-request",
    minChanges: 1,
    isForced: false,
    ...changes,
  });
}

interface Case {
  readonly title: string;
  readonly found: Partial<PlanInput>;
  readonly done: Partial<Action>;
}

const none: Partial<PlanInput> = { changes: 0, wanted: new Map([["clip.json", "old"]]) };
const rest = (outcome: string) => ({ kind: "rest", outcome }) as Partial<Action>;
const otherFiles = new Map([["clip.json", "earlier"]]);
const closed = pull({ state: "closed" });
const merged = pull({ state: "merged" });
const foreign = head({ isOwned: false });

describe("without drift", () => {
  it.each<Case>([
    { title: "nothing open: nothing", found: {}, done: rest("in-sync") },
    { title: "an owned pull request: closed", found: { pullRequest: pull(), head: head() }, done: { kind: "close" } },
    {
      title: "an edited pull request: left",
      found: { pullRequest: pull(), head: foreign },
      done: { kind: "leave-edited" },
    },
    { title: "an open one without its branch: nothing", found: { pullRequest: pull() }, done: rest("in-sync") },
    { title: "a merged one: nothing", found: { pullRequest: merged }, done: rest("in-sync") },
    {
      title: "a branch of ours, merged: deleted",
      found: { pullRequest: merged, head: head({ isMerged: true, changed: new Map() }) },
      done: { kind: "clean-up" },
    },
    {
      title: "a branch of ours, squashed: deleted",
      found: { pullRequest: merged, head: head() },
      done: { kind: "clean-up" },
    },
    { title: "a branch of a run that died: deleted", found: { head: head() }, done: { kind: "clean-up" } },
    { title: "a person's branch of the same name: left", found: { head: foreign }, done: rest("in-sync") },
    { title: "a closed one: nothing", found: { pullRequest: closed }, done: rest("in-sync") },
    { title: "something held and a branch: it stays", found: { hasHeld: true, head: head() }, done: rest("held") },
    { title: "something held: held", found: { hasHeld: true }, done: rest("held") },
    {
      title: "something held and a pull request: it may be of what is held, so it stays",
      found: { hasHeld: true, pullRequest: pull(), head: head() },
      done: rest("held"),
    },
    { title: "force changes nothing", found: { isForced: true }, done: rest("in-sync") },
    { title: "nor does committing", found: { publish: "commit" }, done: rest("in-sync") },
  ])("$title", ({ found, done }) => {
    expect(plan({ ...none, ...found })).toMatchObject(done);
  });
});

describe("with drift and nothing open", () => {
  it.each<Case>([
    { title: "no branch, no pull request: created", found: {}, done: { kind: "create" } },
    { title: "published by commit: committed", found: { publish: "commit" }, done: { kind: "commit" } },
    { title: "too few changes: nothing", found: { minChanges: 2 }, done: rest("below-threshold") },
    {
      title: "too few changes to commit: nothing",
      found: { publish: "commit", minChanges: 2 },
      done: rest("below-threshold"),
    },
    { title: "too few, but forced: created", found: { minChanges: 2, isForced: true }, done: { kind: "create" } },
    { title: "just enough: created", found: { minChanges: 2, changes: 2 }, done: { kind: "create" } },
    { title: "the same was rejected: respected", found: { pullRequest: closed }, done: rest("rejected") },
    {
      title: "the same was rejected, and its branch stayed: respected",
      found: { pullRequest: closed, head: head() },
      done: rest("rejected"),
    },
    {
      title: "the same was rejected, but forced: created",
      found: { pullRequest: closed, isForced: true },
      done: { kind: "create" },
    },
    {
      title: "something else was rejected: created",
      found: { pullRequest: pull({ state: "closed", body: bodyWith(OTHER) }) },
      done: { kind: "create" },
    },
    {
      title: "the drift is another, but PRIMARY says nothing new since it was rejected: respected",
      found: { pullRequest: pull({ state: "closed", body: bodyWith(OTHER) }), saysNothingNew: true },
      done: rest("rejected"),
    },
    {
      title: "the same was closed by us: created",
      found: { pullRequest: pull({ state: "closed", body: withdrawFingerprint(bodyWith(FINGERPRINT)) }) },
      done: { kind: "create" },
    },
    {
      title: "the same was closed by us, without its text: created",
      found: { pullRequest: pull({ state: "closed", body: withdrawFingerprint("Mine") }), saysNothingNew: true },
      done: { kind: "create" },
    },
    {
      title: "a closed one of unknown meaning: created",
      found: { pullRequest: pull({ state: "closed", body: "by hand" }) },
      done: { kind: "create" },
    },
    { title: "the same was merged, and undone: created", found: { pullRequest: merged }, done: { kind: "create" } },
    {
      title: "the branch of a merged one stayed: moved forward from the base",
      found: { pullRequest: merged, head: head({ isMerged: true, baseMoved: true, files: otherFiles }) },
      done: { kind: "append", parents: ["base"] },
    },
    {
      title: "the branch of a squashed one stayed: moved forward",
      found: { pullRequest: merged, head: head({ baseMoved: true, files: otherFiles }) },
      done: { kind: "append", parents: ["head", "base"] },
    },
    {
      title: "the branch of a rejected one stayed, other drift: moved forward",
      found: { pullRequest: pull({ state: "closed", body: bodyWith(OTHER) }), head: head({ files: otherFiles }) },
      done: { kind: "append", parents: ["head"] },
    },
    {
      title: "a branch that is the base: moved forward",
      found: {
        head: head({ sha: "base", isMerged: true, files: new Map([["clip.json", "old"]]), changed: new Map() }),
      },
      done: { kind: "append", parents: ["base"] },
    },
    {
      title: "a merged branch that happens to hold what is wanted: moved forward, for there is nothing to merge",
      found: { head: head({ isMerged: true, changed: new Map() }) },
      done: { kind: "append", parents: ["base"] },
    },
    {
      title: "a branch that changes more than is wanted: the rest is taken back",
      found: {
        head: head({
          changed: new Map([
            ["clip.json", "new"],
            ["blip.json", "rejected"],
          ]),
        }),
      },
      done: { kind: "append", parents: ["head"] },
    },
    { title: "an earlier run died before its pull request: opened", found: { head: head() }, done: { kind: "open" } },
    {
      title: "an earlier run died, and PRIMARY moved on: appended",
      found: { head: head({ files: otherFiles }) },
      done: { kind: "append", parents: ["head"] },
    },
    { title: "a person's branch of the same name: left", found: { head: foreign }, done: { kind: "leave-edited" } },
    {
      title: "a person went on after the merge: left",
      found: { pullRequest: merged, head: head({ sha: "later", isOwned: false }) },
      done: { kind: "leave-edited" },
    },
    {
      title: "a person's own commit where the merged branch was: left",
      found: { pullRequest: merged, head: foreign },
      done: { kind: "leave-edited" },
    },
  ])("$title", ({ found, done }) => {
    expect(plan(found)).toMatchObject(done);
  });
});

describe("with drift and an open pull request", () => {
  it.each<Case>([
    { title: "the head is right: nothing", found: { head: head() }, done: rest("current") },
    {
      title: "a run died before its labels: added",
      found: { head: head(), isAbandoned: true },
      done: { kind: "decorate" },
    },
    { title: "the base moved elsewhere: nothing", found: { head: head({ baseMoved: true }) }, done: rest("current") },
    {
      title: "the base moved in our files: merged and appended",
      found: { head: head({ baseMoved: true, baseMovedInOurFiles: true }) },
      done: { kind: "append", parents: ["head", "base"] },
    },
    {
      title: "other drift: appended",
      found: { head: head({ files: otherFiles }) },
      done: { kind: "append", parents: ["head"] },
    },
    {
      title: "other drift and the base moved: both are parents",
      found: { head: head({ files: otherFiles, baseMoved: true }) },
      done: { kind: "append", parents: ["head", "base"] },
    },
    {
      title: "the head still changes a file that should be the base's: appended",
      found: {
        wanted: new Map([
          ["clip.json", "new"],
          ["blip.json", "base"],
        ]),
        head: head({
          files: new Map([
            ["clip.json", "new"],
            ["blip.json", "ours"],
          ]),
        }),
      },
      done: { kind: "append" },
    },
    {
      title: "the head is right, but the text is of an earlier drift: described anew",
      found: { head: head(), pullRequest: pull({ body: bodyWith(OTHER) }) },
      done: { kind: "describe" },
    },
    {
      title: "somebody took our text away: left so",
      found: { head: head(), pullRequest: pull({ body: "Mine" }) },
      done: rest("current"),
    },
    { title: "a person's commit: left", found: { head: foreign }, done: { kind: "leave-edited" } },
    {
      title: "a person's commit, forced: left",
      found: { head: foreign, isForced: true },
      done: { kind: "leave-edited" },
    },
    {
      title: "fewer changes than before, and below the threshold: still kept right",
      found: { minChanges: 5, head: head({ files: otherFiles }) },
      done: { kind: "append" },
    },
    {
      title: "something else is held: still kept right",
      found: { hasHeld: true, head: head({ files: otherFiles }) },
      done: { kind: "append" },
    },
  ])("$title", ({ found, done }) => {
    expect(plan({ pullRequest: pull(), ...found })).toMatchObject(done);
  });
});
