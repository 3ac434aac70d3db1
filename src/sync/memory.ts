/**
 * What a run may remember of earlier ones to save requests. A cache: whatever is missing, stale or wrong here costs
 * requests and never changes what is published. Pure.
 */
import type { ReportedError } from "../contract/report.ts";
import type { Codec, FileShas } from "../files/codec.ts";
import type { Tree } from "../files/git-tree.ts";
import type { SourceTexts } from "./sources.ts";

/** `{path: "100644 <blob SHA>"}` */
export type TreeRecord = Readonly<Record<string, string>>;

/** PRIMARY's body with digest `primary` means the same as each of `files`. */
export interface Sameness {
  /** PRIMARY's time of the category's last change when the body was read; `null` when it told none. */
  readonly stamp: number | null;
  readonly primary: string;
  /** Keys as `filesKey` makes them; the newest last. */
  readonly files: readonly string[];
  /** What the files cannot say of it, and what their repository's check refuses. */
  readonly warnings?: readonly string[];
  /** There is something to warn of, which only another comparison tells. */
  readonly isToTell?: true;
}

/** What we last put on the sync branch. */
export interface PublishedBranch {
  readonly headSha: string;
  readonly headFiles: TreeRecord;
  /** The base commit that the branch includes, and our files there. */
  readonly baseSha: string;
  readonly baseFiles: TreeRecord;
  readonly pullRequest: number;
  readonly url?: string;
  /** ISO 8601, UTC. */
  readonly openedAt?: string;
  /** Digest of the PRIMARY it was made from. */
  readonly source?: string;
}

/** What a pull request was given: keys as `ornamentKey` makes them. */
export interface Decoration {
  readonly pullRequest: number;
  readonly added: readonly string[];
  /** GitHub's words by key. */
  readonly refused: Readonly<Record<string, string>>;
}

/** A closing that a run has looked into. */
export interface Closing {
  readonly pullRequest: number;
  readonly endedAt: string;
  readonly by: "person" | "bot";
  readonly login: string;
  /** A person's commits were on the branch when it was closed. */
  readonly wasEdited: boolean;
}

/** When a category's files last meant what PRIMARY said. */
export interface InSyncAt {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly commit: string;
  /** Blob SHAs by path, of the files that the codec writes. */
  readonly files: Readonly<Record<string, string>>;
}

/** A category that could not be read, and when it is asked for again. */
export interface CategoryFailure {
  readonly error: ReportedError;
  readonly times: number;
  /** Milliseconds since the epoch. */
  readonly nextAttemptAt: number;
}

/** An edit of the base that a pull request undoes, as found between two states of a category's files. */
export interface KnownOrigin {
  readonly key: string;
  readonly names: readonly string[];
  readonly commits: readonly string[];
}

export interface RepositoryMemory {
  readonly baseTree: { readonly sha: string; readonly files: TreeRecord } | null;
  readonly sameness: Readonly<Record<string, Sameness>>;
  readonly published: PublishedBranch | null;
  /** PRIMARY's stamps of all categories when the repository was last settled; `null` when they were not known. */
  readonly settledAt: Readonly<Record<string, number | null>> | null;
  /** Small files that are only read. */
  readonly sources?: SourceTexts;
  readonly decoration?: Decoration;
  readonly closings?: readonly Closing[];
  readonly inSyncAt?: Readonly<Record<string, InSyncAt>>;
  readonly failures?: Readonly<Record<string, CategoryFailure>>;
  readonly origins?: Readonly<Record<string, KnownOrigin>>;
  /** Set while the repository as a whole fails: how often in a row, and when it is tried again (ms since the epoch). */
  readonly retry?: { readonly times: number; readonly nextAttemptAt: number };
  /** What a run left or found on GitHub, as `toGlimpse` tells it. */
  readonly glimpse?: string;
}

export const EMPTY_MEMORY: RepositoryMemory = { baseTree: null, sameness: {}, published: null, settledAt: null };

/** What it knows of GitHub alone, whatever PRIMARY says. */
export function memoryOfGitHub(memory: RepositoryMemory): RepositoryMemory {
  const { baseTree, published, sources, decoration, closings, glimpse } = memory;
  return {
    ...EMPTY_MEMORY,
    baseTree,
    published,
    ...(sources === undefined ? {} : { sources }),
    ...(decoration === undefined ? {} : { decoration }),
    ...(closings === undefined ? {} : { closings }),
    ...(glimpse === undefined ? {} : { glimpse }),
  };
}

const MAX_KEYS = 3;

/** Names the state of all files that a codec reads, such as `3f2a… -` for one present and one missing file. */
export function filesKey(codec: Codec, files: FileShas): string {
  return [...codec.writes, ...codec.reads].map((path) => files.get(path) ?? "-").join(" ");
}

/** Add a pair; what was known of another body of PRIMARY is forgotten. */
export function rememberSame(
  known: Sameness | undefined,
  pair: { stamp: number | null; primary: string; key: string },
  told: Pick<Sameness, "warnings" | "isToTell"> = {},
): Sameness {
  const keys = known?.primary === pair.primary ? known.files.filter((key) => key !== pair.key) : [];
  return { stamp: pair.stamp, primary: pair.primary, files: [...keys, pair.key].slice(-MAX_KEYS), ...told };
}

export function toTreeRecord(tree: Tree): TreeRecord {
  return Object.fromEntries([...tree].map(([path, { mode, sha }]) => [path, `${mode} ${sha}`]));
}

/** @returns `null` for a record of an earlier version, which had no modes */
export function fromTreeRecord(record: TreeRecord): Tree | null {
  const tree = new Map<string, { mode: string; sha: string }>();
  for (const [path, entry] of Object.entries(record)) {
    const [mode = "", sha] = entry.split(" ");
    if (sha === undefined) return null;
    tree.set(path, { mode, sha });
  }
  return tree;
}
