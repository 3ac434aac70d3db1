/**
 * The loop that stands in for the Worker's crons: a look at PRIMARY's timestamp at every interval, a reconcile every
 * six hours, and a line now and then that says that all is well.
 */
import type { Config } from "../config/config.ts";
import type { Report } from "../contract/report.ts";
import { describeFault, type Logger } from "../core/log.ts";
import { DEGRADED_AFTER_ERRORS } from "../service/schedule.ts";
import type { Look, SyncService } from "../service/service.ts";
import type { StateStore } from "../state/store.ts";
import type { Stop } from "./stop.ts";
import { describeLook, describeStatus, type Tally } from "./watch-lines.ts";

export interface WatchOptions {
  readonly config: Config;
  readonly service: Pick<SyncService, "watch" | "reconcile" | "sync">;
  readonly store: Pick<StateStore, "load">;
  readonly initialDelayMs: number;
  readonly stop: Pick<Stop, "asked" | "pause">;
  readonly now: () => number;
  readonly log: Logger;
  readonly say: (line: string) => void;
  readonly show: (report: Report) => Promise<void>;
}

/** As the Worker's second cron: at 0, 6, 12 and 18 o'clock UTC. */
const RECONCILE_MS = 6 * 60 * 60_000;
const STATUS_MS = 5 * 60_000;

/** Resolves when a stop was asked for. */
export async function watch(options: WatchOptions): Promise<void> {
  const { config, stop, now } = options;
  await stop.pause(options.initialDelayMs);
  const tally: Tally = { since: now(), checks: 0, runs: 0, backedOffUntil: null };
  const intervalMs = config.watch.intervalSeconds * 1000;
  const rest = createRest(tally, options);
  let lookedAt = (await lastLook(options)) ?? now();
  let isFirst = true;
  while (!stop.asked.aborted) {
    const at = now();
    const isMissed = Math.floor(at / RECONCILE_MS) !== Math.floor(lookedAt / RECONCILE_MS);
    await lookOnce(isFirst && config.watch.startupSync ? "startup" : isMissed ? "reconcile" : "watch", tally, options);
    lookedAt = at;
    isFirst = false;
    // By durations and not by the clock, which may be set back.
    const spentMs = Math.min(intervalMs, Math.max(0, now() - at));
    await rest(spentMs, intervalMs - spentMs);
  }
}

/** A pause of any length, in which the status is told every five minutes; what was spent before counts. */
function createRest(tally: Tally, options: WatchOptions) {
  const { stop, say } = options;
  let untilStatusMs = STATUS_MS;
  return async (spentMs: number, restMs: number): Promise<void> => {
    untilStatusMs -= spentMs;
    for (let leftMs = restMs; !stop.asked.aborted; ) {
      if (untilStatusMs <= 0) {
        say(describeStatus(tally, await loadOrNull(options)));
        untilStatusMs = STATUS_MS;
      }
      if (leftMs <= 0) return;
      const sliceMs = Math.min(leftMs, untilStatusMs);
      await stop.pause(sliceMs);
      leftMs -= sliceMs;
      untilStatusMs -= sliceMs;
    }
  };
}

/** A watch that was down at a reconcile's time makes up for it. */
async function lastLook(options: WatchOptions): Promise<number | null> {
  const lastCheckedAt = (await loadOrNull(options))?.lastCheckedAt ?? null;
  return lastCheckedAt === null ? null : Date.parse(lastCheckedAt);
}

async function loadOrNull({ store }: WatchOptions) {
  try {
    return await store.load();
  } catch {
    return null;
  }
}

type Kind = "startup" | "reconcile" | "watch";

/** A bug in one look must not end the watch; the next look tries again. */
async function lookOnce(kind: Kind, tally: Tally, options: WatchOptions): Promise<void> {
  tally.checks++;
  try {
    const look = await take(kind, options);
    const line = describeLook(look, tally, options.config.verbose);
    if (line !== null) options.say(line);
    if (look.kind === "backed-off" || look.kind === "spent") tally.backedOffUntil = look.until;
    if (look.kind !== "ran") return;
    tally.runs++;
    await options.show(look.report);
    const errors = (await loadOrNull(options))?.consecutiveErrors ?? 0;
    if (errors >= DEGRADED_AFTER_ERRORS)
      options.log.error("watch.degraded", { message: `${errors} attempts in a row failed; it goes on trying.` });
  } catch (error) {
    options.log.error("watch.fault", describeFault(error));
  }
}

async function take(kind: Kind, { service, config, now }: WatchOptions): Promise<Look> {
  if (kind === "watch") return service.watch(now());
  if (kind === "reconcile") return service.reconcile(now());
  const request = { trigger: "reconcile", categories: null, isDryRun: config.dryRun, isForced: false } as const;
  return { kind: "ran", report: await service.sync(request) };
}
