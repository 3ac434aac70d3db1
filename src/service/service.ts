/**
 * Decides what a tick does, runs, and records what came of it.
 *
 * All I/O comes in as arguments; one service serves one invocation of the Worker, or one process.
 */
import type { CheckReport } from "../check/items.ts";
import type { Report } from "../contract/report.ts";
import { forgetOthers } from "../state/subjects.ts";
import type { RunResult } from "../sync/run.ts";
import type { RunRequest } from "../sync/run-request.ts";
import { connect } from "./connect.ts";
import { noteHeartbeat } from "./heartbeat.ts";
import { readKnown, readKnownOrWait } from "./known.ts";
import type { Look } from "./look.ts";
import type { ServiceOptions } from "./options.ts";
import { loadState } from "./record.ts";
import { runAndRecord, runOnly } from "./run-and-record.ts";
import { isWatchCron, isWatchMinute } from "./schedule.ts";
import { hear, reconcile, type Touched, watch } from "./watch.ts";

export type { ServiceOptions } from "./options.ts";
export type { Touched } from "./watch.ts";

/** A dry run, and what it would write. */
export type Preview = Pick<RunResult, "report" | "planned" | "found">;

export interface Tick {
  readonly cron: string;
  /** Milliseconds since the epoch. */
  readonly scheduledTime: number;
}

/** Times are milliseconds since the epoch; a back-off counts from them. */
export interface SyncService {
  /** Look at PRIMARY's timestamp, and run when that is due. */
  watch(at: number): Promise<Look>;
  /** Run whatever the timestamp says, but not within a back-off. */
  reconcile(at: number): Promise<Look>;
  /** @returns the Report of the run, or `null` when the tick ended before one started */
  tick(tick: Tick): Promise<Report | null>;
  /** GitHub told of something: look at it now. @returns the Report of the run, or `null` when none was due */
  hear(touched: Touched): Promise<Report | null>;
  /** A run now, whatever the schedule says. */
  sync(request: Omit<RunRequest, "id">): Promise<Report>;
  /** A dry run, with what it would write. */
  preview(request: Omit<RunRequest, "id">): Promise<Preview>;
  /** Everything that a deployment needs, tried one by one; reads only. @param of `hasState`: whether state is kept here */
  check(of: { readonly hasState: boolean }): Promise<CheckReport>;
}

export function createSyncService(given: ServiceOptions): SyncService {
  const options = { ...given, reminderDays: given.config.pullRequest.reminderDays };
  return {
    watch: (at) => watch(at, options),
    reconcile: (at) => reconcile(at, options),
    async tick({ cron, scheduledTime }) {
      const { enabled, intervalSeconds } = options.config.watch;
      const isWatch = isWatchCron(cron);
      if (isWatch && !isWatchMinute(scheduledTime, intervalSeconds)) return null;
      if (isWatch && !enabled) {
        // Reconciles may be killed as well, and this is who sees it.
        const found = await readKnownOrWait(scheduledTime, options);
        if (found.kind === "known") await noteHeartbeat(found.known.state, options);
        return null;
      }
      const done = await (isWatch ? watch(scheduledTime, options) : reconcile(scheduledTime, options));
      return done.kind === "ran" ? done.report : null;
    },
    async hear(touched) {
      const done = await hear(touched, options);
      return done.kind === "ran" ? done.report : null;
    },
    async sync(request) {
      const { state, mark } = await readKnown(options.clock.now(), options);
      return runAndRecord({ request, state, mark, ports: connect(options), from: null, isTick: false }, options);
    },
    async preview(request) {
      const state = forgetOthers(await loadState(options), options.config);
      const result = await runOnly({ ...request, isDryRun: true }, state, connect(options), options);
      const { report, planned, found } = result;
      return { report, planned, found };
    },
    async check({ hasState }) {
      // With a token of its own: what an old one may do is not what the App may do now.
      const { primary, repositories, readInstallation } = connect({ ...options, tokens: new Map() });
      const [{ image, text }, { runCheck }] = await Promise.all([repositories(), import("../check/check.ts")]);
      return runCheck({
        config: options.config,
        primary,
        repositories: { image: image.inspection, text: text.inspection },
        readInstallation,
        readState: hasState ? () => readForCheck(options) : null,
        now: options.clock.now(),
      });
    },
  };
}

async function readForCheck({ store }: ServiceOptions) {
  const [{ heartbeatAt }, pause] = await Promise.all([store.load(), store.readPause()]);
  return { heartbeatAt, pause };
}
