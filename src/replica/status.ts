/**
 * The shape of what the replica tells about itself.
 */
import type { CategoryName } from "../categories.ts";
import type { ReportedError } from "../contract/report.ts";
import type { ReferenceIssue } from "./convert/reference-document.ts";

export interface ReplicaRepositoryStatus {
  /** `owner/name` */
  readonly repository: string;
  readonly branch: string;
  readonly commit: string | null;
  /** When GitHub last confirmed the commit (ISO 8601, UTC). */
  readonly checkedAt: string | null;
  readonly ageSeconds: number | null;
  /** Why GitHub could not confirm it since. */
  readonly stale: ReportedError | null;
  /**
   * From the first to the last question since then that GitHub did not help with; `null` while there is none. Unlike
   * the age it does not grow while nobody asks.
   */
  readonly failingSeconds: number | null;
}

export interface ReplicaCategoryStatus {
  readonly category: CategoryName;
  readonly commit: string | null;
  readonly records: number | null;
  /** At most 20; `issueCount` counts all. */
  readonly issues: readonly ReferenceIssue[];
  readonly issueCount: number;
  /** Why what is served is not the newest content. */
  readonly stale: ReportedError | null;
}

/** Since this isolate began. */
export interface ReplicaCounters {
  /** Reads answered at once from memory. */
  readonly hits: number;
  /** Reads that waited for GitHub or a cache, and got the newest content. */
  readonly misses: number;
  /** Reads answered with content that could not be confirmed. */
  readonly stale: number;
  /** Times GitHub was asked what a branch points to. */
  readonly revalidations: number;
  /** HTTP requests to GitHub, repeated ones included. */
  readonly githubRequests: number;
  /** Revalidations that failed, and reads that could not be answered. */
  readonly errors: number;
}

export interface ReplicaStatus {
  readonly ttlSeconds: number;
  readonly repositories: readonly ReplicaRepositoryStatus[];
  readonly categories: readonly ReplicaCategoryStatus[];
  readonly counters: ReplicaCounters;
}
