/**
 * How a category stands: what there is to serve, and how sure we are of it. Asks nobody.
 */
import type { ReplicaContext } from "./context.ts";
import type { Fault, Held } from "./memory.ts";
import type { Place } from "./places.ts";

export interface View {
  readonly held: Held | null;
  /** Why it is not the newest content, or may not be. */
  readonly fault: Fault | null;
  /** When this was found out, or tried to (ms); `null` when it never was. */
  readonly askedAt: number | null;
}

export function viewCategory(place: Place, { heads, wanted, stateOf }: ReplicaContext): View {
  const { held, refused } = stateOf(place);
  const { askedAt, fault } = heads.known(place.target);
  const signature = wanted(place)?.signature;
  if (signature === undefined || signature === held?.signature) return { held, fault, askedAt };
  if (signature === refused?.signature) {
    return { held, fault: refused.fault, askedAt: refused.isLasting ? askedAt : refused.at };
  }
  // The head moved on, and the content has not followed yet.
  return { held, fault, askedAt: held?.checkedAt ?? null };
}
