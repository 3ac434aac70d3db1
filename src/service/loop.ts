/**
 * The loop that stands in for the Worker's crons: a look at PRIMARY's timestamp at every interval, and a reconcile every
 * six hours. What is said of the looks is its caller's.
 */
import type { Config } from "../config/config.ts";
import type { StateStore } from "../state/store.ts";
import type { Look } from "./look.ts";
import type { SyncService } from "./service.ts";

export interface LoopOptions {
  readonly config: Pick<Config, "watch" | "dryRun">;
  readonly service: Pick<SyncService, "watch" | "reconcile" | "sync">;
  readonly store: Pick<StateStore, "load">;
  readonly asked: AbortSignal;
  readonly now: () => number;
  /** Calls `take` once. What it throws ends the loop. */
  readonly look: (take: () => Promise<Look>) => Promise<void>;
  /** The rest of an interval, of which `spentMs` are over; shorter when a stop is asked for. */
  readonly rest: (spentMs: number, restMs: number) => Promise<void>;
}

/** As the Worker's second cron: at 0, 6, 12 and 18 o'clock UTC. */
const RECONCILE_MS = 6 * 60 * 60_000;

/** Resolves when a stop was asked for. A run that is under way then ends first. */
export async function watchInLoop(options: LoopOptions): Promise<void> {
  const { config, asked, now } = options;
  const intervalMs = config.watch.intervalSeconds * 1000;
  let lookedAt = (await lastLook(options)) ?? now();
  let isFirst = true;
  while (!asked.aborted) {
    const at = now();
    const isMissed = Math.floor(at / RECONCILE_MS) !== Math.floor(lookedAt / RECONCILE_MS);
    const kind = isFirst && config.watch.startupSync ? "startup" : isMissed ? "reconcile" : "watch";
    await options.look(() => take(kind, options));
    lookedAt = at;
    isFirst = false;
    // By durations and not by the clock, which may be set back.
    const spentMs = Math.min(intervalMs, Math.max(0, now() - at));
    await options.rest(spentMs, intervalMs - spentMs);
  }
}

/** A watch that was down at a reconcile's time makes up for it. */
async function lastLook({ store }: LoopOptions): Promise<number | null> {
  try {
    const { lastCheckedAt } = await store.load();
    return lastCheckedAt === null ? null : Date.parse(lastCheckedAt);
  } catch {
    return null;
  }
}

type Kind = "startup" | "reconcile" | "watch";

async function take(kind: Kind, { service, config, now }: LoopOptions): Promise<Look> {
  switch (kind) {
    case "watch":
      return service.watch(now());
    case "reconcile":
      return service.reconcile(now());
    case "startup": {
      const request = { trigger: "reconcile", categories: null, isDryRun: config.dryRun, isForced: false } as const;
      return { kind: "ran", report: await service.sync(request) };
    }
  }
}
