import type { ReplicaStore } from "../../src/replica/store/stored-categories.ts";
import type { KeyValueStore } from "../../src/state/key-value-store.ts";

export interface FakeKv extends KeyValueStore, Pick<ReplicaStore, "delete"> {
  readonly values: Map<string, { value: string; metadata?: unknown; expirationTtl?: number }>;
  readonly reads: readonly string[];
  readonly writes: readonly string[];
}

/** Workers KV in memory, with production's limits. */
export function createFakeKv(): FakeKv {
  const values: FakeKv["values"] = new Map();
  const reads: string[] = [];
  const writes: string[] = [];
  const bytes = (text: string) => new TextEncoder().encode(text).byteLength;
  const checkKey = (key: string) => {
    if (key === "" || key === "." || key === "..") throw new Error(`KV: the key ${JSON.stringify(key)} is not allowed`);
    if (bytes(key) > 512) throw new Error("KV: the key is longer than 512 bytes");
  };
  return {
    values,
    reads,
    writes,
    async get(key) {
      checkKey(key);
      reads.push(key);
      return values.get(key)?.value ?? null;
    },
    async put(key, value, options = {}) {
      checkKey(key);
      if (options.expirationTtl !== undefined && options.expirationTtl < 60) throw new Error("KV: TTL below 60 s");
      if (bytes(JSON.stringify(options.metadata ?? null)) > 1024) throw new Error("KV: metadata above 1024 bytes");
      if (bytes(value) > 25 * 2 ** 20) throw new Error("KV: value above 25 MiB");
      writes.push(key);
      values.set(key, { value, ...options });
    },
    async delete(key) {
      checkKey(key);
      values.delete(key);
    },
    async list({ prefix, limit, cursor }) {
      if (limit > 1000) throw new Error("KV: a page holds at most 1000 keys");
      const names = [...values.keys()].filter((name) => name.startsWith(prefix)).sort();
      if (cursor !== undefined && !cursor.startsWith("after-")) throw new Error("KV LIST failed: 400 Bad Request");
      const rest = cursor === undefined ? names : names.filter((name) => name > atob(cursor.slice(6)));
      const page = rest.slice(0, limit);
      const keys = page.map((name) => ({ name, metadata: values.get(name)?.metadata }));
      if (rest.length <= limit) return { keys, list_complete: true };
      return { keys, list_complete: false, cursor: `after-${btoa(page.at(-1) ?? "")}` };
    },
  };
}

/** KV in an outage. */
export function createBrokenKv(): KeyValueStore & ReplicaStore {
  const fail = async () => {
    throw new Error("KV GET failed: 503 Service Unavailable");
  };
  return { get: fail, put: fail, list: fail, delete: fail };
}
