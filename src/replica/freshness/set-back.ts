/**
 * What becomes of an isolate's memory when its clock is set back: every time that it noted before lies ahead now, and
 * would have to come again before anything is asked.
 */
import { CLOCKS_DIFFER_MS } from "../store/clocks.ts";
import type { CategoryState, HeadState, ReplicaMemory } from "../store/memory.ts";

/** Forgets the times, and keeps the content. @param now when an invocation begins (ms) */
export function forgetTimesAhead(memory: ReplicaMemory, now: number): void {
  const isSetBack = now < memory.latest - CLOCKS_DIFFER_MS;
  memory.latest = isSetBack ? now : Math.max(memory.latest, now);
  if (!isSetBack) return;
  memory.limit = null;
  memory.anonymousUntil = 0;
  memory.warming.begunAt = null;
  memory.flights.clear();
  for (const [key, head] of memory.heads) memory.heads.set(key, untimedHead(head));
  for (const [key, category] of memory.categories) memory.categories.set(key, untimedCategory(category));
}

function untimedHead(head: HeadState): HeadState {
  return { ...head, checkedAt: null, askedAt: null, failingSince: null };
}

/** When its content was told stays: it is shown, and vouches for nothing before it has come. */
function untimedCategory({ refused, ...state }: CategoryState): CategoryState {
  return { ...state, refused: refused && { ...refused, at: 0 }, restoredAt: null, keptAt: null, looked: null };
}
