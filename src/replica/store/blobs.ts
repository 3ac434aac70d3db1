/**
 * Blobs by their SHA, from the nearest place that has them: edge cache, KV, GitHub. Bytes that are not what their name
 * says count as absent, wherever they come from.
 */

import { once } from "../../core/once.ts";
import { blobSha } from "../../files/blob.ts";
import type { SourceShas } from "../content/sources.ts";
import type { ReplicaOptions } from "../options.ts";
import { limitAt, toError } from "./faults.ts";
import { createGitHubSource } from "./github-source.ts";
import { orNullWithin } from "./or-null-within.ts";
import type { Place } from "./places.ts";
import type { StoredCategories } from "./stored-categories.ts";

export interface Files {
  readonly bytes: ReadonlyMap<string, Uint8Array<ArrayBuffer> | null>;
  /** Blobs by SHA that KV may lack. */
  readonly unstored: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
}

export interface Blobs {
  /** @returns `null` when the caches do not have all of them */
  cached(place: Place, shas: SourceShas): Promise<Files | null>;
  /** @throws SyncError when GitHub does not give what the caches lack, or a rate limit forbids to ask */
  fetch(place: Place, shas: SourceShas): Promise<Files>;
}

type Found = { readonly from: "kv" | "edge" | "github"; readonly bytes: Uint8Array<ArrayBuffer> };

const EDGE_READ_MS = 1000;
/** Blobs never change; the edge drops what nobody asks for. */
const EDGE_TTL_SECONDS = 30 * 24 * 60 * 60;

export function createBlobs(options: ReplicaOptions, stored: StoredCategories): Blobs {
  const { edge, clock, memory, waitUntil } = options;
  const edgeKey = (sha: string) => `blob/${sha}`;

  async function find({ storedName }: Place, sha: string): Promise<Found | null> {
    const near = edge === null ? null : await orNullWithin(edge.get(edgeKey(sha)), EDGE_READ_MS, clock);
    if (near !== null && blobSha(near) === sha) return { from: "edge", bytes: near };
    const kept = await stored.readBlob(storedName, sha);
    if (kept !== null) share(sha, kept);
    return kept === null ? null : { from: "kv", bytes: kept };
  }

  function share(sha: string, bytes: Uint8Array<ArrayBuffer>) {
    if (edge !== null) waitUntil(edge.put(edgeKey(sha), bytes, EDGE_TTL_SECONDS).catch(() => {}));
  }

  return {
    async cached(place, shas) {
      const entries = await readAll(shas, (sha) => find(place, sha));
      return entries.some(({ sha, found }) => sha !== null && found === null) ? null : toFiles(entries);
    },
    async fetch(place, shas) {
      const source = once(() => createGitHubSource(place.target, options));
      const entries = await readAll(shas, async (sha) => {
        const near = await find(place, sha);
        if (near !== null) return near;
        const limit = limitAt(clock.now(), memory);
        if (limit !== null) throw toError(limit);
        const bytes = new Uint8Array(await source().blob(sha));
        share(sha, bytes);
        return { from: "github", bytes };
      });
      return toFiles(entries);
    },
  };
}

interface Entry {
  readonly path: string;
  readonly sha: string | null;
  readonly found: Found | null;
}

function readAll(shas: SourceShas, read: (sha: string) => Promise<Found | null>): Promise<Entry[]> {
  const entries = Object.entries(shas).map(async ([path, sha]) => {
    return { path, sha, found: sha === null ? null : await read(sha) };
  });
  return Promise.all(entries);
}

function toFiles(entries: readonly Entry[]): Files {
  return {
    bytes: new Map(entries.map(({ path, found }) => [path, found?.bytes ?? null])),
    unstored: new Map(
      entries.flatMap(({ sha, found }) =>
        sha === null || found === null || found.from === "kv" ? [] : [[sha, found.bytes]],
      ),
    ),
  };
}
