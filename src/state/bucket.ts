/**
 * How often something may still be done: so many times at once, and once more after every while. Pure.
 */

export interface Bucket {
  readonly left: number;
  /** From when the next one counts (ms since the epoch). */
  readonly at: number;
}

export interface Allowance {
  readonly atOnce: number;
  /** After how many milliseconds there is one more. */
  readonly everyMs: number;
}

/** Of runs that the schedule starts: a change is published at once, and churn waits for the next. */
export const SCHEDULED_RUNS: Allowance = { atOnce: 10, everyMs: 5 * 60_000 };

/** @param bucket `null`: nobody drew from it yet */
function refill(bucket: Bucket | null, now: number, { atOnce, everyMs }: Allowance): Bucket {
  if (bucket === null) return { left: atOnce, at: now };
  const left = Math.min(atOnce, Math.max(0, bucket.left));
  // A clock that was set back must not stop it.
  if (now < bucket.at) return { left, at: now };
  const gained = Math.floor((now - bucket.at) / everyMs);
  if (left + gained >= atOnce) return { left: atOnce, at: now };
  return { left: left + gained, at: bucket.at + gained * everyMs };
}

export type Draw =
  | { readonly kind: "drawn"; readonly bucket: Bucket }
  /** @property until when there is one again (ms since the epoch) */
  | { readonly kind: "empty"; readonly until: number };

/** @param now milliseconds since the epoch */
export function draw(bucket: Bucket | null, now: number, allowance: Allowance): Draw {
  const { left, at } = refill(bucket, now, allowance);
  return left < 1
    ? { kind: "empty", until: at + allowance.everyMs }
    : { kind: "drawn", bucket: { left: left - 1, at } };
}
