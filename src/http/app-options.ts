/**
 * What the HTTP interface is made of; the entry gives it.
 */
import type { CheckReport } from "../check/items.ts";
import type { ReplicaConfig } from "../config/config.ts";
import type { Configured } from "../config/configured.ts";
import type { Report } from "../contract/report.ts";
import type { Logger } from "../core/log.ts";
import type { Replica } from "../replica/replica.ts";
import type { Preview, Touched } from "../service/service.ts";
import type { Bucket } from "../state/bucket.ts";
import type { RunSummary, StateStore } from "../state/store.ts";
import type { RunRequest } from "../sync/run-request.ts";
import type { Pace } from "./pace.ts";
import type { CountFailure } from "./token.ts";

/** The newest runs as an isolate listed them last, and how often it may still list. */
export interface RecentRuns {
  lists: Bucket | null;
  value: { readonly at: number; readonly lastRun: string | null; readonly runs: readonly RunSummary[] } | null;
}

export interface AppOptions {
  readonly version: string;
  readonly settings: Configured;
  readonly store: StateStore;
  /** Starts a run and keeps it alive when the client goes away. */
  readonly sync: (request: Omit<RunRequest, "id">) => Promise<Report>;
  /** A dry run. */
  readonly preview: (request: Omit<RunRequest, "id">) => Promise<Preview>;
  /** Tries what a deployment needs. */
  readonly check: () => Promise<CheckReport>;
  /** Looks at what GitHub's webhook told of, after so many milliseconds; must not throw, and is not waited for. */
  readonly hear: (touched: Touched, delayMs: number) => void;
  /** Outlives an invocation. */
  readonly pace: Pace;
  /** `null`: its settings cannot be used. */
  readonly replica: Replica | null;
  readonly replicaConfig: Pick<ReplicaConfig, "cacheTtlSeconds" | "triggerToken" | "public"> | null;
  /** Without it wrong tokens are not limited. */
  readonly countFailure?: CountFailure;
  /** When this version was made (ms since the epoch), where that is known. */
  readonly deployedAt?: number | null;
  /** Whether this isolate knows that the state cannot be written. */
  readonly isUnsaved?: () => boolean;
  /** Outlives an invocation. */
  readonly recentRuns: RecentRuns;
  readonly now: () => number;
  readonly log: Logger;
}
