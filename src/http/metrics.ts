/**
 * What `GET /metrics` says, from the stored state and what the replica knows. Pure.
 */

import type { Status } from "../present/status.ts";
import { categoryWording, SERVICE_STATES } from "../present/wording.ts";
import type { SyncState } from "../state/store.ts";
import type { Metric, Sample } from "./prometheus.ts";

const PREFIX = "model_reference_sync_";

export function buildMetrics(status: Status, state: SyncState): Metric[] {
  return [
    ...serviceMetrics(status),
    ...runMetrics(state),
    ...driftMetrics(status),
    ...limitMetrics(status),
    ...replicaMetrics(status),
  ];
}

function gauge(name: string, help: string, samples: readonly Sample[]): Metric {
  return { name: PREFIX + name, help, type: "gauge", samples };
}

/** No sample when the time is not known. */
function timestamp(name: string, help: string, iso: string | null): Metric {
  return gauge(`${name}_timestamp_seconds`, help, iso === null ? [] : [{ value: Date.parse(iso) / 1000 }]);
}

function serviceMetrics(status: Status): Metric[] {
  const { state, version, consecutiveErrors, primary } = status;
  const states = Object.keys(SERVICE_STATES).map((name) => ({
    labels: { state: name },
    value: name === state ? 1 : 0,
  }));
  return [
    gauge("info", "The version that is running.", [{ labels: { version }, value: 1 }]),
    gauge("state", "1 for the state the service is in.", states),
    gauge("paused", "1 while somebody has paused the schedule.", [{ value: status.paused === null ? 0 : 1 }]),
    gauge("consecutive_errors", "Failed ticks in a row.", [{ value: consecutiveErrors }]),
    timestamp("last_success", "When everything was settled last.", status.lastSuccessAt),
    timestamp(
      "last_check",
      "When PRIMARY was looked at last; written every 15 minutes at least.",
      status.lastCheckedAt,
    ),
    timestamp("next_attempt", "The end of a back-off.", status.nextAttemptAt),
    gauge(
      "primary_last_updated_timestamp_seconds",
      "PRIMARY's timestamp as of the last settled run.",
      primary.lastUpdated === null ? [] : [{ value: primary.lastUpdated }],
    ),
  ];
}

function runMetrics({ counters, lastRun }: SyncState): Metric[] {
  const runs = Object.entries(counters.runs).flatMap(([trigger, outcomes]) =>
    Object.entries(outcomes).map(([outcome, value]) => ({ labels: { trigger, outcome }, value })),
  );
  const requests = Object.entries(counters.requests).map(([target, value]) => ({ labels: { target }, value }));
  const duration: Sample[] = [
    { suffix: "_sum", value: counters.durationMs / 1000 },
    { suffix: "_count", value: runs.reduce((sum, { value }) => sum + value, 0) },
  ];
  return [
    { name: `${PREFIX}runs_total`, help: "Recorded runs; dry runs are not.", type: "counter", samples: runs },
    { name: `${PREFIX}requests_total`, help: "Requests of recorded runs.", type: "counter", samples: requests },
    { name: `${PREFIX}run_duration_seconds`, help: "Time of recorded runs.", type: "summary", samples: duration },
    gauge(
      "last_run_duration_seconds",
      "Time of the last recorded run.",
      lastRun === null ? [] : [{ value: lastRun.durationMs / 1000 }],
    ),
  ];
}

/** What was committed is no drift any more, though the last report still lists it. */
function driftMetrics({ categories, repositories }: Status): Metric[] {
  const drift = categories.flatMap(({ repository, category, state, added, removed, modified }) =>
    Object.entries({ added, removed, modified }).map(([kind, count]) => ({
      labels: { repository, category, kind },
      value: categoryWording(state).tone === "good" ? 0 : count,
    })),
  );
  const held = categories.map(({ repository, category, state }) => {
    return { labels: { repository, category }, value: state === "held" ? 1 : 0 };
  });
  const outcomes = repositories.map(({ repository, outcome }) => ({ labels: { repository, outcome }, value: 1 }));
  return [
    gauge("drift_records", "Records that differ between PRIMARY and the base branch.", drift),
    gauge("category_held", "1 for a category whose changes are kept back.", held),
    gauge("repository_outcome", "1 for the latest outcome of a repository.", outcomes),
  ];
}

function limitMetrics({ rateLimit }: Status): Metric[] {
  if (rateLimit === null) return [];
  const { remaining, limit, resetAt } = rateLimit;
  return [
    gauge("github_rate_limit_remaining", "Requests left, as of the last run.", [{ value: remaining }]),
    gauge("github_rate_limit", "Requests allowed in an hour.", limit === null ? [] : [{ value: limit }]),
    timestamp("github_rate_limit_reset", "When GitHub counts anew.", resetAt),
  ];
}

/** An isolate begins at zero, which Prometheus takes as a reset. */
const OF_AN_ISOLATE = "Counts of one isolate of the Worker, of which several may answer in turn.";

function replicaMetrics({ replica }: Status): Metric[] {
  if (replica === null) return [];
  const { counters, repositories, categories } = replica;
  const { hits: hit, misses: miss, stale } = counters;
  const results = Object.entries({ hit, miss, stale }).map(([result, value]) => ({ labels: { result }, value }));
  const ages = repositories.flatMap(({ repository, ageSeconds }) => {
    return ageSeconds === null ? [] : [{ labels: { repository }, value: ageSeconds }];
  });
  const counter = (name: string, help: string, samples: readonly Sample[]): Metric => {
    return { name: `${PREFIX}replica_${name}_total`, help: `${help} ${OF_AN_ISOLATE}`, type: "counter", samples };
  };
  const issues = categories.flatMap(({ category, records, issueCount }) => {
    return records === null ? [] : [{ labels: { category }, value: issueCount }];
  });
  const doubts = categories.map(({ category, stale }) => ({ labels: { category }, value: stale === null ? 0 : 1 }));
  return [
    counter("requests", "Reads of a category, by how they were answered.", results),
    counter("github_requests", "Requests of the replica to GitHub.", [{ value: counters.githubRequests }]),
    counter("errors", "Questions to GitHub that failed, and reads without an answer.", [{ value: counters.errors }]),
    gauge("replica_age_seconds", "Since GitHub confirmed the copy of a repository.", ages),
    gauge("replica_issues", "What is wrong with records of a category.", issues),
    gauge("replica_stale", "1 for a category whose content is not known to be the newest.", doubts),
  ];
}
