import { describe, expect, it } from "vitest";
import type { RepositoryOutcome, RepositoryReport } from "../../src/contract/report.ts";
import { advanceState } from "../../src/state/advance.ts";
import { countRun, NO_COUNTS } from "../../src/state/counters.ts";
import { mergeLatest } from "../../src/state/latest.ts";
import { EMPTY_STATE } from "../../src/state/store.ts";
import { report, repositoryReport } from "../fakes/report.ts";

const change = { added: ["a"], removed: [], modified: [], warnings: [] };
const held = { ...change, held: "Too much." };
const pullRequest = { number: 1, url: "https://github.test/pull/1" };
const finishedAt = "2026-11-21T12:00:01.500Z";
const EARLIER = "2026-11-20T00:00:00.000Z";

function merge(before: RepositoryReport | null, now: Partial<RepositoryReport>): RepositoryReport | undefined {
  const run = report({ finishedAt, repositories: [repositoryReport(now)] });
  return mergeLatest(before === null ? [] : [before], run, false)[0];
}

describe("since when a repository is in its state", () => {
  const was = (outcome: RepositoryOutcome, changes: Partial<RepositoryReport> = {}) => {
    return repositoryReport({ outcome, since: EARLIER, ...changes });
  };
  it.each<[string, RepositoryReport | null, Partial<RepositoryReport>, string]>([
    ["the first run", null, {}, finishedAt],
    ["in sync still", was("in-sync"), {}, EARLIER],
    ["a pull request that stays open", was("created", { pullRequest }), { outcome: "current", pullRequest }, EARLIER],
    ["one that is updated", was("current", { pullRequest }), { outcome: "updated", pullRequest }, EARLIER],
    [
      "another pull request",
      was("current", { pullRequest }),
      { outcome: "created", pullRequest: { ...pullRequest, number: 2 } },
      finishedAt,
    ],
    ["in sync after a commit", was("committed"), {}, EARLIER],
    ["a failure", was("in-sync"), { outcome: "failed" }, finishedAt],
    ["another failure", was("failed"), { outcome: "failed" }, EARLIER],
    ["a failure while a pull request is open", was("failed", { pullRequest }), { outcome: "failed" }, EARLIER],
  ])("%s", (_what, before, now, since) => {
    expect(merge(before, now)?.since).toBe(since);
  });
});

describe("the latest report of a repository", () => {
  const before = repositoryReport({
    outcome: "current",
    pullRequest,
    categories: { clip: change, blip: held },
    since: EARLIER,
  });

  it("keeps what is known when a run fails", () => {
    const failed = merge(before, { outcome: "failed", error: { code: "internal", message: "x" } });
    expect(failed).toMatchObject({ outcome: "failed", pullRequest, categories: before.categories, since: finishedAt });
  });

  it("keeps a held category that a run did not look at", () => {
    expect(merge(before, { checked: ["clip"] })?.categories).toEqual({ blip: held });
  });

  it("lets it go once a run has looked at it", () => {
    expect(merge(before, { checked: ["clip", "blip"] })?.categories).toEqual({});
  });

  it("holds no field values", () => {
    const modified = [{ name: "m", fields: ["x"], changes: [{ field: "x", before: "1", after: "2" }] }];
    const now = merge(null, { categories: { clip: { ...change, modified } } });
    expect(now?.categories.clip?.modified).toEqual([{ name: "m", fields: ["x"] }]);
  });

  it("stays when a run was about another repository", () => {
    const run = report({ repositories: [repositoryReport({ repository: "haidra/text" })] });
    expect(mergeLatest([before], run, false).map(({ repository }) => repository)).toEqual([
      "haidra/image",
      "haidra/text",
    ]);
    expect(mergeLatest([before], run, false)[0]).toBe(before);
  });
});

it("counts runs by trigger and outcome, their requests and their time", () => {
  const runs = [report(), report(), report({ trigger: "manual" }), report({ outcome: "failed", durationMs: 5 })];
  expect(runs.reduce(countRun, NO_COUNTS)).toEqual({
    runs: { tick: { "in-sync": 2, failed: 1 }, manual: { "in-sync": 1 } },
    requests: { primary: 12, github: 8 },
    durationMs: 4505,
  });
});

it.each([
  ["when it ended", "2026-11-21T12:00:00.000Z", finishedAt],
  ["when it was due, where the clock was set back meanwhile", "2026-11-21T20:00:00.000Z", "2026-11-21T20:00:00.000Z"],
])("a tick notes as its heartbeat %s", (_what, due, heartbeatAt) => {
  const result = {
    report: report({ finishedAt }),
    planned: [],
    found: [],
    memory: {},
    moved: [],
    isComplete: true,
    hasFailedAnew: false,
    isSettled: true,
    againAt: null,
    retryAt: null,
    isStampOpen: false,
  };
  const run = { result, trigger: "tick", subjects: {}, from: Date.parse(due), isTick: true } as const;
  expect(advanceState(EMPTY_STATE, run).heartbeatAt).toBe(heartbeatAt);
});
