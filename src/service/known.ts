/**
 * What is known when something is due: the state, the mark of the last run, and whether somebody paused the service.
 */
import { describeFault } from "../core/log.ts";
import { advanceKilled } from "../state/advance.ts";
import { forgetFuture } from "../state/clock-jump.ts";
import type { Pause, SyncState } from "../state/store.ts";
import { forgetOthers } from "../state/subjects.ts";
import { noteHeartbeat } from "./heartbeat.ts";
import type { Standby } from "./look.ts";
import type { ServiceOptions } from "./options.ts";
import { isUnknown, loadState, saveState } from "./record.ts";
import { KILLED_AFTER_MS, readMark, wasKilled } from "./run-mark.ts";
import { isBackedOff } from "./schedule.ts";

export interface Known {
  readonly state: SyncState;
  /** When the last run began (ISO 8601). */
  readonly mark: string | null;
}

/** @param at when it was due, which the platform may tell before the clock does (ms since the epoch) */
export async function readKnown(at: number, options: ServiceOptions): Promise<Known> {
  const [loaded, mark] = await Promise.all([loadState(options), readMark(options)]);
  const state = forgetFuture(loaded, Math.max(at, options.clock.now()));
  // At once, because a run that is killed stores nothing, and would be forgotten with the next correction.
  if (state !== loaded) await saveState(state, loaded, options);
  return { state: forgetOthers(state, options.config), mark };
}

/**
 * What is known, a run that was killed counted in.
 *
 * @param at milliseconds since the epoch
 * @param isTick the cron asks, so that it is alive
 * @returns a `Standby` within a back-off, its heartbeat noted
 */
export async function readKnownOrWait(
  at: number,
  options: ServiceOptions,
  isTick = true,
): Promise<{ readonly kind: "known"; readonly known: Known } | Standby> {
  const unreadUntil = options.unread?.until ?? null;
  const known = await readKnown(at, options);
  const { mark } = known;
  let { state } = known;
  const troubles = [options.unsaved?.until ?? null, isUnknown(state) ? unreadUntil : null];
  const until = Math.max(...troubles.map((trouble) => trouble ?? 0));
  if (isTroubled(until, at)) return { kind: "backed-off", until: new Date(until).toISOString() };
  const isKnown = !isUnknown(state);
  if (isKnown && !isBackedOff(state.nextAttemptAt, at) && mark !== null && wasKilled(mark, state, at, options.config)) {
    const killed = advanceKilled(state, mark, { at, from: Date.parse(mark) + KILLED_AFTER_MS });
    await saveState(killed, state, options);
    state = killed;
  }
  if (state.nextAttemptAt === null || !isBackedOff(state.nextAttemptAt, at))
    return { kind: "known", known: { state, mark } };
  if (isTick) await noteHeartbeat(state, options);
  return { kind: "backed-off", until: state.nextAttemptAt };
}

/** Longer than a store in trouble is ever left alone. */
const MAX_TROUBLE_MS = 2 * 60 * 60_000;

/** An isolate's own clock may have been ahead when the store refused. */
function isTroubled(until: number, at: number): boolean {
  return at < until && until - at <= MAX_TROUBLE_MS;
}

/**
 * Read only when something is due: a quiet tick changes nothing that could be paused.
 *
 * @returns `unknown` where it cannot be read, and this isolate never read of a pause
 */
export async function readPause({ store, log, lastPause }: ServiceOptions): Promise<Pause | null | "unknown"> {
  try {
    const pause = await store.readPause();
    if (lastPause !== undefined) lastPause.value = pause;
    return pause;
  } catch (error) {
    log.warn("state.load-failed", describeFault(error));
    // A person's word holds while nobody can ask for it.
    return lastPause?.value ?? "unknown";
  }
}
