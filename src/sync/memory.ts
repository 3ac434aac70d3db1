/**
 * What a run may remember of earlier ones to save requests (DESIGN.md sections 2 and 5). A cache: whatever is missing,
 * stale or wrong here costs requests and never changes a result. Pure.
 */
import type { Codec } from "../files/codec.ts";
import type { FileShas } from "./ports.ts";
import type { SourceTexts } from "./sources.ts";

/** `{path: blob SHA}` */
export type FileShaRecord = Readonly<Record<string, string>>;

/** PRIMARY's body with digest `primary` means the same as each of `files`. */
export interface Sameness {
  /** PRIMARY's time of the category's last change when the body was read; `null` when it told none. */
  readonly stamp: number | null;
  readonly primary: string;
  /** Keys as `filesKey` makes them; the newest last. */
  readonly files: readonly string[];
}

/** What we last put on the sync branch. */
export interface PublishedBranch {
  readonly headSha: string;
  readonly headFiles: FileShaRecord;
  /** The base commit that the branch includes, and our files there. */
  readonly baseSha: string;
  readonly baseFiles: FileShaRecord;
  readonly pullRequest: number;
  /** A run of ours came to its labels and reviewers. */
  readonly isDecorated?: boolean;
}

export interface RepositoryMemory {
  readonly baseTree: { readonly sha: string; readonly files: FileShaRecord } | null;
  readonly sameness: Readonly<Record<string, Sameness>>;
  readonly published: PublishedBranch | null;
  /** PRIMARY's stamps of all categories when the repository was last settled; `null` when they were not known. */
  readonly settledAt: Readonly<Record<string, number | null>> | null;
  /** Small files that are only read. */
  readonly sources?: SourceTexts;
}

export const EMPTY_MEMORY: RepositoryMemory = { baseTree: null, sameness: {}, published: null, settledAt: null };

const MAX_KEYS = 3;

/** Names the state of all files that a codec reads, such as `3f2a… -` for one present and one missing file. */
export function filesKey(codec: Codec, files: FileShas): string {
  return [...codec.writes, ...codec.reads].map((path) => files.get(path) ?? "-").join(" ");
}

/** Add a pair; what was known of another body of PRIMARY is forgotten. */
export function rememberSame(
  known: Sameness | undefined,
  pair: { stamp: number | null; primary: string; key: string },
): Sameness {
  const keys = known?.primary === pair.primary ? known.files.filter((key) => key !== pair.key) : [];
  return { stamp: pair.stamp, primary: pair.primary, files: [...keys, pair.key].slice(-MAX_KEYS) };
}

export function toRecord(files: FileShas, paths: readonly string[]): FileShaRecord {
  return Object.fromEntries(
    paths.flatMap((path) => {
      const sha = files.get(path);
      return sha === undefined ? [] : [[path, sha]];
    }),
  );
}
