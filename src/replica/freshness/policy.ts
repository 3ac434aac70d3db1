/**
 * When a reader is answered at once, and when GitHub is asked first. Pure.
 *
 * | GitHub was asked … ago | the reader | GitHub |
 * |---|---|---|
 * | ≤ TTL | is answered at once | is left alone |
 * | ≤ 10 × TTL | is answered at once | is asked in the background |
 * | more, or never | waits, at most 2.5 s | is asked |
 * | whatever, and there is nothing to serve | waits, at most 10 s | is asked |
 * | whatever, and a refresh is asked for | waits, at most 10 s | is asked |
 */
import { CLOCKS_DIFFER_MS } from "../store/clocks.ts";

export type Plan =
  | { readonly kind: "answer"; readonly asksGitHub: boolean }
  /** At most so long from when the question began; `longestMs` from now where there is nothing to serve even then. */
  | { readonly kind: "wait"; readonly waitMs: number; readonly longestMs: number };

/** Up to so many times the TTL nobody waits for GitHub. */
export const AT_ONCE_TTLS = 10;
const WAIT_MS = 2500;
const LONGEST_WAIT_MS = 10_000;

export interface Situation {
  readonly hasContent: boolean;
  /** Since GitHub was last asked; `null` when it never was. Far ahead, by another clock, says nothing. */
  readonly askedMsAgo: number | null;
  readonly ttlMs: number;
  readonly isRefresh: boolean;
}

export function planRead({ hasContent, askedMsAgo, ttlMs, isRefresh }: Situation): Plan {
  if (isRefresh) return { kind: "wait", waitMs: LONGEST_WAIT_MS, longestMs: LONGEST_WAIT_MS };
  const isWithin = (ttls: number) =>
    askedMsAgo !== null && askedMsAgo >= -CLOCKS_DIFFER_MS && askedMsAgo <= ttls * ttlMs;
  if (hasContent && isWithin(AT_ONCE_TTLS)) return { kind: "answer", asksGitHub: !isWithin(1) };
  return { kind: "wait", waitMs: WAIT_MS, longestMs: LONGEST_WAIT_MS };
}
