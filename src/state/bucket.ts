/**
 * How many runs the schedule may still start: ten at once, and one more every five minutes. So a change is published at
 * once, and churn waits for the next. Pure.
 */

export interface Bucket {
  readonly left: number;
  /** From when the next one counts (ms since the epoch). */
  readonly at: number;
}

const SIZE = 10;
const REFILL_MS = 5 * 60_000;

/** @param bucket `null`: nobody drew from it yet */
function refill(bucket: Bucket | null, now: number): Bucket {
  if (bucket === null) return { left: SIZE, at: now };
  const left = Math.min(SIZE, Math.max(0, bucket.left));
  // A clock that was set back must not stop it.
  if (now < bucket.at) return { left, at: now };
  const gained = Math.floor((now - bucket.at) / REFILL_MS);
  if (left + gained >= SIZE) return { left: SIZE, at: now };
  return { left: left + gained, at: bucket.at + gained * REFILL_MS };
}

export type Draw =
  | { readonly kind: "drawn"; readonly bucket: Bucket }
  /** @property until when there is one again (ms since the epoch) */
  | { readonly kind: "empty"; readonly until: number };

/** @param now milliseconds since the epoch */
export function draw(bucket: Bucket | null, now: number): Draw {
  const { left, at } = refill(bucket, now);
  return left < 1 ? { kind: "empty", until: at + REFILL_MS } : { kind: "drawn", bucket: { left: left - 1, at } };
}
