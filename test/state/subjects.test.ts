import { describe, expect, it } from "vitest";
import { EMPTY_STATE, type SyncState } from "../../src/state/store.ts";
import { compareSubjects, forgetOthers, subjectsAfter, subjectsOf } from "../../src/state/subjects.ts";
import { EMPTY_MEMORY, type RepositoryMemory } from "../../src/sync/memory.ts";
import { report, repositoryReport } from "../fakes/report.ts";
import { configWith } from "../fakes/settings.ts";

const IMAGE = "haidra/image";
const PUBLISHED = {
  headSha: "a".repeat(40),
  headFiles: {},
  baseSha: "b".repeat(40),
  baseFiles: {},
  pullRequest: 7,
} as const;
const MEMORY: RepositoryMemory = {
  ...EMPTY_MEMORY,
  published: PUBLISHED,
  sameness: { clip: { stamp: 1, primary: "p", files: ["f"] } },
  settledAt: { clip: 1 },
  glimpse: "3f2a #7 open",
};
const first = configWith({ CATEGORIES_TO_SYNC: "clip" });

const stateAbout = (config = first): SyncState => ({
  ...EMPTY_STATE,
  subjects: subjectsOf(config),
  lastUpdated: 7,
  memory: { [IMAGE]: MEMORY },
  repositories: [repositoryReport()],
});
const memoryAfter = (state: SyncState, settings: Record<string, string>) =>
  forgetOthers(state, configWith({ CATEGORIES_TO_SYNC: "clip", ...settings })).memory[IMAGE];
const OF_GITHUB = { ...EMPTY_MEMORY, published: PUBLISHED, glimpse: "3f2a #7 open" };

describe("what is remembered", () => {
  it("stays while the settings name the same", () => {
    expect(memoryAfter(stateAbout(), {})).toBe(MEMORY);
  });

  it("of GitHub stays where PRIMARY is another, so that our own commits are ours", () => {
    expect(memoryAfter(stateAbout(), { PRIMARY_API_URL: "https://other.test" })).toEqual(OF_GITHUB);
  });

  it("of GitHub stays where an earlier version remembered it", () => {
    expect(memoryAfter({ ...stateAbout(), subjects: {} }, {})).toEqual(OF_GITHUB);
  });

  it.each([{ GITHUB_BRANCH: "dev" }, { GITHUB_API_URL: "https://other.test" }, { GITHUB_IMAGE_REPO: "fork/image" }])(
    "goes where the place is another: %j",
    (settings) => {
      expect(memoryAfter(stateAbout(), settings)).toBeUndefined();
    },
  );
});

describe("a repository", () => {
  it("of which no category was synced before is no other one", () => {
    const both = configWith({ CATEGORIES_TO_SYNC: "clip,text_generation" });
    expect(compareSubjects(stateAbout(), subjectsOf(both))).toBe("same");
    expect(compareSubjects(stateAbout(both), subjectsOf(first))).toBe("same");
  });

  it("that takes the place of another is", () => {
    const fork = configWith({ CATEGORIES_TO_SYNC: "clip", GITHUB_IMAGE_REPO: "fork/image" });
    expect(compareSubjects(stateAbout(), subjectsOf(fork))).toBe("other");
  });
});

describe("a run over a part, after a change", () => {
  const dev = configWith({ CATEGORIES_TO_SYNC: "clip,blip", GITHUB_BRANCH: "dev" });
  const part = { report: report({ repositories: [repositoryReport({ branch: "dev" })] }), isComplete: false };
  const subjects = subjectsAfter(subjectsOf(first), subjectsOf(dev), part);

  it.each([
    ["what the settings name", dev],
    ["what they named before", first],
  ])("leaves a state that is not about %s", (_what, config) => {
    expect(compareSubjects({ subjects, repositories: part.report.repositories }, subjectsOf(config))).toBe("other");
  });

  it("is made good by one over everything", () => {
    const whole = { ...part, isComplete: true };
    expect(subjectsAfter(subjects, subjectsOf(dev), whole)).toEqual(subjectsOf(dev));
  });
});
