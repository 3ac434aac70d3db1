/**
 * A world for one end-to-end test: the built Worker in real workerd, a fresh sandbox beside it, and an empty KV.
 */
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { createTestHarness, type WorkerHandle } from "wrangler";
import { type Sandbox, startSandbox } from "../../sandbox/sandbox.ts";
import { CATEGORY_NAMES, PRIMARY_CATEGORIES } from "../../src/categories.ts";
import type { Report } from "../../src/contract/report.ts";
import type { Status } from "../../src/present/status.ts";
import { REFERENCE, type Reference, seed, settingsTo, TRIGGER_TOKEN } from "../world/ground.ts";

export const IMAGE = "haidra/image-reference";
export const TEXT = "haidra/text-reference";

/** How many requests to PRIMARY a run makes that reads every category: two more are for the timestamps. */
export const EVERYTHING = CATEGORY_NAMES.length + 2;

export interface WorldOptions {
  readonly reference?: Reference;
  /** Settings beside those that lead to the sandbox; `null` leaves one out. */
  readonly vars?: Readonly<Record<string, string | null>>;
  /** A sandbox of its own, for a test that changes who may do what on GitHub. */
  readonly isIsolated?: boolean;
}

export interface World {
  readonly sandbox: Sandbox;
  /** A watch tick, `minutes` after the world began. */
  tick(minutes?: number): Promise<"ok" | "failed">;
  reconcile(minutes?: number): Promise<"ok" | "failed">;
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** `POST /sync` with the right token. */
  sync(body?: object): Promise<{ status: number; report: Report }>;
  status(): Promise<Status>;
  /** A new isolate with the same settings, but for those given: memory is gone, KV stays. */
  restart(vars?: Readonly<Record<string, string>>): Promise<void>;
  /** Every key and value in KV. */
  stored(): Promise<Record<string, string | null>>;
  store(key: string, value: string | null): Promise<void>;
  /** `POST /repos/…/git/trees` and so on, with `{owner}/{name}` left out; since the last call. */
  githubCalls(): string[];
  primaryCalls(): string[];
  logs(): string[];
}

/**
 * Register the Worker and its sandbox with vitest, and get a function that makes a world.
 *
 * A file's tests share one Worker and one sandbox, whose repositories, PRIMARY and KV begin anew for each; to start
 * them takes most of a second. After every test each repository must pass `git fsck`.
 */
export function describeWorlds(): (options?: WorldOptions) => Promise<World> {
  const server = createTestHarness(harnessOptions({}));
  const sandboxes: Sandbox[] = [];
  let current: Sandbox | null = null;
  let settings = "";
  let restarts = 0;
  beforeAll(async () => {
    await server.listen();
  });
  afterEach(async () => {
    for (const repository of current?.github.repositories() ?? []) {
      expect(await current?.github.fsck(repository), `git fsck of ${repository}`).toBe("");
    }
  });
  afterAll(async () => {
    await Promise.all([server.close(), ...sandboxes.map((sandbox) => sandbox.close())]);
  });
  return async (options = {}) => {
    const sandbox = (options.isIsolated === true ? undefined : sandboxes[0]) ?? (await startSandbox());
    if (!sandboxes.includes(sandbox)) sandboxes.push(sandbox);
    current = sandbox;
    seedSandbox(sandbox, options.reference ?? REFERENCE);
    const vars = environmentOf(sandbox, options.vars ?? {});
    if (JSON.stringify(vars) !== settings) await server.update(harnessOptions(vars));
    settings = JSON.stringify(vars);
    server.clearLogs();
    const restart = async (changed: Readonly<Record<string, string>> = {}) => {
      restarts += 1;
      settings = "";
      await server.update(harnessOptions({ ...vars, ...changed, RESTARTS: String(restarts) }));
    };
    const logs = () => server.getLogs().map(({ message }) => message);
    const world = createWorld({ sandbox, worker: server.getWorker(), restart, logs });
    for (const key of Object.keys(await world.stored())) await world.store(key, null);
    return world;
  };
}

/** Puts a sandbox back to its beginning, but for its credentials. */
export function seedSandbox(sandbox: Sandbox, reference: Reference): void {
  sandbox.primary.setCanonical(true);
  for (const category of PRIMARY_CATEGORIES) sandbox.primary.removeCategory(category);
  seed(sandbox, { image: IMAGE, text: TEXT }, reference);
}

function environmentOf(sandbox: Sandbox, overrides: NonNullable<WorldOptions["vars"]>) {
  // Which minute of the hour a test runs in must not matter; tests of the look set it.
  const own = { TRIGGER_TOKEN, GITHUB_CHECK_SECONDS: "86400" };
  const defaults = settingsTo(sandbox, { image: IMAGE, text: TEXT }, own);
  const vars: Record<string, string> = {};
  for (const [name, value] of Object.entries({ ...defaults, ...overrides })) vars[name] = value ?? "";
  return vars;
}

function harnessOptions(vars: Record<string, string>) {
  return { workers: [{ configPath: "wrangler.toml", prebuiltWorkerDir: "dist", vars }] };
}

/** workerd closes a connection whose request body it left unread, and the client may just be using it. */
async function sendAgain<T>(attempts: number, send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    const isClosed =
      cause instanceof Error && "code" in cause && ["EPIPE", "UND_ERR_SOCKET"].includes(String(cause.code));
    if (!isClosed || attempts <= 1) throw error;
    return sendAgain(attempts - 1, send);
  }
}

interface WorldParts extends Pick<World, "sandbox" | "restart" | "logs"> {
  readonly worker: WorkerHandle;
}

function createWorld({ sandbox, worker, restart, logs }: WorldParts): World {
  const beganAt = Date.now();
  const fire = async (cron: string, minutes: number) => {
    const scheduledTime = new Date(beganAt + minutes * 60_000);
    const { outcome } = await worker.scheduled({ cron, scheduledTime });
    return outcome === "ok" ? ("ok" as const) : ("failed" as const);
  };
  const fetch = async (path: string, init: RequestInit = {}) => {
    const { method = "GET", body = null, signal = null } = init;
    const headers = Object.fromEntries(new Headers(init.headers));
    const request = { method, headers, body: typeof body === "string" ? body : null, signal };
    const answer = await sendAgain(3, () => worker.fetch(`http://sync.example${path}`, request));
    const bytes = await answer.arrayBuffer();
    const content = [204, 304].includes(answer.status) ? null : bytes;
    return new Response(content, { status: answer.status, headers: [...answer.headers] });
  };
  const kv = async () => (await worker.getEnv()).STATE;
  return {
    sandbox,
    tick: (minutes = 0) => fire("* * * * *", minutes),
    reconcile: (minutes = 0) => fire("0 */6 * * *", minutes),
    fetch,
    restart,
    async sync(body = {}) {
      const headers = { authorization: `Bearer ${TRIGGER_TOKEN}`, "content-type": "application/json" };
      const answer = await fetch("/sync", { method: "POST", headers, body: JSON.stringify(body) });
      return { status: answer.status, report: JSON.parse(await answer.text()) };
    },
    status: async () => JSON.parse(await (await fetch("/status")).text()),
    async stored() {
      const namespace = await kv();
      const { keys } = await namespace.list();
      const stored: Record<string, string | null> = {};
      for (const { name } of keys) stored[name] = await namespace.get(name);
      return stored;
    },
    async store(key, value) {
      const namespace = await kv();
      await (value === null ? namespace.delete(key) : namespace.put(key, value));
    },
    githubCalls() {
      const calls = sandbox.github.requests.map(
        ({ method, path }) => `${method} ${path.replace(/^\/repos\/[^/]+\/[^/]+/, "")}`,
      );
      sandbox.github.clearRequests();
      return calls;
    },
    primaryCalls() {
      const calls = sandbox.primary.log.map(({ path }) => path.replace(/^.*\/model_references\/v1\//, ""));
      sandbox.primary.clearLog();
      return calls;
    },
    logs,
  };
}

/** The text of a file in one of the sandbox's repositories. */
export function readText(world: World, repository: string, ref: string, path: string): string {
  const bytes = world.sandbox.github.readFile({ repository, ref, path });
  if (bytes === null) throw new Error(`There is no ${path} at ${ref}.`);
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}

export function isWrite(call: string): boolean {
  return !call.startsWith("GET ");
}
