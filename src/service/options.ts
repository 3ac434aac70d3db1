/**
 * What a service is made of. Types only.
 */

import type { Pause } from "../state/store.ts";
import type { BaseHead } from "../sync/conclude.ts";
import type { ConnectOptions } from "./connection.ts";
import type { RecordOptions } from "./record.ts";

export interface ServiceOptions extends ConnectOptions, RecordOptions {
  /** The pause as this isolate read it last; outlives an invocation. */
  readonly lastPause?: { value: Pause | null };
  /** Told of base branches that a recorded run found elsewhere than the one before; must not throw, and is not waited for. */
  readonly onMoved?: (heads: readonly BaseHead[]) => void;
}
