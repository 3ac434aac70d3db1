import { describe, expect, it } from "vitest";
import {
  isSettled,
  REPOSITORY_OUTCOMES,
  type RepositoryOutcome,
  type RunOutcome,
  summarize,
} from "../../src/contract/report.ts";

describe("the outcome of a run", () => {
  it.each<[readonly RepositoryOutcome[], RunOutcome]>([
    [[], "in-sync"],
    [["in-sync", "in-sync"], "in-sync"],
    [["in-sync", "created"], "published"],
    [["in-sync", "current"], "published"],
    [["in-sync", "closed"], "published"],
    [["committed"], "published"],
    [["held", "in-sync"], "held"],
    [["held", "created"], "published"],
    [["edited"], "held"],
    [["rejected"], "held"],
    [["below-threshold"], "held"],
    [["planned", "in-sync"], "planned"],
    [["planned", "held"], "planned"],
    [["failed"], "failed"],
    [["failed", "conflict"], "failed"],
    [["failed", "in-sync"], "partial"],
    [["conflict", "created"], "partial"],
    [["planned", "failed"], "partial"],
  ])("of %j is %s", (outcomes, expected) => {
    const repositories = outcomes.map((outcome) => ({ outcome, categories: {} }));
    expect(summarize(repositories)).toBe(expected);
    expect(summarize(repositories.toReversed())).toBe(expected);
  });

  it.each<[readonly RepositoryOutcome[], RunOutcome]>([
    [["in-sync", "current"], "planned"],
    [["planned", "current"], "planned"],
    [["in-sync", "in-sync"], "in-sync"],
    [["held"], "held"],
    [["failed", "current"], "partial"],
  ])("of a dry run of %j is %s, as it published nothing", (outcomes, expected) => {
    expect(
      summarize(
        outcomes.map((outcome) => ({ outcome, categories: {} })),
        true,
      ),
    ).toBe(expected);
  });

  it.each<RepositoryOutcome>(["in-sync", "created", "held"])(
    "of %s and a category that failed is partial",
    (outcome) => {
      const failed = { code: "primary-malformed", message: "It is HTML." } as const;
      const clip = { added: [], removed: [], modified: [], failed, warnings: [] };
      expect(
        summarize([
          { outcome: "in-sync", categories: {} },
          { outcome, categories: { clip } },
        ]),
      ).toBe("partial");
    },
  );
});

describe("what is settled", () => {
  it("is everything but what has to be tried again, and what was only planned", () => {
    expect(REPOSITORY_OUTCOMES.filter((outcome) => !isSettled(outcome))).toEqual(["planned", "conflict", "failed"]);
  });
});
