/**
 * What `GET /healthz` says (DESIGN.md section 8). Pure.
 */

import { replicaState } from "../present/replica-view.ts";
import type { Settings } from "../present/status.ts";
import type { ReplicaStatus } from "../replica/status.ts";
import { DEGRADED_AFTER_ERRORS, STALE_AFTER_MS } from "../service/schedule.ts";
import type { SyncState } from "../state/store.ts";

/** `null` where the replica is off, or what it knows cannot be read now. */
export type ReplicaHealth = {
  /** `cold`: nobody asked lately, which is nothing bad. */
  readonly status: "ok" | "stale" | "cold";
  /** Since GitHub confirmed the repository that the status is about; of several, the one that waits longest. */
  readonly ageSeconds: number | null;
} | null;

export type Health =
  | { readonly status: "ok"; readonly replica: ReplicaHealth }
  | { readonly status: "unhealthy"; readonly reasons: readonly string[]; readonly replica: ReplicaHealth };

export interface HealthInput {
  readonly settings: Settings;
  /** `null`: the store does not answer. */
  readonly state: SyncState | null;
  readonly replica: ReplicaStatus | null;
  readonly now: number;
}

export function buildHealth({ settings, state, replica, now }: HealthInput): Health {
  const reasons = [
    ...(state === null ? ["storage-unavailable"] : syncReasons(settings, state, now)),
    ...(isReplicaGivenUp(replica) ? ["replica-stale"] : []),
  ];
  const told = replica === null ? null : describeReplica(replica);
  return reasons.length === 0 ? { status: "ok", replica: told } : { status: "unhealthy", reasons, replica: told };
}

/** Why the sync needs a person, or an empty list. */
function syncReasons(settings: Settings, state: SyncState, now: number): string[] {
  if (settings.kind === "misconfigured") return ["misconfigured"];
  const reasons: string[] = [];
  if (state.consecutiveErrors >= DEGRADED_AFTER_ERRORS) reasons.push("degraded");
  const lastGood = state.lastSuccessAt ?? state.lastCheckedAt;
  if (lastGood !== null && now - Date.parse(lastGood) > STALE_AFTER_MS) reasons.push("stale");
  return reasons;
}

/**
 * GitHub was asked, and did not help from the first question to the last one, more than a day later. The age alone would
 * be a false alarm: it grows while nobody asks, and a cold isolate only knows when the content changed last.
 */
function isReplicaGivenUp(replica: ReplicaStatus | null): boolean {
  const failing = (replica?.repositories ?? []).map(({ failingSeconds }) => failingSeconds ?? 0);
  return failing.some((seconds) => seconds * 1000 > STALE_AFTER_MS);
}

function describeReplica(replica: ReplicaStatus): NonNullable<ReplicaHealth> {
  const { repositories, categories } = replica;
  const inState = (...states: string[]) =>
    repositories.filter((repository) => states.includes(replicaState(repository, replica)));
  const [failing, fresh] = [inState("stale", "empty"), inState("fresh")];
  const isStale = failing.length > 0 || categories.some(({ stale }) => stale !== null);
  const meant = [failing, fresh, repositories].find((group) => group.length > 0) ?? [];
  const ages = meant.flatMap(({ ageSeconds }) => (ageSeconds === null ? [] : [ageSeconds]));
  return {
    status: isStale ? "stale" : fresh.length > 0 ? "ok" : "cold",
    ageSeconds: ages.length === 0 ? null : Math.max(...ages),
  };
}
