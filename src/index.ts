/**
 * The library: what the Worker and the command line are made of, for programs on Node and in Workers.
 *
 * What is exported here, the fields of a Report, the codes of errors and the names of settings follow semantic
 * versioning. Messages, warnings, log lines and what a store holds are for people and for this package alone, and may
 * change at any time.
 *
 * @packageDocumentation
 */

export { CATEGORY_NAMES, type CategoryName } from "./category-names.ts";
export type { CheckItem, CheckReport, CheckResult } from "./check/items.ts";
export { type Config, ConfigError, parseConfig } from "./config/config.ts";
export type {
  CategoryReport,
  ModifiedRecord,
  PlannedFile,
  RenamedRecord,
  Report,
  ReportedError,
  ReportedPullRequest,
  RepositoryOutcome,
  RepositoryReport,
  RunOutcome,
} from "./contract/report.ts";
export { type ErrorCode, SyncError } from "./core/errors.ts";
export type { LogLevel } from "./core/log.ts";
export { VERSION } from "./core/version.ts";
export type { FieldChange, RecordChange } from "./files/codec.ts";
export {
  type CategoryComparison,
  type CategoryPaths,
  type CompareCategoryInput,
  compareCategory,
  type Files,
  pathsOf,
} from "./library/compare-category.ts";
export { createSync, type Plan, type Sync, type SyncOptions, type WatchOptions } from "./library/create-sync.ts";
export type { SyncRequest } from "./library/sync-request.ts";
export type { Clock, Fetch } from "./net/transport.ts";
export type { Look, Quiet, Standby } from "./service/look.ts";
export type { KeyValueStore } from "./state/key-value-store.ts";
export { createMemoryStore } from "./state/memory-store.ts";
