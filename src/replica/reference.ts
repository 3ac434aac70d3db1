/**
 * What the replica hands out: one category's content in both formats, with how sure it is of it.
 */
import type { CategoryName } from "../categories.ts";
import type { ReportedError } from "../contract/report.ts";
import type { ReferenceIssue } from "./convert/reference-document.ts";

/** A body to send. */
export interface Payload {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Compressed on first use, and kept. */
  readonly gzip: () => Promise<Uint8Array<ArrayBuffer>>;
}

/** The content of a category: everything that follows from the bytes of its source files. */
export interface Content {
  /** Names the content. One source file: its blob SHA; several: a SHA-1 over theirs. */
  readonly revision: string;
  /** The body of v1: what PRIMARY would serve. */
  readonly v1: Payload;
  /** The body of v2, converted on first use and kept. */
  readonly v2: () => Payload;
  /** v2 record bodies (JSON texts of one line) by name, in the order of the file. */
  readonly models: () => ReadonlyMap<string, string>;
  /** There is no record at all, as when the file is missing: the real server answers 404. */
  readonly isEmpty: boolean;
  readonly issues: { readonly v1: readonly ReferenceIssue[]; readonly v2: () => readonly ReferenceIssue[] };
}

export interface Reference extends Content {
  readonly category: CategoryName;
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
