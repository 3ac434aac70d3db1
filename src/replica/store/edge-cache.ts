/**
 * The cache of a Cloudflare location, shared by its isolates. It may be absent, empty or without effect (as on
 * *.workers.dev) at any time; nothing depends on it.
 */

/** What we use of it; a fake is a map. */
export interface EdgeCache {
  get(key: string): Promise<Uint8Array<ArrayBuffer> | null>;
  put(key: string, bytes: Uint8Array<ArrayBuffer>, ttlSeconds: number): Promise<void>;
}

/** The part of the Cache API that is needed: `caches.default` fits. */
export interface CacheApi {
  match(url: string): Promise<{ arrayBuffer(): Promise<ArrayBuffer> } | undefined>;
  put(url: string, response: Response): Promise<void>;
}

/** No request from outside can have this host, so that nobody reads or fills the cache but us. */
const ORIGIN = "https://replica.model-reference-sync.invalid";

/** @see https://developers.cloudflare.com/workers/runtime-apis/cache/ */
export function createEdgeCache(cache: CacheApi): EdgeCache {
  const toUrl = (key: string) => `${ORIGIN}/${encodeURIComponent(key)}`;
  return {
    async get(key) {
      const answer = await cache.match(toUrl(key));
      return answer === undefined ? null : new Uint8Array(await answer.arrayBuffer());
    },
    async put(key, bytes, ttlSeconds) {
      const headers = { "cache-control": `public, max-age=${ttlSeconds}`, "content-type": "application/octet-stream" };
      await cache.put(toUrl(key), new Response(bytes, { headers }));
    },
  };
}
