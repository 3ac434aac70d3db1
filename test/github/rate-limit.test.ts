import { expect, it } from "vitest";
import type { RateLimit } from "../../src/contract/report.ts";
import { readRateLimit } from "../../src/github/rate-limit.ts";

it.each<[string, Record<string, string>, RateLimit | null]>([
  [
    "all three headers",
    { "x-ratelimit-remaining": "4987", "x-ratelimit-limit": "5000", "x-ratelimit-reset": "1795219334" },
    { remaining: 4987, limit: 5000, resetAt: "2026-11-21T00:02:14.000Z" },
  ],
  ["only what is left", { "x-ratelimit-remaining": "0" }, { remaining: 0, limit: null, resetAt: null }],
  ["none, as PRIMARY and GitHub Enterprise without limits", {}, null],
  ["something that is no number", { "x-ratelimit-remaining": "many", "x-ratelimit-limit": "5000" }, null],
  [
    "a reset that is no time",
    { "x-ratelimit-remaining": "5", "x-ratelimit-reset": "9".repeat(40) },
    { remaining: 5, limit: null, resetAt: null },
  ],
])("the rate limit is read from %s", (_what, headers, expected) => {
  expect(readRateLimit(new Headers(headers))).toEqual(expected);
});
