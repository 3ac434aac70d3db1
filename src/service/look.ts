/**
 * How a look ended. Types only.
 */
import type { Report } from "../contract/report.ts";

/** `ran`: a run was due, and this is its Report. */
export type Look = Standby | Quiet | { readonly kind: "ran"; readonly report: Report };

/** No run, whatever there may be to do; times are ISO 8601. */
export type Standby =
  /** An attempt failed a short while ago, or a rate limit is not over; nothing was asked. */
  | { readonly kind: "backed-off"; readonly until: string }
  /** Somebody stopped the schedule. */
  | { readonly kind: "paused"; readonly since: string }
  /** The schedule has started too many runs of late. */
  | { readonly kind: "spent"; readonly until: string };

/** PRIMARY's timestamp is the one that is stored, or was stored now because there was none. */
export interface Quiet {
  readonly kind: "quiet";
  /** Unix seconds. */
  readonly lastUpdated: number | null;
  readonly isFirst: boolean;
}
