import { describe, expect, it } from "vitest";
import type { Category, CategoryName } from "../../src/categories.ts";
import { createJsonCodec } from "../../src/files/json-codec.ts";
import type { Delta } from "../../src/sync/delta.ts";
import { digestOf } from "../../src/sync/judge-category.ts";
import type { Standing } from "../../src/sync/standing.ts";
import { type TellInput, tellRepository } from "../../src/sync/tell.ts";
import { added, drifting, field, modified, removed, renamed } from "../fakes/drift.ts";
import { pullRequest } from "../fakes/pull.ts";

const category = (name: CategoryName): Category => ({ name, role: "image", codec: createJsonCodec(`${name}.json`) });

const HELD: Standing = {
  kind: "held",
  why: "Too much.",
  changes: [removed("Gone")],
  warnings: ["Held."],
  awaitsPrimary: false,
};
const ERROR = { code: "primary-malformed", message: "No JSON." } as const;
const FAILED: Standing = { kind: "failed", error: ERROR, retryAt: null };
const DRIFT: Standing = {
  kind: "drift",
  changes: [added("New")],
  files: new Map(),
  before: new Map(),
  warnings: ["Both.", "Drift."],
};
const ON_BRANCH: Standing = { kind: "on-branch" };

type Standings = Partial<Record<CategoryName, Standing>>;

function tell(standings: Standings, rest: Partial<TellInput> = {}) {
  const judged = (["blip", "clip"] as const).flatMap((name) => {
    const standing = standings[name];
    return standing === undefined ? [] : [{ category: category(name), standing, digest: null }];
  });
  return tellRepository({
    repository: "o/image",
    branch: "main",
    judged,
    delta: [],
    outcome: "created",
    pull: null,
    commit: null,
    isShown: false,
    ...rest,
  });
}

/** What is told of the one category. */
const told = (standing: Standing, delta: Delta = [], rest: Partial<TellInput> = {}) =>
  tell({ clip: standing }, { delta, ...rest }).categories.clip;

const NOTHING = { added: [], removed: [], modified: [], warnings: [] };

describe("a repository's report", () => {
  it("says what was done, and what was looked at", () => {
    const report = tell(
      { blip: { kind: "unchecked" }, clip: ON_BRANCH },
      {
        delta: [drifting(), drifting({ category: "gfpgan", files: ["gfpgan.json"] })],
        pull: pullRequest(),
        commit: "c0",
      },
    );
    expect(report).toStrictEqual({
      repository: "o/image",
      branch: "main",
      outcome: "created",
      commit: "c0",
      pullRequest: { number: 7, url: "https://github.test/pull/7", openedAt: "2026-11-01T00:00:00.000Z" },
      files: ["clip.json", "gfpgan.json"],
      categories: { clip: { ...NOTHING, added: ["Model"] } },
      checked: ["clip"],
    });
    expect(tell({}).pullRequest).toBeNull();
  });

  it.each<[string, Standings, Delta, boolean]>([
    ["all that was looked at failed", { blip: { kind: "unchecked" }, clip: FAILED }, [], true],
    ["both failed", { blip: FAILED, clip: FAILED }, [], true],
    ["one of two failed", { blip: FAILED, clip: ON_BRANCH }, [], false],
    ["all failed, and the branch keeps something", { blip: FAILED, clip: FAILED }, [drifting()], false],
    ["nothing was looked at", {}, [], false],
  ])("is a failure only where nothing else can be said: %s", (_what, standings, delta, isFailure) => {
    const { outcome, error } = tell(standings, { delta });
    expect([outcome, error]).toEqual(isFailure ? ["failed", ERROR] : ["created", undefined]);
  });
});

describe("a category", () => {
  it.each<[string, Standing, Delta, unknown]>([
    ["is left out where it is in sync", { kind: "in-sync", warnings: [] }, [], undefined],
    ["is left out where the branch has what PRIMARY says, and nothing differs", ON_BRANCH, [], undefined],
    ["is told in sync with a warning", { kind: "in-sync", warnings: ["w"] }, [], { ...NOTHING, warnings: ["w"] }],
    [
      "is told with the warnings of the branch",
      ON_BRANCH,
      [drifting({ warnings: ["w"], changes: [] })],
      { ...NOTHING, warnings: ["w"] },
    ],
    [
      "tells each warning once",
      DRIFT,
      [drifting({ warnings: ["Both."] })],
      { ...NOTHING, added: ["Model"], warnings: ["Both.", "Drift."] },
    ],
    ["is held", HELD, [], { ...NOTHING, removed: ["Gone"], held: "Too much.", warnings: ["Held."] }],
    [
      "is held, and tells what the branch has",
      HELD,
      [drifting()],
      { ...NOTHING, added: ["Model"], held: "Too much.", warnings: ["Held."] },
    ],
    ["failed", FAILED, [], { ...NOTHING, failed: ERROR }],
    ["was left on the branch", { kind: "left-on-branch" }, [], NOTHING],
    [
      "says what was overridden",
      { ...DRIFT, overrides: "Too much." },
      [drifting()],
      { ...NOTHING, added: ["Model"], overrides: "Too much.", warnings: ["Both.", "Drift."] },
    ],
  ])("%s", (_what, standing, delta, expected) => {
    expect(told(standing, delta)).toStrictEqual(expected);
  });

  it("tells names by kind", () => {
    const changes = [
      added("A"),
      removed("R"),
      modified("M", [field("x", "1", null)]),
      renamed("O", "N", [field("v"), field("w")]),
    ];
    expect(told(ON_BRANCH, [drifting({ changes })])).toEqual({
      added: ["A"],
      removed: ["R"],
      warnings: [],
      modified: [{ name: "M", fields: ["x"], changes: [field("x", "1", null)] }],
      renamed: [{ from: "O", to: "N", fields: ["v", "w"] }],
    });
  });

  it.each<[string, Standing, boolean, boolean]>([
    ["drifts", DRIFT, true, true],
    ["is held for what would change", HELD, true, true],
    ["is held, and nothing would change", { ...HELD, changes: [] }, true, false],
    ["failed", FAILED, true, false],
    ["drifts, and nobody is shown it", DRIFT, false, false],
  ])("has a digest to force it by where it %s", (_what, standing, isShown, hasDigest) => {
    const digest = "changes" in standing ? digestOf("clip", standing) : null;
    expect(told(standing, [], { isShown })?.digest).toBe(hasDigest ? digest : undefined);
  });
});

describe("what changed in a record", () => {
  const long = "x".repeat(500);

  it("is cut around what differs, so that a report never shows two as the same", () => {
    const fields = [
      field("url", `"${long}1"`, `"${long}2"`),
      field("v", null, long),
      field("w", long, null),
      field(long),
    ];
    const x = "x".repeat(30);
    expect(told(ON_BRANCH, [drifting({ changes: [modified("M", fields)] })])?.modified[0]?.changes).toEqual([
      { field: "url", before: `…${x}1"`, after: `…${x}2"` },
      { field: "v", before: null, after: `${"x".repeat(119)}…` },
      { field: "w", before: `${"x".repeat(119)}…`, after: null },
      { field: `${"x".repeat(119)}…`, before: "1", after: "2" },
    ]);
  });

  it("is told of twelve fields of a record, and of two hundred together; the names of all", () => {
    const fields = Array.from({ length: 13 }, (_, index) => field(`f${index}`));
    const changes = Array.from({ length: 18 }, (_, index) => modified(`M${index}`, fields));
    const records = told(ON_BRANCH, [drifting({ changes })])?.modified ?? [];
    expect(records.map((record) => record.changes?.length)).toEqual([
      ...Array.from({ length: 16 }, () => 12),
      8,
      undefined,
    ]);
    expect(records.every((record) => record.fields.length === 13)).toBe(true);
  });
});
