/**
 * Planning, a run, and a watch, wired to what the caller has.
 */

import type { CheckReport } from "../check/items.ts";
import type { Config } from "../config/config.ts";
import type { PlannedFile, Report } from "../contract/report.ts";
import { createLogger, describeFault, type LogLevel } from "../core/log.ts";
import { sleepUntil } from "../core/sleep-until.ts";
import type { Clock, Fetch } from "../net/transport.ts";
import { createNotifier } from "../notify/webhook.ts";
import type { Look } from "../service/look.ts";
import { watchInLoop } from "../service/loop.ts";
import { NO_TROUBLE } from "../service/record.ts";
import { createSyncService, type SyncService } from "../service/service.ts";
import type { KeyValueStore } from "../state/key-value-store.ts";
import { createMemoryStore } from "../state/memory-store.ts";
import { createStateStore, type StateStore } from "../state/store.ts";
import { toRunRequest } from "./run-request.ts";
import type { SyncRequest } from "./sync-request.ts";

export interface SyncOptions {
  readonly config: Config;
  /**
   * What is known from run to run, such as a Workers KV namespace. Lost or old, it costs requests and never a wrong
   * result. Default: memory, which ends with the process.
   */
  readonly store?: KeyValueStore;
  /** Default: the platform's. */
  readonly fetch?: Fetch;
  /** Default: the platform's. */
  readonly clock?: Clock;
  /** Receives each event as one line of JSON, `{"level","event",…}`; no secret is in any. Default: nobody is told. */
  readonly log?: (level: LogLevel, line: string) => void;
}

export interface Plan {
  /** What a run would do: its outcome is `planned` where it would publish. */
  readonly report: Report;
  /** What it would write. */
  readonly files: readonly PlannedFile[];
}

export interface WatchOptions {
  /** Stops the watch: a wait ends at once, and a run that is under way ends first. */
  readonly signal: AbortSignal;
  /** Told of each look, and waited for; what it throws ends the watch. */
  readonly onLook?: (look: Look) => void | Promise<void>;
}

/** None of these rejects for a fault of PRIMARY or GitHub: that ends in the Report. */
export interface Sync {
  /**
   * Do everything but write, anywhere.
   * @throws SyncError `bad-request`, saying what is valid
   */
  plan(request?: SyncRequest): Promise<Plan>;
  /**
   * Compare now and publish what differs; plans only, where the settings say so (`DRY_RUN`, `NO_PR`).
   * @throws SyncError `bad-request`, saying what is valid
   */
  run(request?: SyncRequest): Promise<Report>;
  /**
   * What one tick does: look at PRIMARY's timestamp, and run when it is another one, or when something happened on
   * GitHub that a run has to see to. A failure backs off.
   * @param at when it was due (ms since the epoch); default: now
   */
  look(at?: number): Promise<Look>;
  /** Look again and again, every `WATCH_INTERVAL_SECONDS`, and compare everything every six hours, until the signal. */
  watch(options: WatchOptions): Promise<void>;
  /** Try everything that the settings need, one by one; reads only. */
  check(): Promise<CheckReport>;
}

/**
 * The sync with these settings. It does nothing until one of its functions is called, so that a Worker may make it
 * outside of its handlers; several at the same time do no harm.
 */
export function createSync(options: SyncOptions): Sync {
  const { config } = options;
  const clock = options.clock ?? PLATFORM_CLOCK;
  const kept = connect(options, clock, options.store ?? createMemoryStore(clock.now));
  return {
    async plan(request = {}) {
      const { report, planned } = await kept.service.preview(toRunRequest(request, config));
      return { report, files: planned };
    },
    async run(request = {}) {
      return kept.told(await kept.service.sync(toRunRequest(request, config)));
    },
    async look(at = clock.now()) {
      return kept.told(await kept.service.watch(at));
    },
    async watch(watchOptions) {
      // A dry run writes nothing anywhere; what it planned is remembered here, so that each change is planned once.
      const connected = config.dryRun ? connect(options, clock, createMemoryStore(clock.now), true) : kept;
      await watchUntil(watchOptions, connected, { config, clock });
    },
    check: () => kept.service.check({ hasState: false }),
  };
}

const PLATFORM_CLOCK: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      signal?.addEventListener("abort", end);
    }),
  random: () => Math.random(),
};

interface Connected {
  readonly service: SyncService;
  readonly store: StateStore;
  readonly onFault: (error: unknown) => void;
  /** Resolves to the value when everybody who has to be told was told. */
  told<T>(value: T): Promise<T>;
}

function connect(options: SyncOptions, clock: Clock, kv: KeyValueStore, remembersDryRuns = false): Connected {
  const { config, fetch = (url, init) => globalThis.fetch(url, init) } = options;
  const log = createLogger({ verbose: config.verbose, write: options.log ?? (() => {}) });
  const tell = createNotifier({ config, fetch, log });
  const told: Promise<void>[] = [];
  const store = createStateStore(kv);
  const service = createSyncService({
    config,
    store,
    fetch,
    clock,
    log,
    remembersDryRuns,
    now: clock.now,
    tokens: new Map(),
    unsaved: { ...NO_TROUBLE },
    unread: { ...NO_TROUBLE },
    keepsDryRuns: config.noPr && !remembersDryRuns,
    notify: (events) => void told.push(tell(events)),
  });
  return {
    service,
    store,
    onFault: (error) => log.error("watch.fault", describeFault(error)),
    async told(value) {
      await Promise.all(told.splice(0));
      return value;
    },
  };
}

async function watchUntil(
  { signal, onLook = () => {} }: WatchOptions,
  { service, store, onFault, told }: Connected,
  { config, clock }: { readonly config: Config; readonly clock: Clock },
): Promise<void> {
  await watchInLoop({
    config,
    service,
    store,
    asked: signal,
    now: clock.now,
    async look(take) {
      const look = await told(await take().catch(onFault));
      if (look !== undefined) await onLook(look);
    },
    rest: (_spentMs, restMs) => sleepUntil(clock.sleep, restMs, signal),
  });
}
