/**
 * An isolate of the Worker: what outlives an invocation, and the wiring of one, as the Worker's entry does it.
 */

import type { Hono } from "hono";
import { CATEGORIES } from "../../src/categories.ts";
import { parseConfig, parseReplicaConfig } from "../../src/config/config.ts";
import type { Logger } from "../../src/core/log.ts";
import { VERSION } from "../../src/core/version.ts";
import type { TokenCache } from "../../src/github/credentials.ts";
import { createApp } from "../../src/http/app.ts";
import type { RecentRuns } from "../../src/http/app-options.ts";
import { createPace } from "../../src/http/pace.ts";
import type { Clock, Fetch } from "../../src/net/transport.ts";
import { createNotifier } from "../../src/notify/webhook.ts";
import { createReplica, createReplicaMemory } from "../../src/replica/replica.ts";
import type { ReplicaStore } from "../../src/replica/store/stored-categories.ts";
import { NO_TROUBLE, type StoreTrouble } from "../../src/service/record.ts";
import { createSyncService, type SyncService } from "../../src/service/service.ts";
import type { KeyValueStore } from "../../src/state/key-value-store.ts";
import { createStateStore } from "../../src/state/store.ts";

export interface Surroundings {
  readonly env: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly log: Logger;
  /** When this version was made, in milliseconds since the epoch. */
  readonly deployedAt: number;
}

export interface Outside {
  readonly fetch: Fetch;
  readonly kv: KeyValueStore & ReplicaStore;
}

export interface Invocation {
  readonly service: SyncService;
  readonly app: Hono;
  /** Once a cron call is answered. */
  warm(): void;
  /** When all is done that the answer does not wait for. */
  rest(): Promise<void>;
}

export interface Isolate {
  invoke(surroundings: Surroundings, outside: Outside): Invocation;
}

/** Of Workers Free, where an invocation may make 50; two are for redirects. */
const MOST_REQUESTS = 48;

export function createIsolate(): Isolate {
  const tokens: TokenCache = new Map();
  const memory = createReplicaMemory();
  const unsaved: StoreTrouble = { ...NO_TROUBLE };
  const unread: StoreTrouble = { ...NO_TROUBLE };
  const recentRuns: RecentRuns = { value: null, lists: null };
  const pace = createPace();
  return {
    invoke({ env, clock, log, deployedAt }, { fetch: ask, kv }) {
      const works: Promise<unknown>[] = [];
      const waitUntil = (work: Promise<unknown>) => void works.push(work);
      let requests = 0;
      const fetch: Fetch = (url, init) => {
        requests++;
        return ask(url, init);
      };
      const config = parseConfig(env);
      const store = createStateStore(kv);
      const tell = createNotifier({ config, fetch, log });
      const replicaConfig = parseReplicaConfig(env);
      const replica = createReplica({
        config: replicaConfig,
        categories: CATEGORIES,
        memory,
        kv,
        edge: null,
        fetch,
        clock,
        tokens,
        log,
        waitUntil,
        requestsLeft: () => MOST_REQUESTS - requests,
      });
      const service = createSyncService({
        config,
        store,
        fetch,
        clock,
        tokens,
        log,
        unsaved,
        unread,
        now: clock.now,
        keepsDryRuns: config.noPr,
        maxRequests: MOST_REQUESTS,
        notify: (events) => waitUntil(tell(events)),
        onMoved: (heads) => waitUntil(replica.warm(heads)),
      });
      const app = createApp({
        version: VERSION,
        settings: { kind: "configured", config },
        store,
        replica,
        replicaConfig,
        recentRuns,
        deployedAt,
        isUnsaved: () => unsaved.times > 0,
        now: clock.now,
        log,
        sync: service.sync,
        preview: service.preview,
        hear: (touched) => waitUntil(service.hear(touched)),
        pace,
        check: () => service.check({ hasState: true }),
      });
      return {
        service,
        app,
        warm: () => waitUntil(replica.warm([])),
        async rest() {
          while (works.length > 0) await Promise.all(works.splice(0));
        },
      };
    },
  };
}
