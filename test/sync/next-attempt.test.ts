import { describe, expect, it } from "vitest";
import type { RepositoryReport } from "../../src/contract/report.ts";
import { EMPTY_MEMORY, type RepositoryMemory } from "../../src/sync/memory.ts";
import { countFailures, firstOf, nextAttemptOf } from "../../src/sync/next-attempt.ts";

const report = (repository: string): RepositoryReport => ({
  repository,
  branch: "main",
  outcome: "failed",
  pullRequest: null,
  commit: null,
  files: [],
  categories: {},
});
const error = { code: "primary-malformed", message: "No JSON." } as const;
const failure = (times: number, nextAttemptAt: number) => ({ times, nextAttemptAt, error });
const memoryOf = (changes: Partial<RepositoryMemory>): RepositoryMemory => ({ ...EMPTY_MEMORY, ...changes });
const failures = { clip: failure(2, 300), blip: failure(1, 200) };

describe("what failed is tried again", () => {
  it.each<[string, Partial<RepositoryMemory>, number | null]>([
    ["never where nothing did", {}, null],
    ["when the first of its categories is due", { failures }, 200],
    [
      "when the repository is due, before which its categories are not looked at",
      { failures, retry: { times: 1, nextAttemptAt: 900 } },
      900,
    ],
  ])("%s", (_what, changes, at) => {
    expect(nextAttemptOf([report("o/a")], { "o/a": memoryOf(changes) })).toBe(at);
  });

  it("when the first repository of those that the run was about is due", () => {
    const memory = {
      "o/a": memoryOf({ failures }),
      "o/b": memoryOf({ retry: { times: 3, nextAttemptAt: 150 } }),
      "o/c": memoryOf({ retry: { times: 1, nextAttemptAt: 1 } }),
    };
    expect(nextAttemptOf([report("o/a"), report("o/b"), report("o/new")], memory)).toBe(150);
    expect(countFailures(memory)).toBe(7);
  });
});

it("the first of times is that of those that are known", () => {
  expect([firstOf([]), firstOf([null]), firstOf([3, null, 2])]).toEqual([null, null, 2]);
});
