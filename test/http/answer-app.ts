/**
 * The app with fakes around it, for the tests of what it answers.
 */

import type { Access } from "../../src/config/access.ts";
import type { Configured } from "../../src/config/configured.ts";
import type { PlannedFile, Report } from "../../src/contract/report.ts";
import { createApp } from "../../src/http/app.ts";
import type { AppOptions } from "../../src/http/app-options.ts";
import { createPace } from "../../src/http/pace.ts";
import type { Replica } from "../../src/replica/replica.ts";
import { createStateStore, EMPTY_STATE, type Pause, type SyncState } from "../../src/state/store.ts";
import { subjectsOf } from "../../src/state/subjects.ts";
import type { FoundCategory } from "../../src/sync/found.ts";
import type { RunRequest } from "../../src/sync/run-request.ts";
import { START } from "../fakes/clock.ts";
import { createFakeKv } from "../fakes/kv.ts";
import { createFakeLog } from "../fakes/log.ts";
import { createFakeReplica } from "../fakes/replica.ts";
import { report } from "../fakes/report.ts";
import { configWith, OPEN, TRIGGER_TOKEN } from "../fakes/settings.ts";

export const CHROME = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8";
export const BEARER = { authorization: `Bearer ${TRIGGER_TOKEN}` };

export interface AnswerAppOptions {
  readonly settings?: Readonly<Record<string, string>>;
  /** Instead of usable settings. */
  readonly problems?: readonly string[];
  /** With `problems`: the names of what is set. */
  readonly given?: readonly string[];
  /** With `problems`: who may see what. */
  readonly access?: Access;
  readonly state?: Partial<SyncState>;
  readonly paused?: Pause;
  readonly runs?: readonly Report[];
  readonly result?: Report | Error;
  readonly planned?: readonly PlannedFile[];
  readonly found?: readonly FoundCategory[];
  /** Instead of one that nobody has used; `null`: its settings cannot be used. */
  readonly replica?: Replica | null;
  readonly countFailure?: AppOptions["countFailure"];
}

export async function createAnswerApp(options: AnswerAppOptions = {}) {
  const {
    settings = {},
    problems,
    given = [],
    access = OPEN,
    state = {},
    paused,
    runs = [],
    result = report(),
    planned = [],
    found = [],
    countFailure,
    replica = createFakeReplica(),
  } = options;
  const kv = createFakeKv();
  const store = createStateStore(kv);
  const config = configWith({ WATCH_MODE: "true", ...settings });
  await store.save({ ...EMPTY_STATE, subjects: subjectsOf(config), ...state });
  if (paused !== undefined) await store.setPause(paused);
  for (const run of runs) await store.recordRun(run);
  const { log, lines } = createFakeLog();
  const usable: Configured =
    problems === undefined
      ? { kind: "configured", config }
      : { kind: "misconfigured", problems, warnings: [], given, access };
  const asked: Omit<RunRequest, "id">[] = [];
  const run = async (request: Omit<RunRequest, "id">) => {
    asked.push(request);
    if (result instanceof Error) throw result;
    return result;
  };
  const app = createApp({
    check: async () => ({ result: "ok", items: [] }),
    hear: () => {},
    pace: createPace(),
    recentRuns: { value: null, lists: null },
    version: "1.2.3",
    settings: usable,
    store,
    now: () => START,
    log,
    replica,
    replicaConfig: replica === null ? null : { cacheTtlSeconds: 60, ...OPEN },
    sync: run,
    preview: async (request) => ({ report: await run(request), planned, found }),
    ...(countFailure === undefined ? {} : { countFailure }),
  });
  const request = async (path: string, init: RequestInit = {}) => app.request(`https://sync.test${path}`, init);
  return { app, request, kv, lines, asked };
}
