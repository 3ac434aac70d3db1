import { expect, it } from "vitest";
import { planRead, type Situation } from "../../src/replica/freshness/policy.ts";

const TTL = 60_000;
const NOW = { kind: "answer", asksGitHub: false };
const BEHIND = { kind: "answer", asksGitHub: true };
const WAIT = { kind: "wait", waitMs: 2500, longestMs: 10_000 };
const LONG = { kind: "wait", waitMs: 10_000, longestMs: 10_000 };

it.each<[hasContent: boolean, askedMsAgo: number | null, isRefresh: boolean, plan: object]>([
  [true, 0, false, NOW],
  [true, TTL, false, NOW],
  // A clock that jumped back.
  [true, -1, false, NOW],
  [true, -60_001, false, WAIT],
  [true, TTL + 1, false, BEHIND],
  [true, 10 * TTL, false, BEHIND],
  [true, 10 * TTL + 1, false, WAIT],
  [true, null, false, WAIT],
  [false, 0, false, WAIT],
  [false, null, false, WAIT],
  [true, 0, true, LONG],
  [false, null, true, LONG],
])("with content: %s, asked %s ms ago, refresh: %s", (hasContent, askedMsAgo, isRefresh, plan) => {
  const situation: Situation = { hasContent, askedMsAgo, ttlMs: TTL, isRefresh };
  expect(planRead(situation)).toEqual(plan);
});
