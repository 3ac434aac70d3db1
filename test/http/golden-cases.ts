/**
 * What the golden files show: every state, in text and HTML. Names and values carry HTML, which must stay inert.
 */

import {
  REPOSITORY_OUTCOMES,
  type Report,
  type RepositoryOutcome,
  type RepositoryReport,
} from "../../src/contract/report.ts";
import { createRunId, type SyncState } from "../../src/state/store.ts";
import type { FoundCategory } from "../../src/sync/found.ts";
import { START } from "../fakes/clock.ts";
import { createFakeReplica, REPLICA_COMMIT, replicaCategory, replicaRepository } from "../fakes/replica.ts";
import { report, repositoryReport } from "../fakes/report.ts";
import { type AnswerAppOptions, BEARER, CHROME, createAnswerApp } from "./answer-app.ts";

export interface GoldenCase {
  /** The file's name without its ending. */
  readonly name: string;
  readonly path: string;
  readonly app: AnswerAppOptions;
}

const HOSTILE = `<img src=x onerror=alert(1)> "'& @all`;
const ago = (minutes: number) => new Date(START - minutes * 60_000).toISOString();
const pullRequest = { number: 42, url: "https://github.test/haidra/image/pull/42", openedAt: ago(200) };
const changes = [
  { field: "version", before: '"1.0"', after: '"2.0"' },
  { field: HOSTILE, before: null, after: JSON.stringify(HOSTILE) },
];
const clip = {
  added: ["New Model", HOSTILE],
  removed: ["Old Model"],
  modified: [{ name: "Changed Model", fields: ["version", HOSTILE] }],
  warnings: [],
};
const heldClip = {
  ...clip,
  added: [],
  held: "It would remove 6 of 12 records (50 %, allowed are 30 %). Use force if that is meant.",
};
const gone = {
  added: [],
  removed: [],
  modified: [],
  held: "PRIMARY has no such category (404), and GitHub does. Nothing is removed for that; if it is meant, let PRIMARY answer {} and use force.",
  warnings: [],
};
const odd = { added: [], removed: [], modified: [], warnings: [`${HOSTILE} has a size that the CSV cannot express.`] };
const text = repositoryReport({ repository: "haidra/text", since: ago(3000), categories: { text_generation: odd } });
const runs: readonly Report[] = [0, 1, 2].map((hours) => {
  const startedAt = START - hours * 3_600_000;
  const outcome = (["published", "in-sync", "partial"] as const)[hours] ?? "failed";
  const trigger = (["tick", "reconcile", "manual"] as const)[hours] ?? "cli";
  return report({
    id: createRunId(startedAt, () => 0.5),
    startedAt: new Date(startedAt).toISOString(),
    outcome,
    trigger,
  });
});

const BASE: Partial<SyncState> = {
  lastUpdated: START / 1000 - 7200,
  lastCheckedAt: ago(4),
  lastSuccessAt: ago(4),
  rateLimit: { remaining: 4900, limit: 5000, resetAt: ago(-30) },
};

/** What a repository looks like with each outcome. */
const DETAILS: Readonly<Record<RepositoryOutcome, Partial<RepositoryReport>>> = {
  "in-sync": {},
  created: { pullRequest, commit: "c".repeat(40), categories: { clip } },
  updated: { pullRequest, commit: "d".repeat(40), categories: { clip } },
  current: { pullRequest, categories: { clip, blip: heldClip } },
  closed: { pullRequest },
  committed: { commit: "e".repeat(40), categories: { clip } },
  planned: { categories: { clip } },
  "below-threshold": { categories: { clip } },
  held: { categories: { clip: heldClip, blip: gone } },
  edited: { pullRequest, categories: { clip } },
  rejected: { pullRequest, categories: { clip } },
  conflict: { error: { code: "conflict", message: "Gave up after 3 tries: The branch moved meanwhile." } },
  failed: {
    pullRequest,
    error: { code: "github-unauthorized", message: `GitHub answered 403: ${HOSTILE}` },
    categories: { clip },
  },
};

const settings = { CATEGORIES_TO_SYNC: "clip,blip,esrgan,text_generation" };

function statusCase(name: string, state: Partial<SyncState>, app: AnswerAppOptions = {}): GoldenCase {
  return { name, path: "/", app: { settings, runs, state: { ...BASE, ...state }, ...app } };
}

const outage = { code: "github-unavailable", message: `GitHub answered 502: ${HOSTILE}` } as const;
const malformed = {
  code: "legacy-malformed",
  message: `blip.json is not JSON: line 3 begins with ${HOSTILE}`,
} as const;
const copy = { commit: REPLICA_COMMIT, checkedAt: ago(1), ageSeconds: 60 };
const served = { commit: REPLICA_COMMIT, records: 12 };
const bad = { name: HOSTILE, reason: `config.download[0] names no file of config.files: ${HOSTILE}`, isLeftOut: true };
const note = { name: "line 12", reason: "the name stands twice; the later row counts", isLeftOut: false };
const staleReplica = createFakeReplica({
  repositories: [
    replicaRepository({ ...copy }),
    replicaRepository({ ...copy, repository: "haidra/text", checkedAt: ago(200), ageSeconds: 12_000, stale: outage }),
  ],
  categories: [
    replicaCategory({ ...served, category: "blip", stale: malformed }),
    replicaCategory({ ...served, category: "clip" }),
    replicaCategory({ ...served, category: "esrgan", records: 1, issueCount: 1, issues: [note] }),
    replicaCategory({
      ...served,
      category: "text_generation",
      issueCount: 25,
      issues: [bad, note, bad, note, bad, note],
      stale: outage,
    }),
  ],
});
const emptyReplica = createFakeReplica({
  repositories: [
    replicaRepository({ stale: { code: "github-not-found", message: "The branch main does not exist." } }),
    replicaRepository({ repository: "haidra/text", ...copy, checkedAt: ago(3000), ageSeconds: 180_000 }),
  ],
});

const failure = { code: "primary-unavailable", message: `PRIMARY answered 502: ${HOSTILE}` } as const;
const run = report({
  outcome: "published",
  rateLimit: { remaining: 4900, limit: 5000, resetAt: ago(-30) },
  warnings: [`The reviewer ${HOSTILE} could not be added.`],
  repositories: [
    repositoryReport({
      ...DETAILS.created,
      outcome: "created",
      files: ["clip.json"],
      categories: {
        clip: { ...clip, modified: [{ name: HOSTILE, fields: ["version", HOSTILE, "tags"], changes }] },
        blip: heldClip,
      },
    }),
    text,
  ],
});
const preview = report({ ...run, dryRun: true, forced: true, outcome: "planned" });
const planned = [
  {
    repository: "haidra/image",
    path: "clip.json",
    before: `{\n\t"a": 1\n}\n`,
    after: `{\n\t"a": ${JSON.stringify(HOSTILE)}\n}\n`,
  },
  { repository: "haidra/text", path: "models.csv", before: null, after: "name,size\r\n" },
];

const long = JSON.stringify({ description: `${"word ".repeat(400)}end` });
const found: readonly FoundCategory[] = [
  {
    repository: "haidra/image",
    category: "blip",
    changes: [
      { kind: "removed", name: "Old Model", before: long },
      { kind: "removed", name: HOSTILE, before: JSON.stringify({ name: HOSTILE }) },
      { kind: "added", name: "New Model", value: '{"size": 3.0}' },
      { kind: "modified", name: "Changed Model", before: "{}", value: "{}", fields: changes },
      { kind: "renamed", from: "Before", name: "After", before: "{}", value: "{}", fields: [] },
    ],
  },
];
const digest = "0123456789abcdef".repeat(4);
const heldPreview = report({
  dryRun: true,
  outcome: "held",
  repositories: [repositoryReport({ outcome: "held", categories: { blip: { ...heldClip, digest } } })],
});

export const GOLDEN_CASES: readonly GoldenCase[] = [
  ...REPOSITORY_OUTCOMES.map((outcome) => {
    const image = repositoryReport({ outcome, since: ago(200), ...DETAILS[outcome] });
    return statusCase(`status-${outcome}`, { repositories: [image, text] });
  }),
  { name: "status-unknown", path: "/", app: { settings } },
  statusCase("status-failing", {
    consecutiveErrors: 2,
    failingSince: ago(3),
    lastError: failure,
    nextAttemptAt: ago(-1),
    repositories: [repositoryReport(), text],
  }),
  statusCase("status-degraded", {
    consecutiveErrors: 12,
    lastError: failure,
    nextAttemptAt: ago(-40),
    repositories: [repositoryReport({ ...DETAILS.current, outcome: "current", since: ago(200) }), text],
  }),
  statusCase(
    "status-misconfigured",
    {},
    {
      problems: ["HORDE_GITHUB_SYNC_GITHUB_API_URL must be an http(s) URL.", "No GitHub credentials."],
      replica: null,
    },
  ),
  statusCase(
    "status-warned",
    { repositories: [repositoryReport(), text] },
    { settings: { ...settings, DRY_RUN: "true", WATCH_MODE: "false", TARGET_CLONE_DIR: "/tmp/x" } },
  ),
  statusCase(
    "status-paused",
    {
      repositories: [
        repositoryReport({
          outcome: "current",
          categories: { clip },
          since: ago(200),
          seenAt: ago(2),
          pullRequest: { ...pullRequest, merging: "unstable", checks: "failed", failedChecks: ["validate", "lint"] },
        }),
        repositoryReport({
          repository: "haidra/text",
          outcome: "current",
          since: ago(200),
          seenAt: ago(2),
          pullRequest: { ...pullRequest, merging: "dirty" },
        }),
      ],
    },
    { paused: { since: ago(90), reason: `PRIMARY moves house ${HOSTILE}` } },
  ),
  statusCase("status-replica-stale", { repositories: [repositoryReport(), text] }, { replica: staleReplica }),
  statusCase("status-replica-empty", { repositories: [repositoryReport(), text] }, { replica: emptyReplica }),
  { name: "run", path: `/runs/${run.id}`, app: { runs: [run] } },
  {
    name: "run-failed",
    path: `/runs/${run.id}`,
    app: { runs: [report({ outcome: "failed", error: failure, repositories: [] })] },
  },
  { name: "runs", path: "/runs?limit=2", app: { runs } },
  { name: "preview", path: "/preview?force=true", app: { result: preview, planned, found } },
  { name: "preview-held", path: "/preview", app: { result: heldPreview, found } },
  {
    name: "preview-failed",
    path: "/preview",
    app: { result: report({ dryRun: true, outcome: "failed", error: failure, repositories: [] }) },
  },
];

/** What the file of a case must hold. */
export async function renderGolden({ path, app }: GoldenCase, form: "txt" | "html"): Promise<string> {
  const { request } = await createAnswerApp(app);
  const answer = await request(path, { headers: { ...BEARER, accept: form === "txt" ? "text/plain" : CHROME } });
  const body = await answer.text();
  // The style is one constant, and would drown what a page says.
  return body.replace(/<style>[^<]*<\/style>/, "<style>…</style>");
}
