/**
 * `/`, `/status` and `/healthz`, and what machines read of the same state: `/metrics` and `/badge.json`.
 */
import type { Hono } from "hono";
import { etag } from "hono/etag";
import { describeFault } from "../core/log.ts";
import { renderStatusPage } from "../present/page/status-page.ts";
import { buildStatus, type KnownReplica, type Status } from "../present/status.ts";
import { renderStatus } from "../present/text/status-text.ts";
import { type Alarm, findAlarms } from "../service/alarms.ts";
import type { Pause, RunSummary, SyncState } from "../state/store.ts";
import type { AppOptions } from "./app-options.ts";
import { buildBadge } from "./badge.ts";
import { buildHealth, type Health } from "./health.ts";
import { buildMetrics } from "./metrics.ts";
import { chooseForm } from "./negotiate.ts";
import { PROMETHEUS_TYPE, renderMetrics } from "./prometheus.ts";

const RECENT_RUNS = 10;
/** As many as one list of KV holds: the page draws them all. */
const MOST_RUNS = 1000;

export function addStatusRoutes(app: Hono, options: AppOptions): void {
  app.get("/", etag(), async (c) => {
    const status = await readStatus(options);
    c.header("cache-control", "no-cache");
    const form = chooseForm(c, ["text", "html", "json"]);
    if (form === "json") return c.json(status);
    if (form === "html") return c.html(renderStatusPage(status, options.recentRuns.value?.runs ?? [], options.now()));
    return c.text(renderStatus(status, options.now()));
  });

  app.get("/status", etag(), async (c) => {
    const status = await readStatus(options);
    c.header("cache-control", "no-cache");
    return chooseForm(c, ["json", "text"]) === "text" ? c.text(renderStatus(status, options.now())) : c.json(status);
  });

  app.get("/healthz", async (c) => {
    c.header("cache-control", "no-store");
    const health = await readHealth(options);
    return c.json(health, health.status === "ok" ? 200 : 503);
  });

  app.get("/metrics", async (c) => {
    const [state, replica, paused] = await Promise.all([
      options.store.load(),
      readReplica(options),
      options.store.readPause(),
    ]);
    c.header("cache-control", "no-store");
    return c.body(renderMetrics(buildMetrics(statusOf(options, { state, paused, replica }), state)), 200, {
      "content-type": PROMETHEUS_TYPE,
    });
  });

  app.get("/badge.json", etag(), async (c) => {
    const [state, paused] = await Promise.all([options.store.load(), options.store.readPause()]);
    const badge = buildBadge(statusOf(options, { state, paused, replica: "unknown" }));
    c.header("cache-control", `public, max-age=${badge.cacheSeconds}`);
    return c.json(badge);
  });
}

async function readStatus(options: AppOptions): Promise<Status> {
  const { version, settings, store } = options;
  const [state, replica, paused] = await Promise.all([store.load(), readReplica(options), store.readPause()]);
  const runs = await readRuns(state, options);
  const alarms = alarmsOf(options, state);
  return buildStatus({ version, settings, state, alarms, paused, runs: runs.slice(0, RECENT_RUNS), replica });
}

/** KV takes a thousand lists a day: one is kept until another run is known, or a while. */
const RUNS_KEPT_MS = 5 * 60_000;

/** Without the list the page shows everything else. */
async function readRuns({ lastRun }: SyncState, options: AppOptions): Promise<readonly RunSummary[]> {
  const { store, log, now, recentRuns } = options;
  const known = recentRuns.value;
  if (known !== null && known.lastRun === (lastRun?.id ?? null) && Math.abs(now() - known.at) < RUNS_KEPT_MS)
    return known.runs;
  try {
    const runs = await store.listRuns(MOST_RUNS);
    recentRuns.value = { at: now(), lastRun: lastRun?.id ?? null, runs };
    return runs;
  } catch (error) {
    log.warn("state.list-failed", describeFault(error));
    return known?.runs ?? [];
  }
}

/** Without the list of runs, which costs a request of its own. */
function statusOf(
  options: AppOptions,
  known: { readonly state: SyncState; readonly paused: Pause | null; readonly replica: KnownReplica },
): Status {
  const { version, settings } = options;
  return buildStatus({ version, settings, runs: [], alarms: alarmsOf(options, known.state), ...known });
}

function alarmsOf(
  { settings, deployedAt = null, isUnsaved = () => false, now }: AppOptions,
  state: SyncState,
): Alarm[] {
  if (settings.kind === "misconfigured") return [];
  return findAlarms({ config: settings.config, state, deployedAt, isUnsaved: isUnsaved(), now: now() });
}

async function readHealth(options: AppOptions): Promise<Health> {
  const { settings, store, now } = options;
  const [state, replica] = await Promise.all([store.load().catch(() => null), readReplica(options)]);
  const { deployedAt = null, isUnsaved = () => false } = options;
  const known = typeof replica === "object" ? replica : null;
  return buildHealth({ settings, state, replica: known, deployedAt, isUnsaved: isUnsaved(), now: now() });
}

/** What is wrong with the replica must not keep people from the status. */
async function readReplica({ replica, log }: AppOptions): Promise<KnownReplica> {
  if (replica === null) return "off";
  try {
    return await replica.status();
  } catch (error) {
    log.error("replica.status-failed", describeFault(error));
    return "unknown";
  }
}
