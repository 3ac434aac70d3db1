/**
 * Times as people read them, in UTC.
 */

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

/** Unix seconds as ISO 8601, or `null` when they are none. */
export function fromUnixSeconds(seconds: number | null): string | null {
  if (seconds === null) return null;
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}
