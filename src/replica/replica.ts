/**
 * The replica: GitHub's copy of the model references, kept near and served when PRIMARY cannot.
 */
import type { CategoryName } from "../categories.ts";
import { once } from "../core/once.ts";
import type { BaseHead } from "../sync/conclude.ts";
import type { Reference } from "./content/reference.ts";
import { createContext } from "./freshness/context.ts";
import { readCategory } from "./freshness/read-category.ts";
import { readStatus } from "./freshness/read-status.ts";
import { refreshRepository, warmCategories } from "./freshness/warm.ts";
import type { ReplicaOptions } from "./options.ts";
import type { ReplicaStatus } from "./status.ts";

export type { BaseHead as RunHead } from "../sync/conclude.ts";
export type { Body, Form, Payload, Reference } from "./content/reference.ts";
export type { ReplicaStatus } from "./status.ts";
export { createReplicaMemory, type ReplicaMemory } from "./store/memory.ts";

export interface Replica {
  /**
   * The content of a category: at once when GitHub was asked lately, else after it was asked.
   *
   * @param options `refresh`: ask GitHub now, whatever is known
   * @throws SyncError when nothing was ever read and GitHub does not help now (`github-…`, `rate-limited` with
   * `retryAt`); `legacy-malformed` when the only content there is cannot be read
   */
  read(category: CategoryName, options?: { refresh?: boolean }): Promise<Reference>;
  /**
   * Take over the heads that a run saw, and fetch what is new in every category, as far as the invocation's requests
   * go; without heads, go on where an earlier invocation had to stop. Never throws.
   */
  warm(heads: readonly BaseHead[]): Promise<void>;
  /** Somebody pushed to a repository (`owner/name`): ask GitHub for its head now, and fetch what is new. Never throws. */
  refresh(repository: string): Promise<void>;
  /** What is known, from memory and else from the caches; asks GitHub nothing. */
  status(): Promise<ReplicaStatus>;
}

/** For one invocation: I/O belongs to the request that began it, knowledge to the isolate's memory. */
export function createReplica(options: ReplicaOptions): Replica {
  const context = once(() => createContext(options));
  return {
    read: (category, { refresh = false } = {}) => readCategory(category, refresh, context()),
    warm: (heads) => warmCategories(heads, context()),
    refresh: (repository) => refreshRepository(repository, context()),
    status: () => readStatus(context()),
  };
}
