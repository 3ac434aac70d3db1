import type { Clock } from "../../src/net/transport.ts";
import type { EdgeCache } from "../../src/replica/store/edge-cache.ts";

export interface FakeEdge extends EdgeCache {
  readonly values: Map<string, { readonly bytes: Uint8Array<ArrayBuffer>; readonly until: number }>;
  readonly reads: readonly string[];
  readonly writes: readonly string[];
}

/** The cache of one location: what is too old is gone, and bytes are copies. */
export function createFakeEdge(clock: Pick<Clock, "now">): FakeEdge {
  const values: FakeEdge["values"] = new Map();
  const reads: string[] = [];
  const writes: string[] = [];
  return {
    values,
    reads,
    writes,
    async get(key) {
      reads.push(key);
      const entry = values.get(key);
      return entry === undefined || entry.until <= clock.now() ? null : entry.bytes.slice();
    },
    async put(key, bytes, ttlSeconds) {
      if (!Number.isInteger(ttlSeconds) || ttlSeconds < 1) throw new Error(`The edge refuses a TTL of ${ttlSeconds} s`);
      writes.push(key);
      values.set(key, { bytes: bytes.slice(), until: clock.now() + 1000 * ttlSeconds });
    },
  };
}

/** A cache that is not there, as on *.workers.dev, or that fails. */
export function createBrokenEdge(): EdgeCache {
  const fail = async () => {
    throw new Error("Cache API unavailable");
  };
  return { get: fail, put: fail };
}
