/**
 * The replica over HTTP: the real server's read routes, open to everybody unless the settings say otherwise. Decides
 * nothing about freshness.
 */
import type { Context, MiddlewareHandler } from "hono";
import { PRIMARY_CATEGORIES } from "../../categories.ts";
import { SyncError } from "../../core/errors.ts";
import { describeFault } from "../../core/log.ts";
import { answerDetail, answerUnavailable } from "./detail.ts";
import { refuseStranger } from "./guard.ts";
import type { ReplicaRouteOptions } from "./options.ts";
import { requireCategory, serveModel, serveV1, serveV2 } from "./reference-routes.ts";
import { servePopular, serveSearch } from "./search-routes.ts";
import { type ApiVersion, isManagedElsewhere, type ReplicaTarget, readTarget } from "./target.ts";

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
  // That the Worker runs is no secret, and settings that cannot be used have nothing to hide.
  const isOpen = target.kind === "heartbeat" || (options.replicaConfig?.public.replica ?? true);
  const refusal = isOpen ? null : await refuseStranger(c, options);
  return refusal ?? answerRead(c, target, options);
}

async function answerRead(c: Context, target: ReplicaTarget, options: ReplicaRouteOptions): Promise<Response> {
  switch (target.kind) {
    case "landing":
      return answerStatic({ message: LANDING });
    case "heartbeat":
      return answerStatic({ status: "ok" });
    case "replicate-mode":
      return answerStatic({ replicate_mode: "REPLICA", canonical_format: "legacy", writable: false });
    case "info":
      return answerStatic({ message: INFO[target.version] });
    case "categories":
      return answerStatic(target.version === "v1" ? PRIMARY_CATEGORIES : V2_CATEGORIES);
    case "last-updated":
      return answerLastUpdated(target.version, options);
    case "metadata":
      return answerMetadata(target.category);
    case "category":
      return target.version === "v1" ? serveV1(c, target.name, options) : serveV2(c, target.name, options);
    case "model":
      return serveModel(c, target, options);
    case "search":
      return serveSearch(c, target.category, options);
    case "popular":
      return servePopular(target.category);
    case "pending":
      return answerPending(target.category);
    case "nothing":
      return answerDetail(404, "Not Found");
  }
}

const LANDING = "A read-only replica of the Horde Model Reference API, made of the legacy files on GitHub.";
const INFO = {
  v1: "The model references in the legacy format, as they stand in the two GitHub repositories. Read only.",
  v2: "The model references in the v2 format, converted from the legacy files on GitHub. Read only.",
};
const V2_CATEGORIES = PRIMARY_CATEGORIES.filter((category) => !isManagedElsewhere(category));

/** Of the legacy format, which PRIMARY keeps: what the sync last brought the repositories to. */
async function answerLastUpdated(version: ApiVersion, { lastUpdated }: ReplicaRouteOptions): Promise<Response> {
  const known = version === "v1" ? await lastUpdated().catch(asSyncError) : undefined;
  if (known instanceof SyncError) return answerDetail(503, known.message, { "retry-after": "60" });
  return known === undefined ? answerDetail(503, NO_METADATA) : answerStatic({ last_updated: known });
}

/** State that cannot be read now; anything else goes on. */
function asSyncError(error: unknown): SyncError {
  if (error instanceof SyncError) return error;
  throw error;
}

function answerMetadata(name: string | null): Response {
  const category = name === null ? null : requireCategory(name);
  return category instanceof Response ? category : answerDetail(503, NO_METADATA);
}

function answerPending(name: string): Response {
  const category = requireCategory(name);
  if (category instanceof Response) return category;
  return answerDetail(503, "A replica has no pending models; ask PRIMARY.");
}

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
