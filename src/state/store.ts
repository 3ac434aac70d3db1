/**
 * Everything that knows KV: the state between ticks, and the Reports of the last 30 days.
 *
 * KV is a cache. A value that is missing, old or damaged reads as the empty state, and costs requests only.
 */

import { countReported, isDeed, type Report } from "../contract/report.ts";
import { SyncError } from "../core/errors.ts";
import { parseJsonOrNull } from "../core/parse-json.ts";
import type { KeyValueStore } from "./key-value-store.ts";
import { printState, readState } from "./stored-state.ts";
import type { Pause, RunSummary, SyncState } from "./sync-state.ts";

export {
  type Awaiting,
  EMPTY_STATE,
  type Pause,
  type RunSummary,
  type Subjects,
  type SyncState,
  type Told,
  UNREAD,
} from "./sync-state.ts";

const STATE_KEY = "state";
const MARK_KEY = "running";
/** A key that no run writes, so that a pause is never lost to one that began before. */
const PAUSE_KEY = "paused";
const RUN_PREFIX = "run:";
const RUN_TTL_SECONDS = 30 * 24 * 60 * 60;

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
      return readState(await kv.get(STATE_KEY));
    },

    async save(state) {
      await kv.put(STATE_KEY, await printState(state));
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
      const { StoredPause } = await import("./schema.ts");
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
      return { runs: await toSummaries(page), cursor: page.list_complete ? null : (page.cursor ?? null) };
    },

    async readRun(id) {
      if (!RUN_ID.test(id)) return null;
      const { StoredReport } = await import("./schema.ts");
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

async function toSummaries({ keys }: KeyList): Promise<RunSummary[]> {
  const { StoredSummary } = await import("./schema.ts");
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
