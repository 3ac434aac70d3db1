/**
 * Answers a read as the policy says, and in the end with the last good content however old it is.
 */
import type { CategoryName } from "../../categories.ts";
import type { Reference } from "../content/reference.ts";
import { toError } from "../store/faults.ts";
import type { Fault, Flight } from "../store/memory.ts";
import type { Place } from "../store/places.ts";
import type { ReplicaContext } from "./context.ts";
import { waitFor } from "./flights.ts";
import { type Plan, planRead } from "./policy.ts";
import { readBody } from "./read-body.ts";
import { restore, revalidate } from "./revalidate.ts";
import { viewCategory } from "./view.ts";

/** @throws SyncError when there is nothing to serve */
export async function readCategory(
  category: CategoryName,
  isRefresh: boolean,
  context: ReplicaContext,
): Promise<Reference> {
  const { clock, config } = context.options;
  const place = context.places.of(category);
  const { served, askedAt } = viewCategory(place, context);
  const plan = planRead({
    hasContent: served !== null,
    askedMsAgo: askedAt === null ? null : clock.now() - askedAt,
    ttlMs: 1000 * config.cacheTtlSeconds,
    isRefresh,
  });
  if (plan.kind === "answer") {
    if (plan.asksGitHub) revalidate(place, isRefresh, context);
    return toReference(place, "hit", context);
  }
  const flight = revalidate(place, isRefresh, context);
  const hasLanded = await waitWhileWorthIt(place, flight, plan, context);
  const isConfirmed = isRefresh ? hasLanded : context.isFresh(viewCategory(place, context).askedAt);
  return toReference(place, isConfirmed ? "revalidated" : "stale", context);
}

/**
 * A question to GitHub takes as long as it takes; whoever comes later waits only for the rest of the time.
 *
 * @returns whether it was answered
 */
async function waitWhileWorthIt(
  place: Place,
  flight: Flight,
  { waitMs, longestMs }: Extract<Plan, { kind: "wait" }>,
  context: ReplicaContext,
): Promise<boolean> {
  const { clock } = context.options;
  const longest = clock.now() + longestMs;
  const hasContent = () => context.stateOf(place).served !== null;
  if (await waitFor(flight, Math.min(longest, flight.startedAt + waitMs), clock)) return true;
  if (!hasContent()) await waitFor(restore(place, context), longest, clock);
  return hasContent() ? false : waitFor(flight, longest, clock);
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
