/**
 * A world for breaking things: the whole service with its real clients against the sandbox's servers, in this process,
 * so that time can be made up. One GitHub serves a file's worlds; each world has repositories and a PRIMARY of its own.
 */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect } from "vitest";
import { type GitHubServer, startGitHubServer } from "../../sandbox/github/server.ts";
import { type PrimaryServer, startPrimaryServer } from "../../sandbox/primary/server.ts";
import type { CheckReport } from "../../src/check/items.ts";
import { parseConfig } from "../../src/config/config.ts";
import type { Report } from "../../src/contract/report.ts";
import type { TokenCache } from "../../src/github/credentials.ts";
import type { Fetch } from "../../src/net/transport.ts";
import { createSyncService } from "../../src/service/service.ts";
import type { KeyValueStore } from "../../src/state/key-value-store.ts";
import { createStateStore } from "../../src/state/store.ts";
import type { RunRequest } from "../../src/sync/run-request.ts";
import { createFakeClock, type FakeClock } from "../fakes/clock.ts";
import { createFakeKv, type FakeKv } from "../fakes/kv.ts";
import { createFakeLog } from "../fakes/log.ts";
import { fsckTogether } from "../world/fsck.ts";
import { FEW, placeOf, seed, settingsTo } from "../world/ground.ts";

export const LABELS = ["automated", "sync", "ready-for-review"];
/** In real time, unlike all other waits; long enough for a busy machine. */
const TIMEOUT_MS = 10_000;
/** A thousand repositories are made, so memory is better than a disk. */
const SCRATCH = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

export type Call = "tick" | "reconcile" | Partial<Omit<RunRequest, "id" | "trigger">>;

/** What one run may have of its own. */
export interface RunOptions {
  readonly fetch?: Fetch;
  readonly kv?: KeyValueStore;
  readonly timeoutMs?: number;
  /** Default: none from before. */
  readonly tokens?: TokenCache;
}

export interface World {
  readonly github: GitHubServer;
  readonly primary: PrimaryServer;
  readonly clock: FakeClock;
  readonly kv: FakeKv;
  readonly image: string;
  readonly text: string;
  /** Those with categories to sync. */
  readonly repositories: readonly string[];
  readonly logs: readonly string[];
  /** @returns the Report, or `null` for a tick that had nothing to do */
  run(call: Call, options?: RunOptions): Promise<Report | null>;
  /** What `GET /check` tells. */
  check(tokens?: TokenCache): Promise<CheckReport>;
  /** Go to the next minute, or to the end of a back-off. */
  pass(): void;
  /** What is stored, as JSON. */
  state(): {
    readonly nextAttemptAt: string | null;
    readonly lastUpdated: number | null;
    readonly isUnsettled: boolean;
    readonly awaiting: { readonly until: string } | null;
    readonly consecutiveErrors: number;
    readonly failingSince: string | null;
    readonly repositories: readonly Report["repositories"][number][];
  };
  /** From here on with other settings. */
  configure(settings: Settings): void;
  /** `POST /git/trees` and so on to this world's repositories since the last call; the image repository's with `image `. */
  calls(): string[];
  /** Those of `calls` that change something. */
  writes(): string[];
  close(): Promise<void>;
}

export type Settings = Readonly<Record<string, string>>;

/**
 * Register GitHub with vitest, and get a function that makes worlds on it. In the end every repository must pass
 * `git fsck`.
 */
export function describeWorlds(): (settings?: Settings) => Promise<World> {
  const clock = createFakeClock();
  let github: GitHubServer | null = null;
  let directory = "";
  let made = 0;
  beforeAll(async () => {
    directory = mkdtempSync(join(SCRATCH, "sync-faults-"));
    github = await startGitHubServer({ port: 0, directory, now: clock.now });
    github.credentials.setUsers(["alice", "bob"]);
  });
  afterAll(async () => {
    const all = (github?.repositories() ?? []).map((name) => ({
      directory: github?.gitDirectory(name) ?? "",
      branches: github?.branches(name) ?? {},
    }));
    expect(fsckTogether(join(directory, "all.git"), all), "git fsck of every repository").toBe("");
    await github?.close();
    rmSync(directory, { recursive: true, force: true });
  });
  return async (settings = {}) => {
    if (github === null) throw new Error("GitHub has not started.");
    made++;
    return createWorld({ github, clock, owner: `o${made}`, settings });
  };
}

interface Setting {
  readonly github: GitHubServer;
  readonly clock: FakeClock;
  readonly owner: string;
  readonly settings: Settings;
}

async function createWorld({ github, clock, owner, settings }: Setting): Promise<World> {
  const primary = await startPrimaryServer({ port: 0, now: clock.now });
  const place = placeOf(owner);
  seed({ github, primary }, place);
  const configOf = (others: Settings) => parseConfig(settingsTo({ github, primary }, place, { ...USUAL, ...others }));
  let config = configOf(settings);
  const kv = createFakeKv();
  const { log, lines } = createFakeLog();
  let seen = github.requests.length;
  const calls = () => {
    const mine = github.requests.slice(seen).filter(({ path }) => path.startsWith(`/repos/${owner}/`));
    seen = github.requests.length;
    return mine.map(({ method, path }) => `${method} ${path.slice(`/repos/${owner}/`.length).replace("/", " ")}`);
  };
  const state: World["state"] = () => JSON.parse(kv.values.get("state")?.value ?? '{"nextAttemptAt":null}');
  return {
    github,
    primary,
    clock,
    kv,
    ...place,
    repositories: config.categories.includes("text_generation") ? [place.image, place.text] : [place.image],
    logs: lines,
    check(tokens = new Map()) {
      const rest = { store: createStateStore(kv), fetch, clock, tokens, log, githubTimeoutMs: TIMEOUT_MS };
      return createSyncService({ config, ...rest }).check({ hasState: true });
    },
    async run(call, options = {}) {
      const store = createStateStore(options.kv ?? kv);
      const send = options.fetch ?? fetch;
      const githubTimeoutMs = options.timeoutMs ?? TIMEOUT_MS;
      const service = createSyncService({
        config: { ...config, primaryTimeoutMs: githubTimeoutMs },
        store,
        fetch: send,
        clock,
        tokens: options.tokens ?? new Map(),
        log,
        githubTimeoutMs,
      });
      const scheduledTime = clock.now();
      if (call === "tick") return service.tick({ cron: "* * * * *", scheduledTime });
      if (call === "reconcile") return service.tick({ cron: "0 */6 * * *", scheduledTime });
      return service.sync({ trigger: "manual", categories: null, isDryRun: false, isForced: false, ...call });
    },
    pass() {
      const { nextAttemptAt, awaiting } = state();
      const until = Date.parse(nextAttemptAt ?? awaiting?.until ?? "") || 0;
      clock.advance(Math.max(60_000, until - clock.now()));
    },
    state,
    configure(others) {
      config = configOf({ ...settings, ...others });
    },
    calls,
    writes: () => calls().filter((call) => !call.startsWith("GET ")),
    close: () => primary.close(),
  };
}

const USUAL = {
  PR_REVIEWERS: "alice,bob",
  CATEGORIES_TO_SYNC: FEW,
  WATCH_MODE: "true",
  WATCH_ENABLE_STARTUP_SYNC: "true",
  // Each tick looks, so that no run depends on the minute that the shared clock shows.
  GITHUB_CHECK_SECONDS: "60",
};
