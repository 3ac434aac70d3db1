/**
 * The stored forms, checked when they come back: an older version of this service, or a person, may have written them.
 */
import * as z from "zod/mini";
import { CATEGORY_NAMES } from "../category-names.ts";
import {
  type CategoryReport,
  CHECKS_STATES,
  REPOSITORY_OUTCOMES,
  type Report,
  type RepositoryReport,
  RUN_OUTCOMES,
  TRIGGERS,
} from "../contract/report.ts";
import { ERROR_CODES } from "../core/errors.ts";
import type { RepositoryMemory } from "../sync/memory.ts";
import type { Counters } from "./counters.ts";
import { STATE_VERSION } from "./seal.ts";

const texts = z.array(z.string());

export const StoredError = z.object({ code: z.enum(ERROR_CODES), message: z.string() });

const StoredFieldChange = z.object({
  field: z.string(),
  before: z.nullable(z.string()),
  after: z.nullable(z.string()),
});

const StoredCategory: z.ZodMiniType<CategoryReport> = z.object({
  added: texts,
  removed: texts,
  modified: z.array(
    z.object({ name: z.string(), fields: texts, changes: z.exactOptional(z.array(StoredFieldChange)) }),
  ),
  renamed: z.exactOptional(z.array(z.object({ from: z.string(), to: z.string(), fields: texts }))),
  held: z.exactOptional(z.string()),
  overrides: z.exactOptional(z.string()),
  digest: z.exactOptional(z.string()),
  failed: z.exactOptional(StoredError),
  warnings: texts,
});

const StoredPullRequest = z.object({
  number: z.number(),
  url: z.string(),
  openedAt: z.exactOptional(z.string()),
  merging: z.exactOptional(z.string()),
  checks: z.exactOptional(z.enum(CHECKS_STATES)),
  failedChecks: z.exactOptional(texts),
});

export const StoredRepository: z.ZodMiniType<RepositoryReport> = z.object({
  repository: z.string(),
  branch: z.string(),
  outcome: z.enum(REPOSITORY_OUTCOMES),
  pullRequest: z.nullable(StoredPullRequest),
  commit: z.nullable(z.string()),
  files: texts,
  categories: z.partialRecord(z.enum(CATEGORY_NAMES), StoredCategory),
  checked: z.exactOptional(z.array(z.enum(CATEGORY_NAMES))),
  since: z.exactOptional(z.string()),
  seenAt: z.exactOptional(z.string()),
  standing: z.exactOptional(z.enum(REPOSITORY_OUTCOMES)),
  run: z.exactOptional(z.string()),
  error: z.exactOptional(StoredError),
});

export const StoredRateLimit = z.object({
  remaining: z.number(),
  limit: z.nullable(z.number()),
  resetAt: z.nullable(z.string()),
});

const StoredRequests = z.object({ primary: z.number(), github: z.number() });

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
  requests: StoredRequests,
  rateLimit: z.exactOptional(StoredRateLimit),
  error: z.exactOptional(StoredError),
});

export const StoredPause = z.object({ since: z.iso.datetime(), reason: z.string() });

export const StoredSummary = z.object({
  id: z.string(),
  trigger: z.enum(TRIGGERS),
  startedAt: z.string(),
  outcome: z.enum(RUN_OUTCOMES),
  durationMs: z.number(),
  changes: z.exactOptional(z.number()),
  hasWritten: z.exactOptional(z.boolean()),
});

const textsByKey = z.record(z.string(), z.string());

const StoredMemory: z.ZodMiniType<RepositoryMemory> = z.object({
  baseTree: z.nullable(z.object({ sha: z.string(), files: textsByKey })),
  sameness: z.record(
    z.string(),
    z.object({
      stamp: z.nullable(z.number()),
      primary: z.string(),
      files: z.array(z.string()),
      warnings: z.exactOptional(z.array(z.string())),
      isToTell: z.exactOptional(z.literal(true)),
    }),
  ),
  published: z.nullable(
    z.object({
      headSha: z.string(),
      headFiles: textsByKey,
      baseSha: z.string(),
      baseFiles: textsByKey,
      pullRequest: z.number(),
      url: z.exactOptional(z.string()),
      openedAt: z.exactOptional(z.string()),
      source: z.exactOptional(z.string()),
    }),
  ),
  settledAt: z.nullable(z.record(z.string(), z.nullable(z.number()))),
  sources: z.exactOptional(textsByKey),
  decoration: z.exactOptional(z.object({ pullRequest: z.number(), added: texts, refused: textsByKey })),
  closings: z.exactOptional(
    z.array(
      z.object({
        pullRequest: z.number(),
        endedAt: z.string(),
        by: z.enum(["person", "bot"]),
        login: z.string(),
        wasEdited: z.boolean(),
      }),
    ),
  ),
  inSyncAt: z.exactOptional(z.record(z.string(), z.object({ at: z.string(), commit: z.string(), files: textsByKey }))),
  failures: z.exactOptional(
    z.record(z.string(), z.object({ error: StoredError, times: z.number(), nextAttemptAt: z.number() })),
  ),
  origins: z.exactOptional(z.record(z.string(), z.object({ key: z.string(), names: texts, commits: texts }))),
  retry: z.exactOptional(z.object({ times: z.number(), nextAttemptAt: z.number() })),
  glimpse: z.exactOptional(z.string()),
});

export const StoredMemories = z.record(z.string(), StoredMemory);

const StoredCounters: z.ZodMiniType<Counters> = z.object({
  runs: z.partialRecord(z.enum(TRIGGERS), z.partialRecord(z.enum(RUN_OUTCOMES), z.number())),
  requests: StoredRequests,
  durationMs: z.number(),
});

export const StoredState = z.object({
  version: z.literal(STATE_VERSION),
  memoryDigest: z.exactOptional(z.string()),
  subjects: z.exactOptional(textsByKey),
  lastUpdated: z.exactOptional(z.nullable(z.number())),
  isStampOpen: z.exactOptional(z.boolean()),
  isUnsettled: z.boolean(),
  awaiting: z.exactOptional(z.nullable(z.object({ lastUpdated: z.nullable(z.number()), until: z.string() }))),
  lastCheckedAt: z.nullable(z.string()),
  lastSuccessAt: z.nullable(z.string()),
  consecutiveErrors: z.number(),
  outages: z.exactOptional(z.number()),
  failingSince: z.exactOptional(z.nullable(z.string())),
  isFailingTold: z.exactOptional(z.boolean()),
  heartbeatAt: z.exactOptional(z.nullable(z.string())),
  kills: z.exactOptional(z.number()),
  markSeen: z.exactOptional(z.nullable(z.string())),
  nextAttemptAt: z.nullable(z.string()),
  repositories: z.array(StoredRepository),
  counters: z.exactOptional(StoredCounters),
  lastRun: z.exactOptional(z.nullable(StoredSummary)),
  lastError: z.exactOptional(z.nullable(StoredError)),
  rateLimit: z.exactOptional(z.nullable(StoredRateLimit)),
  bucket: z.exactOptional(z.nullable(z.object({ left: z.number(), at: z.number() }))),
  told: z.exactOptional(
    z.record(z.string(), z.object({ at: z.string(), waits: z.boolean(), pull: z.nullable(z.number()) })),
  ),
  /** As it was stored, for its digest: a parsed form need not keep the order of keys. See `StoredMemories`. */
  memory: z.optional(z.unknown()),
});
