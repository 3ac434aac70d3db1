/**
 * Whether a tick has to go on with what an earlier one began to bring near. All of the replica that a
 * tick with nothing new needs.
 */
import type { Clock } from "../../net/transport.ts";
import type { ReplicaMemory } from "../store/memory.ts";
import { orNullWithin } from "../store/or-null-within.ts";

/** Of the note that says which heads are left. */
export const REST_KEY = "replica:warm";
export const READ_MS = 2000;

/** Longer than any invocation goes on with it. */
const LOST_AFTER_MS = 60_000;

/** @param now milliseconds since the epoch */
export function isWarmingDue({ warming: { begunAt, isLeft } }: Pick<ReplicaMemory, "warming">, now: number): boolean {
  // A tick that begins while a run's work is under way leaves it alone.
  const isUnderWay = begunAt !== null && now - begunAt < LOST_AFTER_MS;
  return !isUnderWay && (isLeft || isLookMinute(now));
}

/** An isolate that has done nothing of it cannot know what others left, and a quiet tick should read next to nothing. */
function isLookMinute(now: number): boolean {
  return Math.floor(now / 60_000) % LOOK_MINUTES === 0;
}

const LOOK_MINUTES = 10;

export interface NoteReader {
  readonly memory: Pick<ReplicaMemory, "warming">;
  readonly kv: { get(key: string): Promise<string | null> };
  readonly clock: Clock;
}

/** The same, and there is something left, as far as KV tells. Never rejects. */
export async function hasRest({ memory, kv, clock }: NoteReader): Promise<boolean> {
  if (!isWarmingDue(memory, clock.now())) return false;
  return memory.warming.isLeft || (await orNullWithin(kv.get(REST_KEY), READ_MS, clock)) !== null;
}
