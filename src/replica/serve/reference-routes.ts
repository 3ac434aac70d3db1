/**
 * References and records: from a name in a path to an answer.
 */
import type { Context } from "hono";
import type { CategoryName, PrimaryCategory } from "../../categories.ts";
import { bodyName } from "../content/body.ts";
import { payloadOf } from "../content/payload.ts";
import type { Form, Reference } from "../content/reference.ts";
import { answerReference, type ReferenceAnswer } from "./answer.ts";
import {
  answerDetail,
  answerUnknownCategory,
  answerUnknownLegacyCategory,
  answerUnknownModel,
  answerUnusable,
} from "./detail.ts";
import { readRefresh } from "./guard.ts";
import type { ReplicaRouteOptions } from "./options.ts";
import { readQuery } from "./query.ts";
import { findCategory, findLegacyCategory, hasLegacyFile, isManagedElsewhere, type ReplicaTarget } from "./target.ts";

export async function serveV1(c: Context, name: string, options: ReplicaRouteOptions): Promise<Response> {
  const category = findLegacyCategory(name);
  if (category === null) return answerUnknownLegacyCategory(name);
  const form = readForm(c, name);
  if (form instanceof Response) return form;
  if (isManagedElsewhere(category)) return answerNothingHere(c, options);
  const found = hasLegacyFile(category) ? await readReference(c, category, options) : null;
  if (found instanceof Response) return found;
  if (found === null || found.isEmpty) return answerDetail(404, `Model category '${category}' not found or is empty`);
  return sendForm(c, found, form, options);
}

/** Only the category's own name takes `include_group`. @returns the answer that refuses its value, if it does */
function readForm(c: Context, name: string): Form | Response {
  if (name !== "text_generation") return "v1";
  const query = readQuery(c);
  const isGrouped = query.flag("include_group") ?? false;
  if (query.problems.length > 0) return answerDetail(422, query.problems);
  return isGrouped ? "v1-grouped" : "v1";
}

export async function serveV2(c: Context, name: string, options: ReplicaRouteOptions): Promise<Response> {
  const category = findCategory(name);
  if (category === null) return answerUnknownCategory(name);
  // What GitHub never had is not missing: a client that is told 404 would ask for it again and again.
  if (!hasLegacyFile(category)) return answerNothingHere(c, options);
  const found = await readReference(c, category, options);
  if (found instanceof Response) return found;
  if (found.isEmpty) return answerDetail(404, `Model category '${category}' not found`);
  return sendForm(c, found, "v2", options);
}

export async function serveModel(
  c: Context,
  target: Extract<ReplicaTarget, { kind: "model" }>,
  options: ReplicaRouteOptions,
): Promise<Response> {
  const category = findCategory(target.category);
  if (category === null) return answerUnknownCategory(target.category);
  const found = hasLegacyFile(category) ? await readReference(c, category, options) : null;
  if (found instanceof Response) return found;
  const body = await found?.body("v2");
  const record = body?.records().get(target.name);
  if (found === null || body === undefined || record === undefined) return answerUnknownModel(target.name, category);
  const revision = bodyName(found.revision, "v2");
  return send(c, found, { revision, body: async () => ({ ...body, payload: payloadOf(record) }) }, options);
}

/** `{}`, as the real server says of what has no legacy file, or is managed elsewhere. */
function answerNothingHere(c: Context, { replicaConfig }: ReplicaRouteOptions): Promise<Response> {
  return answerReference(c, {
    revision: "none",
    body: async () => ({ payload: payloadOf("{}"), leftOut: 0 }),
    commit: null,
    ageSeconds: 0,
    ttlSeconds: replicaConfig?.cacheTtlSeconds ?? 60,
    stale: null,
    isPublic: replicaConfig?.public.replica ?? true,
  });
}

/** @returns the answer that refuses a refresh, if it does */
export async function readReference(
  c: Context,
  category: CategoryName,
  options: ReplicaRouteOptions,
): Promise<Reference | Response> {
  if (options.replica === null) return answerUnusable();
  const refresh = await readRefresh(c, options);
  return refresh instanceof Response ? refresh : options.replica.read(category, { refresh });
}

function sendForm(c: Context, found: Reference, form: Form, options: ReplicaRouteOptions): Promise<Response> {
  const revision = bodyName(found.revision, form);
  return send(c, found, { revision, body: () => found.body(form) }, options);
}

function send(
  c: Context,
  found: Reference,
  body: Pick<ReferenceAnswer, "revision" | "body">,
  { now, replicaConfig }: ReplicaRouteOptions,
): Promise<Response> {
  return answerReference(c, {
    ...body,
    commit: found.commit,
    stale: found.stale,
    ageSeconds: Math.max(0, Math.floor((now() - found.checkedAt) / 1000)),
    ttlSeconds: replicaConfig?.cacheTtlSeconds ?? 60,
    isPublic: replicaConfig?.public.replica ?? true,
  });
}

/** The category that a path names, or the 422 that says which there are. */
export function requireCategory(name: string): PrimaryCategory | Response {
  return findCategory(name) ?? answerUnknownCategory(name);
}
