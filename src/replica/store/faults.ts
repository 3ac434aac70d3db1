/**
 * Faults as the replica remembers them: plain data, which outlives an invocation and travels through the edge cache.
 */
import { describeError, SyncError } from "../../core/errors.ts";
import type { Fault, ReplicaMemory } from "./memory.ts";

/** GitHub asks to wait at least a minute after a limit that names no time. */
const UNTIMED_LIMIT_MS = 60_000;

export function toFault(error: unknown, now: number): Fault {
  const named = error instanceof SyncError ? error.retryAt : null;
  const described = describeError(error);
  return { ...described, retryAt: named ?? (described.code === "rate-limited" ? now + UNTIMED_LIMIT_MS : null) };
}

export function toError({ code, message, retryAt }: Fault): SyncError {
  return new SyncError(code, message, { retryAt });
}

/** The rate limit that is still in force, if there is one. */
export function limitAt(now: number, { limit }: ReplicaMemory): Fault | null {
  return (limit?.retryAt ?? 0) > now ? limit : null;
}
