import { describe, expect, it } from "vitest";
import { CATEGORIES } from "../../src/categories.ts";
import type { RepositoryOutcome, RepositoryReport } from "../../src/contract/report.ts";
import { carryForward } from "../../src/sync/carry.ts";
import { EMPTY_MEMORY, type RepositoryMemory } from "../../src/sync/memory.ts";
import { repositoryReport } from "../fakes/report.ts";

const DUE = 1_000_000;
const categories = CATEGORIES.filter(({ name }) => name === "clip" || name === "blip");

interface Situation {
  readonly memory?: Partial<RepositoryMemory>;
  readonly trustStamps?: boolean;
  /** `null`: PRIMARY told none. */
  readonly stamps?: Readonly<Record<string, number | null>> | null;
  readonly last?: RepositoryReport | null;
}

async function carry({ memory = {}, trustStamps = true, stamps = { clip: 5 }, last = repositoryReport() }: Situation) {
  let asked = 0;
  const readStamps = async () => {
    asked++;
    return stamps === null ? null : new Map(Object.entries(stamps));
  };
  const primary = { url: "", source: "", lastUpdated: 1, read: () => Promise.reject(), readStamps, trustStamps };
  const known = { ...EMPTY_MEMORY, settledAt: { clip: 5, blip: null }, ...memory };
  const carried = await carryForward({ categories, memory: known, primary, dueAt: DUE }, last ?? undefined);
  return { carried, asked };
}

describe("the last report is carried forward", () => {
  it("where PRIMARY touched none of the categories since all was settled", async () => {
    expect(await carry({})).toEqual({ carried: repositoryReport(), asked: 1 });
  });

  it.each<[RepositoryOutcome, RepositoryOutcome]>([
    ["created", "current"],
    ["updated", "current"],
    ["closed", "in-sync"],
    ["committed", "in-sync"],
    ["current", "current"],
    ["held", "held"],
    ["rejected", "rejected"],
    ["edited", "edited"],
    ["below-threshold", "below-threshold"],
  ])("%s as %s, because what it did is done", async (outcome, lasting) => {
    const last = repositoryReport({ outcome, files: ["clip.json"] });
    expect((await carry({ last })).carried).toEqual({ ...last, outcome: lasting });
  });

  it("where the repository's next attempt is not due yet, whatever PRIMARY says", async () => {
    const last = repositoryReport({ outcome: "failed" });
    const memory = { retry: { times: 1, nextAttemptAt: DUE + 1 } };
    expect(await carry({ last, memory, stamps: { clip: 6 } })).toEqual({ carried: last, asked: 0 });
  });
});

describe("a run looks", () => {
  const failed = repositoryReport({ outcome: "failed" });

  it.each<[string, Situation, number]>([
    ["a category moved", { stamps: { clip: 6 } }, 1],
    ["a category has a stamp now", { stamps: { clip: 5, blip: 7 } }, 1],
    ["a category's stamp is gone", { stamps: {} }, 1],
    ["PRIMARY told no stamps", { stamps: null }, 1],
    ["a category is new", { memory: { settledAt: { clip: 5 } } }, 1],
    ["a category is not configured any more", { memory: { settledAt: { clip: 5, blip: null, gfpgan: null } } }, 1],
    ["it was not settled", { memory: { settledAt: null } }, 0],
    ["there is no report", { last: null }, 0],
    [
      "there is no report, and the next attempt is not due",
      { last: null, memory: { retry: { times: 1, nextAttemptAt: DUE + 1 } } },
      0,
    ],
    ["nothing is taken on trust", { trustStamps: false }, 0],
    [
      "nothing is taken on trust, not even a back-off",
      { trustStamps: false, last: failed, memory: { retry: { times: 1, nextAttemptAt: DUE + 1 } } },
      0,
    ],
    [
      "the next attempt is due",
      { last: failed, memory: { settledAt: null, retry: { times: 1, nextAttemptAt: DUE } } },
      0,
    ],
    ["the last one failed", { last: failed }, 1],
    ["the last one was a conflict", { last: repositoryReport({ outcome: "conflict" }) }, 1],
  ])("where %s", async (_why, situation, asked) => {
    expect(await carry(situation)).toEqual({ carried: null, asked });
  });
});
