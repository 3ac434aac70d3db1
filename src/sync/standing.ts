/**
 * How one category stands: what PRIMARY says against what the base holds. Types only.
 */
import type { ReportedError } from "../contract/report.ts";
import type { FileTexts, RecordChange } from "../files/codec.ts";

export interface WantedText {
  readonly text: string;
  /** Its blob SHA. */
  readonly sha: string;
}

export type Standing =
  | { readonly kind: "in-sync"; readonly warnings: readonly string[] }
  | {
      readonly kind: "drift";
      readonly changes: readonly RecordChange[];
      /** The files that must change, by path. */
      readonly files: ReadonlyMap<string, WantedText>;
      /** The base's texts that it was compared with. */
      readonly before: FileTexts;
      /** Why it would be held without force. */
      readonly overrides?: string;
      readonly warnings: readonly string[];
    }
  | {
      readonly kind: "held";
      readonly why: string;
      /** What would change. */
      readonly changes: readonly RecordChange[];
      readonly warnings: readonly string[];
      /** PRIMARY has nothing to say, or something else than what a force was for: it is asked again soon. */
      readonly awaitsPrimary: boolean;
      /** A force was for other changes than these. */
      readonly isUnexpected?: boolean;
    }
  | { readonly kind: "failed"; readonly error: ReportedError; readonly retryAt: number | null }
  /** The sync branch has what PRIMARY says, as memory vouches. */
  | { readonly kind: "on-branch" }
  /** Not configured any more, and the sync branch changes it all the same. */
  | { readonly kind: "left-on-branch" }
  /** Not asked for. */
  | { readonly kind: "unchecked" };
