import { describe, expect, it } from "vitest";
import type { RepositoryReport } from "../../src/contract/report.ts";
import { deriveEvents, happensOnce, type SyncEvent } from "../../src/notify/events.ts";
import { EMPTY_STATE, type SyncState } from "../../src/state/store.ts";
import { repositoryReport } from "../fakes/report.ts";

const clip = { added: ["a", "b"], removed: [], modified: [{ name: "m", fields: ["x"] }], warnings: [] };
const pullRequest = { number: 1, url: "https://github.test/pull/1" };
const created = repositoryReport({ outcome: "created", pullRequest, commit: "c1", categories: { clip } });
const updated = repositoryReport({ ...created, outcome: "updated", commit: "c2" });
const current = repositoryReport({ ...created, outcome: "current", commit: null });
const held = repositoryReport({ outcome: "held", categories: { clip: { ...clip, held: "Too much." } } });
const inSync = repositoryReport();

const state = (report: RepositoryReport | null, changes: Partial<SyncState> = {}): SyncState => ({
  ...EMPTY_STATE,
  repositories: report === null ? [] : [report],
  ...changes,
});

describe("a run is told of", () => {
  const counts = [{ category: "clip", added: 2, removed: 0, modified: 1, renamed: 0 }];
  const told = (at: string, pull: number | null = 1) => ({ told: { "haidra/image": { at, waits: false, pull } } });
  const [early, late] = [told("2026-11-21T12:00:00.000Z"), told("2026-11-21T13:00:00.000Z")];
  const opened: SyncEvent = { kind: "opened", repository: "haidra/image", pullRequest, categories: counts };
  const second = { number: 2, url: "https://github.test/pull/2" };

  it.each<[string, SyncState, SyncState, SyncEvent[]]>([
    ["when it opened a pull request", state(inSync), state(created, late), [opened]],
    ["when the very first run did", state(null), state(created, late), [opened]],
    [
      "when it opened another one",
      state(created, early),
      state({ ...created, pullRequest: second }, told("2026-11-21T13:00:00.000Z", 2)),
      [{ ...opened, pullRequest: second }],
    ],
    ["when it brought one up to date", state(created, early), state(updated, late), [{ ...opened, kind: "updated" }]],
    ["when it did so again", state(updated, early), state(current, late), [{ ...opened, kind: "updated" }]],
    [
      "when all that changed is a name",
      state(inSync),
      state(
        {
          ...created,
          categories: { clip: { ...clip, added: [], modified: [], renamed: [{ from: "a", to: "b", fields: [] }] } },
        },
        late,
      ),
      [{ ...opened, categories: [{ category: "clip", added: 0, removed: 0, modified: 0, renamed: 1 }] }],
    ],
    [
      "when it holds a category",
      state(inSync),
      state(held),
      [{ kind: "held", repository: "haidra/image", category: "clip", why: "Too much." }],
    ],
    [
      "at the tenth failure in a row",
      state(created, { consecutiveErrors: 9 }),
      state(created, {
        consecutiveErrors: 10,
        lastError: { code: "primary-unavailable", message: "PRIMARY answered 502." },
      }),
      [{ kind: "degraded", errors: 10, reasons: ["PRIMARY answered 502."] }],
    ],
    [
      "with the repository that fails",
      state(null, { consecutiveErrors: 9 }),
      state(
        { ...inSync, outcome: "failed", error: { code: "github-rejected", message: "No." } },
        { consecutiveErrors: 10 },
      ),
      [{ kind: "degraded", errors: 10, reasons: ["haidra/image: No."] }],
    ],
    [
      "when it works again",
      state(inSync, { consecutiveErrors: 14 }),
      state(inSync),
      [{ kind: "recovered", errors: 14 }],
    ],
  ])("%s", (_when, before, after, events) => {
    expect(deriveEvents(before, after)).toEqual(events);
  });

  it.each<[string, SyncState, SyncState]>([
    ["an open pull request that stays", state(created), state(current)],
    ["one that was told of a short while ago", state(created, early), state(updated, early)],
    ["one that another run opened meanwhile", state(inSync), state(current)],
    ["a repository that this run did not look at", state(updated), state(updated)],
    [
      "what is held still, for other numbers",
      state(held),
      state({ ...held, categories: { clip: { ...clip, held: "Less." } } }),
    ],
    ["the eleventh failure", state(inSync, { consecutiveErrors: 10 }), state(inSync, { consecutiveErrors: 11 })],
    ["a success after a few failures", state(inSync, { consecutiveErrors: 9 }), state(inSync)],
    ["a release", state(held), state(inSync)],
  ])("but not of %s", (_what, before, after) => {
    expect(deriveEvents(before, after)).toEqual([]);
  });

  it("reminds of a pull request once, when it has waited for so many days", () => {
    const openedAt = "2026-11-14T12:00:00.000Z";
    const waiting = { ...current, pullRequest: { ...pullRequest, openedAt } };
    const at = (lastCheckedAt: string) => state(waiting, { lastCheckedAt });
    const [before, after] = [at("2026-11-21T11:59:00.000Z"), at("2026-11-21T12:00:00.000Z")];
    const expected = [{ kind: "waiting", repository: "haidra/image", pullRequest: waiting.pullRequest, days: 7 }];
    expect(deriveEvents(before, after, 7)).toEqual(expected);
    expect(deriveEvents(before, at("2026-11-25T12:00:00.000Z"), 7)).toEqual(expected);
    expect(deriveEvents(after, at("2026-11-21T12:15:00.000Z"), 7)).toEqual([]);
    expect(deriveEvents(at("2026-11-21T11:44:00.000Z"), before, 7)).toEqual([]);
    expect(deriveEvents(before, after, 0)).toEqual([]);
    expect(deriveEvents(state(waiting), after, 7)).toEqual([]);
  });

  it("once: no state tells anything against itself", () => {
    for (const report of [created, updated, current, held, inSync, null]) {
      const same = state(report, { consecutiveErrors: 12 });
      expect(deriveEvents(same, JSON.parse(JSON.stringify(same)))).toEqual([]);
    }
  });

  it("by its deeds alone when the state could not be stored", () => {
    const events = deriveEvents(state(null, { consecutiveErrors: 9 }), {
      ...state(created, { consecutiveErrors: 10, ...late }),
      repositories: [created, { ...held, repository: "haidra/text" }],
    });
    expect(events.map((event) => [event.kind, happensOnce(event)])).toEqual([
      ["opened", true],
      ["held", false],
      ["degraded", false],
    ]);
  });
});
