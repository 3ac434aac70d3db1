/**
 * What a connection is made of, and what comes of it. Types only.
 */
import type { InspectionPort } from "../check/ports.ts";
import type { Config } from "../config/config.ts";
import type { TokenCache } from "../github/credentials.ts";
import type { Clock, Fetch } from "../net/transport.ts";
import type { RepositoryPorts } from "../sync/ports.ts";

export interface ConnectOptions {
  readonly config: Config;
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly tokens: TokenCache;
  /** How many requests one run may make, where the platform ends it after so many. Default: any number. */
  readonly maxRequests?: number;
  /** For one request to GitHub, its answer included. */
  readonly githubTimeoutMs?: number;
}

/** A repository for a run, and for a check. */
export type ConnectedRepository = RepositoryPorts & { readonly inspection: InspectionPort };
