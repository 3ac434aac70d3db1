import { describe, expect, it } from "vitest";
import { watch } from "../../src/cli/watch.ts";
import type { Look } from "../../src/service/look.ts";
import { EMPTY_STATE, type SyncState } from "../../src/state/store.ts";
import { createFakeClock, START } from "../fakes/clock.ts";
import { createFakeLog } from "../fakes/log.ts";
import { report } from "../fakes/report.ts";
import { configWith } from "../fakes/settings.ts";

const MINUTE = 60_000;
const quiet: Look = { kind: "quiet", lastUpdated: 100, isFirst: false };

interface Given {
  readonly settings?: Readonly<Record<string, string>>;
  readonly state?: Partial<SyncState>;
  readonly initialDelayMs?: number;
  /** When the watch begins, in minutes after noon. */
  readonly begin?: number;
  /** How it is with PRIMARY at a time, in minutes after noon. */
  readonly answer?: (minute: number) => Look | Error;
  /** How long a look takes. */
  readonly lookMs?: number;
}

/** Watches until so many minutes after noon; time passes only in waits and looks. */
async function watchUntil(end: number, given: Given = {}) {
  const clock = createFakeClock({ now: START + (given.begin ?? 0) * MINUTE });
  const { log, lines: logged } = createFakeLog();
  const asked = new AbortController();
  const looks: string[] = [];
  const lines: string[] = [];
  const shown: string[] = [];
  const minute = () => (clock.now() - START) / MINUTE;
  const take = async (what: string): Promise<Look> => {
    looks.push(`${what} ${minute()}`);
    const answer = given.answer?.(minute()) ?? quiet;
    clock.advance(given.lookMs ?? 0);
    if (minute() >= end) asked.abort();
    if (answer instanceof Error) throw answer;
    return answer;
  };
  await watch({
    config: configWith({ WATCH_MODE: "true", ...given.settings }),
    service: {
      watch: () => take("watch"),
      reconcile: () => take("reconcile"),
      async sync({ trigger, isDryRun, isForced }) {
        await take(`sync as ${trigger}, ${isDryRun ? "dry" : "wet"}, ${isForced ? "forced" : "unforced"}`);
        return report({ trigger });
      },
    },
    store: { load: async () => ({ ...EMPTY_STATE, ...given.state }) },
    initialDelayMs: given.initialDelayMs ?? 0,
    stop: {
      asked: asked.signal,
      async pause(ms) {
        await clock.sleep(ms);
        if (minute() >= end) asked.abort();
      },
    },
    now: clock.now,
    log,
    say: (line) => lines.push(line),
    show: async ({ id }) => void shown.push(id),
  });
  return { looks, lines, shown, logged, minute: minute() };
}

describe("a watch", () => {
  it("looks at every interval, whatever its length", async () => {
    expect((await watchUntil(3)).looks).toEqual(["watch 0", "watch 1", "watch 2"]);
    const { looks } = await watchUntil(0.2, { settings: { WATCH_INTERVAL_SECONDS: "3" } });
    expect(looks).toEqual(["watch 0", "watch 0.05", "watch 0.1", "watch 0.15"]);
  });

  it("counts the interval from look to look, and looks at once when one took longer", async () => {
    expect((await watchUntil(3, { lookMs: 15_000 })).looks).toEqual(["watch 0", "watch 1", "watch 2"]);
    expect(
      (
        await watchUntil(4, { lookMs: 2 * MINUTE, answer: () => quiet, settings: { WATCH_INTERVAL_SECONDS: "90" } })
      ).looks.slice(0, 2),
    ).toEqual(["watch 0", "watch 2"]);
  });

  it("waits before its first look when it shall", async () => {
    expect((await watchUntil(3, { initialDelayMs: 90_000 })).looks).toEqual(["watch 1.5", "watch 2.5"]);
  });

  it("compares everything at the start when it shall, and never by force", async () => {
    const { looks, shown } = await watchUntil(2, { settings: { WATCH_ENABLE_STARTUP_SYNC: "true" } });
    expect(looks).toEqual(["sync as reconcile, wet, unforced 0", "watch 1"]);
    expect(shown).toHaveLength(1);
    const dry = { WATCH_ENABLE_STARTUP_SYNC: "true", DRY_RUN: "true" };
    expect((await watchUntil(1, { settings: dry })).looks).toEqual(["sync as reconcile, dry, unforced 0"]);
  });

  it("reconciles at 0, 6, 12 and 18 o'clock", async () => {
    const settings = { WATCH_INTERVAL_SECONDS: "1800" };
    const { looks } = await watchUntil(13 * 60, { settings, begin: 15 });
    expect(looks.filter((look) => look.startsWith("reconcile"))).toEqual(["reconcile 375", "reconcile 735"]);
    expect(looks).toHaveLength(26);
  });

  it("makes up for a reconcile that it missed while it was down", async () => {
    const lastCheckedAt = (minute: number) => ({ lastCheckedAt: new Date(START + minute * MINUTE).toISOString() });
    expect((await watchUntil(2, { state: lastCheckedAt(-10) })).looks).toEqual(["reconcile 0", "watch 1"]);
    expect((await watchUntil(7, { begin: 5, state: lastCheckedAt(1) })).looks).toEqual(["watch 5", "watch 6"]);
  });

  it("survives a fault of its own, and says so", async () => {
    const { looks, logged } = await watchUntil(2, { answer: (minute) => (minute === 0 ? new Error("a bug") : quiet) });
    expect(looks).toEqual(["watch 0", "watch 1"]);
    expect(logged.join()).toContain('"event":"watch.fault","name":"Error","message":"a bug"');
  });

  it("goes on when the state cannot be read", async () => {
    const state = Object.defineProperty({}, "lastCheckedAt", {
      enumerable: true,
      get: () => {
        throw new Error("EACCES");
      },
    });
    expect((await watchUntil(1, { state })).looks).toEqual(["watch 0"]);
  });
});

describe("what a watch says", () => {
  it("is a status every five minutes, also when its interval is longer", async () => {
    const state = { lastUpdated: 1795219334, consecutiveErrors: 0 };
    const { lines } = await watchUntil(16, { state, settings: { WATCH_INTERVAL_SECONDS: "600" } });
    expect(lines).toEqual([
      "watching: 1 check and 0 runs since 2026-11-21 12:00:00Z; PRIMARY last changed 2026-11-21 00:02 UTC; no errors",
      "watching: 1 check and 0 runs since 2026-11-21 12:00:00Z; PRIMARY last changed 2026-11-21 00:02 UTC; no errors",
      "watching: 2 checks and 0 runs since 2026-11-21 12:00:00Z; PRIMARY last changed 2026-11-21 00:02 UTC; no errors",
    ]);
    const failing = await watchUntil(5.5, { state: { consecutiveErrors: 3 } });
    expect(failing.lines).toEqual([
      expect.stringMatching(/^watching: 5 checks .*at a time unknown; 3 errors in a row$/),
    ]);
  });

  it("is each run, and where it begins", async () => {
    const answer = (minute: number): Look =>
      minute === 0 ? { ...quiet, kind: "quiet", isFirst: true, lastUpdated: 7 } : { kind: "ran", report: report() };
    const { lines, shown } = await watchUntil(2, { answer });
    expect(lines).toEqual([
      "PRIMARY's timestamp is 7; the first change after it starts a run",
      "run mhx0k3v9a-4f7c2e: in-sync in 1500 ms",
    ]);
    expect(shown).toEqual(["mhx0k3v9a-4f7c2e"]);
  });

  it("is a back-off, once for each, and every look when it is verbose", async () => {
    const answer = (minute: number): Look => ({
      kind: "backed-off",
      until: new Date(START + (minute < 2 ? 2 : 4) * MINUTE).toISOString(),
    });
    expect((await watchUntil(4, { answer })).lines).toEqual([
      "waiting until 2026-11-21 12:02:00Z before the next attempt",
      "waiting until 2026-11-21 12:04:00Z before the next attempt",
    ]);
    const settings = { VERBOSE_LOGGING: "true" };
    expect((await watchUntil(4, { answer, settings })).lines).toHaveLength(4);
    expect((await watchUntil(1, { settings })).lines).toEqual(["no change; PRIMARY's timestamp is 100"]);
  });

  it("is that it is degraded, after ten failures", async () => {
    const answer = (): Look => ({ kind: "ran", report: report({ outcome: "failed" }) });
    expect((await watchUntil(1, { answer, state: { consecutiveErrors: 9 } })).logged).toEqual([]);
    const { logged } = await watchUntil(1, { answer, state: { consecutiveErrors: 10 } });
    expect(logged.join()).toContain('"event":"watch.degraded","message":"10 attempts in a row failed');
  });
});
