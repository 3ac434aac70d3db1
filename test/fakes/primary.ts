import { SyncError } from "../../src/core/errors.ts";
import { blobSha } from "../../src/files/blob.ts";
import type { PrimaryPort } from "../../src/sync/ports.ts";

export interface FakePrimary extends PrimaryPort {
  /** Bodies by category; a category that is not here is a 404, and one that is `null` an outage. */
  readonly bodies: Record<string, string | null>;
  readonly stamps: Map<string, number | null>;
  readonly calls: string[];
  /** `"down"` is an outage. */
  stamp: number | null | "down";
}

export function createFakePrimary(bodies: Record<string, string | null> = {}): FakePrimary {
  const calls: string[] = [];
  const down = () => {
    throw new SyncError("primary-unavailable", "PRIMARY answered 502.");
  };
  const fake: FakePrimary = {
    bodies,
    stamps: new Map(),
    calls,
    stamp: 100,
    async lastUpdated() {
      calls.push("last_updated");
      return fake.stamp === "down" ? down() : fake.stamp;
    },
    async categoryStamps() {
      calls.push("metadata");
      return fake.stamps;
    },
    async category(name) {
      calls.push(name);
      const body = Object.hasOwn(bodies, name) ? bodies[name] : undefined;
      if (body === null) return down();
      if (body === undefined) return { kind: "absent" };
      const bytes = new TextEncoder().encode(body);
      return { kind: "present", bytes, sha: await blobSha(bytes) };
    },
  };
  return fake;
}
