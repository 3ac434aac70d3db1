/**
 * What the texts of a commit and of a pull request are made of. Types only.
 */
import type { CategoryName } from "../categories.ts";
import type { Delta } from "./delta.ts";

/** A category that PRIMARY wants to change further and the sync does not; what is on the branch of it stays there. */
export interface KeptBack {
  readonly category: CategoryName;
  /** A whole sentence. */
  readonly why: string;
}

export interface Story {
  readonly delta: Delta;
  readonly keptBack: readonly KeptBack[];
  /** Of these nobody knows how they stand: they could not be read, were not asked for, or are not configured. */
  readonly unknown: readonly CategoryName[];
  readonly fingerprint: string;
  readonly primaryUrl: string;
  /** Digest of PRIMARY's address. */
  readonly source: string;
  /** Of the service's own page, without a trailing slash; `null` where nobody told. */
  readonly statusUrl: string | null;
  /** `https://github.com/owner/name` */
  readonly repositoryUrl: string;
  /** The base commit that the delta was taken from. */
  readonly baseCommit: string;
}
