/**
 * `/`, `/status` and `/healthz`, and what machines read of the same state: `/metrics` and `/badge.json`.
 */
import type { Hono } from "hono";
import { etag } from "hono/etag";
import type { SyncState } from "../state/store.ts";
import type { AppOptions } from "./app.ts";
import { buildBadge } from "./badge.ts";
import { buildMetrics } from "./metrics.ts";
import { chooseForm } from "./negotiate.ts";
import { renderStatusPage } from "./page/status-page.ts";
import { PROMETHEUS_TYPE, renderMetrics } from "./prometheus.ts";
import { buildStatus, healthReasons, type Status } from "./status.ts";
import { renderStatus } from "./text/status-text.ts";

const RECENT_RUNS = 10;

export function addStatusRoutes(app: Hono, options: AppOptions): void {
  app.get("/", etag(), async (c) => {
    const status = await readStatus(options);
    c.header("cache-control", "no-cache");
    const form = chooseForm(c, ["text", "html", "json"]);
    if (form === "json") return c.json(status);
    if (form === "html") return c.html(renderStatusPage(status, options.now()));
    return c.text(renderStatus(status, options.now()));
  });

  app.get("/status", etag(), async (c) => {
    const status = await readStatus(options);
    c.header("cache-control", "no-cache");
    return chooseForm(c, ["json", "text"]) === "text" ? c.text(renderStatus(status, options.now())) : c.json(status);
  });

  app.get("/healthz", async (c) => {
    c.header("cache-control", "no-store");
    const reasons = await readHealth(options);
    return reasons.length === 0 ? c.json({ status: "ok" }) : c.json({ status: "unhealthy", reasons }, 503);
  });

  app.get("/metrics", async (c) => {
    const state = await options.store.load();
    c.header("cache-control", "no-store");
    return c.body(renderMetrics(buildMetrics(statusOf(options, state), state)), 200, {
      "content-type": PROMETHEUS_TYPE,
    });
  });

  app.get("/badge.json", etag(), async (c) => {
    const badge = buildBadge(statusOf(options, await options.store.load()));
    c.header("cache-control", `public, max-age=${badge.cacheSeconds}`);
    return c.json(badge);
  });
}

async function readStatus(options: AppOptions): Promise<Status> {
  const { version, settings, store } = options;
  const [state, runs] = await Promise.all([store.load(), store.listRuns(RECENT_RUNS)]);
  return buildStatus({ version, settings, state, runs });
}

/** Without the list of runs, which costs a request of its own. */
function statusOf({ version, settings }: AppOptions, state: SyncState): Status {
  return buildStatus({ version, settings, state, runs: [] });
}

async function readHealth({ settings, store, now }: AppOptions): Promise<string[]> {
  try {
    return healthReasons(settings, await store.load(), now());
  } catch {
    return ["storage-unavailable"];
  }
}
