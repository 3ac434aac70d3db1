/**
 * What a terminal sees of a watch: each look that is worth a line, each run, and now and then that all is well.
 */
import type { Config } from "../config/config.ts";
import type { Report } from "../contract/report.ts";
import { describeFault, type Logger } from "../core/log.ts";
import type { Look } from "../service/look.ts";
import { watchInLoop } from "../service/loop.ts";
import type { SyncService } from "../service/service.ts";
import { DEGRADED_AFTER_ERRORS } from "../state/alarm-limits.ts";
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

const STATUS_MS = 5 * 60_000;

/** Resolves when a stop was asked for. */
export async function watch(options: WatchOptions): Promise<void> {
  const { config, service, store, stop, now } = options;
  await stop.pause(options.initialDelayMs);
  const tally: Tally = { since: now(), checks: 0, runs: 0, backedOffUntil: null };
  await watchInLoop({
    config,
    service,
    store,
    now,
    asked: stop.asked,
    look: (take) => lookOnce(take, tally, options),
    rest: createRest(tally, options),
  });
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

async function loadOrNull({ store }: WatchOptions) {
  try {
    return await store.load();
  } catch {
    return null;
  }
}

/** A bug in one look must not end the watch; the next look tries again. */
async function lookOnce(take: () => Promise<Look>, tally: Tally, options: WatchOptions): Promise<void> {
  tally.checks++;
  try {
    const look = await take();
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
