/**
 * What the replica hands out: one category's content in every form, with how sure it is of it.
 */
import type { CategoryName } from "../../categories.ts";
import type { ReportedError } from "../../contract/report.ts";

/** The forms of a category: legacy, legacy with the groups of text models, and converted. */
export type Form = "v1" | "v1-grouped" | "v2";

/** A body to send. */
export interface Payload {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Compressed on first use, and kept. */
  readonly gzip: () => Promise<Uint8Array<ArrayBuffer>>;
}

/** A category in one form. */
export interface Body {
  readonly payload: Payload;
  /** How many records the form lacks, because they cannot be read. */
  readonly leftOut: number;
  /** JSON texts of the records by name, in the order of the body; read on first use. */
  readonly records: () => ReadonlyMap<string, string>;
}

export interface Reference {
  readonly category: CategoryName;
  /** Names the content. One source file: its blob SHA; several: a SHA-1 over theirs. */
  readonly revision: string;
  /** There is no record at all, as when the file is missing. */
  readonly isEmpty: boolean;
  /**
   * From memory, else as it was kept by whoever converted it first, else converted now.
   *
   * @throws SyncError `legacy-malformed`
   */
  body(form: Form): Promise<Body>;
  /** The newest commit whose tree is known to hold this content. */
  readonly commit: string;
  /** When GitHub last confirmed that it is the newest content (ms since the epoch). */
  readonly checkedAt: number;
  /** Why GitHub could not confirm it since; `null` while it is fresh or being revalidated. */
  readonly stale: ReportedError | null;
  /**
   * `hit`: at once, from memory. `revalidated`: after GitHub, or a cache that knew, was asked. `stale`: the last good
   * content, which could not be confirmed.
   */
  readonly source: "hit" | "revalidated" | "stale";
}
