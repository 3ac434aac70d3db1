/**
 * The Octokit that all repository calls go through: credentials, API version, user agent, and faults as `SyncError`.
 *
 * Retries live in the transport below it; Octokit's own retry and throttling plugins are not used, because they
 * repeat writes and keep queues beyond a request. One client is made per run.
 */
import { Octokit } from "@octokit/core";
import { restEndpointMethods } from "@octokit/plugin-rest-endpoint-methods";
import type { Clock, Fetch } from "../net/transport.ts";
import type { Credentials } from "./credentials.ts";
import { statusOf, toSyncError } from "./faults.ts";

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

/** A client whose every call resolves, or throws a `SyncError` that names the call. */
export function createGitHubClient(options: GitHubClientOptions): GitHubClient {
  const octokit = new Rest({
    baseUrl: options.apiUrl,
    userAgent: options.userAgent,
    request: { fetch: options.transport },
    log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
  });
  octokit.hook.wrap("request", async (request, parameters) => {
    parameters.headers["x-github-api-version"] = "2022-11-28";
    const send = async () => {
      const { header, isFresh } = await options.credentials.authorize();
      if (header !== null) parameters.headers.authorization = header;
      try {
        return { answer: await request(parameters) };
      } catch (error) {
        return { error, isFresh };
      }
    };
    const first = await send();
    if ("answer" in first) return first.answer;
    const canImprove = statusOf(first.error) === 401 && (first.isFresh || options.credentials.forget());
    if (!canImprove) throw toSyncError(first.error, parameters, options.clock.now());
    if (first.isFresh) await options.clock.sleep(FRESH_TOKEN_WAIT_MS);
    const second = await send();
    if ("answer" in second) return second.answer;
    throw toSyncError(second.error, parameters, options.clock.now());
  });
  return octokit;
}

function ignore(): void {}
