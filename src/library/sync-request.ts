/**
 * What a caller of the library asks of a run. Types only.
 */
import type { CategoryName } from "../categories.ts";

export interface SyncRequest {
  /** Only these, of those that are configured. Default: all of them. */
  readonly categories?: readonly CategoryName[];
  /** Publish also what is held, below the threshold or was rejected. Never forces a ref. */
  readonly force?: boolean;
}
