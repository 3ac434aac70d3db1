/**
 * What is known of the replica, from memory, and from the caches where memory has nothing. Asks GitHub nothing.
 */
import type { RepositoryTarget } from "../../config/github-settings.ts";
import type { ReportedError } from "../../contract/report.ts";
import type { ReplicaCategoryStatus, ReplicaRepositoryStatus, ReplicaStatus } from "../status.ts";
import type { Fault } from "../store/memory.ts";
import { isSameTarget, type Place, repositoryName } from "../store/places.ts";
import type { StoredCategory } from "../store/stored-categories.ts";
import type { ReplicaContext } from "./context.ts";
import { viewCategory } from "./view.ts";

/**
 * Reads KV only for categories that this isolate has not served, all at once and at most once per TTL: monitors ask
 * every few seconds.
 */
export async function readStatus(context: ReplicaContext): Promise<ReplicaStatus> {
  const { options, places, heads, confirm, stateOf, change, stored, isFresh } = context;
  const records = new Map<Place, StoredCategory | null>();
  const readRecord = async (place: Place) => {
    const { served, looked } = stateOf(place);
    if (served !== null) return;
    const isRecent = looked !== null && isFresh(looked.at);
    const record = isRecent ? looked.record : await stored.read(place.storedName);
    if (!isRecent) change(place, { looked: { record, at: options.clock.now() } });
    records.set(place, record);
  };
  const unknown = places.targets.filter((target) => heads.known(target).head === null);
  await Promise.all([...places.all.map(readRecord), ...unknown.map(heads.peek)]);
  for (const target of places.targets) confirm({ target });
  return {
    ttlSeconds: options.config.cacheTtlSeconds,
    repositories: places.targets.map((target) => describeRepository(target, records, context)),
    categories: places.all.map((place) => describeCategory(place, records.get(place) ?? null, context)),
    counters: { ...options.memory.counters },
  };
}

function describeRepository(
  target: RepositoryTarget,
  records: ReadonlyMap<Place, StoredCategory | null>,
  { options, heads }: ReplicaContext,
): ReplicaRepositoryStatus {
  const { head, checkedAt, fault, failingSince, askedAt } = heads.known(target);
  const stored = [...records].flatMap(([place, record]) =>
    record !== null && isSameTarget(place.target, target) ? [record] : [],
  );
  const newest = stored.sort((one, other) => other.checkedAt - one.checkedAt)[0];
  const at = checkedAt ?? newest?.checkedAt ?? null;
  return {
    repository: repositoryName(target),
    branch: target.branch,
    commit: head?.commit ?? newest?.commit ?? null,
    checkedAt: at === null ? null : new Date(at).toISOString(),
    ageSeconds: at === null ? null : Math.max(0, Math.round((options.clock.now() - at) / 1000)),
    stale: toReported(fault),
    failingSeconds:
      failingSince === null ? null : Math.max(0, Math.round(((askedAt ?? failingSince) - failingSince) / 1000)),
  };
}

function describeCategory(place: Place, record: StoredCategory | null, context: ReplicaContext): ReplicaCategoryStatus {
  const { served, fault } = viewCategory(place, context);
  const { records = null, issues = [], issueCount = 0 } = served?.summary ?? record ?? {};
  const commit = served?.commit ?? record?.commit ?? null;
  return { category: place.category, commit, records, issues, issueCount, stale: toReported(fault) };
}

function toReported(fault: Fault | null): ReportedError | null {
  return fault === null ? null : { code: fault.code, message: fault.message };
}
