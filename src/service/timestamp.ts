/**
 * What PRIMARY's timestamp says: whether a run is due, or all is quiet.
 */
import type { Awaiting, SyncState } from "../state/store.ts";
import { hasUncheckedCategory } from "../state/subjects.ts";
import { tellWaiting } from "../state/told.ts";
import type { PrimaryPort } from "../sync/ports.ts";
import { isOpenStamp } from "../sync/stamps.ts";
import { noteHeartbeat, saveQuiet } from "./heartbeat.ts";
import type { Quiet } from "./look.ts";
import type { ServiceOptions } from "./options.ts";
import { QUIET_REFRESH_MS } from "./schedule.ts";

/**
 * @param known `isNews`: the state says something that is still to be saved
 * @returns `null` when a run is due. A failure to read the timestamp makes one due: it fails in the same way, and
 *   reports it.
 */
export async function lookAtTimestamp(
  { state, isNews }: { readonly state: SyncState; readonly isNews: boolean },
  primary: PrimaryPort,
  at: number,
  options: ServiceOptions,
): Promise<Quiet | null> {
  const { config, clock } = options;
  let current: number | null;
  try {
    current = await primary.lastUpdated();
  } catch {
    return null;
  }
  const isFirst = state.lastUpdated === undefined;
  const hasClosed = state.isStampOpen && !isOpenStamp(current, clock.now());
  const isAwaiting = state.awaiting !== null && !hasClosed && isPending(state.awaiting, current, at);
  const isOverdue = state.awaiting !== null && !isAwaiting;
  const isNew = isFirst ? config.watch.startupSync : current !== state.lastUpdated || hasClosed;
  const isUnchecked = state.awaiting === null && hasUncheckedCategory(state, config);
  const isDue = isOverdue || isUnchecked || (isNew && !isAwaiting);
  // A dry run settles nothing, and would be due with every tick.
  const isUnsettled = state.isUnsettled && !(config.dryRun && isAwaiting);
  if (isUnsettled || isDue) return null;
  const quietSince = state.lastCheckedAt === null ? 0 : Date.parse(state.lastCheckedAt);
  const isStale = clock.now() - quietSince >= QUIET_REFRESH_MS || (state.consecutiveErrors > 0 && !isAwaiting);
  const isRemembered = options.remembersDryRuns === true || options.keepsDryRuns === true;
  if (((isFirst && !isAwaiting) || isStale) && (!config.dryRun || isRemembered)) {
    const lastCheckedAt = new Date(clock.now()).toISOString();
    const passed = { consecutiveErrors: 0, outages: 0, nextAttemptAt: null, failingSince: null, isFailingTold: false };
    const settled = { lastUpdated: current, ...passed, ...(state.failingSince === null ? {} : { lastError: null }) };
    const told = tellWaiting(state.told, lastCheckedAt, state.repositories);
    const quiet = { ...(isAwaiting ? {} : settled), lastCheckedAt, heartbeatAt: lastCheckedAt, told };
    await saveQuiet({ ...state, ...quiet }, state, options);
  } else await noteHeartbeat(state, options, isNews);
  return { kind: "quiet", lastUpdated: current, isFirst };
}

/** A clock that jumped must not stop the categories' next attempt for good. */
const MAX_AWAITING_MS = 2 * 60 * 60_000;

/** Whether all that is left to do at this timestamp waits for a category's next attempt. */
function isPending({ lastUpdated, until }: Awaiting, current: number | null, now: number): boolean {
  const leftMs = Date.parse(until) - now;
  return lastUpdated === current && leftMs > 0 && leftMs <= MAX_AWAITING_MS;
}
