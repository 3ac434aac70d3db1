/**
 * What an isolate knows between invocations. Plain data: it belongs to the entry point, and the replica of each
 * invocation reads and replaces its parts.
 */
import type { ReportedError } from "../../contract/report.ts";
import type { ReplicaContent } from "../content/content.ts";
import type { SourceShas } from "../content/sources.ts";
import type { Summary } from "../content/summary.ts";
import type { ReplicaCounters } from "../status.ts";
import type { StoredCategory } from "./stored-categories.ts";

export interface Fault extends ReportedError {
  /** Before then another attempt is useless (ms since the epoch), where the other side said so. */
  readonly retryAt: number | null;
}

/** What a branch points to. */
export interface Head {
  readonly commit: string;
  readonly treeSha: string;
  /** Blob SHAs by path, of the files that categories are read from. */
  readonly files: Readonly<Record<string, string>>;
}

export interface HeadState {
  readonly head: Head | null;
  /** When GitHub last told the head (ms). */
  readonly checkedAt: number | null;
  /** When GitHub was last asked, with or without success (ms). */
  readonly askedAt: number | null;
  /** Why the last attempt brought nothing. */
  readonly fault: Fault | null;
  /** When the first of the attempts failed that brought nothing since the last success (ms). */
  readonly failingSince: number | null;
}

/** A category's newest content that could be read. */
export interface Served {
  readonly content: ReplicaContent;
  readonly shas: SourceShas;
  /** Of `shas`. */
  readonly signature: string;
  readonly commit: string;
  readonly checkedAt: number;
  readonly summary: Summary;
}

export interface Refused {
  readonly signature: string;
  readonly fault: Fault;
  /** When it was found (ms). */
  readonly at: number;
  /** They can be had and not be read, which will not change; else they could not be had. */
  readonly isLasting: boolean;
}

/** Work that several invocations wait for together. */
export interface Flight {
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** Never rejects: what came of it is in memory. */
  readonly landed: Promise<void>;
}

export interface CategoryState {
  readonly served: Served | null;
  /** Newer files that are not served. */
  readonly refused: Refused | null;
  /** When the last good content was last looked for in KV (ms). */
  readonly restoredAt: number | null;
  /** Of the content that KV is known to hold. */
  readonly keptSignature: string | null;
  /** `false`: KV names content that is not all there. */
  readonly isKeptWhole: boolean;
  /** When it was last tried to store it (ms). */
  readonly keptAt: number | null;
  /** What KV had when the status looked there, which it does where nothing is served, and when (ms). */
  readonly looked: { readonly record: StoredCategory | null; readonly at: number } | null;
}

export interface ReplicaMemory {
  /** By GitHub, repository and branch, so that other settings never meet what belongs to these. */
  readonly heads: Map<string, HeadState>;
  /** The same with the category. */
  readonly categories: Map<string, CategoryState>;
  /** What is being done by some invocation. */
  readonly flights: Map<string, Flight>;
  readonly counters: { -readonly [Name in keyof ReplicaCounters]: number };
  /** What is done so that every category is near: since when it is under way (ms), and whether this isolate left some. */
  readonly warming: { begunAt: number | null; isLeft: boolean };
  /** A rate limit that GitHub told. It counts for everything that these credentials ask. */
  limit: Fault | null;
  /** Until then GitHub is asked without the credentials, because it refused them (ms). */
  anonymousUntil: number;
  /** The latest time at which an invocation began (ms). */
  latest: number;
}

export const UNKNOWN_HEAD: HeadState = { head: null, checkedAt: null, askedAt: null, fault: null, failingSince: null };
export const UNKNOWN_CATEGORY: CategoryState = {
  served: null,
  refused: null,
  restoredAt: null,
  keptSignature: null,
  isKeptWhole: true,
  keptAt: null,
  looked: null,
};

export function createReplicaMemory(): ReplicaMemory {
  return {
    heads: new Map(),
    categories: new Map(),
    flights: new Map(),
    counters: { hits: 0, misses: 0, stale: 0, revalidations: 0, githubRequests: 0, errors: 0 },
    warming: { begunAt: null, isLeft: false },
    limit: null,
    anonymousUntil: 0,
    latest: 0,
  };
}
