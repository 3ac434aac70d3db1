import type { Clock } from "../../net/transport.ts";

/** The value, or `null` when it fails or takes longer: for caches, which must not cost an answer. */
export async function orNullWithin<T>(value: Promise<T>, ms: number, clock: Clock): Promise<T | null> {
  const settled = value.catch(() => null);
  return Promise.race([settled, clock.sleep(ms).then(() => null)]);
}
