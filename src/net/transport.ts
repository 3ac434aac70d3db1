/**
 * One HTTP policy for PRIMARY and GitHub: time-outs, retries, rate limits, a size limit and the request count. It
 * stands below the clients and knows nothing of what they ask.
 *
 * - GETs are tried up to three times on network faults, time-outs, 429 and 5xx.
 * - Other methods are repeated only when the answer says that nothing was done (a rate limit). After a network fault
 *   or a 5xx nobody knows, so the caller has to read again before it decides.
 * - Where only so many requests may be made, a repeat takes none that others need.
 * - Every answer is read to its end here, because an unread body holds one of the Worker's six connections.
 */

import { type BodyRoom, BodyTooLargeError, readBody } from "./read-body.ts";

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** Time and chance, as arguments, so that tests need not wait. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** @param signal lets it end early, so that nothing is left that keeps a process alive; nobody relies on it */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** 0 ≤ x < 1. */
  random(): number;
}

export interface TransportOptions {
  readonly fetch: Fetch;
  readonly clock: Clock;
  /** Per attempt, body included. */
  readonly timeoutMs: number;
  /** Milliseconds since the epoch: no attempt is started or goes on after it, also where a peer only trickles. */
  readonly deadline: number;
  /** Of one answer, decoded. */
  readonly maxBodyBytes: number;
  /** Of all answers of all transports that share it. */
  readonly room?: BodyRoom;
  /** How far ahead the other side may put off another attempt. */
  readonly maxRetryAfterMs?: number;
  /** Called once per attempt. */
  readonly onAttempt: () => void;
  /** Whether there may be one attempt more than is needed. Default: yes. */
  readonly mayRepeat?: () => boolean;
  /** Sees every answer, whatever its status; for its headers. */
  readonly onAnswer?: (answer: Response) => void;
}

/** No usable answer: the connection failed, timed out, or sent more than we accept. */
export class TransportError extends Error {
  override readonly name = "TransportError";
  readonly reason: "network" | "timeout" | "too-large" | "redirect";

  constructor(reason: TransportError["reason"], message: string, cause?: unknown) {
    super(message, { cause });
    this.reason = reason;
  }
}

const MAX_ATTEMPTS = 3;
const MAX_LIMIT_MS = 24 * 60 * 60_000;

/**
 * A `fetch` that follows the policy above. Answers are resolved whatever their status; their bodies are in memory.
 *
 * @throws TransportError when no attempt brought an answer
 */
export function createTransport(options: TransportOptions): Fetch {
  return async (url, init) => {
    for (let attempt = 1; ; attempt++) {
      const outcome = await attemptOnce(url, init, options);
      const waitMs = attempt < MAX_ATTEMPTS ? waitBeforeRetry(outcome, init.method ?? "GET", attempt, options) : null;
      const isLate = waitMs !== null && options.clock.now() + waitMs >= options.deadline;
      if (waitMs === null || isLate || options.mayRepeat?.() === false) {
        if (outcome instanceof Response) return outcome;
        throw outcome;
      }
      await options.clock.sleep(waitMs);
    }
  };
}

async function attemptOnce(
  url: string,
  init: RequestInit,
  options: TransportOptions,
): Promise<Response | TransportError> {
  const leftMs = options.deadline - options.clock.now();
  if (leftMs <= 0) return new TransportError("timeout", "the time for all requests together is over");
  options.onAttempt();
  const timeoutMs = Math.min(options.timeoutMs, leftMs);
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const answer = await follow(url, { ...init, signal: timeout }, options);
    options.onAnswer?.(answer);
    const body = await readBody(answer, options.maxBodyBytes, options.room);
    const { status, statusText, headers } = answer;
    return new Response(isNullBodyStatus(status) ? null : body, {
      status,
      statusText,
      headers: withoutEncoding(headers),
    });
  } catch (error) {
    if (error instanceof BodyTooLargeError) return new TransportError("too-large", error.message);
    if (error instanceof TransportError) return error;
    if (timeout.aborted) return new TransportError("timeout", `no complete answer within ${timeoutMs / 1000} s`, error);
    return new TransportError("network", "the connection failed", error);
  }
}

const REDIRECTS: readonly number[] = [301, 302, 307, 308];
const MAX_REDIRECTS = 3;

/**
 * Follows redirects by itself: to the same origin only, so that credentials go nowhere else, with the method kept
 * (`fetch` would make a GET of a POST that meets a 301), and each one counted.
 */
async function follow(url: string, init: RequestInit, options: TransportOptions): Promise<Response> {
  let at = url;
  for (let redirects = 0; ; redirects++) {
    const answer = await options.fetch(at, { ...init, redirect: "manual" });
    const location = REDIRECTS.includes(answer.status) ? answer.headers.get("location") : null;
    if (location === null) return answer;
    await answer.body?.cancel();
    const next = URL.canParse(location, at) ? new URL(location, at) : null;
    if (next === null || next.origin !== new URL(at).origin) {
      const where = next === null ? "nowhere" : `another address, ${next.origin}`;
      throw new TransportError("redirect", `it redirects to ${where}, which is not followed`);
    }
    if (redirects === MAX_REDIRECTS) throw new TransportError("redirect", "it redirects without end");
    options.onAttempt();
    at = next.href;
  }
}

function isNullBodyStatus(status: number): boolean {
  return status === 204 || status === 205 || status === 304;
}

/** The body was decoded on the way in, so its old encoding and length no longer describe it. */
function withoutEncoding(headers: Headers): Headers {
  const kept = new Headers(headers);
  kept.delete("content-encoding");
  kept.delete("content-length");
  return kept;
}

/** Milliseconds to wait before another attempt, or `null` when there should be none. */
function waitBeforeRetry(
  outcome: Response | TransportError,
  method: string,
  attempt: number,
  { clock, maxRetryAfterMs }: Pick<TransportOptions, "clock" | "maxRetryAfterMs">,
): number | null {
  const isRead = method === "GET" || method === "HEAD";
  if (!(outcome instanceof Response))
    return isRead && (outcome.reason === "network" || outcome.reason === "timeout") ? backOffMs(attempt, clock) : null;
  // A 503 that asks to come back later does not say that a write was not done.
  if (!isRead && outcome.status >= 500) return null;
  const limitedUntil = rateLimitedUntil(outcome, clock.now(), maxRetryAfterMs);
  if (limitedUntil !== null) return Math.max(0, limitedUntil - clock.now()) + clock.random() * 1000;
  if (outcome.status === 429) return backOffMs(attempt, clock);
  return outcome.status >= 500 ? backOffMs(attempt, clock) : null;
}

/** 1 s, 2 s, 4 s … at most 15 s, of which the upper half is random. */
function backOffMs(attempt: number, clock: Clock): number {
  const ceilingMs = Math.min(15_000, 2000 * 2 ** (attempt - 1));
  return ceilingMs / 2 + (clock.random() * ceilingMs) / 2;
}

/**
 * When a refused request may be repeated (ms since the epoch), if the answer says that a rate limit refused it.
 *
 * - `retry-after: 60` (seconds) or an HTTP date, with 403, 429 or 503
 * - `x-ratelimit-remaining: 0` with `x-ratelimit-reset: 1795219334` (seconds since the epoch), with 403 or 429
 *
 * At most `maxMs` ahead, a day unless told: GitHub's limits last an hour, and a broken header must not stop the service
 * for good.
 *
 * @see https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit
 */
export function rateLimitedUntil(
  answer: { readonly status: number; readonly headers: Headers },
  now: number,
  maxMs = MAX_LIMIT_MS,
): number | null {
  if (![403, 429, 503].includes(answer.status)) return null;
  const retryAfter = answer.headers.get("retry-after");
  if (retryAfter !== null) {
    const seconds = Number(retryAfter);
    const at = Number.isFinite(seconds) ? now + seconds * 1000 : Date.parse(retryAfter);
    if (Number.isFinite(at)) return Math.min(at, now + maxMs);
  }
  const reset = Number(answer.headers.get("x-ratelimit-reset") ?? Number.NaN);
  const isExhausted = answer.headers.get("x-ratelimit-remaining") === "0" && answer.status !== 503;
  return isExhausted && Number.isFinite(reset) ? Math.min(reset * 1000, now + maxMs) : null;
}
