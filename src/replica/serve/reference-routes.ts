/**
 * References and records: from a name in a path to an answer.
 */
import type { Context } from "hono";
import type { CategoryName, PrimaryCategory } from "../../categories.ts";
import type { ReplicaConfig } from "../../config/config.ts";
import type { Logger } from "../../core/log.ts";
import type { CountFailure } from "../../http/token.ts";
import { CONVERSION } from "../convert/convert.ts";
import { payloadOf } from "../convert/payload.ts";
import type { Reference } from "../reference.ts";
import type { Replica } from "../replica.ts";
import { answerReference } from "./answer.ts";
import { answerDetail, answerUnknownCategory, answerUnknownLegacyCategory } from "./detail.ts";
import { readRefresh } from "./refresh.ts";
import { findCategory, findLegacyCategory, hasLegacyFile, isManagedElsewhere, type ReplicaTarget } from "./target.ts";

export interface ReplicaRouteOptions {
  /** `null`: its settings cannot be used. */
  readonly replica: Replica | null;
  readonly replicaConfig: Pick<ReplicaConfig, "cacheTtlSeconds" | "triggerToken"> | null;
  readonly countFailure?: CountFailure;
  readonly now: () => number;
  readonly log: Logger;
}

export async function serveV1(c: Context, name: string, options: ReplicaRouteOptions): Promise<Response> {
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

export async function serveV2(c: Context, name: string, options: ReplicaRouteOptions): Promise<Response> {
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

export async function serveModel(
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
