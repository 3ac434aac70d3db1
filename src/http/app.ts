/**
 * The HTTP interface (DESIGN.md section 8): routes, negotiation, errors. Decides nothing about syncing.
 */
import { Hono } from "hono";
import { accepts } from "hono/accepts";
import { bodyLimit } from "hono/body-limit";
import { HTTPException } from "hono/http-exception";
import { methodNotAllowed } from "hono/method-not-allowed";
import { NONCE, type SecureHeadersVariables, secureHeaders } from "hono/secure-headers";
import { describeError, SyncError } from "../errors.ts";
import { describeFault, type Logger } from "../log.ts";
import type { StateStore } from "../state/store.ts";
import type { Report } from "../sync/report.ts";
import type { RunRequest } from "../sync/run.ts";
import { answerError } from "./answers.ts";
import { renderPage } from "./page.ts";
import { buildStatus, healthReasons, type Settings, type Status } from "./status.ts";
import { MAX_BODY_BYTES, parseSyncRequest } from "./sync-request.ts";
import { renderReport, renderStatus } from "./text.ts";
import { requireToken } from "./token.ts";

export interface AppOptions {
  readonly version: string;
  readonly settings: Settings;
  readonly store: StateStore;
  /** Starts a run and keeps it alive when the client goes away. */
  readonly sync: (request: Omit<RunRequest, "id">) => Promise<Report>;
  readonly now: () => number;
  readonly log: Logger;
}

type App = Hono<{ Variables: SecureHeadersVariables }>;

const RECENT_RUNS = 10;
const LISTED_RUNS = 100;

export function createApp(options: AppOptions): App {
  const app: App = new Hono();
  app.use(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        styleSrc: [NONCE],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
      },
    }),
  );
  app.use(
    methodNotAllowed({
      app,
      onMethodNotAllowed: (c, methods) =>
        answerError({
          code: "method-not-allowed",
          message: `Use ${methods.join(" or ")} for ${c.req.path}.`,
          status: 405,
          headers: { allow: methods.join(", ") },
        }),
    }),
  );
  addStatusRoutes(app, options);
  addRunRoutes(app, options);
  addSyncRoute(app, options);
  app.notFound((c) =>
    answerError({
      code: "not-found",
      message: `There is nothing at ${c.req.path}. Try /, /status, /healthz, /runs or POST /sync.`,
      status: 404,
    }),
  );
  app.onError((error) => answerFault(error, options.log));
  return app;
}

function addStatusRoutes(app: App, options: AppOptions): void {
  app.get("/", async (c) => {
    const status = await readStatus(options);
    c.header("vary", "Accept");
    c.header("cache-control", "no-cache");
    const form = accepts(c, {
      header: "Accept",
      supports: ["text/plain", "text/html", "application/json"],
      default: "text/plain",
    });
    if (form === "application/json") return c.json(status);
    if (form === "text/html")
      return c.html(renderPage(status, { now: options.now(), nonce: c.get("secureHeadersNonce") ?? "" }));
    return c.text(renderStatus(status, options.now()));
  });

  app.get("/status", async (c) => {
    c.header("cache-control", "no-cache");
    return c.json(await readStatus(options));
  });

  app.get("/healthz", async (c) => {
    c.header("cache-control", "no-store");
    const reasons = healthReasons(options.settings, await options.store.load(), options.now());
    return reasons.length === 0 ? c.json({ status: "ok" }) : c.json({ status: "unhealthy", reasons }, 503);
  });
}

function addRunRoutes(app: App, { store }: AppOptions): void {
  app.get("/runs", async (c) => c.json({ runs: await store.listRuns(LISTED_RUNS) }));

  app.get("/runs/:id", async (c) => {
    const report = await store.readRun(c.req.param("id"));
    if (report !== null) return c.json(report);
    return answerError({
      code: "not-found",
      message: "There is no such run; /runs lists those of the last 30 days.",
      status: 404,
    });
  });
}

function addSyncRoute(app: App, options: AppOptions): void {
  const tooLarge = () =>
    answerError({ code: "too-large", message: `The body may hold at most ${MAX_BODY_BYTES / 1024} KiB.`, status: 413 });
  app.post(
    "/sync",
    requireToken(options.settings),
    bodyLimit({ maxSize: MAX_BODY_BYTES, onError: tooLarge }),
    async (c) => {
      const { settings } = options;
      if (settings.kind === "misconfigured") throw new SyncError("misconfigured", settings.problems.join(" "));
      const request = parseSyncRequest(await c.req.text(), new URL(c.req.url).searchParams, settings.config);
      const report = await options.sync(request);
      const status = report.outcome === "failed" ? 502 : 200;
      c.header("cache-control", "no-store");
      c.header("vary", "Accept");
      const form = accepts(c, {
        header: "Accept",
        supports: ["application/json", "text/plain"],
        default: "application/json",
      });
      return form === "text/plain" ? c.text(renderReport(report), status) : c.json(report, status);
    },
  );
}

async function readStatus({ version, settings, store }: AppOptions): Promise<Status> {
  const [state, runs] = await Promise.all([store.load(), store.listRuns(RECENT_RUNS)]);
  return buildStatus({ version, settings, state, runs });
}

function answerFault(error: Error, log: Logger): Response {
  if (error instanceof HTTPException)
    return answerError({ code: "bad-request", message: error.message, status: error.status });
  const { code, message } = describeError(error);
  if (code === "bad-request") return answerError({ code, message, status: 400 });
  if (code === "misconfigured") return answerError({ code, message, status: 503 });
  log.error("http.failed", describeFault(error));
  return answerError({ code, message, status: 500 });
}
