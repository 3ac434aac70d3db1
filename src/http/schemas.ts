/**
 * The answers of the HTTP interface as schemas: `/openapi.json` is made of them, and the tests check answers by them.
 */
import * as z from "zod/mini";
import { CATEGORY_NAMES } from "../category-names.ts";
import { CHECK_RESULTS, type CheckReport } from "../check/items.ts";
import { REPOSITORY_OUTCOMES } from "../contract/report.ts";
import { ERROR_CODES } from "../core/errors.ts";
import type { CategoryStanding, Status } from "../present/status.ts";
import type { ReplicaStatus } from "../replica/status.ts";
import {
  StoredError,
  StoredPause,
  StoredRateLimit,
  StoredReport,
  StoredRepository,
  StoredSummary,
} from "../state/schema.ts";
import type { RunPage } from "../state/store.ts";
import { HTTP_ERROR_CODES } from "./answers.ts";
import type { Badge } from "./badge.ts";
import type { Health } from "./health.ts";

const texts = z.array(z.string());
const time = z.nullable(z.string());
const category = z.enum(CATEGORY_NAMES);

const CategorySchema: z.ZodMiniType<CategoryStanding> = z.object({
  category,
  repository: z.string(),
  branch: z.string(),
  state: z.enum([...REPOSITORY_OUTCOMES, "unchecked"]),
  added: z.number(),
  removed: z.number(),
  modified: z.number(),
});

const StandingError = z.nullable(StoredError);

const ReplicaSchema: z.ZodMiniType<ReplicaStatus> = z.object({
  ttlSeconds: z.number(),
  repositories: z.array(
    z.object({
      repository: z.string(),
      branch: z.string(),
      commit: z.nullable(z.string()),
      checkedAt: time,
      ageSeconds: z.nullable(z.number()),
      stale: StandingError,
      failingSeconds: z.nullable(z.number()),
    }),
  ),
  categories: z.array(
    z.object({
      category,
      commit: z.nullable(z.string()),
      records: z.nullable(z.number()),
      issues: z.array(z.object({ name: z.string(), reason: z.string(), isLeftOut: z.boolean() })),
      issueCount: z.number(),
      stale: StandingError,
    }),
  ),
  counters: z.object({
    hits: z.number(),
    misses: z.number(),
    stale: z.number(),
    revalidations: z.number(),
    githubRequests: z.number(),
    errors: z.number(),
  }),
});

export const StatusSchema: z.ZodMiniType<Status> = z.object({
  service: z.string(),
  version: z.string(),
  state: z.enum(["in-sync", "pending", "failing", "degraded", "misconfigured", "unknown"]),
  config: z.object({
    primaryUrl: z.nullable(z.string()),
    publish: z.nullable(z.enum(["pull-request", "commit"])),
    dryRun: z.nullable(z.boolean()),
    noPr: z.nullable(z.boolean()),
    webUrl: z.nullable(z.string()),
    hasTrigger: z.boolean(),
    auth: z.enum(["none", "token", "github-app"]),
    categories: z.array(category),
    watch: z.nullable(z.object({ enabled: z.boolean(), intervalSeconds: z.number() })),
  }),
  alarms: z.array(z.object({ code: z.enum(["cron-stopped", "state-not-saved", "stale"]), message: z.string() })),
  paused: z.nullable(StoredPause),
  problems: texts,
  given: texts,
  warnings: texts,
  primary: z.object({ lastUpdated: z.nullable(z.number()) }),
  lastCheckedAt: time,
  lastSuccessAt: time,
  consecutiveErrors: z.number(),
  failingSince: time,
  heartbeatAt: time,
  lastError: z.nullable(StoredError),
  nextAttemptAt: time,
  repositories: z.array(StoredRepository),
  categories: z.array(CategorySchema),
  rateLimit: z.nullable(StoredRateLimit),
  runs: z.array(StoredSummary),
  replica: z.nullable(ReplicaSchema),
});

export const RunPageSchema: z.ZodMiniType<RunPage> = z.object({
  runs: z.array(StoredSummary),
  cursor: z.nullable(z.string()),
});

const ReplicaHealthSchema = z.nullable(
  z.object({ status: z.enum(["ok", "stale", "cold"]), ageSeconds: z.nullable(z.number()) }),
);

export const HealthSchema: z.ZodMiniType<Health> = z.union([
  z.object({ status: z.literal("ok"), replica: ReplicaHealthSchema }),
  z.object({ status: z.literal("unhealthy"), reasons: texts, replica: ReplicaHealthSchema }),
]);

/** Every error of the replica, as the real server words them. */
export const DetailSchema = z.object({ detail: z.union([z.string(), z.array(z.record(z.string(), z.unknown()))]) });

export const BadgeSchema: z.ZodMiniType<Badge> = z.object({
  schemaVersion: z.literal(1),
  label: z.string(),
  message: z.string(),
  color: z.string(),
  isError: z.exactOptional(z.boolean()),
  cacheSeconds: z.number(),
});

export const CheckSchema: z.ZodMiniType<CheckReport> = z.object({
  result: z.enum(CHECK_RESULTS),
  items: z.array(
    z.object({ name: z.string(), subject: z.string(), result: z.enum(CHECK_RESULTS), message: z.string() }),
  ),
});

export const PauseSchema = z.object({ paused: z.nullable(StoredPause) });

/** `look`: the repository that is looked at. */
export const HookSchema = z.union([
  z.object({ pong: z.literal(true) }),
  z.object({ look: z.string() }),
  z.object({ look: z.null(), why: z.string() }),
]);

export const ErrorSchema = z.object({
  error: z.object({ code: z.enum([...ERROR_CODES, ...HTTP_ERROR_CODES]), message: z.string() }),
});

export { StoredReport as ReportSchema };
