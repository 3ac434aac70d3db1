import { describe, expect, it } from "vitest";
import { buildMetrics } from "../../src/http/metrics.ts";
import { type Metric, renderMetrics } from "../../src/http/prometheus.ts";
import { buildStatus, type KnownReplica } from "../../src/present/status.ts";
import { countRun, NO_COUNTS } from "../../src/state/counters.ts";
import { EMPTY_STATE, type SyncState, summarizeRun } from "../../src/state/store.ts";
import { replicaCategory, replicaRepository, replicaStatus } from "../fakes/replica.ts";
import { report, repositoryReport } from "../fakes/report.ts";
import { configWith } from "../fakes/settings.ts";

const metric = (samples: Metric["samples"], changes: Partial<Metric> = {}): Metric => {
  return { name: "m", help: "Help.", type: "gauge", samples, ...changes };
};

describe("the Prometheus format", () => {
  it.each<[string, Metric, string]>([
    ["a plain value", metric([{ value: 1 }]), "# HELP m Help.\n# TYPE m gauge\nm 1\n"],
    [
      "labels",
      metric([{ labels: { a: "x", b: "y" }, value: 0.5 }]),
      '# HELP m Help.\n# TYPE m gauge\nm{a="x",b="y"} 0.5\n',
    ],
    [
      "signs in a label",
      metric([{ labels: { a: 'back\\slash "quote" new\nline' }, value: 1 }]),
      '# HELP m Help.\n# TYPE m gauge\nm{a="back\\\\slash \\"quote\\" new\\nline"} 1\n',
    ],
    [
      "signs in the help",
      metric([{ value: 1 }], { help: 'a\\b "c"\nd' }),
      '# HELP m a\\\\b "c"\\nd\n# TYPE m gauge\nm 1\n',
    ],
    [
      "a summary",
      metric(
        [
          { suffix: "_sum", value: 1.25 },
          { suffix: "_count", value: 3 },
        ],
        { type: "summary" },
      ),
      "# HELP m Help.\n# TYPE m summary\nm_sum 1.25\nm_count 3\n",
    ],
    [
      "large and strange numbers",
      metric([1e21, Number.NaN, 1 / 0, -1 / 0].map((value) => ({ value }))),
      "# HELP m Help.\n# TYPE m gauge\nm 1e+21\nm NaN\nm +Inf\nm -Inf\n",
    ],
    ["nothing", metric([]), ""],
  ])("writes %s", (_what, given, expected) => {
    expect(renderMetrics([given])).toBe(expected);
  });
});

describe("the metrics", () => {
  const clip = { added: ["a", "b"], removed: ["c"], modified: [], warnings: [] };
  const held = { added: [], removed: ["x"], modified: [], held: "Too much.", warnings: [] };
  const run = report({ outcome: "published", requests: { primary: 4, github: 9 } });
  const state: SyncState = {
    ...EMPTY_STATE,
    lastUpdated: 1795219334,
    lastCheckedAt: "2026-11-21T12:00:01.500Z",
    lastSuccessAt: "2026-11-21T11:00:00.000Z",
    consecutiveErrors: 2,
    repositories: [repositoryReport({ outcome: "created", categories: { clip, blip: held } })],
    counters: countRun(countRun(countRun(NO_COUNTS, run), run), report({ trigger: "manual", outcome: "failed" })),
    lastRun: summarizeRun(run),
    rateLimit: { remaining: 4900, limit: 5000, resetAt: "2026-11-21T13:00:00.000Z" },
  };
  const fault = { code: "github-unavailable", message: "GitHub answered 502." } as const;
  const replica = replicaStatus({
    repositories: [replicaRepository({ ageSeconds: 75 }), replicaRepository({ repository: "haidra/text" })],
    categories: [
      replicaCategory({ records: 12, issueCount: 3 }),
      replicaCategory({ category: "text_generation", stale: fault }),
    ],
    counters: { hits: 7, misses: 2, stale: 1, revalidations: 4, githubRequests: 11, errors: 5 },
  });
  const render = (changes: Partial<SyncState> = {}, known: KnownReplica = replica) => {
    const settings = {
      kind: "configured",
      config: configWith({ CATEGORIES_TO_SYNC: "clip,blip,text_generation" }),
    } as const;
    const all = { ...state, ...changes };
    return renderMetrics(
      buildMetrics(buildStatus({ version: "1.2.3", settings, state: all, runs: [], replica: known }), all),
    );
  };

  it.each([
    'model_reference_sync_info{version="1.2.3"} 1',
    'model_reference_sync_state{state="pending"} 1',
    'model_reference_sync_state{state="degraded"} 0',
    "model_reference_sync_consecutive_errors 2",
    "model_reference_sync_last_success_timestamp_seconds 1795258800",
    "model_reference_sync_last_check_timestamp_seconds 1795262401.5",
    "model_reference_sync_primary_last_updated_timestamp_seconds 1795219334",
    'model_reference_sync_runs_total{trigger="tick",outcome="published"} 2',
    'model_reference_sync_runs_total{trigger="manual",outcome="failed"} 1',
    'model_reference_sync_requests_total{target="primary"} 11',
    'model_reference_sync_requests_total{target="github"} 20',
    "model_reference_sync_run_duration_seconds_sum 4.5",
    "model_reference_sync_run_duration_seconds_count 3",
    "model_reference_sync_last_run_duration_seconds 1.5",
    'model_reference_sync_drift_records{repository="haidra/image",category="clip",kind="added"} 2',
    'model_reference_sync_drift_records{repository="haidra/image",category="clip",kind="removed"} 1',
    'model_reference_sync_drift_records{repository="haidra/text",category="text_generation",kind="modified"} 0',
    'model_reference_sync_category_held{repository="haidra/image",category="blip"} 1',
    'model_reference_sync_repository_outcome{repository="haidra/image",outcome="created"} 1',
    "model_reference_sync_github_rate_limit_remaining 4900",
    "model_reference_sync_github_rate_limit_reset_timestamp_seconds 1795266000",
    'model_reference_sync_replica_requests_total{result="hit"} 7',
    'model_reference_sync_replica_requests_total{result="miss"} 2',
    'model_reference_sync_replica_requests_total{result="stale"} 1',
    "model_reference_sync_replica_github_requests_total 11",
    "model_reference_sync_replica_errors_total 5",
    'model_reference_sync_replica_age_seconds{repository="haidra/image"} 75',
    'model_reference_sync_replica_issues{category="clip"} 3',
    'model_reference_sync_replica_stale{category="clip"} 0',
    'model_reference_sync_replica_stale{category="text_generation"} 1',
  ])("say %s", (line) => {
    expect(render().split("\n")).toContain(line);
  });

  it("leave out what is not known", () => {
    const text = render({ ...EMPTY_STATE });
    expect(text).not.toMatch(/last_success|last_check|rate_limit|last_run|NaN|null/);
    expect(text).toContain('model_reference_sync_state{state="unknown"} 1');
    expect(text).not.toContain('replica_age_seconds{repository="haidra/text"}');
    expect(text).not.toContain('replica_issues{category="text_generation"}');
  });

  it.each(["off", "unknown"] as const)("say nothing of a replica that is %s", (known) => {
    expect(render({}, known)).not.toContain("replica");
  });

  it("say that the replica's counters are those of one isolate", () => {
    const helps = Array.from(render().matchAll(/^# HELP \S*replica\S*_total (.*)$/gm), ([, help]) => help);
    expect(helps).toHaveLength(3);
    for (const help of helps) expect(help).toContain("one isolate of the Worker");
  });

  it("count no drift once it is committed", () => {
    const text = render({ repositories: [repositoryReport({ outcome: "committed", categories: { clip } })] });
    expect(text).toContain('drift_records{repository="haidra/image",category="clip",kind="added"} 0');
  });

  it("name every metric once, and in Prometheus' own letters", () => {
    const names = Array.from(render().matchAll(/^# TYPE (\S+) /gm), ([, name]) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z_]+$/);
  });
});
