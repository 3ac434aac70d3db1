import { describe, expect, it } from "vitest";
import { forgetFuture } from "../../src/state/clock-jump.ts";
import { EMPTY_STATE, type SyncState } from "../../src/state/store.ts";

const NOW = Date.UTC(2026, 10, 21, 12);
const iso = (minutes: number) => new Date(NOW + minutes * 60_000).toISOString();

describe("a state that was stored by a clock 20 hours ahead", () => {
  const HOURS = 20 * 60;
  const state: SyncState = {
    ...EMPTY_STATE,
    lastUpdated: 7,
    awaiting: { lastUpdated: 8, until: iso(HOURS + 10) },
    nextAttemptAt: iso(HOURS + 60),
    consecutiveErrors: 7,
    outages: 7,
    heartbeatAt: iso(HOURS),
    lastCheckedAt: iso(HOURS),
    lastSuccessAt: iso(-30),
    failingSince: iso(HOURS - 30),
    markSeen: iso(HOURS),
    bucket: { left: 0, at: NOW + HOURS * 60_000 },
  };

  it("lets nothing wait, takes nothing on trust, and keeps what is no time", () => {
    expect(forgetFuture(state, NOW)).toEqual({
      ...state,
      isUnsettled: true,
      awaiting: null,
      nextAttemptAt: null,
      heartbeatAt: null,
      lastCheckedAt: iso(0),
      failingSince: iso(0),
      markSeen: iso(0),
      bucket: null,
    });
  });

  it.each([null, iso(-15), iso(0), iso(5)])("and one of now, %s, stays as it is", (heartbeatAt) => {
    const now = { ...state, heartbeatAt, lastCheckedAt: heartbeatAt };
    expect(forgetFuture(now, NOW)).toBe(now);
  });
});
