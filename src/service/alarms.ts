/**
 * What is wrong though no attempt failed: nothing is tried any more, nothing is kept, or nothing succeeds. Pure.
 */
import type { Config } from "../config/config.ts";
import { isSilent, STALE_AFTER_MS } from "../state/alarm-limits.ts";
import type { SyncState } from "../state/store.ts";

export interface Alarm {
  readonly code: "cron-stopped" | "state-not-saved" | "stale";
  /** What it means, and what to do. */
  readonly message: string;
}

export interface AlarmInput {
  readonly config: Pick<Config, "watch">;
  readonly state: Pick<SyncState, "heartbeatAt" | "lastSuccessAt" | "lastCheckedAt">;
  /** When this version was made (ms since the epoch), where that is known. */
  readonly deployedAt: number | null;
  /** This isolate knows that the state cannot be written. */
  readonly isUnsaved: boolean;
  readonly now: number;
}

export function findAlarms({ config, state, deployedAt, isUnsaved, now }: AlarmInput): Alarm[] {
  const alarms: Alarm[] = [];
  // Also when there never was a tick since this version was made.
  const lastTick = state.heartbeatAt === null ? deployedAt : Date.parse(state.heartbeatAt);
  if (lastTick !== null && isSilent(lastTick, now, config.watch.intervalSeconds)) {
    const since = new Date(lastTick).toISOString();
    const message = `No tick came since ${since}: the cron trigger does not fire. Look at its past events, and deploy again.`;
    alarms.push({ code: "cron-stopped", message });
  }
  if (isUnsaved) {
    const message =
      "KV does not store the state, so that what is shown here is old and ticks come further and further apart. Look at Cloudflare's status, and at the writes that the plan has left for today.";
    alarms.push({ code: "state-not-saved", message });
  }
  const lastGood = state.lastSuccessAt ?? state.lastCheckedAt;
  if (lastGood !== null && now - Date.parse(lastGood) > STALE_AFTER_MS) {
    alarms.push({
      code: "stale",
      message: `Not everything was settled since ${lastGood}. See below what waits, or fails.`,
    });
  }
  return alarms;
}
