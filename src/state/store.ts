/**
 * Everything that knows KV: the state between ticks, and the Reports of the last 30 days.
 *
 * KV is a cache. A value that is missing, old or damaged reads as the empty state, and costs requests only.
 */

import {
  countReported,
  isDeed,
  type RateLimit,
  type Report,
  type ReportedError,
  type RepositoryReport,
} from "../contract/report.ts";
import { SyncError } from "../core/errors.ts";
import { once } from "../core/once.ts";
import { parseJsonOrNull } from "../core/parse-json.ts";
import { sha256 } from "../files/blob.ts";
import type { RepositoryMemory } from "../sync/memory.ts";
import type { Bucket } from "./bucket.ts";
import { type Counters, NO_COUNTS } from "./counters.ts";
import type { KeyValueStore } from "./key-value-store.ts";
import { STATE_VERSION, StoredMemories, StoredPause, StoredReport, StoredState, StoredSummary } from "./schema.ts";

/** Marks what stands for a state that could not be read. A symbol, because it goes along with copies and is never stored. */
export const UNREAD: unique symbol = Symbol("unread");

export interface SyncState {
  readonly [UNREAD]?: true;
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

const STATE_KEY = "state";
const MARK_KEY = "running";
/** A key that no run writes, so that a pause is never lost to one that began before. */
const PAUSE_KEY = "paused";
const RUN_PREFIX = "run:";
const RUN_TTL_SECONDS = 30 * 24 * 60 * 60;

/** A run in a list, without its details. */
export interface RunSummary extends Pick<Report, "id" | "trigger" | "startedAt" | "outcome" | "durationMs"> {
  /** Records that it published, or would in a dry run; runs of earlier versions did not say. */
  readonly changes?: number;
  /** Whether it wrote anything to GitHub. */
  readonly hasWritten?: boolean;
}

/** One page of a list, newest first. */
export interface RunPage {
  readonly runs: readonly RunSummary[];
  /** Opens the next page; `null` on the last. */
  readonly cursor: string | null;
}

export interface StateStore {
  load(): Promise<SyncState>;
  save(state: SyncState): Promise<void>;
  recordRun(report: Report): Promise<void>;
  /** Notes that a run begins, under a key of its own, because KV takes one write a second for each. @param at ISO 8601, or empty */
  mark(at: string): Promise<void>;
  /** When the last run began, if one ever did. */
  readMark(): Promise<string | null>;
  readPause(): Promise<Pause | null>;
  /** @param pause `null`: the schedule goes on */
  setPause(pause: Pause | null): Promise<void>;
  /** Newest first. */
  listRuns(limit: number): Promise<readonly RunSummary[]>;
  /**
   * From the keys' metadata: no Report is read.
   *
   * @throws SyncError `bad-request` when KV does not know the cursor
   */
  pageRuns(page: { limit: number; cursor: string | null }): Promise<RunPage>;
  readRun(id: string): Promise<Report | null>;
}

export function createStateStore(kv: KeyValueStore): StateStore {
  return {
    async load() {
      return parseState(await kv.get(STATE_KEY));
    },

    async save(state) {
      const memoryDigest = sha256(JSON.stringify(state.memory));
      await kv.put(STATE_KEY, JSON.stringify({ version: STATE_VERSION, memoryDigest, ...state }));
    },

    async recordRun(report) {
      const metadata = summarizeRun(report);
      await kv.put(runKey(report.id), JSON.stringify(report), { expirationTtl: RUN_TTL_SECONDS, metadata });
    },

    mark: (at) => kv.put(MARK_KEY, at),
    readMark: () => kv.get(MARK_KEY),

    async readPause() {
      const text = await kv.get(PAUSE_KEY);
      if (text === null || text === "") return null;
      const parsed = StoredPause.safeParse(parseJsonOrNull(text));
      // Whatever stands there, somebody meant to stop it.
      return parsed.success ? parsed.data : { since: new Date(0).toISOString(), reason: "" };
    },
    setPause: (pause) => kv.put(PAUSE_KEY, pause === null ? "" : JSON.stringify(pause)),

    async listRuns(limit) {
      return toSummaries(await kv.list({ prefix: RUN_PREFIX, limit }));
    },

    async pageRuns({ limit, cursor }) {
      const page = await listPage(kv, limit, cursor);
      return { runs: toSummaries(page), cursor: page.list_complete ? null : (page.cursor ?? null) };
    },

    async readRun(id) {
      if (!RUN_ID.test(id)) return null;
      const parsed = StoredReport.safeParse(parseJsonOrNull(await kv.get(runKey(id))));
      return parsed.success ? parsed.data : null;
    },
  };
}

export function summarizeRun({ id, trigger, startedAt, outcome, durationMs, repositories }: Report): RunSummary {
  const done = repositories.filter((entry) => isDeed(entry.outcome) || entry.outcome === "planned");
  const categories = done.flatMap((entry) => Object.values(entry.categories)).filter(({ held }) => held === undefined);
  const changes = categories.reduce((sum, category) => sum + countReported(category), 0);
  const hasWritten = repositories.some((entry) => isDeed(entry.outcome));
  return { id, trigger, startedAt, outcome, durationMs, changes, hasWritten };
}

type KeyList = Awaited<ReturnType<KeyValueStore["list"]>>;

function toSummaries({ keys }: KeyList): RunSummary[] {
  return keys.flatMap(({ metadata }) => {
    const summary = StoredSummary.safeParse(metadata);
    return summary.success ? [summary.data] : [];
  });
}

/** KV refuses a cursor that it did not make as it fails in an outage; a list without the cursor tells which it was. */
async function listPage(kv: KeyValueStore, limit: number, cursor: string | null): Promise<KeyList> {
  const first = { prefix: RUN_PREFIX, limit };
  if (cursor === null) return kv.list(first);
  try {
    return await kv.list({ ...first, cursor });
  } catch (cause) {
    await kv.list({ ...first, limit: 1 });
    throw new SyncError("bad-request", "cursor is not one that /runs gave out.", { cause });
  }
}

const RUN_ID = /^([0-9a-z]{9})-[0-9a-z]{6}$/;

/** Sortable by time and safe in a URL: `mhx0k3v9a-4f7c2e`. */
export function createRunId(startedAt: number, random: () => number): string {
  const chance = Math.floor(random() * 36 ** 6);
  return `${startedAt.toString(36).padStart(9, "0")}-${chance.toString(36).padStart(6, "0")}`;
}

/** When the run of an id began (ms since the epoch); `null` where it is no id of a run. */
export function runStartedAt(id: string): number | null {
  const time = RUN_ID.exec(id)?.[1];
  return time === undefined ? null : Number.parseInt(time, 36);
}

/** KV lists keys in ascending order, so the newest run needs the smallest key. */
function runKey(id: string): string {
  const startedAt = Number.parseInt(RUN_ID.exec(id)?.[1] ?? "0", 36);
  return `${RUN_PREFIX}${(Number.MAX_SAFE_INTEGER - startedAt).toString().padStart(16, "0")}:${id}`;
}

/** Nothing stored means that the service is new; something that cannot be read means that work may be waiting. */
function parseState(text: string | null): SyncState {
  if (text === null) return EMPTY_STATE;
  const parsed = StoredState.safeParse(parseJsonOrNull(text));
  if (!parsed.success) return { ...EMPTY_STATE, isUnsettled: true };
  const { memoryDigest, version: _version, memory: raw, ...state } = parsed.data;
  const memory = once(() => readMemory(raw, memoryDigest));
  return {
    ...EMPTY_STATE,
    ...state,
    // Only runs need it, and most ticks start none.
    get memory() {
      return memory();
    },
  };
}

/**
 * Memory vouches for what is on GitHub, such as the blobs of a tree, and a run that is told wrong may do wrong. So it
 * counts only when its digest shows that it is just what a run wrote.
 */
function readMemory(raw: unknown, digest: string | undefined): SyncState["memory"] {
  if (digest !== sha256(JSON.stringify(raw ?? null))) return {};
  const parsed = StoredMemories.safeParse(raw);
  return parsed.success ? parsed.data : {};
}
