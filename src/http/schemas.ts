/**
 * The answers of the HTTP interface as schemas: `/openapi.json` is made of them, and the tests check answers by them.
 */
import * as z from "zod/mini";
import { CATEGORY_NAMES } from "../categories.ts";
import { ERROR_CODES } from "../errors.ts";
import { StoredError, StoredRateLimit, StoredReport, StoredRepository, StoredSummary } from "../state/schema.ts";
import type { RunPage } from "../state/store.ts";
import { REPOSITORY_OUTCOMES } from "../sync/report.ts";
import { HTTP_ERROR_CODES } from "./answers.ts";
import type { Badge } from "./badge.ts";
import type { CategoryStanding, Status } from "./status.ts";

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

export const StatusSchema: z.ZodMiniType<Status> = z.object({
  service: z.string(),
  version: z.string(),
  state: z.enum(["in-sync", "pending", "degraded", "misconfigured", "unknown"]),
  config: z.object({
    primaryUrl: z.nullable(z.string()),
    publish: z.nullable(z.enum(["pull-request", "commit"])),
    dryRun: z.nullable(z.boolean()),
    auth: z.enum(["none", "token", "github-app"]),
    categories: z.array(category),
    watch: z.nullable(z.object({ enabled: z.boolean(), intervalSeconds: z.number() })),
  }),
  problems: texts,
  warnings: texts,
  primary: z.object({ lastUpdated: z.nullable(z.number()) }),
  lastCheckedAt: time,
  lastSuccessAt: time,
  consecutiveErrors: z.number(),
  lastError: z.nullable(StoredError),
  nextAttemptAt: time,
  repositories: z.array(StoredRepository),
  categories: z.array(CategorySchema),
  rateLimit: z.nullable(StoredRateLimit),
  runs: z.array(StoredSummary),
});

export const RunPageSchema: z.ZodMiniType<RunPage> = z.object({
  runs: z.array(StoredSummary),
  cursor: z.nullable(z.string()),
});

export const HealthSchema = z.union([
  z.object({ status: z.literal("ok") }),
  z.object({ status: z.literal("unhealthy"), reasons: texts }),
]);

export const BadgeSchema: z.ZodMiniType<Badge> = z.object({
  schemaVersion: z.literal(1),
  label: z.string(),
  message: z.string(),
  color: z.string(),
  isError: z.exactOptional(z.boolean()),
  cacheSeconds: z.number(),
});

export const ErrorSchema = z.object({
  error: z.object({ code: z.enum([...ERROR_CODES, ...HTTP_ERROR_CODES]), message: z.string() }),
});

export { StoredReport as ReportSchema };
