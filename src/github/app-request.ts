/**
 * Requests made as the GitHub App itself, with a JWT, before there is an installation token.
 */
import type * as z from "zod/mini";
import { type ErrorCode, SyncError } from "../core/errors.ts";
import { type Fetch, rateLimitedUntil, TransportError } from "../net/transport.ts";

export interface AppIdentity {
  readonly apiUrl: string;
  /** Makes a JWT as of a time (ms since the epoch). */
  readonly sign: (at: number) => Promise<string>;
  readonly transport: Fetch;
  readonly userAgent: string;
  readonly now: () => number;
}

export interface AppRequest<T> {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly body?: unknown;
  readonly schema: z.ZodMiniType<T>;
  /** What was asked for, as the start of a sentence. */
  readonly subject: string;
}

/** @throws SyncError with a code by status: 401/403 unauthorized, 404 not found, 422 rejected, others unavailable */
export async function requestAsApp<T>(identity: AppIdentity, request: AppRequest<T>): Promise<T> {
  const answer = await sendInTime(identity, request);
  if (!answer.ok) {
    const retryAt = rateLimitedUntil(answer, identity.now());
    const isLimited = retryAt !== null && answer.status < 500;
    const [code, hint] = isLimited
      ? (["rate-limited", " The rate limit is used up."] as const)
      : explain(answer.status);
    throw new SyncError(code, `${request.subject} was refused (HTTP ${answer.status}).${hint}`, { retryAt });
  }
  const parsed = request.schema.safeParse(await answer.json().catch(() => null));
  if (parsed.success) return parsed.data;
  throw new SyncError("github-unavailable", `${request.subject} came back in an unexpected form.`);
}

const MAX_SKEW_MS = 30_000;

/** A JWT holds for minutes around its making: where our clock is wrong, GitHub's own `date` tells the time. */
async function sendInTime<T>(identity: AppIdentity, request: AppRequest<T>): Promise<Response> {
  const now = identity.now();
  const first = await send(identity, request, await identity.sign(now));
  const theirs = Date.parse(first.headers.get("date") ?? "");
  if (first.status !== 401 || !(Math.abs(theirs - now) > MAX_SKEW_MS)) return first;
  return send(identity, request, await identity.sign(theirs));
}

async function send<T>(identity: AppIdentity, request: AppRequest<T>, jwt: string): Promise<Response> {
  const headers = {
    accept: "application/vnd.github+json",
    authorization: `Bearer ${jwt}`,
    "content-type": "application/json",
    "user-agent": identity.userAgent,
    "x-github-api-version": "2022-11-28",
  };
  const body = request.body === undefined ? null : JSON.stringify(request.body);
  try {
    return await identity.transport(`${identity.apiUrl}${request.path}`, { method: request.method, headers, body });
  } catch (cause) {
    if (!(cause instanceof TransportError)) throw cause;
    throw new SyncError("github-unavailable", `${request.subject} could not be had: ${cause.message}.`, { cause });
  }
}

function explain(status: number): readonly [ErrorCode, string] {
  switch (status) {
    case 401:
      return ["github-unauthorized", " Check that GITHUB_APP_ID and GITHUB_APP_PRIVATE_KEY belong together."];
    case 403:
      return ["github-unauthorized", " The App may be suspended: have an owner of the organization lift that."];
    case 404:
      return [
        "github-not-found",
        " Check GITHUB_APP_INSTALLATION_ID (or leave it out), and that the App is installed on the repository.",
      ];
    case 422:
      return [
        "github-rejected",
        " The App must be installed on these repositories with Contents and Pull requests: read and write.",
      ];
    default:
      return ["github-unavailable", ""];
  }
}
