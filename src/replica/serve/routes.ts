/**
 * The replica over HTTP: the real server's read routes, open to everybody (DESIGN.md section 9). Decides nothing about
 * freshness.
 */
import type { Context, MiddlewareHandler } from "hono";
import { PRIMARY_CATEGORIES } from "../../categories.ts";
import { SyncError } from "../../core/errors.ts";
import { describeFault } from "../../core/log.ts";
import { answerDetail, answerUnavailable } from "./detail.ts";
import { type ReplicaRouteOptions, serveModel, serveV1, serveV2 } from "./reference-routes.ts";
import { type ReplicaTarget, readTarget } from "./target.ts";

const READ_METHODS = "GET, HEAD, OPTIONS";
const ONE_DAY_SECONDS = "86400";
const NO_METADATA = "Metadata tracking is not supported in REPLICA mode";

/** Answers what is the replica's, and leaves all other paths to whoever comes next. */
export function serveReplica(options: ReplicaRouteOptions): MiddlewareHandler {
  return async (c, next) => {
    const target = readTarget(new URL(c.req.url).pathname);
    if (target === null) return next();
    const answer = await answerSafely(c, target, options);
    for (const [name, value] of Object.entries(OPEN)) answer.headers.set(name, value);
    return answer;
  };
}

/** Of what we send, those that a page may not see otherwise. */
const EXPOSED = [
  "ETag",
  "Age",
  "Warning",
  "Retry-After",
  "X-Reference-Commit",
  "X-Reference-Issues",
  "X-Reference-Stale",
];
/** Any page may read the reference. */
const OPEN: Readonly<Record<string, string>> = {
  "access-control-allow-origin": "*",
  "access-control-expose-headers": EXPOSED.join(", "),
  "cross-origin-resource-policy": "cross-origin",
  "strict-transport-security": "max-age=31536000",
  "x-content-type-options": "nosniff",
};

async function answerSafely(c: Context, target: ReplicaTarget, options: ReplicaRouteOptions): Promise<Response> {
  try {
    return await answerTarget(c, target, options);
  } catch (error) {
    if (error instanceof SyncError && error.code !== "internal")
      return answerUnavailable(error, options.now(), options.replicaConfig?.cacheTtlSeconds ?? 60);
    options.log.error("http.failed", describeFault(error));
    return answerDetail(500, "Internal Server Error");
  }
}

async function answerTarget(c: Context, target: ReplicaTarget, options: ReplicaRouteOptions): Promise<Response> {
  if (c.req.method === "OPTIONS") return answerPreflight();
  if (c.req.method !== "GET" && c.req.method !== "HEAD")
    return answerDetail(405, "Method Not Allowed", { allow: READ_METHODS });
  switch (target.kind) {
    case "heartbeat":
      return answerStatic({ status: "ok" });
    case "replicate-mode":
      return answerStatic({ replicate_mode: "REPLICA", canonical_format: "LEGACY", writable: false });
    case "info":
      return answerStatic({ message: INFO[target.version] });
    case "categories":
      return answerStatic(PRIMARY_CATEGORIES);
    case "metadata":
      return answerDetail(503, NO_METADATA);
    case "category":
      return target.version === "v1" ? serveV1(c, target.name, options) : serveV2(c, target.name, options);
    case "model":
      return serveModel(c, target, options);
    case "nothing":
      return answerDetail(404, "Not Found");
  }
}

const INFO = {
  v1: "The model references in the legacy format, as they stand in the two GitHub repositories. Read only.",
  v2: "The model references in the v2 format, converted from the legacy files on GitHub. Read only.",
};

function answerStatic(body: unknown): Response {
  return Response.json(body, { headers: { "cache-control": "no-cache" } });
}

function answerPreflight(): Response {
  const headers = {
    "access-control-allow-methods": READ_METHODS,
    "access-control-allow-headers": "If-None-Match, Content-Type",
    "access-control-max-age": ONE_DAY_SECONDS,
    allow: READ_METHODS,
  };
  return new Response(null, { status: 204, headers });
}
