/**
 * Brings a category up to date, once for all who want it at the same time.
 */

import type { Flight } from "../store/memory.ts";
import { headKey, type Place } from "../store/places.ts";
import type { ReplicaContext } from "./context.ts";
import { waitFor } from "./flights.ts";
import { followHead } from "./follow-head.ts";
import { restoreContent } from "./restore-content.ts";

/** The head may be asked for by another invocation, which may be gone. */
const HEAD_WAIT_MS = 15_000;

/** Asks GitHub where the TTL allows it, and follows what it says. @param isRefresh asks in any case */
export function revalidate(place: Place, isRefresh: boolean, context: ReplicaContext): Flight {
  const { flights, heads, confirm, options } = context;
  const begin = async () => {
    const head = `head ${headKey(place.target, options)}`;
    const asked = flights.join(head, () => heads.update(place.target, isRefresh), { isNew: isRefresh });
    const restored = restore(place, context);
    const until = options.clock.now() + HEAD_WAIT_MS;
    await Promise.all([waitFor(asked, until, options.clock), waitFor(restored, until, options.clock)]);
    confirm(place);
    await followHead(place, context, isRefresh);
  };
  return flights.join(`category ${place.key}`, begin, { isNew: isRefresh });
}

/** Loads the last good content, where there is none. */
export function restore(place: Place, context: ReplicaContext): Flight {
  return context.flights.join(`restore ${place.key}`, () => restoreContent(place, context));
}
