import { describe, expect, it } from "vitest";
import { formatAge, formatTime, fromUnixSeconds } from "../../src/present/time.ts";
import { START } from "../fakes/clock.ts";

describe("times", () => {
  it("are shown in UTC, to the minute", () => {
    expect(formatTime("2026-11-21T00:33:12.000Z")).toBe("2026-11-21 00:33 UTC");
  });

  it.each([
    [0, "just now"],
    [59, "just now"],
    [60, "1 minute ago"],
    [3599, "59 minutes ago"],
    [3600, "1 hour ago"],
    [47 * 3600, "47 hours ago"],
    [48 * 3600, "2 days ago"],
    [-59, "just now"],
    [-120, "in 2 minutes"],
    [-7200, "in 2 hours"],
  ])("%d seconds ago are %s", (seconds, expected) => {
    expect(formatAge(new Date(START - seconds * 1000).toISOString(), START)).toBe(expected);
  });

  it.each([
    [1795219334, "2026-11-21T00:02:14.000Z"],
    [0, "1970-01-01T00:00:00.000Z"],
    [null, null],
    [1e300, null],
  ])("PRIMARY's %j is %j", (seconds, expected) => {
    expect(fromUnixSeconds(seconds)).toBe(expected);
  });
});
