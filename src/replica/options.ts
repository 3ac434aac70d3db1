/**
 * What the replica is made of; the entry gives it.
 */
import type { Category } from "../categories.ts";
import type { ReplicaConfig } from "../config/config.ts";
import type { Logger } from "../core/log.ts";
import type { TokenCache } from "../github/credentials.ts";
import type { Clock, Fetch } from "../net/transport.ts";
import type { Converter } from "./convert/converter.ts";
import type { EdgeCache } from "./store/edge-cache.ts";
import type { ReplicaMemory } from "./store/memory.ts";
import type { ReplicaStore } from "./store/stored-categories.ts";

export interface ReplicaOptions {
  readonly config: ReplicaConfig;
  readonly categories: readonly Pick<Category, "name" | "role">[];
  /** Outlives an invocation; made once per isolate by `createReplicaMemory`. */
  readonly memory: ReplicaMemory;
  readonly kv: ReplicaStore;
  readonly edge: EdgeCache | null;
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly tokens: TokenCache;
  /** Keeps work alive after the answer, and after a client went away. */
  readonly waitUntil: (work: Promise<unknown>) => void;
  readonly log: Logger;
  /** How many requests to other servers the invocation may still make; what nobody waits for leaves the rest of them. */
  readonly requestsLeft: () => number;
  /** For one request to GitHub, its answer included. */
  readonly githubTimeoutMs?: number;
  /** The formats; the real ones by default. */
  readonly converter?: Converter;
}
