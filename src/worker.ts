/**
 * The Worker's entry: wiring and the error boundary, nothing else.
 */
import type { ExecutionContext, KVNamespace, ScheduledController } from "@cloudflare/workers-types";
import { ConfigError, parseConfig } from "./config.ts";
import type { TokenCache } from "./github/credentials.ts";
import { createApp } from "./http/app.ts";
import type { Settings } from "./http/status.ts";
import { createLogger, describeFault, writeToConsole } from "./log.ts";
import { createSyncService, type SyncService, VERSION } from "./service.ts";
import { createStateStore } from "./state/store.ts";
import type { Clock } from "./transport.ts";

type Env = Readonly<Record<string, unknown>> & { readonly STATE: KVNamespace };

const clock: Clock = {
  now: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  random: () => Math.random(),
};

function createWorker() {
  /** Outlives an invocation, so that an hour's ticks share one installation token. */
  const tokens: TokenCache = new Map();

  function assemble(env: Env) {
    const settings = readSettings(env);
    const config = settings.kind === "configured" ? settings.config : null;
    const log = createLogger({ verbose: config?.verbose ?? false, write: writeToConsole });
    const store = createStateStore(env.STATE);
    const send = (url: string, init: RequestInit) => fetch(url, init);
    const service: SyncService | null =
      config === null ? null : createSyncService({ config, store, fetch: send, clock, tokens, log });
    return { settings, log, store, service };
  }

  return {
    async fetch(request: Request, env: Env, context: ExecutionContext): Promise<Response> {
      const { settings, log, store, service } = assemble(env);
      const app = createApp({
        version: VERSION,
        settings,
        store,
        now: clock.now,
        log,
        sync(request) {
          if (service === null) throw new Error("The app refuses to sync while it is misconfigured.");
          const run = service.sync(request);
          context.waitUntil(run.catch(() => {}));
          return run;
        },
      });
      return app.fetch(request);
    },

    /** Real failures throw, so that the cron's history is honest; the next tick is the retry. */
    async scheduled(controller: ScheduledController, env: Env): Promise<void> {
      controller.noRetry();
      const { settings, log, service } = assemble(env);
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

function readSettings(env: Env): Settings {
  try {
    return { kind: "configured", config: parseConfig(env) };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { kind: "misconfigured", problems: error.problems, warnings: error.warnings };
  }
}

export default createWorker();
