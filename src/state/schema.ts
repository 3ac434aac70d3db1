/**
 * The stored forms, checked when they come back: an older version of this service, or a person, may have written them.
 */
import * as z from "zod/mini";
import { CATEGORY_NAMES } from "../categories.ts";
import { ERROR_CODES } from "../errors.ts";
import type { RepositoryMemory } from "../sync/memory.ts";
import {
  type CategoryReport,
  REPOSITORY_OUTCOMES,
  type Report,
  type RepositoryReport,
  RUN_OUTCOMES,
  TRIGGERS,
} from "../sync/report.ts";

const texts = z.array(z.string());

const StoredError = z.object({ code: z.enum(ERROR_CODES), message: z.string() });

const StoredCategory: z.ZodMiniType<CategoryReport> = z.object({
  added: texts,
  removed: texts,
  modified: z.array(z.object({ name: z.string(), fields: texts })),
  held: z.exactOptional(z.string()),
  warnings: texts,
});

const StoredRepository: z.ZodMiniType<RepositoryReport> = z.object({
  repository: z.string(),
  branch: z.string(),
  outcome: z.enum(REPOSITORY_OUTCOMES),
  pullRequest: z.nullable(z.object({ number: z.number(), url: z.string() })),
  commit: z.nullable(z.string()),
  files: texts,
  categories: z.partialRecord(z.enum(CATEGORY_NAMES), StoredCategory),
  error: z.exactOptional(StoredError),
});

export const StoredReport: z.ZodMiniType<Report> = z.object({
  id: z.string(),
  trigger: z.enum(TRIGGERS),
  startedAt: z.string(),
  finishedAt: z.string(),
  durationMs: z.number(),
  dryRun: z.boolean(),
  forced: z.boolean(),
  outcome: z.enum(RUN_OUTCOMES),
  primary: z.object({ url: z.string(), lastUpdated: z.nullable(z.number()), previous: z.nullable(z.number()) }),
  repositories: z.array(StoredRepository),
  warnings: texts,
  requests: z.object({ primary: z.number(), github: z.number() }),
  error: z.exactOptional(StoredError),
});

export const StoredSummary = z.object({
  id: z.string(),
  trigger: z.enum(TRIGGERS),
  startedAt: z.string(),
  outcome: z.enum(RUN_OUTCOMES),
  durationMs: z.number(),
});

const shas = z.record(z.string(), z.string());

const StoredMemory: z.ZodMiniType<RepositoryMemory> = z.object({
  baseTree: z.nullable(z.object({ sha: z.string(), files: shas })),
  sameness: z.record(
    z.string(),
    z.object({ stamp: z.nullable(z.number()), primary: z.string(), files: z.array(z.string()) }),
  ),
  published: z.nullable(
    z.object({
      headSha: z.string(),
      headFiles: shas,
      baseSha: z.string(),
      baseFiles: shas,
      pullRequest: z.number(),
    }),
  ),
  settledAt: z.nullable(z.record(z.string(), z.nullable(z.number()))),
});

/** Bump it when the meaning of a stored field changes: older values then read as the empty state. */
export const STATE_VERSION = 1;

export const StoredState = z.object({
  version: z.literal(STATE_VERSION),
  lastUpdated: z.exactOptional(z.nullable(z.number())),
  isUnsettled: z.boolean(),
  lastCheckedAt: z.nullable(z.string()),
  lastSuccessAt: z.nullable(z.string()),
  consecutiveErrors: z.number(),
  nextAttemptAt: z.nullable(z.string()),
  repositories: z.array(StoredRepository),
  memory: z.record(z.string(), StoredMemory),
});
