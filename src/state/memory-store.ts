/**
 * A store that ends with its process.
 */
import type { KeyValueStore } from "./key-value-store.ts";

interface Entry {
  readonly value: string;
  readonly metadata: unknown;
  /** Milliseconds since the epoch. */
  readonly endsAt: number;
}

/** Values end when their time is over, and keys are listed in ascending order, as in Workers KV. */
export function createMemoryStore(now: () => number = Date.now): KeyValueStore {
  const entries = new Map<string, Entry>();
  const dropEnded = () => {
    for (const [key, { endsAt }] of entries) if (endsAt <= now()) entries.delete(key);
  };
  return {
    async get(key) {
      dropEnded();
      return entries.get(key)?.value ?? null;
    },
    async put(key, value, { expirationTtl, metadata } = {}) {
      dropEnded();
      const endsAt = expirationTtl === undefined ? Number.POSITIVE_INFINITY : now() + 1000 * expirationTtl;
      entries.set(key, { value, metadata, endsAt });
    },
    async list({ prefix, limit, cursor = "" }) {
      dropEnded();
      const names = [...entries.keys()].filter((name) => name.startsWith(prefix) && name > cursor).sort();
      const keys = names.slice(0, limit).map((name) => ({ name, metadata: entries.get(name)?.metadata }));
      const last = keys.at(-1)?.name;
      return names.length <= limit || last === undefined
        ? { keys, list_complete: true }
        : { keys, list_complete: false, cursor: last };
    },
  };
}
