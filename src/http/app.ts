/**
 * The HTTP interface: routes, security headers, errors. Decides nothing about syncing.
 */
import { Hono, type MiddlewareHandler } from "hono";
import { etag } from "hono/etag";
import { HTTPException } from "hono/http-exception";
import { methodNotAllowed } from "hono/method-not-allowed";
import { secureHeaders } from "hono/secure-headers";
import { describeError, SyncError } from "../core/errors.ts";
import { describeFault, type Logger } from "../core/log.ts";
import { FAVICON } from "../present/page/layout.ts";
import { STYLE_SOURCE } from "../present/page/style.ts";
import { serveReplica } from "../replica/serve/routes.ts";
import type { StateStore } from "../state/store.ts";
import { answerError } from "./answers.ts";
import type { AppOptions } from "./app-options.ts";
import { addCheckRoutes } from "./check-routes.ts";
import { addHookRoutes } from "./hook-routes.ts";
import { addPauseRoutes } from "./pause-routes.ts";
import { addRunRoutes } from "./run-routes.ts";
import { guardStatus } from "./status-guard.ts";
import { addStatusRoutes } from "./status-routes.ts";
import { addSyncRoutes } from "./sync-routes.ts";
import { requireToken } from "./token.ts";

const ONE_DAY_SECONDS = 86_400;

export function createApp(given: AppOptions): Hono {
  const options = { ...given, store: guardStore(given.store) };
  const app = new Hono();
  // Before the security headers, which are for the pages; the replica is open to all.
  const lastUpdated = async () => (await options.store.load()).lastUpdated;
  app.use(serveReplica({ ...options, lastUpdated, requireToken: guardReplica(options) }));
  app.use(securityHeaders());
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
  guardStatus(app, options);
  addStatusRoutes(app, options);
  addRunRoutes(app, options);
  addSyncRoutes(app, options);
  addPauseRoutes(app, options);
  addHookRoutes(app, options);
  addCheckRoutes(app, options);
  addStaticRoutes(app, options);
  app.notFound((c) =>
    answerError({
      code: "not-found",
      message: `There is nothing at ${c.req.path}. Try /, /status, /healthz, /runs, /preview, /check, POST /sync or /model_references/v1/{category}.`,
      status: 404,
    }),
  );
  app.onError((error) => answerFault(error, options.log));
  return app;
}

/** The replica has settings of its own, and is there when the sync's cannot be used. */
function guardReplica({ replicaConfig, countFailure }: AppOptions): MiddlewareHandler {
  const settings = { kind: "configured" as const, config: { triggerToken: replicaConfig?.triggerToken ?? null } };
  // Made when somebody has to be asked, which few requests of the replica come to.
  return (c, next) => requireToken({ settings, countFailure, allowsBasic: false })(c, next);
}

/** The pages hold no script, load nothing but their icon, and send forms only here; their style is known by its hash. */
function securityHeaders() {
  return secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      styleSrc: [STYLE_SOURCE],
      imgSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
    },
    strictTransportSecurity: "max-age=31536000",
    xFrameOptions: "DENY",
  });
}

function addStaticRoutes(app: Hono, { version }: AppOptions): void {
  app.get("/openapi.json", etag(), async (c) => {
    c.header("cache-control", "no-cache");
    // Made beforehand of `openapi.ts`, so that a Worker holds neither its texts nor what makes JSON Schema of zod's.
    const { default: document } = await import("./openapi.json", { with: { type: "json" } });
    return c.json({ ...document, info: { ...document.info, version } });
  });

  app.on("GET", ["/favicon.svg", "/favicon.ico"], etag(), (c) => {
    c.header("cache-control", `public, max-age=${ONE_DAY_SECONDS}`);
    return c.body(FAVICON, 200, { "content-type": "image/svg+xml" });
  });
}

/** KV in an outage is nobody's bug. */
function guardStore(store: StateStore): StateStore {
  const guard = async <T>(read: Promise<T>): Promise<T> => {
    try {
      return await read;
    } catch (cause) {
      if (cause instanceof SyncError) throw cause;
      throw new SyncError("storage-unavailable", "The state cannot be read now; try again in a minute.", { cause });
    }
  };
  return {
    load: () => guard(store.load()),
    save: (state) => guard(store.save(state)),
    recordRun: (report) => guard(store.recordRun(report)),
    mark: (at) => guard(store.mark(at)),
    readMark: () => guard(store.readMark()),
    readPause: () => guard(store.readPause()),
    setPause: (pause) => guard(store.setPause(pause)),
    listRuns: (limit) => guard(store.listRuns(limit)),
    pageRuns: (page) => guard(store.pageRuns(page)),
    readRun: (id) => guard(store.readRun(id)),
  };
}

function answerFault(error: Error, log: Logger): Response {
  if (error instanceof HTTPException)
    return answerError({ code: "bad-request", message: error.message, status: error.status });
  const { code, message } = describeError(error);
  if (code === "bad-request") return answerError({ code, message, status: 400 });
  if (code === "misconfigured") return answerError({ code, message, status: 503 });
  log.error("http.failed", describeFault(error));
  if (code === "storage-unavailable")
    return answerError({ code, message, status: 503, headers: { "retry-after": "60" } });
  return answerError({ code, message, status: 500 });
}
