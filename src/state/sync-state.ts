/**
 * What is known between ticks.
 */
import type { RateLimit, Report, ReportedError, RepositoryReport } from "../contract/report.ts";
import type { RepositoryMemory } from "../sync/memory.ts";
import type { Bucket } from "./bucket.ts";
import { type Counters, NO_COUNTS } from "./counters.ts";

/** Marks what stands for a state that could not be read. A symbol, because it goes along with copies and is never stored. */
export const UNREAD: unique symbol = Symbol("unread");

export interface SyncState {
  readonly [UNREAD]?: true;
  /** What everything that is known of each repository is about; empty in a new state, and in an earlier version's. */
  readonly subjects: Subjects;
  /** PRIMARY's timestamp of the last settled run; `undefined` before the first tick. */
  readonly lastUpdated: number | null | undefined;
  /** The second of that timestamp was not over when it was read, so that another edit may have it. */
  readonly isStampOpen: boolean;
  /** A run did not settle, so the next tick runs whatever the timestamp says. */
  readonly isUnsettled: boolean;
  /**
   * Everything of this timestamp is settled but categories that could not be read; nothing has to be done for it before
   * the first of them is due again (ISO 8601, UTC).
   */
  readonly awaiting: Awaiting | null;
  /** ISO 8601, UTC. */
  readonly lastCheckedAt: string | null;
  readonly lastSuccessAt: string | null;
  readonly consecutiveErrors: number;
  /** Those after which everything waits; what fails alone backs off alone. */
  readonly outages: number;
  /** When the first of the failures in a row was (ISO 8601, UTC); `null` while nothing fails. */
  readonly failingSince: string | null;
  /** People were told that it fails. */
  readonly isFailingTold: boolean;
  /** The last tick that got as far as the state, to 15 minutes. */
  readonly heartbeatAt: string | null;
  /** Runs in a row that began and never ended. */
  readonly kills: number;
  /** What began before it is accounted for: the end of the last run, or the beginning of one that counts as killed. */
  readonly markSeen: string | null;
  readonly nextAttemptAt: string | null;
  /** The latest report of each repository. */
  readonly repositories: readonly RepositoryReport[];
  readonly counters: Counters;
  /** The last recorded run. */
  readonly lastRun: RunSummary | null;
  /** Why the last run failed before any repository was looked at. */
  readonly lastError: ReportedError | null;
  readonly rateLimit: RateLimit | null;
  /** What the schedule may still start; `null`: as much as ever. */
  readonly bucket: Bucket | null;
  /** When people were last told of a pull request's changes, by repository. */
  readonly told: Readonly<Record<string, Told>>;
  readonly memory: Readonly<Record<string, RepositoryMemory>>;
}

/** By repository (`owner/name`): what everything that is known of it is about. See `subjectsOf`. */
export type Subjects = Readonly<Record<string, string>>;

export interface Told {
  /** ISO 8601, UTC. */
  readonly at: string;
  /** There were more changes since; they are told together. */
  readonly waits: boolean;
  /** The pull request that was open then. */
  readonly pull: number | null;
}

/** The schedule stands still because somebody said so. */
export interface Pause {
  /** ISO 8601, UTC. */
  readonly since: string;
  /** What they gave as the reason; may be empty. */
  readonly reason: string;
}

export interface Awaiting {
  readonly lastUpdated: number | null;
  readonly until: string;
}

export const EMPTY_STATE: SyncState = {
  subjects: {},
  lastUpdated: undefined,
  isStampOpen: false,
  isUnsettled: false,
  awaiting: null,
  lastCheckedAt: null,
  lastSuccessAt: null,
  consecutiveErrors: 0,
  outages: 0,
  failingSince: null,
  isFailingTold: false,
  heartbeatAt: null,
  kills: 0,
  markSeen: null,
  nextAttemptAt: null,
  repositories: [],
  counters: NO_COUNTS,
  lastRun: null,
  lastError: null,
  rateLimit: null,
  bucket: null,
  told: {},
  memory: {},
};

/** A run in a list, without its details. */
export interface RunSummary extends Pick<Report, "id" | "trigger" | "startedAt" | "outcome" | "durationMs"> {
  /** Records that it published, or would in a dry run; runs of earlier versions did not say. */
  readonly changes?: number;
  /** Whether it wrote anything to GitHub. */
  readonly hasWritten?: boolean;
}
