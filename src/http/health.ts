/**
 * What `GET /healthz` says. Pure.
 */

import type { Configured } from "../config/configured.ts";
import { isLasting } from "../core/errors.ts";
import { replicaState } from "../present/replica-view.ts";
import type { ReplicaStatus } from "../replica/status.ts";
import { findAlarms } from "../service/alarms.ts";
import { DEGRADED_AFTER_ERRORS, STALE_AFTER_MS } from "../state/alarm-limits.ts";
import { faultsOf } from "../state/faults.ts";
import type { SyncState } from "../state/store.ts";
import { compareSubjects, subjectsOf } from "../state/subjects.ts";

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
  readonly settings: Configured;
  /** `null`: the store does not answer. */
  readonly state: SyncState | null;
  readonly replica: ReplicaStatus | null;
  /** When this version was made (ms since the epoch), where that is known. */
  readonly deployedAt: number | null;
  /** This isolate knows that the state cannot be written. */
  readonly isUnsaved: boolean;
  readonly now: number;
}

export function buildHealth(input: HealthInput): Health {
  const { state, replica } = input;
  const reasons = [
    ...(state === null ? ["storage-unavailable"] : syncReasons({ ...input, state })),
    ...(isReplicaGivenUp(replica) ? ["replica-stale"] : []),
  ];
  const told = replica === null ? null : describeReplica(replica);
  return reasons.length === 0 ? { status: "ok", replica: told } : { status: "unhealthy", reasons, replica: told };
}

/** Why the sync needs a person, or an empty list. */
function syncReasons({ settings, state, now, deployedAt, isUnsaved }: HealthInput & { state: SyncState }): string[] {
  if (settings.kind === "misconfigured") return ["misconfigured"];
  const reasons: string[] = [];
  if (compareSubjects(state, subjectsOf(settings.config)) === "other") reasons.push("unchecked");
  if (isFailing(state, now)) reasons.push("failing");
  if (state.consecutiveErrors >= DEGRADED_AFTER_ERRORS) reasons.push("degraded");
  if (state.kills > 0) reasons.push("run-killed");
  const alarms = findAlarms({ config: settings.config, state, deployedAt, isUnsaved, now });
  return [...reasons, ...alarms.map(({ code }) => code)];
}

/** What will not pass by itself needs a person at once; anything else may pass first. */
const PASSING_MS = 15 * 60_000;

function isFailing(state: SyncState, now: number): boolean {
  if (state.failingSince === null) return false;
  const isLastingOne = faultsOf({ error: state.lastError, repositories: state.repositories }).some(isLasting);
  return isLastingOne || now - Date.parse(state.failingSince) >= PASSING_MS;
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
