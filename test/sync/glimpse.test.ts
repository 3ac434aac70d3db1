import { describe, expect, it } from "vitest";
import { SYNC_BRANCH } from "../../src/config/sync-branch.ts";
import type { RepositoryReport } from "../../src/contract/report.ts";
import { lookAtBranch, OBSTACLES, toGlimpse, waitsOnGitHub } from "../../src/sync/glimpse.ts";
import { EMPTY_MEMORY } from "../../src/sync/memory.ts";
import type { Checks, PullRequest } from "../../src/sync/ports.ts";
import { pullRequest } from "../fakes/pull.ts";
import { repositoryReport } from "../fakes/report.ts";
import { createFakeRepository } from "../fakes/repository.ts";

type Told = NonNullable<RepositoryReport["pullRequest"]>;

const told = (changes: Partial<Told> = {}): Told => ({ number: 7, url: "https://github.test/pull/7", ...changes });

it.each<[Partial<RepositoryReport>, boolean]>([
  [{ outcome: "in-sync" }, false],
  [{ outcome: "failed" }, false],
  [{ outcome: "edited" }, true],
  [{ outcome: "rejected" }, true],
  [{ outcome: "current", pullRequest: told() }, true],
])("%j waits on GitHub: %s", (changes, waits) => {
  expect(waitsOnGitHub(repositoryReport(changes))).toBe(waits);
});

it("a glimpse names the branch's commit and the pull request with its state", () => {
  expect([
    toGlimpse("3f2a", { number: 12, state: "open" }),
    toGlimpse("3f2a", null),
    toGlimpse(null, { number: 12, state: "merged" }),
    toGlimpse(null, null),
  ]).toEqual(["3f2a #12 open", "3f2a -", "- #12 merged", "- -"]);
});

describe("a look", () => {
  interface Situation {
    readonly last?: Told | null;
    /** As the last run left it; `null`: none did. Default: as it is. */
    readonly glimpse?: string | null;
    readonly pull?: Partial<PullRequest> | null;
    readonly checks?: Checks | null | "down";
    readonly isThorough?: boolean;
  }

  async function look({ last = told(), glimpse, pull = {}, checks = null, isThorough }: Situation) {
    const repository = await createFakeRepository("image", { "clip.json": "{}" });
    const commit = await repository.push(SYNC_BRANCH, { "clip.json": "{}\n" });
    const now = pull === null ? null : pullRequest(pull);
    const seen: string[] = [];
    const read = {
      ...repository.ports.read,
      checks: async () => {
        seen.push("checks");
        if (checks === "down") throw new Error("no checks now");
        return checks === null ? null : { ...checks, commit };
      },
      branches: (prefix: string) => {
        seen.push("branches");
        return repository.ports.read.branches(prefix);
      },
    };
    const get = async (number: number) => {
      seen.push(`get ${number}`);
      return now;
    };
    const known = glimpse === null ? {} : { glimpse: glimpse ?? toGlimpse(commit, now) };
    const sight = await lookAtBranch(
      { pullRequest: last },
      { ...EMPTY_MEMORY, ...known },
      { read, pullRequests: { ...repository.ports.pullRequests, get } },
      isThorough,
    );
    return { sight, seen };
  }

  const red: Checks = { commit: "", state: "failed", failed: ["a", "b", "c", "d", "e", "f"] };
  const green: Checks = { commit: "", state: "passed", failed: [] };

  it("sees nothing where no run has looked", async () => {
    expect(await look({ glimpse: null })).toEqual({ sight: null, seen: [] });
  });

  it("asks for the branch and the pull request, and finds them as they were", async () => {
    const { sight, seen } = await look({});
    expect(sight).toEqual({ hasChanged: false, mergeState: null });
    expect(seen).toEqual(["branches", "get 7"]);
  });

  it("asks for the branch alone where no pull request is told", async () => {
    const { sight, seen } = await look({ last: null, pull: null });
    expect([sight?.hasChanged, seen]).toEqual([false, ["branches"]]);
  });

  it("sees a push, a merge, and a pull request that is gone", async () => {
    expect((await look({ glimpse: `${"0".repeat(40)} #7 open` })).sight?.hasChanged).toBe(true);
    const open = (await look({})).sight;
    expect(open?.hasChanged).toBe(false);
    for (const pull of [{ state: "merged" as const }, { state: "closed" as const }, null]) {
      const repository = await look({ pull, glimpse: "x #7 open" });
      expect(repository.sight).toEqual({ hasChanged: true, mergeState: null });
    }
  });

  it.each(["clean", "dirty", "draft", "behind", "unstable", "blocked"])("tells how it stands: %s", async (merging) => {
    const { sight } = await look({ last: told({ merging }), pull: { merging } });
    expect(sight?.mergeState).toMatchObject({ merging });
    expect(sight?.hasChanged).toBe(false);
    expect(OBSTACLES.includes(merging)).toBe(merging !== "clean");
  });

  it.each<[string, Partial<PullRequest>]>([
    ["GitHub has yet to find out", { merging: "unknown" }],
    ["GitHub does not tell", {}],
    ["it is closed", { state: "closed", merging: "clean" }],
  ])("tells nothing of it where %s", async (_why, pull) => {
    expect((await look({ pull })).sight?.mergeState).toBeNull();
  });

  it("a conflict that is new has to be seen to, and one that was told has not", async () => {
    expect((await look({ pull: { merging: "dirty" } })).sight?.hasChanged).toBe(true);
    expect((await look({ last: told({ merging: "dirty" }), pull: { merging: "dirty" } })).sight?.hasChanged).toBe(
      false,
    );
  });

  it.each(["unstable", "blocked"])(
    "asks for the checks of one that is %s, by the branch, instead of its ref",
    async (merging) => {
      const failed = await look({ last: told({ merging }), pull: { merging }, checks: red });
      expect(failed.seen).toEqual(["checks", "get 7"]);
      expect(failed.sight).toEqual({
        hasChanged: false,
        mergeState: { merging, checks: "failed", failedChecks: ["a", "b", "c", "d", "e"] },
      });
      const passed = await look({ last: told({ merging }), pull: { merging }, checks: green });
      expect(passed.sight?.mergeState).toEqual({ merging, checks: "passed" });
    },
  );

  it("says so where the checks may not be read, and asks for them again only when thorough", async () => {
    const merging = "unstable";
    const first = await look({ last: told({ merging }), pull: { merging }, checks: null });
    expect(first.sight?.mergeState).toEqual({ merging, checks: "unreadable" });
    expect(first.seen).toEqual(["checks", "get 7", "branches"]);
    const last = told({ merging, checks: "unreadable" });
    const second = await look({ last, pull: { merging }, checks: green });
    expect([second.seen, second.sight?.mergeState]).toEqual([["branches", "get 7"], { merging }]);
    const third = await look({ last, pull: { merging }, checks: green, isThorough: true });
    expect(third.sight?.mergeState).toEqual({ merging, checks: "passed" });
  });

  it("goes on without checks that cannot be had now", async () => {
    const merging = "blocked";
    const { sight, seen } = await look({ last: told({ merging }), pull: { merging }, checks: "down" });
    expect([sight, seen]).toEqual([{ hasChanged: false, mergeState: { merging } }, ["checks", "get 7", "branches"]]);
  });

  it("tells no checks of one that became clean", async () => {
    const { sight } = await look({ last: told({ merging: "unstable" }), pull: { merging: "clean" }, checks: green });
    expect(sight?.mergeState).toEqual({ merging: "clean" });
  });
});
