/**
 * Bodies that were converted before, by the names of `bodyName`: in the edge cache and in KV, so that an isolate that
 * begins with nothing converts nothing. What is missing, damaged or slow reads as absent, and costs a conversion.
 */
import * as z from "zod/mini";
import { parseJsonOrNull } from "../../core/parse-json.ts";
import { blobSha } from "../../files/blob.ts";
import type { Clock } from "../../net/transport.ts";
import { createBody } from "../content/body.ts";
import type { Body } from "../content/reference.ts";
import type { EdgeCache } from "./edge-cache.ts";
import { orNullWithin } from "./or-null-within.ts";
import type { Place } from "./places.ts";
import { bodyKey, type ReplicaStore } from "./stored-categories.ts";

export interface Bodies {
  find(place: Place, name: string): Promise<Body | null>;
  /** For the other isolates of the location. In the background; a failure never matters. */
  share(place: Place, name: string, body: Body): void;
}

export interface BodiesOptions {
  readonly kv: Pick<ReplicaStore, "get">;
  readonly edge: EdgeCache | null;
  readonly clock: Clock;
  readonly waitUntil: (work: Promise<unknown>) => void;
}

const EDGE_READ_MS = 1000;
const KV_READ_MS = 2000;
/** A body never changes under its name; the edge drops what nobody asks for. */
const EDGE_TTL_SECONDS = 30 * 24 * 60 * 60;

export function createBodies({ kv, edge, clock, waitUntil }: BodiesOptions): Bodies {
  // Another GitHub or repository with the same files makes the same bodies of them.
  const edgeKey = ({ category }: Place, name: string) => `body/${category}/${name}`;

  function put(place: Place, name: string, stored: string) {
    const bytes = new TextEncoder().encode(stored);
    if (edge !== null) waitUntil(edge.put(edgeKey(place, name), bytes, EDGE_TTL_SECONDS).catch(() => {}));
  }

  return {
    async find(place, name) {
      const near = edge === null ? null : await orNullWithin(edge.get(edgeKey(place, name)), EDGE_READ_MS, clock);
      const found = near === null ? null : readStoredBody(new TextDecoder("utf-8", EXACT).decode(near));
      if (found !== null) return found;
      const stored = await orNullWithin(kv.get(bodyKey(place.storedName, name)), KV_READ_MS, clock);
      const kept = stored === null ? null : readStoredBody(stored);
      if (kept !== null && stored !== null) put(place, name, stored);
      return kept;
    },
    share: (place, name, body) => put(place, name, printStoredBody(body)),
  };
}

const EXACT = { ignoreBOM: true };

/** The line before the body. `sha` is the body's as of a git blob, so that what was cut off or mixed up is not served. */
const Header = z.object({ sha: z.string(), leftOut: z.number() });

export function printStoredBody({ payload: { bytes }, leftOut }: Body): string {
  return `${JSON.stringify({ sha: blobSha(bytes), leftOut })}\n${new TextDecoder("utf-8", EXACT).decode(bytes)}`;
}

/** @returns `null` for what is not whole */
function readStoredBody(stored: string): Body | null {
  const end = stored.indexOf("\n");
  const header = Header.safeParse(parseJsonOrNull(stored.slice(0, Math.max(0, end))));
  if (!header.success) return null;
  const bytes = new TextEncoder().encode(stored.slice(end + 1));
  return blobSha(bytes) === header.data.sha ? createBody(bytes, header.data.leftOut) : null;
}
