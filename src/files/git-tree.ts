/**
 * The root of a Git tree: what stands at each path, with its mode. Pure.
 *
 * @see https://git-scm.com/docs/git-ls-tree
 */
import type { FileShas } from "./codec.ts";

export interface TreeEntry {
  /** Six octal digits, such as `100644`. A file keeps the one it has. */
  readonly mode: string;
  readonly sha: string;
}

/** Entries by path; subfolders are entries too, and their contents are not. */
export type Tree = ReadonlyMap<string, TreeEntry>;

export const REGULAR_MODE = "100644";

const KINDS: Readonly<Record<string, string>> = {
  "120000": "a symbolic link",
  "160000": "a submodule",
  "040000": "a folder",
};

/** What stands there instead of a regular file, or `null` for one (executable or not). */
export function irregularKind({ mode }: TreeEntry): string | null {
  if (/^100\d{3}$/.test(mode)) return null;
  return KINDS[mode] ?? `an entry of mode ${mode}`;
}

/** Blob SHAs of the regular files. */
export function toShas(tree: Tree): FileShas {
  return new Map([...tree].flatMap(([path, entry]) => (irregularKind(entry) === null ? [[path, entry.sha]] : [])));
}

export function isSameEntry(one: TreeEntry | undefined, other: TreeEntry | undefined): boolean {
  return one?.sha === other?.sha && one?.mode === other?.mode;
}

/** The entries at `paths`. */
export function pick(tree: Tree, paths: readonly string[]): Tree {
  return new Map(
    paths.flatMap((path) => {
      const entry = tree.get(path);
      return entry === undefined ? [] : [[path, entry]];
    }),
  );
}
