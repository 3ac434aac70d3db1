/**
 * The whole service in this process, on the sandbox's PRIMARY and GitHub and a KV in memory, with an address to open.
 *
 * Other than in workerd every state can be reached quickly: time is an argument, and settings may be wrong.
 */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { type Sandbox, startSandbox } from "../../sandbox/sandbox.ts";
import { CATEGORIES } from "../../src/categories.ts";
import type { ReplicaConfig } from "../../src/config/config.ts";
import { readConfigured, readReplicaConfig } from "../../src/config/configured.ts";
import type { Report } from "../../src/contract/report.ts";
import { createLogger, type Logger } from "../../src/core/log.ts";
import { VERSION } from "../../src/core/version.ts";
import { createApp } from "../../src/http/app.ts";
import { createPace } from "../../src/http/pace.ts";
import type { Fetch } from "../../src/net/transport.ts";
import { createReplica, createReplicaMemory, type Replica } from "../../src/replica/replica.ts";
import { createSyncService } from "../../src/service/service.ts";
import { createStateStore } from "../../src/state/store.ts";
import { createFakeKv } from "../fakes/kv.ts";
import { seed, settingsTo, TRIGGER_TOKEN } from "./ground.ts";

export const IMAGE = "haidra/image-reference";
export const TEXT = "haidra/text-reference";
const PLACE = { image: IMAGE, text: TEXT };
const MINUTE_MS = 60_000;

export interface LocalService {
  /** Without a trailing slash. */
  readonly url: string;
  readonly sandbox: Sandbox;
  /** The watch's tick. */
  tick(): Promise<Report | null>;
  reconcile(): Promise<Report | null>;
  /** Let time pass. */
  advance(minutes: number): void;
  close(): Promise<void>;
}

/** @param settings names without their prefix, over those that lead to the sandbox @param whole names that have none */
export async function startLocalService(
  settings: Readonly<Record<string, string>> = {},
  whole: Readonly<Record<string, string>> = {},
): Promise<LocalService> {
  let offsetMs = 0;
  const now = () => Date.now() + offsetMs;
  const sandbox = await startSandbox({ now });
  seed(sandbox, PLACE);
  const kv = createFakeKv();
  const store = createStateStore(kv);
  const clock = { now, sleep: async () => {}, random: Math.random };
  const log = createLogger({ verbose: false, write: () => {} });
  const env = { ...createEnvironment(sandbox, settings), ...whole };
  const usable = readConfigured(env);
  const replicaConfig = readReplicaConfig(env);
  const send: Fetch = (address, init) => fetch(address, init);
  const replica = replicaConfig === null ? null : startReplica({ config: replicaConfig, kv, now, send, log });
  const service =
    usable.kind === "configured"
      ? createSyncService({
          config: usable.config,
          store,
          fetch: send,
          clock,
          tokens: new Map(),
          log,
          keepsDryRuns: usable.config.noPr,
        })
      : null;
  const need = () => service ?? fail();
  const app = createApp({
    check: () => service?.check({ hasState: true }) ?? Promise.reject(new Error("misconfigured")),
    hear: (touched) => void need().hear(touched),
    pace: createPace(),
    recentRuns: { value: null, lists: null },
    version: VERSION,
    settings: usable,
    store,
    replica,
    replicaConfig,
    now,
    log,
    sync: (request) => need().sync(request),
    preview: (request) => need().preview(request),
  });
  const server = createServer(async (request, response) => {
    const answer = await app.fetch(await toRequest(request));
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    response.end(Buffer.from(await answer.arrayBuffer()));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    sandbox,
    tick: () => need().tick({ cron: "* * * * *", scheduledTime: now() }),
    reconcile: () => need().tick({ cron: "0 */6 * * *", scheduledTime: now() }),
    advance: (minutes) => {
      offsetMs += minutes * MINUTE_MS;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await sandbox.close();
    },
  };
}

function fail(): never {
  throw new Error("The service is misconfigured.");
}

interface ReplicaParts {
  readonly config: ReplicaConfig;
  readonly kv: ReturnType<typeof createFakeKv>;
  readonly now: () => number;
  readonly send: Fetch;
  readonly log: Logger;
}

/** Of one invocation that never ends. Its waits are real ones: they end as soon as the sandbox has answered. */
function startReplica({ config, kv, now, send, log }: ReplicaParts): Replica {
  const sleep = (ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, ms).unref());
  return createReplica({
    config,
    categories: CATEGORIES,
    memory: createReplicaMemory(),
    kv,
    edge: null,
    fetch: send,
    clock: { now, sleep, random: Math.random },
    tokens: new Map(),
    waitUntil: () => {},
    log,
    requestsLeft: () => 50,
  });
}

type Environment = Readonly<Record<string, string>>;

function createEnvironment(sandbox: Sandbox, settings: Environment): Environment {
  const own = { TRIGGER_TOKEN, WATCH_MODE: "true", WATCH_ENABLE_STARTUP_SYNC: "true" };
  return settingsTo(sandbox, PLACE, { ...own, ...settings });
}

async function toRequest(request: IncomingMessage): Promise<Request> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  const { method = "GET", headers, url = "/" } = request;
  const body = method === "GET" || method === "HEAD" ? null : Buffer.concat(chunks);
  const pairs = Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]);
  return new Request(`http://${headers.host ?? "localhost"}${url}`, { method, headers: pairs, body });
}
