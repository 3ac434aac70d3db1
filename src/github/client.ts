/**
 * The Octokit that all repository calls go through: credentials, API version, user agent, and faults as `SyncError`.
 *
 * Retries live in the transport below it; Octokit's own retry and throttling plugins are not used, because they
 * repeat writes and keep queues beyond a request. One client is made per run.
 *
 * Of the plugin's table of 900 endpoints the bundles hold only those that are called here: `endpoints.json`, made by
 * `scripts/build-data.ts`, stands in for it by an alias in `wrangler.toml` and in `scripts/build-cli.mjs`.
 */
import { Octokit } from "@octokit/core";
import { restEndpointMethods } from "@octokit/plugin-rest-endpoint-methods";
import { SyncError } from "../core/errors.ts";
import type { Clock, Fetch } from "../net/transport.ts";
import type { Authorization, Credentials } from "./credentials.ts";
import { nameOf, statusOf, toSyncError } from "./faults.ts";
import { createRenewal, saysNoRepository } from "./renewal.ts";

export interface GitHubClientOptions {
  readonly apiUrl: string;
  readonly credentials: Credentials;
  readonly transport: Fetch;
  readonly userAgent: string;
  readonly clock: Clock;
}

const Rest = Octokit.plugin(restEndpointMethods);
export type GitHubClient = InstanceType<typeof Rest>;

/** GitHub's replicas may need some seconds before they know a new installation token. */
const FRESH_TOKEN_WAIT_MS = 3000;

const MAX_UNUSABLE = 3;
const UNUSABLE_WAIT_MS = 1000;

/** The parts of Octokit's own types that are looked at here. */
interface Answer {
  readonly status: number;
  readonly data: unknown;
}
interface Asked {
  readonly method: string;
  readonly url: string;
  readonly request: { readonly [option: string]: unknown };
}

/** A client whose every call resolves, or throws a `SyncError` that names the call. */
export function createGitHubClient(options: GitHubClientOptions): GitHubClient {
  const octokit = new Rest({
    baseUrl: options.apiUrl,
    userAgent: options.userAgent,
    request: { fetch: options.transport },
    log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
  });
  const { credentials, clock } = options;
  const renew = createRenewal(credentials);
  octokit.hook.wrap("request", async (request, parameters) => {
    parameters.headers["x-github-api-version"] = "2022-11-28";
    const send = async () => {
      const authorization = await credentials.authorize();
      if (authorization.header !== null) parameters.headers.authorization = authorization.header;
      try {
        return { answer: await requestUsable(request, parameters, clock) };
      } catch (error) {
        return { error, authorization };
      }
    };
    const refusal = (error: unknown) => toSyncError(error, parameters, clock.now());
    const first = await send();
    if ("answer" in first) return first.answer;
    const { error, authorization } = first;
    const second = saysNoRepository(error, parameters)
      ? await renew(authorization, send)
      : (await canImprove(error, authorization))
        ? await send()
        : null;
    if (second === null) throw refusal(error);
    if ("answer" in second) return second.answer;
    throw refusal(second.error);
  });
  /** A 401 is answered by another token or, where GitHub may not know ours yet, by a moment's patience. */
  async function canImprove(error: unknown, authorization: Authorization): Promise<boolean> {
    if (statusOf(error) !== 401) return false;
    if (!authorization.isFresh) return credentials.forget(authorization);
    await clock.sleep(FRESH_TOKEN_WAIT_MS);
    return true;
  }
  return octokit;
}

/** A 200 may carry a page or half a JSON, which is no answer: a read is tried again. */
async function requestUsable<P extends Asked, A extends Answer>(
  request: (parameters: P) => A | Promise<A>,
  parameters: P,
  clock: Clock,
): Promise<A> {
  for (let attempt = 1; ; attempt++) {
    const answer = await request(parameters);
    if (isUsable(answer, parameters)) return answer;
    if (parameters.method !== "GET" || attempt === MAX_UNUSABLE) {
      const message = `GitHub's answer to ${nameOf(parameters)} is not whole: it is no JSON.`;
      throw new SyncError("github-unavailable", message);
    }
    await clock.sleep(UNUSABLE_WAIT_MS);
  }
}

/** Octokit hands on as a text what it cannot parse. */
function isUsable({ status, data }: Answer, { request }: Asked): boolean {
  if (request["parseSuccessResponseBody"] === false || status === 204 || status === 205) return true;
  return typeof data === "object" && data !== null;
}

function ignore(): void {}
