/**
 * Wires a run's ports to PRIMARY and GitHub: transports, credentials and clients, and what they count.
 */
import type { RepositoryRole } from "../categories.ts";
import type { Installation } from "../check/ports.ts";
import type { RateLimit, Report } from "../contract/report.ts";
import { MAX_RETRY_AFTER_MS } from "../core/back-off.ts";
import { once } from "../core/once.ts";
import { USER_AGENT } from "../core/version.ts";
import { readRateLimit } from "../github/rate-limit.ts";
import { createBodyRoom } from "../net/read-body.ts";
import { createTransport, type Fetch } from "../net/transport.ts";
import { createPrimaryClient } from "../primary/client.ts";
import type { PrimaryPort } from "../sync/ports.ts";
import { createRequestBudget, type RequestBudget } from "../sync/request-budget.ts";
import { connectRepository, readInstallation } from "./connect-github.ts";
import type { ConnectedRepository, ConnectOptions } from "./connection.ts";

/** A run that is not done by then makes no further attempt; the next tick goes on. */
export const RUN_DEADLINE_MS = 4 * 60_000;
const GITHUB_TIMEOUT_MS = 30_000;
/** Ten times today's largest file fits. */
const MAX_BODY_BYTES = 16 * 2 ** 20;
/** Of one run; the isolate has 128 MiB for everything. */
const MAX_ALL_BODIES_BYTES = 64 * 2 ** 20;

export interface Ports {
  readonly primary: PrimaryPort;
  /** A tick with nothing new asks GitHub nothing, and so does not even load Octokit. */
  readonly repositories: () => Promise<Readonly<Record<RepositoryRole, ConnectedRepository>>>;
  /** As the App itself; `null` without one. */
  readonly readInstallation: ((role: RepositoryRole) => Promise<Installation>) | null;
  readonly requests: () => Report["requests"];
  /** How many of those to GitHub were for one of the repositories. */
  readonly requestsTo: (role: RepositoryRole) => number;
  readonly budget: RequestBudget;
  readonly rateLimit: () => RateLimit | null;
}

/** For one run, whose deadline begins now. */
export function connect(options: ConnectOptions): Ports {
  const { config, clock } = options;
  const counts = { primary: 0, image: 0, text: 0 };
  const made = () => counts.primary + counts.image + counts.text;
  const budget = createRequestBudget(made, options.maxRequests ?? Number.POSITIVE_INFINITY);
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
      mayRepeat: budget.hasRoom,
      onAttempt: () => {
        counts[target]++;
      },
      onAnswer: ({ headers }) => {
        if (target !== "primary") rateLimit = readRateLimit(headers) ?? rateLimit;
      },
    });
  const primary = createPrimaryClient({
    url: config.primaryUrl,
    transport: transport("primary", config.primaryTimeoutMs),
    userAgent: USER_AGENT,
    now: clock.now,
  });
  const githubOf = (role: RepositoryRole) => transport(role, options.githubTimeoutMs ?? GITHUB_TIMEOUT_MS);
  const github = { image: githubOf("image"), text: githubOf("text") };
  const repositories = once(async () => {
    const { createGitHubClient: createClient } = await import("../github/client.ts");
    const shared = { ...options, createClient, pending: new Map() };
    return {
      image: connectRepository("image", { ...shared, transport: github.image }),
      text: connectRepository("text", { ...shared, transport: github.text }),
    };
  });
  return {
    // The tick has read the timestamp already when its run begins.
    primary: { ...primary, lastUpdated: once(primary.lastUpdated) },
    repositories,
    readInstallation: installationReader(options, github),
    requests: () => ({ primary: counts.primary, github: counts.image + counts.text }),
    requestsTo: (role) => counts[role],
    budget,
    rateLimit: () => rateLimit,
  };
}

function installationReader(
  options: ConnectOptions,
  transports: Readonly<Record<RepositoryRole, Fetch>>,
): Ports["readInstallation"] {
  const { auth } = options.config;
  if (auth.kind !== "github-app") return null;
  return (role) => readInstallation(auth, role, { ...options, transport: transports[role] });
}
