/**
 * Everything that knows KV: the state between ticks, and the Reports of the last 30 days (DESIGN.md sections 2, 4).
 *
 * KV is a cache. A value that is missing, old or damaged reads as the empty state, and costs requests only.
 */
import type { RepositoryMemory } from "../sync/memory.ts";
import type { Report, RepositoryReport } from "../sync/report.ts";
import { STATE_VERSION, StoredReport, StoredState, StoredSummary } from "./schema.ts";

/** What we use of a KV namespace; a fake is ten lines. */
export interface KeyValueStore {
  get(key: string): Promise<string | null>;
  put(key: string, value: string, options?: { expirationTtl?: number; metadata?: unknown }): Promise<void>;
  list(options: { prefix: string; limit: number; cursor?: string }): Promise<{
    keys: readonly { readonly name: string; readonly metadata?: unknown }[];
    list_complete: boolean;
    cursor?: string;
  }>;
}

export interface SyncState {
  /** PRIMARY's timestamp of the last settled run; `undefined` before the first tick. */
  readonly lastUpdated: number | null | undefined;
  /** A run did not settle, so the next tick runs whatever the timestamp says. */
  readonly isUnsettled: boolean;
  /** ISO 8601, UTC. */
  readonly lastCheckedAt: string | null;
  readonly lastSuccessAt: string | null;
  readonly consecutiveErrors: number;
  readonly nextAttemptAt: string | null;
  /** The latest report of each repository. */
  readonly repositories: readonly RepositoryReport[];
  readonly memory: Readonly<Record<string, RepositoryMemory>>;
}

export const EMPTY_STATE: SyncState = {
  lastUpdated: undefined,
  isUnsettled: false,
  lastCheckedAt: null,
  lastSuccessAt: null,
  consecutiveErrors: 0,
  nextAttemptAt: null,
  repositories: [],
  memory: {},
};

const STATE_KEY = "state";
const RUN_PREFIX = "run:";
const RUN_TTL_SECONDS = 30 * 24 * 60 * 60;

/** A run in a list, without its details. */
export type RunSummary = Pick<Report, "id" | "trigger" | "startedAt" | "outcome" | "durationMs">;

export interface StateStore {
  load(): Promise<SyncState>;
  save(state: SyncState): Promise<void>;
  recordRun(report: Report): Promise<void>;
  /** Newest first. */
  listRuns(limit: number): Promise<readonly RunSummary[]>;
  readRun(id: string): Promise<Report | null>;
}

export function createStateStore(kv: KeyValueStore): StateStore {
  return {
    async load() {
      return parseState(await kv.get(STATE_KEY));
    },

    async save(state) {
      await kv.put(STATE_KEY, JSON.stringify({ version: STATE_VERSION, ...state }));
    },

    async recordRun(report) {
      const { id, trigger, startedAt, outcome, durationMs } = report;
      const metadata: RunSummary = { id, trigger, startedAt, outcome, durationMs };
      await kv.put(runKey(id), JSON.stringify(report), { expirationTtl: RUN_TTL_SECONDS, metadata });
    },

    async listRuns(limit) {
      const { keys } = await kv.list({ prefix: RUN_PREFIX, limit });
      return keys.flatMap(({ metadata }) => {
        const summary = StoredSummary.safeParse(metadata);
        return summary.success ? [summary.data] : [];
      });
    },

    async readRun(id) {
      if (!RUN_ID.test(id)) return null;
      const parsed = StoredReport.safeParse(parseOrNull(await kv.get(runKey(id))));
      return parsed.success ? parsed.data : null;
    },
  };
}

const RUN_ID = /^([0-9a-z]{9})-[0-9a-z]{6}$/;

/** Sortable by time and safe in a URL: `mhx0k3v9a-4f7c2e`. */
export function createRunId(startedAt: number, random: () => number): string {
  const chance = Math.floor(random() * 36 ** 6);
  return `${startedAt.toString(36).padStart(9, "0")}-${chance.toString(36).padStart(6, "0")}`;
}

/** KV lists keys in ascending order, so the newest run needs the smallest key. */
function runKey(id: string): string {
  const startedAt = Number.parseInt(RUN_ID.exec(id)?.[1] ?? "0", 36);
  return `${RUN_PREFIX}${(Number.MAX_SAFE_INTEGER - startedAt).toString().padStart(16, "0")}:${id}`;
}

function parseState(text: string | null): SyncState {
  const parsed = StoredState.safeParse(parseOrNull(text));
  return parsed.success ? { ...EMPTY_STATE, ...parsed.data } : EMPTY_STATE;
}

function parseOrNull(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
}
