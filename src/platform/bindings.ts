/**
 * What Cloudflare binds to a Worker, as the rest of the code knows it.
 */
import type { KVNamespace, RateLimit } from "@cloudflare/workers-types";
import type { CountFailure } from "../http/token.ts";
import { type CacheApi, createEdgeCache, type EdgeCache } from "../replica/store/edge-cache.ts";

export type Env = Readonly<Record<string, unknown>> & {
  readonly STATE: KVNamespace;
  /** Without it wrong tokens are not limited. */
  readonly FAILED_TOKENS?: RateLimit;
  readonly VERSION_METADATA?: { readonly timestamp?: string };
};

/** When this version was made; older than the deploy after a rollback. */
export function versionTime({ VERSION_METADATA }: Env): number | null {
  const at = Date.parse(VERSION_METADATA?.timestamp ?? "");
  return Number.isNaN(at) ? null : at;
}

/** Workers have one cache of their own beside those that have names. */
export function findEdgeCache(): EdgeCache | null {
  const storage: { readonly default?: CacheApi } | undefined = Reflect.get(globalThis, "caches");
  return storage?.default === undefined ? null : createEdgeCache(storage.default);
}

/** A limiter that does not answer limits nobody. */
export function createFailureCount(limiter: RateLimit): CountFailure {
  return async (key) => {
    try {
      return (await limiter.limit({ key })).success;
    } catch {
      return true;
    }
  };
}
