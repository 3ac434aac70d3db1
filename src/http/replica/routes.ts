/**
 * The replica over HTTP: the real server's read routes, open to everybody (DESIGN.md section 9). Decides nothing about
 * freshness.
 */
import type { Context, MiddlewareHandler } from "hono";
import { type CategoryName, PRIMARY_CATEGORIES, type PrimaryCategory } from "../../categories.ts";
import type { ReplicaConfig } from "../../config.ts";
import { SyncError } from "../../errors.ts";
import { describeFault, type Logger } from "../../log.ts";
import { CONVERSION } from "../../replica/convert/convert.ts";
import { payloadOf } from "../../replica/payload.ts";
import type { Reference } from "../../replica/reference.ts";
import type { Replica } from "../../replica/replica.ts";
import type { CountFailure } from "../token.ts";
import { answerReference } from "./answer.ts";
import { answerDetail, answerUnavailable, answerUnknownCategory, answerUnknownLegacyCategory } from "./detail.ts";
import { readRefresh } from "./refresh.ts";
import {
  findCategory,
  findLegacyCategory,
  hasLegacyFile,
  isManagedElsewhere,
  type ReplicaTarget,
  readTarget,
} from "./target.ts";

export interface ReplicaRouteOptions {
  /** `null`: its settings cannot be used. */
  readonly replica: Replica | null;
  readonly replicaConfig: Pick<ReplicaConfig, "cacheTtlSeconds" | "triggerToken"> | null;
  readonly countFailure?: CountFailure;
  readonly now: () => number;
  readonly log: Logger;
}

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

/** Any page may read the reference. */
const OPEN: Readonly<Record<string, string>> = {
  "access-control-allow-origin": "*",
  "access-control-expose-headers": "ETag, Age, Warning, X-Reference-Commit, X-Reference-Issues, X-Reference-Stale",
  "cross-origin-resource-policy": "cross-origin",
  "x-content-type-options": "nosniff",
};

async function answerSafely(c: Context, target: ReplicaTarget, options: ReplicaRouteOptions): Promise<Response> {
  try {
    return withoutBody(c, await answerTarget(c, target, options));
  } catch (error) {
    if (error instanceof SyncError && error.code !== "internal")
      return answerUnavailable(error, options.now(), options.replicaConfig?.cacheTtlSeconds ?? 60);
    options.log.error("http.failed", describeFault(error));
    return answerDetail(500, "Internal Server Error");
  }
}

function withoutBody(c: Context, answer: Response): Response {
  return c.req.method === "HEAD" && answer.body !== null ? new Response(null, answer) : answer;
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

async function serveV1(c: Context, name: string, options: ReplicaRouteOptions): Promise<Response> {
  const category = findLegacyCategory(name);
  if (category === null) return answerUnknownLegacyCategory(name);
  if (isManagedElsewhere(category)) return answerNothingHere(c, options);
  const found = hasLegacyFile(category) ? await read(c, category, options) : null;
  if (found instanceof Response) return found;
  if (found === null || found.isEmpty) return answerDetail(404, `Model category '${category}' not found or is empty`);
  return send(c, found, options, {
    revision: found.revision,
    payload: () => found.v1,
    leftOut: () => countLeftOut(found.issues.v1),
  });
}

async function serveV2(c: Context, name: string, options: ReplicaRouteOptions): Promise<Response> {
  const category = findCategory(name);
  if (category === null) return answerUnknownCategory(name);
  if (isManagedElsewhere(category)) return answerNothingHere(c, options);
  const found = hasLegacyFile(category) ? await read(c, category, options) : null;
  if (found instanceof Response) return found;
  if (found === null || found.isEmpty) return answerDetail(404, `Model category '${category}' not found`);
  return send(c, found, options, {
    revision: `${found.revision}-${CONVERSION}`,
    payload: found.v2,
    leftOut: () => countLeftOut(found.issues.v2()),
  });
}

async function serveModel(
  c: Context,
  target: Extract<ReplicaTarget, { kind: "model" }>,
  options: ReplicaRouteOptions,
): Promise<Response> {
  const category = findCategory(target.category);
  if (category === null) return answerUnknownCategory(target.category);
  const found = hasLegacyFile(category) ? await read(c, category, options) : null;
  if (found instanceof Response) return found;
  const record = found?.models().get(target.name);
  if (found === null || record === undefined) return answerUnknownModel(target.name, category);
  return send(c, found, options, {
    revision: `${found.revision}-${CONVERSION}`,
    payload: () => payloadOf(record),
    leftOut: () => countLeftOut(found.issues.v2()),
  });
}

function answerUnknownModel(name: string, category: PrimaryCategory): Response {
  return answerDetail(404, `Model '${name.slice(0, 200)}' not found in category '${category}'`);
}

/** `{}`, as the real server says of what it manages elsewhere. */
function answerNothingHere(c: Context, { replicaConfig }: ReplicaRouteOptions): Promise<Response> {
  return answerReference(c, {
    revision: "none",
    payload: () => payloadOf("{}"),
    leftOut: () => 0,
    commit: null,
    ageSeconds: 0,
    ttlSeconds: replicaConfig?.cacheTtlSeconds ?? 60,
    stale: null,
  });
}

/** @returns the answer that refuses a refresh, if it does */
async function read(c: Context, category: CategoryName, options: ReplicaRouteOptions): Promise<Reference | Response> {
  const { replica, replicaConfig, countFailure = async () => true } = options;
  if (replica === null || replicaConfig === null)
    return answerDetail(503, "The replica's settings cannot be used; GET /status lists what is wrong.");
  const refresh = await readRefresh(c, { triggerToken: replicaConfig.triggerToken, countFailure });
  return refresh instanceof Response ? refresh : replica.read(category, { refresh });
}

function send(
  c: Context,
  found: Reference,
  { now, replicaConfig }: ReplicaRouteOptions,
  body: { revision: string; payload: Reference["v2"]; leftOut: () => number },
): Promise<Response> {
  return answerReference(c, {
    ...body,
    commit: found.commit,
    stale: found.stale,
    ageSeconds: Math.max(0, Math.floor((now() - found.checkedAt) / 1000)),
    ttlSeconds: replicaConfig?.cacheTtlSeconds ?? 60,
  });
}

function countLeftOut(issues: readonly { readonly isLeftOut: boolean }[]): number {
  return issues.filter(({ isLeftOut }) => isLeftOut).length;
}
