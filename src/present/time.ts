/**
 * Times as people read them, in UTC. Pure.
 */
import type { Status } from "./status.ts";

/** `2026-11-21T00:33:12.000Z` → `2026-11-21 00:33 UTC` */
export function formatTime(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}

/** `3 minutes ago`, `in 2 hours`, `just now`. */
export function formatAge(iso: string, now: number): string {
  const seconds = Math.round((now - Date.parse(iso)) / 1000);
  const [amount, unit] = largestUnit(Math.abs(seconds));
  if (amount === 0) return "just now";
  const text = `${amount} ${unit}${amount === 1 ? "" : "s"}`;
  return seconds > 0 ? `${text} ago` : `in ${text}`;
}

function largestUnit(seconds: number): [number, string] {
  if (seconds < 60) return [0, "second"];
  if (seconds < 3600) return [Math.floor(seconds / 60), "minute"];
  if (seconds < 2 * 86_400) return [Math.floor(seconds / 3600), "hour"];
  return [Math.floor(seconds / 86_400), "day"];
}

/** `850 ms`, `12.3 s`, `4 min 5 s`. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** Unix seconds as ISO 8601, or `null` when they are none. */
export function fromUnixSeconds(seconds: number | null): string | null {
  if (seconds === null) return null;
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

/** When the next tick may start a run: after a back-off, else by the ordinary schedule. */
export function describeNextAttempt({ nextAttemptAt, config, paused, alarms }: Status, now: number): string {
  if (paused !== null && config.watch !== null) return "none, while it is paused";
  if (nextAttemptAt !== null && Date.parse(nextAttemptAt) > now) {
    return `${formatTime(nextAttemptAt)} (${formatAge(nextAttemptAt, now)})`;
  }
  if (alarms.some(({ code }) => code === "cron-stopped")) return "none, until the cron fires again";
  if (config.watch === null) return "none, until the settings are mended";
  if (!config.watch.enabled) return "with the next reconcile; the watch is off";
  const { intervalSeconds } = config.watch;
  return intervalSeconds === 60 ? "within a minute" : `within ${formatDuration(intervalSeconds * 1000)}`;
}
