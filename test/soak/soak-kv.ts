/**
 * Workers KV as it is on a bad day: it counts what a plan counts, shows what was written a minute later, and loses,
 * refuses and damages.
 */
import type { Random } from "../../sandbox/generate/random.ts";
import { createFakeKv, type FakeKv } from "../fakes/kv.ts";

export interface DayCounts {
  reads: number;
  writes: number;
  lists: number;
  deletes: number;
}

export interface SoakKv extends Omit<FakeKv, "reads" | "writes"> {
  /** What is refused now. */
  readonly refuses: Set<keyof DayCounts>;
  /** Reads may show what was there up to a minute ago. */
  isStale: boolean;
  /** Of the plan's, since `startDay`; what is refused is none of them. */
  readonly counts: DayCounts;
  refused: number;
  startDay(): void;
}

const STALE_MS = 60_000;

export function createSoakKv({ now, random }: { now: () => number; random: Random }): SoakKv {
  const kv = createFakeKv();
  /** What a key held before, and until when; `null`: nothing. */
  const former = new Map<string, { readonly value: string | null; readonly until: number }[]>();
  const counts = { reads: 0, writes: 0, lists: 0, deletes: 0 };

  function count(what: keyof DayCounts): void {
    if (fake.refuses.has(what)) {
      fake.refused++;
      throw new Error(`KV: 503 Service Unavailable (${what})`);
    }
    counts[what]++;
  }

  function keep(key: string): void {
    const at = now();
    const kept = (former.get(key) ?? []).filter(({ until }) => until > at - STALE_MS);
    former.set(key, [...kept, { value: kv.values.get(key)?.value ?? null, until: at }]);
  }

  const fake: SoakKv = {
    values: kv.values,
    refuses: new Set(),
    isStale: false,
    counts,
    refused: 0,
    startDay() {
      Object.assign(counts, { reads: 0, writes: 0, lists: 0, deletes: 0 });
      fake.refused = 0;
    },
    async get(key) {
      count("reads");
      const value = await kv.get(key);
      if (!fake.isStale) return value;
      const seenAt = now() - random.below(STALE_MS);
      const old = former.get(key)?.find(({ until }) => until > seenAt);
      return old === undefined ? value : old.value;
    },
    async put(key, value, options) {
      count("writes");
      keep(key);
      await kv.put(key, value, options);
    },
    async delete(key) {
      count("deletes");
      keep(key);
      await kv.delete(key);
    },
    async list(options) {
      count("lists");
      return kv.list(options);
    },
  };
  return fake;
}
