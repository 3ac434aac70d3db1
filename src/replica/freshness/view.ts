/**
 * How a category stands: what there is to serve, and how sure we are of it. Asks nobody.
 */

import type { Fault, Served } from "../store/memory.ts";
import type { Place } from "../store/places.ts";
import type { ReplicaContext } from "./context.ts";

export interface View {
  readonly served: Served | null;
  /** Why it is not the newest content, or may not be. */
  readonly fault: Fault | null;
  /** When this was found out, or tried to (ms); `null` when it never was. */
  readonly askedAt: number | null;
}

export function viewCategory(place: Place, { heads, wanted, stateOf }: ReplicaContext): View {
  const { served, refused } = stateOf(place);
  const { askedAt, fault } = heads.known(place.target);
  const signature = wanted(place)?.signature;
  if (signature === undefined || signature === served?.signature) return { served, fault, askedAt };
  if (signature === refused?.signature) {
    return { served, fault: refused.fault, askedAt: refused.isLasting ? askedAt : refused.at };
  }
  // The head moved on, and the content has not followed yet.
  return { served, fault, askedAt: served?.checkedAt ?? null };
}
