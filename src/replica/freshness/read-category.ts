/**
 * Answers a read: at once where that is good enough, else after GitHub was asked, and in the end with the last good
 * content however old it is.
 *
 * | GitHub was asked … ago | the reader | GitHub |
 * |---|---|---|
 * | ≤ TTL | is answered at once | is left alone |
 * | ≤ 10 × TTL | is answered at once | is asked in the background |
 * | more, or never | waits, at most 2.5 s | is asked |
 * | whatever, and there is nothing to serve | waits, at most 10 s | is asked |
 */
import type { CategoryName } from "../../categories.ts";
import type { Reference } from "../convert/reference.ts";
import type { Fault } from "../store/memory.ts";
import type { Place } from "../store/places.ts";
import type { ReplicaContext } from "./context.ts";
import { toError } from "./faults.ts";
import { type Flight, waitFor } from "./flights.ts";
import { readBody } from "./read-body.ts";
import { restore, revalidate } from "./revalidate.ts";
import { viewCategory } from "./view.ts";

const AT_ONCE_TTLS = 10;
const WAIT_MS = 2500;
const LONGEST_WAIT_MS = 10_000;

/** @throws SyncError when there is nothing to serve */
export async function readCategory(
  category: CategoryName,
  isRefresh: boolean,
  context: ReplicaContext,
): Promise<Reference> {
  const { clock, config } = context.options;
  const place = context.places.of(category);
  if (isRefresh) {
    const flight = revalidate(place, isRefresh, context);
    const hasLanded = await waitFor(flight, clock.now() + LONGEST_WAIT_MS, clock);
    return toReference(place, hasLanded ? "revalidated" : "stale", context);
  }
  const { served, askedAt } = viewCategory(place, context);
  if (served !== null && context.isFresh(askedAt)) return toReference(place, "hit", context);
  const flight = revalidate(place, isRefresh, context);
  const ageMs = clock.now() - (askedAt ?? Number.NEGATIVE_INFINITY);
  if (served !== null && ageMs <= AT_ONCE_TTLS * 1000 * config.cacheTtlSeconds)
    return toReference(place, "hit", context);
  await waitWhileWorthIt(place, flight, context);
  const isConfirmed = context.isFresh(viewCategory(place, context).askedAt);
  return toReference(place, isConfirmed ? "revalidated" : "stale", context);
}

/** A question to GitHub takes as long as it takes; whoever comes later waits only for the rest of the time. */
async function waitWhileWorthIt(place: Place, flight: Flight, context: ReplicaContext): Promise<void> {
  const { clock } = context.options;
  const longest = clock.now() + LONGEST_WAIT_MS;
  const hasContent = () => context.stateOf(place).served !== null;
  if ((await waitFor(flight, Math.min(longest, flight.startedAt + WAIT_MS), clock)) || hasContent()) return;
  await waitFor(restore(place, context), longest, clock);
  if (!hasContent()) await waitFor(flight, longest, clock);
}

/** @param source as it is unless there is a fault; `stale` without one means that GitHub is too slow */
function toReference(place: Place, source: Reference["source"], context: ReplicaContext): Reference {
  const { counters } = context.options.memory;
  const { served, fault } = viewCategory(place, context);
  const doubt = fault ?? (source === "stale" ? TOO_SLOW : null);
  if (served === null) {
    counters.errors++;
    throw toError(doubt ?? TOO_SLOW);
  }
  const { content, commit, checkedAt } = served;
  if (doubt !== null) counters.stale++;
  else if (source === "hit") counters.hits++;
  else counters.misses++;
  return {
    category: place.category,
    revision: content.revision,
    isEmpty: content.isEmpty,
    body: (form) => readBody(place, content, form, context),
    commit,
    checkedAt,
    stale: doubt === null ? null : { code: doubt.code, message: doubt.message },
    source: doubt === null ? source : "stale",
  };
}

const TOO_SLOW: Fault = { code: "github-unavailable", message: "GitHub did not answer in time.", retryAt: null };
