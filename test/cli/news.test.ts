import { describe, expect, it } from "vitest";
import { hasNews } from "../../src/cli/news.ts";
import type { RepositoryReport } from "../../src/contract/report.ts";

const CHANGE = { added: ["A"], removed: [], modified: [], warnings: [] };

function repository(changes: Partial<RepositoryReport> = {}): RepositoryReport {
  const pullRequest = { number: 1, url: "https://github.test/o/n/pull/1" };
  const rest = { repository: "o/n", branch: "main", pullRequest, commit: "c0ffee", files: ["clip.json"] };
  return { ...rest, outcome: "current", categories: { clip: CHANGE }, ...changes };
}

const told = (now: Partial<RepositoryReport>, before?: Partial<RepositoryReport>) =>
  hasNews(
    { outcome: "published", repositories: [repository(now)], warnings: [] },
    before === undefined ? [] : [repository(before)],
  );

describe("what nobody was told of", () => {
  it.each([
    ["a pull request was opened", { outcome: "created" }, { outcome: "in-sync", categories: {} }],
    ["a pull request got another commit", { outcome: "updated", commit: "beef" }, { outcome: "current" }],
    ["a person closed it", { outcome: "rejected" }, { outcome: "current" }],
    [
      "a category is held, and nothing is known of before",
      { categories: { clip: { ...CHANGE, held: "too much" } } },
      undefined,
    ],
    ["another record is held", { outcome: "held" }, { outcome: "held", categories: {} }],
  ] as const)("is news: %s", (_label, now, before) => expect(told(now, before)).toBe(true));
});

describe("what was told before", () => {
  it.each([
    ["the pull request that the run before opened is open", { outcome: "current" }, { outcome: "created" }],
    ["an open pull request, of which nothing is known", { outcome: "current" }, undefined],
    ["the same is held", { outcome: "held" }, { outcome: "held" }],
    ["the same is rejected", { outcome: "rejected" }, { outcome: "rejected" }],
    ["all is in sync", { outcome: "in-sync", categories: {} }, { outcome: "in-sync", categories: {}, commit: "old" }],
  ] as const)("is no news: %s", (_label, now, before) => expect(told(now, before)).toBe(false));
});

it("is news each time that something fails or is warned of", () => {
  const same = [repository()];
  expect(hasNews({ outcome: "partial", repositories: same, warnings: [] }, same)).toBe(true);
  expect(hasNews({ outcome: "published", repositories: same, warnings: ["A label was refused."] }, same)).toBe(true);
});
