/**
 * What `GET /metrics` has, as a service answers it that knows all there is to know.
 */
import { countRun, NO_COUNTS } from "../../src/state/counters.ts";
import { summarizeRun } from "../../src/state/store.ts";
import { createFakeReplica, replicaCategory, replicaRepository } from "../fakes/replica.ts";
import { report, repositoryReport } from "../fakes/report.ts";
import { createAnswerApp } from "../http/answer-app.ts";

/** Names of labels by the metric's name. */
export type Served = ReadonlyMap<string, ReadonlySet<string>>;

export async function metricsServed(): Promise<Served> {
  const at = "2026-11-21T12:00:00.000Z";
  const run = report({ outcome: "published" });
  const clip = { added: ["a"], removed: [], modified: [], held: "Too much.", warnings: [] };
  const { request } = await createAnswerApp({
    state: {
      lastUpdated: 1795219334,
      lastCheckedAt: at,
      lastSuccessAt: at,
      nextAttemptAt: at,
      repositories: [repositoryReport({ outcome: "created", categories: { clip } })],
      counters: countRun(NO_COUNTS, run),
      lastRun: summarizeRun(run),
      rateLimit: { remaining: 4900, limit: 5000, resetAt: at },
    },
    replica: createFakeReplica({
      repositories: [replicaRepository({ ageSeconds: 75 })],
      categories: [replicaCategory({ records: 12, issueCount: 3 })],
    }),
  });
  const served = new Map<string, Set<string>>();
  for (const line of (await (await request("/metrics")).text()).split("\n")) {
    const [, name, labels = ""] = /^(model_\w+)(?:\{(.*)\})? /.exec(line) ?? [];
    if (name === undefined) continue;
    const names = served.get(name) ?? new Set();
    for (const [, label = ""] of labels.matchAll(/(\w+)="/g)) names.add(label);
    served.set(name, names);
  }
  return served;
}
