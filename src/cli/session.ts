/**
 * Wires the core to a process: its fetch, its clock, a state file or none, and what is said on stderr.
 */

import type { Logger } from "../core/log.ts";
import { sleepUntil } from "../core/sleep-until.ts";
import type { Fetch } from "../net/transport.ts";
import { createNotifier } from "../notify/webhook.ts";
import { createSyncService, type SyncService } from "../service/service.ts";
import type { KeyValueStore } from "../state/key-value-store.ts";
import { createStateStore, type StateStore } from "../state/store.ts";
import { choosePaint } from "./colours.ts";
import type { Host } from "./host.ts";
import { createProgress } from "./progress.ts";
import type { Setup } from "./setup.ts";
import { createMemoryState, createStateFile } from "./state-file.ts";
import { abortable, type Stop } from "./stop.ts";

export interface Session {
  readonly service: SyncService;
  readonly store: StateStore;
  readonly log: Logger;
  /** One line on stderr, unless it shall be quiet; with its time where the process stays. */
  readonly say: (line: string) => void;
  /** Resolves when everybody who has to be told was told. */
  told(): Promise<void>;
}

export function openSession(setup: Setup, host: Host, stop: Stop): Session {
  const { config, isQuiet } = setup;
  const paint = choosePaint(host.stderr, host.env);
  const hasTimes = config.watch.enabled || config.verbose;
  const write = (line: string) => {
    host.stderr.write(`${hasTimes ? `${showTime(host.clock.now())} ` : ""}${line}\n`);
  };
  const log = createProgress({ write, paint, isVerbose: config.verbose, isQuiet });
  const fetch = abortable(host.fetch, stop.aborted);
  const clock = { ...host.clock, sleep: (ms: number) => sleepUntil(host.clock.sleep, ms, stop.aborted) };
  const store = createStateStore(keepWhole(chooseState(setup), stop));
  const tell = createNotifier({ config, fetch, log });
  const told: Promise<void>[] = [];
  const service = createSyncService({
    config,
    store,
    fetch: logged(fetch, log, clock.now),
    clock,
    tokens: new Map(),
    log,
    notify: (events) => void told.push(tell(events)),
    remembersDryRuns: config.watch.enabled && config.dryRun,
  });
  return {
    service,
    store,
    log,
    say: isQuiet ? () => {} : write,
    async told() {
      await Promise.all(told.splice(0));
    },
  };
}

/** `2026-11-21 12:00:00Z` */
export function showTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace("T", " ")}Z`;
}

/** A watch always keeps its state, and a single run only where it is told to; a dry run writes none. */
function chooseState({ config, stateFile, defaultStateFile }: Setup): KeyValueStore {
  if (config.watch.enabled && config.dryRun) return createMemoryState();
  const path = stateFile ?? (config.watch.enabled ? defaultStateFile : null);
  return path === null ? createMemoryState() : createStateFile(path);
}

/** A run whose requests were aborted tells nothing about the other side. */
function keepWhole(state: KeyValueStore, { aborted }: Stop): KeyValueStore {
  return {
    ...state,
    async put(key, value) {
      if (!aborted.aborted) await state.put(key, value);
    },
  };
}

function logged(fetch: Fetch, log: Logger, now: () => number): Fetch {
  return async (url, init) => {
    const began = now();
    const request = { method: init.method ?? "GET", url };
    try {
      const answer = await fetch(url, init);
      log.debug("request", { ...request, status: answer.status, ms: now() - began });
      return answer;
    } catch (error) {
      log.debug("request.failed", { ...request, why: describeNetworkFault(error), ms: now() - began });
      throw error;
    }
  };
}

/** Node hides the reason, such as ECONNREFUSED, in the cause of `fetch failed`. */
function describeNetworkFault(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
