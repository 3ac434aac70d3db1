import { describe, expect, it } from "vitest";
import type { Category, CategoryName } from "../../src/categories.ts";
import type { Tree } from "../../src/files/git-tree.ts";
import { createJsonCodec } from "../../src/files/json-codec.ts";
import type { Judged } from "../../src/sync/desire.ts";
import { EMPTY_MEMORY, type PublishedBranch, type RepositoryMemory, toTreeRecord } from "../../src/sync/memory.ts";
import { type RememberInput, remember } from "../../src/sync/remember.ts";
import type { SyncBranch } from "../../src/sync/snapshot.ts";
import type { Standing } from "../../src/sync/standing.ts";
import { pullRequest } from "../fakes/pull.ts";

const NOW = Date.parse("2026-11-21T12:00:00.000Z");
const MINUTE = 60_000;
const tree = (files: Readonly<Record<string, string>>): Tree =>
  new Map(Object.entries(files).map(([path, sha]) => [path, { mode: "100644", sha }]));
const BASE = {
  commit: "base",
  treeSha: "base-tree",
  files: tree({ "clip.json": "c1", "blip.json": "b1", README: "r" }),
};
const WANTED = tree({ "clip.json": "c2", "blip.json": "b1" });
const PATHS = ["clip.json", "blip.json", "gfpgan.json"];

const category = (name: CategoryName): Category => ({ name, role: "image", codec: createJsonCodec(`${name}.json`) });
const IN_SYNC: Standing = { kind: "in-sync", warnings: [] };
const DRIFT: Standing = { kind: "drift", changes: [], files: new Map(), before: new Map(), warnings: [] };
const HELD: Standing = { kind: "held", why: "", changes: [], warnings: [], awaitsPrimary: false };
const failedAt = (retryAt: number | null): Standing => ({
  kind: "failed",
  error: { code: "primary-unavailable", message: "down" },
  retryAt,
});
const judged = (name: CategoryName, standing: Standing, digest: string | null = `${name}-digest`): Judged => ({
  category: category(name),
  standing,
  digest,
});

interface Situation extends Partial<Omit<RememberInput, "before" | "proposal">> {
  readonly before?: Partial<RepositoryMemory>;
  readonly judged?: readonly Judged[];
}

function rememberedOf({ before = {}, judged: all = [], ...rest }: Situation) {
  const proposal = {
    judged: all,
    wanted: WANTED,
    texts: new Map(),
    delta: [],
    fingerprint: "f",
    keptBack: [],
    unknown: [],
    warnings: [],
  };
  return remember({
    before: { ...EMPTY_MEMORY, ...before },
    base: BASE,
    branch: null,
    paths: PATHS,
    proposal,
    stamps: new Map([["clip", 5]]),
    source: "s1",
    now: NOW,
    dueAt: NOW,
    outcome: "in-sync",
    pull: null,
    commit: null,
    isSettled: true,
    ...rest,
  });
}

it("the whole root of the base is remembered, for a category that is configured later", () => {
  expect(rememberedOf({}).baseTree).toEqual({
    sha: "base-tree",
    files: { "clip.json": "100644 c1", "blip.json": "100644 b1", README: "100644 r" },
  });
});

describe("what means the same", () => {
  const pull = pullRequest();

  it.each<[string, Situation, Record<string, unknown>]>([
    [
      "in sync: the base's file",
      { judged: [judged("clip", IN_SYNC)] },
      { clip: { stamp: 5, primary: "clip-digest", files: ["c1"] } },
    ],
    [
      "in sync, of which PRIMARY told no stamp",
      { judged: [judged("blip", IN_SYNC)] },
      { blip: { stamp: null, primary: "blip-digest", files: ["b1"] } },
    ],
    [
      "no stamps at all",
      { judged: [judged("clip", IN_SYNC)], stamps: null },
      { clip: { stamp: null, primary: "clip-digest", files: ["c1"] } },
    ],
    [
      "drift that is on a pull request: the file there",
      { judged: [judged("clip", DRIFT)], pull },
      { clip: { stamp: 5, primary: "clip-digest", files: ["c2"] } },
    ],
    [
      "drift that was committed",
      { judged: [judged("clip", DRIFT)], commit: "new" },
      { clip: { stamp: 5, primary: "clip-digest", files: ["c2"] } },
    ],
    ["drift that nobody published: nothing", { judged: [judged("clip", DRIFT)] }, {}],
    ["held: nothing", { judged: [judged("clip", HELD)], pull }, {}],
    ["failed: nothing", { judged: [judged("clip", failedAt(null))], pull }, {}],
    ["in sync without a look at PRIMARY: nothing", { judged: [judged("clip", IN_SYNC, null)] }, {}],
  ])("%s", (_what, situation, expected) => {
    expect(rememberedOf(situation).sameness).toEqual(expected);
  });

  it("goes beside what is known of others", () => {
    const before = { sameness: { blip: { stamp: 1, primary: "p", files: ["x"] } } };
    expect(Object.keys(rememberedOf({ before, judged: [judged("clip", IN_SYNC)] }).sameness)).toEqual(["blip", "clip"]);
  });
});

describe("the stamps that everything was settled at", () => {
  const all = [judged("clip", IN_SYNC), judged("blip", DRIFT)];

  it.each<[string, Situation, unknown]>([
    ["settled", { judged: all }, { clip: 5, blip: null }],
    ["not settled", { judged: all, isSettled: false }, null],
    ["PRIMARY told none", { judged: all, stamps: null }, null],
    ["a category was not looked at", { judged: [...all, judged("gfpgan", { kind: "unchecked" }, null)] }, null],
  ])("%s", (_what, situation, expected) => {
    expect(rememberedOf(situation).settledAt).toEqual(expected);
  });
});

describe("what was put on the branch", () => {
  const pull = pullRequest({ number: 7 });
  const branch: SyncBranch = {
    commit: "head",
    files: tree({ "clip.json": "c9" }),
    anchor: new Map(),
    owner: "ours",
    isFinished: false,
    isMerged: false,
    baseMoved: false,
  };
  const last: PublishedBranch = {
    headSha: "head",
    headFiles: { "clip.json": "100644 c0" },
    baseSha: "older",
    baseFiles: {},
    pullRequest: 7,
    url: "old",
    openedAt: "then",
    source: "s0",
  };
  const told = { url: pull.url, openedAt: pull.openedAt, source: "s1" };

  it.each(["created", "updated"] as const)(
    "a commit that was made, with our files there and on the base (%s)",
    (outcome) => {
      expect(rememberedOf({ outcome, pull, branch, commit: "new" }).published).toEqual({
        headSha: "new",
        headFiles: toTreeRecord(WANTED),
        baseSha: "base",
        baseFiles: { "clip.json": "100644 c1", "blip.json": "100644 b1" },
        pullRequest: 7,
        ...told,
      });
    },
  );

  it("a branch that needed no commit, and has all of the base", () => {
    const { published } = rememberedOf({ outcome: "current", pull, branch });
    expect(published).toMatchObject({ headSha: "head", headFiles: { "clip.json": "100644 c9" }, pullRequest: 7 });
  });

  it("not one that lacks commits of the base, unless it is known", () => {
    const behind = { ...branch, baseMoved: true };
    expect(rememberedOf({ outcome: "current", pull, branch: behind }).published).toBeNull();
    const known = rememberedOf({ outcome: "current", pull, branch: behind, before: { published: last } });
    expect(known.published).toEqual({ ...last, ...told });
  });

  it("of a known one only what is told of the pull request changes", () => {
    const known = { outcome: "current", pull, branch } as const;
    expect(rememberedOf({ ...known, before: { published: last } }).published).toEqual({ ...last, ...told });
    const another = { ...last, pullRequest: 6 };
    expect(rememberedOf({ ...known, before: { published: another } }).published).toMatchObject({ baseSha: "base" });
    const older = { ...last, headSha: "older" };
    expect(rememberedOf({ ...known, before: { published: older } }).published).toMatchObject({ headSha: "head" });
  });

  it.each<[string, Situation]>([
    ["a person took over", { outcome: "edited", pull, branch: { ...branch, commit: "theirs" } }],
    ["nothing was done, and it is where it was", { outcome: "held", pull: null, branch }],
    ["rejected, and it is where it was", { outcome: "rejected", pull, branch }],
  ])("is still known when %s", (_what, situation) => {
    expect(rememberedOf({ ...situation, before: { published: last } }).published).toEqual(last);
  });

  it.each<[string, Situation]>([
    ["it is gone", { outcome: "in-sync", pull: null, branch: null }],
    ["it is elsewhere", { outcome: "rejected", pull, branch: { ...branch, commit: "other" } }],
    ["there is no pull request", { outcome: "created", pull: null, branch: { ...branch, commit: "other" } }],
    ["there is no branch", { outcome: "current", pull, branch: null }],
  ])("is forgotten when %s", (_what, situation) => {
    expect(rememberedOf({ ...situation, before: { published: last } }).published).toBeNull();
  });
});

describe("when a category was last in sync", () => {
  const entry = { at: new Date(NOW).toISOString(), commit: "base", files: { "clip.json": "c1" } };

  it("now, with the files of the base; of others it is as it was", () => {
    const inSyncAt = { blip: { at: "then", commit: "older", files: { "blip.json": "b0" } } };
    const all = [judged("clip", IN_SYNC), judged("blip", DRIFT), judged("gfpgan", IN_SYNC)];
    expect(rememberedOf({ before: { inSyncAt }, judged: all }).inSyncAt).toEqual({
      ...inSyncAt,
      clip: entry,
      gfpgan: { ...entry, files: {} },
    });
  });

  it("stays as long as the files are the same", () => {
    const known = { ...entry, at: "then", commit: "older" };
    const of = (files: Record<string, string>) =>
      rememberedOf({ before: { inSyncAt: { clip: { ...known, files } } }, judged: [judged("clip", IN_SYNC)] }).inSyncAt;
    expect(of({ "clip.json": "c1" })).toEqual({ clip: known });
    expect(of({ "clip.json": "c0" })).toEqual({ clip: entry });
  });
});

describe("a category that fails", () => {
  const error = { code: "primary-unavailable", message: "down" } as const;
  const fail = (retryAt: number | null, times?: number, nextAttemptAt = NOW - 1) =>
    rememberedOf({
      ...(times === undefined ? {} : { before: { failures: { clip: { error, times, nextAttemptAt } } } }),
      judged: [judged("clip", failedAt(retryAt), null)],
      dueAt: NOW,
      now: NOW + 20_000,
    }).failures;

  it.each([
    [undefined, 1, 1],
    [1, 2, 2],
    [2, 3, 4],
    [6, 7, 60],
  ])("after %s failures waits as the %sth does: %s minutes from when it was due", (before, times, minutes) => {
    expect(fail(null, before)).toEqual({ clip: { error, times, nextAttemptAt: NOW + minutes * MINUTE } });
  });

  it("waits as long as the other side said, for an hour at most, and not less than by itself", () => {
    expect(fail(NOW + 30 * MINUTE)?.["clip"]?.nextAttemptAt).toBe(NOW + 30 * MINUTE);
    expect(fail(NOW + 300 * MINUTE)?.["clip"]?.nextAttemptAt).toBe(NOW + 60 * MINUTE);
    expect(fail(NOW + 1000)?.["clip"]?.nextAttemptAt).toBe(NOW + MINUTE);
  });

  it("and was left alone is not one more failure", () => {
    const until = NOW + 5 * MINUTE;
    expect(fail(until, 3, until)).toEqual({ clip: { error, times: 3, nextAttemptAt: until } });
    expect(fail(NOW + MINUTE, 3, until)?.["clip"]?.times).toBe(4);
    expect(fail(NOW, 3, NOW)?.["clip"]?.times).toBe(4);
  });

  it("is known until it was looked at again", () => {
    const known = { error, times: 3, nextAttemptAt: NOW };
    const before = { failures: { clip: known, blip: known, gfpgan: known } };
    const all = [
      judged("clip", { kind: "unchecked" }, null),
      judged("blip", IN_SYNC),
      judged("esrgan", { kind: "unchecked" }, null),
    ];
    expect(rememberedOf({ before, judged: all }).failures).toEqual({ clip: known });
  });
});
