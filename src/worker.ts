/**
 * The Worker's entry: wiring and the error boundary, nothing else.
 */
import type { ExecutionContext, KVNamespace, RateLimit, ScheduledController } from "@cloudflare/workers-types";
import { ConfigError, parseConfig } from "./config.ts";
import { USER_AGENT, VERSION } from "./connect.ts";
import type { TokenCache } from "./github/credentials.ts";
import { createApp } from "./http/app.ts";
import type { Settings } from "./http/status.ts";
import type { CountFailure } from "./http/token.ts";
import { createLogger, describeFault, writeToConsole } from "./log.ts";
import type { SyncEvent } from "./notify/events.ts";
import { createNotifier } from "./notify/webhook.ts";
import { createSyncService, type SyncService } from "./service.ts";
import { createStateStore } from "./state/store.ts";
import type { Clock } from "./transport.ts";

type Env = Readonly<Record<string, unknown>> & {
  readonly STATE: KVNamespace;
  /** Without it wrong tokens are not limited. */
  readonly FAILED_TOKENS?: RateLimit;
};

const clock: Clock = {
  now: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  random: () => Math.random(),
};

function createWorker() {
  /** Outlives an invocation, so that an hour's ticks share one installation token. */
  const tokens: TokenCache = new Map();
  /** An isolate's environment stays the same object, and to check it is most of what a quiet tick costs. */
  const settingsOf = new WeakMap<Env, Settings>();

  function assemble(env: Env, context: ExecutionContext) {
    const settings = settingsOf.get(env) ?? readSettings(env);
    settingsOf.set(env, settings);
    const config = settings.kind === "configured" ? settings.config : null;
    const log = createLogger({ verbose: config?.verbose ?? false, write: writeToConsole });
    const store = createStateStore(env.STATE);
    const send = (url: string, init: RequestInit) => fetch(url, init);
    const tell = createNotifier({ url: config?.notifyWebhookUrl ?? null, fetch: send, userAgent: USER_AGENT, log });
    const notify = (events: readonly SyncEvent[]) => context.waitUntil(tell(events));
    const service: SyncService | null =
      config === null ? null : createSyncService({ config, store, fetch: send, clock, tokens, log, notify });
    return { settings, log, store, service };
  }

  return {
    async fetch(request: Request, env: Env, context: ExecutionContext): Promise<Response> {
      const { settings, log, store, service } = assemble(env, context);
      const app = createApp({
        version: VERSION,
        settings,
        store,
        now: clock.now,
        log,
        sync(request) {
          const run = need(service).sync(request);
          context.waitUntil(run.catch(() => {}));
          return run;
        },
        preview: (request) => need(service).preview(request),
        ...(env.FAILED_TOKENS === undefined ? {} : { countFailure: createFailureCount(env.FAILED_TOKENS) }),
      });
      return app.fetch(request);
    },

    /** Real failures throw, so that the cron's history is honest; the next tick is the retry. */
    async scheduled(controller: ScheduledController, env: Env, context: ExecutionContext): Promise<void> {
      controller.noRetry();
      const { settings, log, service } = assemble(env, context);
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
        });
      if (report?.outcome === "failed" || report?.outcome === "partial") {
        throw new Error(`Run ${report.id} ended as ${report.outcome}; see its report.`);
      }
    },
  };
}

function need(service: SyncService | null): SyncService {
  if (service === null) throw new Error("The app refuses to run anything while it is misconfigured.");
  return service;
}

/** A limiter that does not answer limits nobody. */
function createFailureCount(limiter: RateLimit): CountFailure {
  return async (key) => {
    try {
      return (await limiter.limit({ key })).success;
    } catch {
      return true;
    }
  };
}

function readSettings(env: Env): Settings {
  try {
    return { kind: "configured", config: parseConfig(env) };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { kind: "misconfigured", problems: error.problems, warnings: error.warnings };
  }
}

export default createWorker();
