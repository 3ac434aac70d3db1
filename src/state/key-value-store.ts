/**
 * Where state is kept. Types only.
 */

/**
 * What is used of a Workers KV namespace; one of these fits as it is. Writes may take a while to be seen, and values may
 * be lost, which costs requests only. A rejection means that the store does not answer.
 */
export interface KeyValueStore {
  /** @returns `null` where there is no such key */
  get(key: string): Promise<string | null>;
  /** @param options `expirationTtl` in seconds; `metadata`, of at most 1 kB as JSON, comes back from `list` */
  put(key: string, value: string, options?: { expirationTtl?: number; metadata?: unknown }): Promise<void>;
  /** Keys in ascending order; `cursor` opens the next page, until `list_complete`. */
  list(options: { prefix: string; limit: number; cursor?: string }): Promise<{
    keys: readonly { readonly name: string; readonly metadata?: unknown }[];
    list_complete: boolean;
    cursor?: string;
  }>;
}
