import type { RateLimit } from "../contract/report.ts";

/**
 * What an answer of GitHub says is left of the credentials' hour, or `null` when it says nothing.
 *
 * - `x-ratelimit-remaining: 4987`, `x-ratelimit-limit: 5000`
 * - `x-ratelimit-reset: 1795219334` (seconds since the epoch)
 *
 * @see https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#checking-the-status-of-your-rate-limit
 */
export function readRateLimit(headers: Headers): RateLimit | null {
  const read = (name: string) => {
    const text = headers.get(name) ?? "";
    return /^\d{1,12}$/.test(text) ? Number(text) : null;
  };
  const remaining = read("x-ratelimit-remaining");
  if (remaining === null) return null;
  const reset = read("x-ratelimit-reset");
  const resetAt = reset === null ? null : new Date(reset * 1000).toISOString();
  return { remaining, limit: read("x-ratelimit-limit"), resetAt };
}
