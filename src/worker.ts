/**
 * The Worker's entry: the wiring, the error boundary, and the moment after which a webhook is followed.
 *
 * What neither a tick nor a run needs is imported where it is: the bundle holds it all, and an isolate evaluates it when
 * it is asked for first. Most isolates begin with a tick that finds nothing new.
 */
import type { ExecutionContext, ScheduledController } from "@cloudflare/workers-types";
import { PLACED_CATEGORIES } from "./category-names.ts";
import { type Configured, readConfigured, readReplicaConfig } from "./config/configured.ts";
import { hasFailed } from "./contract/report.ts";
import { createLogger, describeFault, type Logger, writeToConsole } from "./core/log.ts";
import { once } from "./core/once.ts";
import { perObject } from "./core/per-object.ts";
import { VERSION } from "./core/version.ts";
import type { TokenCache } from "./github/credentials.ts";
import type { RecentRuns } from "./http/app-options.ts";
import { createPace } from "./http/pace.ts";
import type { Clock } from "./net/transport.ts";
import { createNotifier } from "./notify/webhook.ts";
import { createFailureCount, type Env, findEdgeCache, versionTime } from "./platform/bindings.ts";
import { hasRest } from "./replica/freshness/warming.ts";
import type { ReplicaOptions } from "./replica/options.ts";
import type { Replica, RunHead } from "./replica/replica.ts";
import { createReplicaMemory } from "./replica/store/memory.ts";
import { NO_TROUBLE, type StoreTrouble } from "./service/record.ts";
import { createSyncService, type SyncService, type Touched } from "./service/service.ts";
import { createStateStore, type Pause } from "./state/store.ts";

/** Of Workers Free, where an invocation may make 50; two are for redirects, which count as well. */
const MOST_REQUESTS = 48;

/** For a message, and for the replica's first steps. */
const SPARE_REQUESTS = 3;

const clock: Clock = {
  now: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  random: () => Math.random(),
};

/** What outlives an invocation, such as the token that an hour's ticks share. */
function createIsolate() {
  const tokens: TokenCache = new Map();
  const unsaved: StoreTrouble = { ...NO_TROUBLE };
  const unread: StoreTrouble = { ...NO_TROUBLE };
  const lastPause: { value: Pause | null } = { value: null };
  const recentRuns: RecentRuns = { value: null, lists: null };
  return {
    tokens,
    unsaved,
    unread,
    lastPause,
    recentRuns,
    memory: createReplicaMemory(),
    pace: createPace(),
    // An isolate's environment stays the same object, and to check it is most of what a quiet tick costs.
    settingsOf: perObject(readConfigured),
    replicaConfigOf: perObject(readReplicaConfig),
  };
}

type Isolate = ReturnType<typeof createIsolate>;

function assemble(isolate: Isolate, env: Env, context: ExecutionContext) {
  const { tokens, memory, unsaved, unread, lastPause } = isolate;
  const settings = isolate.settingsOf(env);
  const config = settings.kind === "configured" ? settings.config : null;
  const log = createLogger({ verbose: config?.verbose ?? false, write: writeToConsole });
  const store = createStateStore(env.STATE);
  let requests = 0;
  const send = (url: string, init: RequestInit) => {
    requests += 1;
    return fetch(url, init);
  };
  const tell = createNotifier({ config, fetch: send, log });
  const waitUntil = (work: Promise<unknown>) => context.waitUntil(work);
  const requestsLeft = () => MOST_REQUESTS - requests;
  const replica = once(() => openReplica(isolate, env, { fetch: send, waitUntil, requestsLeft, log }));
  const warm = async (heads: readonly RunHead[]) => (await replica())?.warm(heads);
  const warmRest = async () => {
    if (await hasRest({ memory, kv: env.STATE, clock })) await warm([]);
  };
  const shared = { store, fetch: send, clock, tokens, log, unsaved, unread, lastPause, now: clock.now };
  const service: SyncService | null =
    config === null
      ? null
      : createSyncService({
          ...shared,
          config,
          notify: (events) => waitUntil(tell(events)),
          onMoved: (heads) => waitUntil(warm(heads)),
          keepsDryRuns: config.noPr,
          maxRequests: MOST_REQUESTS - SPARE_REQUESTS,
        });
  return { settings, log, store, service, replica, warmRest };
}

/** @returns `null` where the settings do not say what to serve */
async function openReplica(
  { tokens, memory, replicaConfigOf }: Isolate,
  env: Env,
  invocation: Pick<ReplicaOptions, "fetch" | "waitUntil" | "requestsLeft" | "log">,
): Promise<Replica | null> {
  const config = replicaConfigOf(env);
  if (config === null) return null;
  const { createReplica } = await import("./replica/replica.ts");
  const stores = { kv: env.STATE, edge: findEdgeCache() };
  return createReplica({ config, categories: PLACED_CATEGORIES, memory, tokens, clock, ...stores, ...invocation });
}

async function answer(isolate: Isolate, request: Request, env: Env, context: ExecutionContext): Promise<Response> {
  const { settings, log, store, service, replica } = assemble(isolate, env, context);
  const [{ createApp }, readReplica] = await Promise.all([import("./http/app.ts"), replica()]);
  const app = createApp({
    version: VERSION,
    settings,
    store,
    replica: readReplica,
    replicaConfig: isolate.replicaConfigOf(env),
    deployedAt: versionTime(env),
    isUnsaved: () => isolate.unsaved.times > 0,
    recentRuns: isolate.recentRuns,
    now: clock.now,
    log,
    sync(request) {
      const run = need(service).sync(request);
      context.waitUntil(run.catch(() => {}));
      return run;
    },
    preview: (request) => need(service).preview(request),
    hear: (touched, delayMs) => context.waitUntil(hear(touched, delayMs, { settings, service, replica, log })),
    pace: isolate.pace,
    check: () => need(service).check({ hasState: true }),
    ...(env.FAILED_TOKENS === undefined ? {} : { countFailure: createFailureCount(env.FAILED_TOKENS) }),
  });
  return app.fetch(request);
}

/** Real failures throw, so that the cron's history is honest; the next tick is the retry. */
async function tick(
  isolate: Isolate,
  controller: ScheduledController,
  env: Env,
  context: ExecutionContext,
): Promise<void> {
  controller.noRetry();
  const { settings, log, service, warmRest } = assemble(isolate, env, context);
  if (service === null) {
    const problems = settings.kind === "misconfigured" ? settings.problems : [];
    log.error("tick.misconfigured", { problems });
    throw new Error(problems.join(" "));
  }
  const report = await service
    .tick({ cron: controller.cron, scheduledTime: controller.scheduledTime })
    .catch((error) => {
      log.error("tick.failed", describeFault(error));
      throw error;
    })
    .finally(() => context.waitUntil(warmRest()));
  if (report !== null && hasFailed(report)) {
    throw new Error(`Run ${report.id} ended as ${report.outcome}; see its report.`);
  }
}

/** GitHub waits ten seconds for an answer, so that what it told of is looked at after that. Never rejects. */
async function hear(
  touched: Touched,
  delayMs: number,
  of: {
    readonly settings: Configured;
    readonly service: SyncService | null;
    readonly replica: () => Promise<Replica | null>;
    readonly log: Logger;
  },
): Promise<void> {
  if (of.settings.kind !== "configured") return;
  const { owner, name } = of.settings.config.repositories[touched.role];
  await clock.sleep(delayMs);
  try {
    await Promise.all([
      touched.where === "base" ? of.replica().then((replica) => replica?.refresh(`${owner}/${name}`)) : null,
      of.service?.hear(touched),
    ]);
  } catch (error) {
    of.log.error("webhook.failed", describeFault(error));
  }
}

function need(service: SyncService | null): SyncService {
  if (service === null) throw new Error("The app refuses to run anything while it is misconfigured.");
  return service;
}

const isolate = createIsolate();

export default {
  fetch: (request: Request, env: Env, context: ExecutionContext) => answer(isolate, request, env, context),
  scheduled: (controller: ScheduledController, env: Env, context: ExecutionContext) =>
    tick(isolate, controller, env, context),
};
