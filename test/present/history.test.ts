import { describe, expect, it } from "vitest";
import { RUN_OUTCOMES } from "../../src/contract/report.ts";
import { viewHistory } from "../../src/present/history.ts";
import { renderHistory } from "../../src/present/page/history.ts";
import type { RunSummary } from "../../src/state/store.ts";
import { START } from "../fakes/clock.ts";

const DAY_MS = 86_400_000;
const run = (daysAgo: number, more: Partial<RunSummary> = {}): RunSummary => ({
  id: "mhx0k3v9a-4f7c2e",
  trigger: "tick",
  startedAt: new Date(START - daysAgo * DAY_MS).toISOString(),
  outcome: "published",
  durationMs: 1000,
  changes: 1,
  hasWritten: true,
  ...more,
});

describe("the strip of the last 30 days", () => {
  it("has a mark a run, at its time, oldest first", () => {
    const { marks, summary } = viewHistory([run(0), run(15), run(30), run(31)], START);
    expect(marks.map(({ at }) => at)).toEqual([0, 0.5, 1]);
    expect(summary).toBe("3 runs in 30 days: 3 published.");
  });

  it("is as high as what a run changed, and a thousand fit", () => {
    const sizes = [0, 1, 10, 1023, 50_000].map((changes) => viewHistory([run(1, { changes })], START).marks[0]?.size);
    expect(sizes.toSorted((one = 0, other = 0) => one - other)).toEqual(sizes);
    expect([sizes[0], sizes[3], sizes[4]]).toEqual([0, 1, 1]);
  });

  it.each([
    { more: {}, tone: "good", says: /: published, 1 change$/ },
    { more: { hasWritten: false, changes: 0 }, tone: "quiet", says: /: nothing new$/ },
    { more: { outcome: "in-sync", changes: 0 }, tone: "quiet", says: /: in sync$/ },
    { more: { outcome: "planned", changes: 3, hasWritten: false }, tone: "wait", says: /: planned, 3 changes$/ },
    { more: { outcome: "failed", changes: 0 }, tone: "bad", says: /^2026-11-20 12:00 UTC: failed$/ },
  ] as const)("tells a run in words: $says", ({ more, tone, says }) => {
    const [mark] = viewHistory([run(1, more)], START).marks;
    expect(mark?.tone).toBe(tone);
    expect(mark?.title).toMatch(says);
  });

  it("takes runs of earlier versions, and of a clock that ran ahead", () => {
    const { changes: _changes, hasWritten: _hasWritten, ...old } = run(-1);
    expect(viewHistory([old], START).marks).toEqual([
      { at: 1, size: 0, tone: "good", title: "2026-11-22 12:00 UTC: published" },
    ]);
  });

  it("stays within its box, with a title for each mark and a text for all", async () => {
    const runs = Array.from({ length: 1000 }, (_, index) =>
      run((30 * index) / 1000, {
        outcome: RUN_OUTCOMES[index % RUN_OUTCOMES.length] ?? "failed",
        changes: index ** 2,
      }),
    );
    const svg = String(await renderHistory(runs, START));
    const marks = [...svg.matchAll(/<rect class="(\w+)" x="(\d+)" y="(\d+)" width="(\d+)" height="(\d+)"><title>/g)];
    expect(marks).toHaveLength(1000);
    for (const [, , x, y, width, height] of marks) {
      expect(Number(x) + Number(width)).toBeLessThanOrEqual(720);
      expect(Number(y) + Number(height)).toBeLessThanOrEqual(56);
    }
    expect(svg).toContain("1000 runs in 30 days:");
    expect(svg).not.toMatch(/style=|<script/);
    expect(String(await renderHistory([], START))).toBe("");
  });
});
