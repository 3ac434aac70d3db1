/**
 * The world of a soak: a PRIMARY, a GitHub and somebody who is told, a KV, and the Worker's isolates among them. All in
 * this process, on a clock that is made up.
 */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod/mini";
import { createRandom, type Random } from "../../sandbox/generate/random.ts";
import { generateReference } from "../../sandbox/generate/reference.ts";
import { type GitHubServer, startGitHubServer } from "../../sandbox/github/server.ts";
import { jsonAnswer } from "../../sandbox/http/answer.ts";
import { WHOLE } from "../../sandbox/http/wire.ts";
import { type PrimaryServer, startPrimaryServer } from "../../sandbox/primary/server.ts";
import type { Report } from "../../src/contract/report.ts";
import { createLogger } from "../../src/core/log.ts";
import type { Fetch } from "../../src/net/transport.ts";
import { placeOf, seed as seedPlace, settingsTo, TRIGGER_TOKEN } from "../world/ground.ts";
import { createDirectFetch, type DirectServer } from "./direct-fetch.ts";
import { createIsolate, type Invocation, type Isolate } from "./isolate.ts";
import { type Leash, UNBOUND } from "./leash.ts";
import { createSoakClock, type SoakClock, START } from "./soak-clock.ts";
import { createSoakKv, type SoakKv } from "./soak-kv.ts";

const PLACE = placeOf("soak");
const HOOKS = "http://hooks.test";
const REFERENCE = generateReference({ imageModels: 24, textModels: 16 });
const SCRATCH = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

export const WATCH = "* * * * *";
export const RECONCILE = "0 */6 * * *";
export const SYNCED = ["image_generation", "esrgan", "clip", "text_generation"] as const;
export type Synced = (typeof SYNCED)[number];

export interface Traffic {
  primary: number;
  github: number;
  /** Of GitHub's, those that are no GET. */
  writes: number;
  messages: number;
}

export interface Tick {
  readonly cron: string;
  /** Milliseconds since the epoch; default: now. */
  readonly at?: number;
  readonly isolate?: Isolate;
  readonly leash?: Leash;
}

export interface SoakWorld {
  readonly random: Random;
  readonly clock: SoakClock;
  readonly primary: PrimaryServer;
  readonly github: GitHubServer;
  readonly kv: SoakKv;
  readonly image: string;
  readonly text: string;
  readonly repositories: readonly string[];
  /** Beside what the settings are by themselves. */
  readonly settings: Map<string, string>;
  /** Who answers nothing; each request to them takes as long as the Worker waits. */
  readonly hanging: Set<"primary" | "github">;
  /** Since `startDay`. */
  readonly traffic: Traffic;
  /** Most requests of one invocation since `startDay`. */
  mostRequests: number;
  /** The isolate that answers; another one is cold. */
  isolate: Isolate;
  /** @returns the Report; `null` where none was made, `"killed"` where nothing more was heard */
  tick(tick: Tick): Promise<Report | null | "killed">;
  /** Something else that an invocation does. */
  invoke<T>(act: (invocation: Invocation) => Promise<T>): Promise<T>;
  startDay(): void;
  /** The titles of what people were told since the last call. */
  takeMessages(): string[];
  /** What was logged since the last call. */
  takeLogs(): string[];
  close(): Promise<void>;
}

export async function startSoakWorld(seed: number): Promise<SoakWorld> {
  const random = createRandom(seed);
  const chance = createRandom(seed + 1);
  const clock = createSoakClock(() => chance.below(2 ** 30) / 2 ** 30);
  const directory = mkdtempSync(join(SCRATCH, "sync-soak-"));
  const primary = await startPrimaryServer({ port: 0, now: clock.trueNow });
  const github = await startGitHubServer({ port: 0, directory, now: clock.trueNow });
  github.credentials.setUsers(["alice", "bob"]);
  seedPlace({ primary, github }, PLACE, REFERENCE);
  const kv = createSoakKv({ now: clock.trueNow, random: createRandom(seed + 2) });
  const lines: string[] = [];
  const log = createLogger({ verbose: false, write: (_level, line) => lines.push(line) });
  const traffic: Traffic = { primary: 0, github: 0, writes: 0, messages: 0 };
  const messages: string[] = [];
  const hook: DirectServer = {
    url: HOOKS,
    async answer({ body }) {
      messages.push(...titlesOf(body.toString()));
      return { answer: jsonAnswer(204, null), wire: WHOLE };
    },
  };
  const ask = createDirectFetch([primary, github, hook]);

  function begin(isolate: Isolate, leash: Leash): Invocation {
    let requests = 0;
    const send: Fetch = (url, init) =>
      leash.step(async () => {
        world.mostRequests = Math.max(world.mostRequests, ++requests);
        return countAndAsk(url, init);
      });
    const surroundings = { env: environment(world), clock, log, deployedAt: START };
    return isolate.invoke(surroundings, { fetch: send, kv: leashed(kv, leash) });
  }

  const countAndAsk: Fetch = async (url, init) => {
    const target = url.startsWith(primary.url) ? "primary" : url.startsWith(github.url) ? "github" : "messages";
    traffic[target]++;
    if (target === "github" && init.method !== undefined && init.method !== "GET") traffic.writes++;
    if (typeof init.body === "string" && /"force":\s*true/.test(init.body)) throw new Error(`${url} was forced`);
    if (target !== "messages" && world.hanging.has(target)) {
      await clock.sleep(30_000);
      throw new DOMException("The operation timed out.", "TimeoutError");
    }
    return ask(url, init);
  };

  const world: SoakWorld = {
    random,
    clock,
    primary,
    github,
    kv,
    traffic,
    ...PLACE,
    repositories: [PLACE.image, PLACE.text],
    settings: new Map(),
    hanging: new Set(),
    mostRequests: 0,
    isolate: createIsolate(),
    async tick({ cron, at = clock.now(), isolate = world.isolate, leash = UNBOUND }) {
      const invocation = begin(isolate, leash);
      const work = async () => {
        try {
          return { report: await invocation.service.tick({ cron, scheduledTime: at }) };
        } finally {
          invocation.warm();
          await invocation.rest();
        }
      };
      const done = await leash.follow(work());
      return done === null ? "killed" : done.report;
    },
    async invoke(act) {
      const invocation = begin(world.isolate, UNBOUND);
      const result = await act(invocation);
      await invocation.rest();
      return result;
    },
    startDay() {
      kv.startDay();
      world.mostRequests = 0;
      Object.assign(traffic, { primary: 0, github: 0, writes: 0, messages: 0 });
      primary.clearLog();
      github.clearRequests();
    },
    takeMessages: () => messages.splice(0),
    takeLogs: () => lines.splice(0),
    async close() {
      await Promise.all([primary.close(), github.close()]);
      rmSync(directory, { recursive: true, force: true });
    },
  };
  return world;
}

const Message = z.object({ embeds: z.array(z.object({ title: z.string() })) });

function titlesOf(body: string): string[] {
  return Message.parse(JSON.parse(body)).embeds.map(({ title }) => title);
}

function leashed(kv: SoakKv, { step }: Leash) {
  return {
    get: (key: string) => step(() => kv.get(key)),
    put: (...given: Parameters<SoakKv["put"]>) => step(() => kv.put(...given)),
    list: (...given: Parameters<SoakKv["list"]>) => step(() => kv.list(...given)),
    delete: (key: string) => step(() => kv.delete(key)),
  };
}

function environment({ primary, github, settings }: SoakWorld): Record<string, string> {
  return settingsTo({ primary, github }, PLACE, {
    PR_REVIEWERS: "alice,bob",
    CATEGORIES_TO_SYNC: SYNCED.join(","),
    WATCH_MODE: "true",
    WATCH_ENABLE_STARTUP_SYNC: "true",
    TRIGGER_TOKEN,
    NOTIFY_WEBHOOK_URL: `${HOOKS}/hook`,
    ...Object.fromEntries(settings),
  });
}
