/**
 * Wires a run's ports to PRIMARY and GitHub: transports, credentials and clients, and what they count.
 */
import { CATEGORIES, type RepositoryRole } from "../categories.ts";
import type { InspectionPort, Installation } from "../check/ports.ts";
import type { Config } from "../config/config.ts";
import type { RateLimit, Report } from "../contract/report.ts";
import { MAX_RETRY_AFTER_MS } from "../core/back-off.ts";
import { once } from "../core/once.ts";
import { USER_AGENT } from "../core/version.ts";
import { createGitHubClient } from "../github/client.ts";
import { createCredentials, inspectInstallation, type PendingTokens, type TokenCache } from "../github/credentials.ts";
import { createCurrentName } from "../github/current-name.ts";
import { createGitReader, createGitWriter } from "../github/git.ts";
import { createInspection } from "../github/inspection.ts";
import { createComments, createDecoration, createPullRequests } from "../github/pull-requests.ts";
import { readRateLimit } from "../github/rate-limit.ts";
import { createBodyRoom } from "../net/read-body.ts";
import { type Clock, createTransport, type Fetch } from "../net/transport.ts";
import { createPrimaryClient } from "../primary/client.ts";
import type { PrimaryPort, RepositoryPorts } from "../sync/ports.ts";

/** A run that is not done by then makes no further attempt; the next tick goes on. */
export const RUN_DEADLINE_MS = 4 * 60_000;
const GITHUB_TIMEOUT_MS = 30_000;
/** Ten times today's largest file fits. */
const MAX_BODY_BYTES = 16 * 2 ** 20;
/** Of one run; the isolate has 128 MiB for everything. */
const MAX_ALL_BODIES_BYTES = 64 * 2 ** 20;

export interface ConnectOptions {
  readonly config: Config;
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly tokens: TokenCache;
  /** For one request to GitHub, its answer included. */
  readonly githubTimeoutMs?: number;
}

/** A repository for a run, and for a check. */
export type ConnectedRepository = RepositoryPorts & { readonly inspection: InspectionPort };

export interface Ports {
  readonly primary: PrimaryPort;
  readonly repositories: Readonly<Record<RepositoryRole, ConnectedRepository>>;
  /** As the App itself; `null` without one. */
  readonly readInstallation: ((role: RepositoryRole) => Promise<Installation>) | null;
  readonly requests: () => Report["requests"];
  readonly rateLimit: () => RateLimit | null;
}

/** For one run, whose deadline begins now. */
export function connect(options: ConnectOptions): Ports {
  const { config, clock } = options;
  const counts = { primary: 0, github: 0 };
  let rateLimit: RateLimit | null = null;
  const room = createBodyRoom(MAX_ALL_BODIES_BYTES);
  const deadline = clock.now() + RUN_DEADLINE_MS;
  const transport = (target: keyof typeof counts, timeoutMs: number) =>
    createTransport({
      fetch: options.fetch,
      clock,
      timeoutMs,
      deadline,
      maxBodyBytes: MAX_BODY_BYTES,
      room,
      ...(target === "primary" ? { maxRetryAfterMs: MAX_RETRY_AFTER_MS } : {}),
      onAttempt: () => {
        counts[target]++;
      },
      onAnswer: ({ headers }) => {
        if (target === "github") rateLimit = readRateLimit(headers) ?? rateLimit;
      },
    });
  const primary = createPrimaryClient({
    url: config.primaryUrl,
    transport: transport("primary", config.primaryTimeoutMs),
    userAgent: USER_AGENT,
    now: clock.now,
  });
  const github = transport("github", options.githubTimeoutMs ?? GITHUB_TIMEOUT_MS);
  // A quiet tick asks GitHub nothing, and so must not pay for its clients.
  const repositories = once(() => {
    const shared = { ...options, transport: github, pending: new Map() };
    return { image: connectRepository("image", shared), text: connectRepository("text", shared) };
  });
  return {
    // The tick has read the timestamp already when its run begins.
    primary: { ...primary, lastUpdated: once(primary.lastUpdated) },
    get repositories() {
      return repositories();
    },
    readInstallation: installationReader(options, github),
    requests: () => ({ ...counts }),
    rateLimit: () => rateLimit,
  };
}

function installationReader({ config, clock }: ConnectOptions, transport: Fetch): Ports["readInstallation"] {
  const { auth, githubApiUrl: apiUrl } = config;
  if (auth.kind !== "github-app") return null;
  return (role) => {
    const { owner, name: repo } = config.repositories[role];
    return inspectInstallation(auth, { owner, repo }, { apiUrl, transport, userAgent: USER_AGENT, now: clock.now });
  };
}

interface RepositoryOptions extends ConnectOptions {
  readonly transport: Fetch;
  readonly pending: PendingTokens;
}

function connectRepository(role: RepositoryRole, options: RepositoryOptions): ConnectedRepository {
  const { config, clock, transport } = options;
  const { owner, name } = config.repositories[role];
  // A token for a repository that is not synced could be refused for its sake.
  const synced = new Set(
    CATEGORIES.filter((category) => config.categories.includes(category.name)).map(({ role }) => role),
  );
  const siblings = [...synced].map((other) => config.repositories[other]).filter((other) => other.owner === owner);
  const credentials = createCredentials({
    auth: config.auth,
    request: {
      apiUrl: config.githubApiUrl,
      owner,
      repositories: [...new Set(siblings.map((repository) => repository.name))],
      wantsTeam: config.pullRequest.team !== null,
    },
    repository: name,
    cache: options.tokens,
    pending: options.pending,
    transport,
    userAgent: USER_AGENT,
    now: clock.now,
  });
  const github = createGitHubClient({
    apiUrl: config.githubApiUrl,
    credentials,
    transport,
    userAgent: USER_AGENT,
    clock,
  });
  const repository = createCurrentName({ owner, repo: name });
  return {
    read: createGitReader(github, repository),
    write: createGitWriter(github, repository),
    pullRequests: createPullRequests(github, repository),
    decoration: createDecoration(github, repository),
    comments: createComments(github, repository),
    inspection: createInspection(github, repository),
  };
}
