import { describe, expect, it } from "vitest";
import { nextAttemptAfter } from "../../src/core/back-off.ts";
import { isFirstIn, isWatchCron, isWatchMinute } from "../../src/service/schedule.ts";

const MINUTE = 60_000;

describe("which cron it was", () => {
  it.each([
    ["* * * * *", true],
    ["*/5 * * * *", true],
    ["0 */6 * * *", false],
    ["15 3 * * MON", false],
  ])("%s", (cron, isWatch) => {
    expect(isWatchCron(cron)).toBe(isWatch);
  });
});

describe("the watch interval", () => {
  it.each([
    [1, 60],
    [60, 60],
    [90, 40],
    [120, 30],
    [300, 12],
    [3600, 1],
  ])("of %d s looks in %d minutes of an hour", (seconds, expected) => {
    const hour = Array.from({ length: 60 }, (_, minute) => Date.UTC(2026, 0, 1, 7, minute));
    expect(hour.filter((time) => isWatchMinute(time, seconds))).toHaveLength(expected);
  });

  it.each([0, 1, 29_000, 59_999])("counts every interval once when ticks come %d ms late", (late) => {
    const day = Array.from({ length: 1440 }, (_, minute) => Date.UTC(2026, 0, 1, 0, minute) + late);
    expect(day.filter((time) => isWatchMinute(time, 300))).toHaveLength(288);
  });
});

describe("backing off", () => {
  const from = Date.UTC(2026, 0, 1);

  it("waits 1, 2, 4 … 60 minutes, and never longer", () => {
    const minutes = Array.from({ length: 10 }, (_, index) => (nextAttemptAfter(from, index + 1, null) - from) / MINUTE);
    expect(minutes).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60, 60]);
    expect(nextAttemptAfter(from, 100_000, null) - from).toBe(60 * MINUTE);
  });

  it.each([
    ["a later time that the other side named", 5 * MINUTE, 5],
    ["its own when the other side named an earlier one", 1000, 1],
  ])("takes %s", (_what, ahead, expected) => {
    expect((nextAttemptAfter(from, 1, from + ahead) - from) / MINUTE).toBe(expected);
  });
});

it("a look comes once in each period, whatever the ticks' distance", () => {
  for (const step of [30, 60, 300, 420]) {
    const ticks = Array.from({ length: Math.floor(3600 / step) }, (_, index) => index * step * 1000);
    const looks = ticks.filter((at) => isFirstIn(300, at, step)).length;
    expect([step, looks]).toEqual([step, step > 300 ? ticks.length : 12]);
  }
});
