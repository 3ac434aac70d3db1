import type { GitRepository } from "./repository.ts";
import { DIRECTORY, type TreeEntry } from "./tree.ts";

export type TreeChange = { readonly mode: string; readonly sha: string } | null;

/** Asked to remove a path that the tree does not have. */
export class MissingPath extends Error {
  override readonly name = "MissingPath";
}

/**
 * Writes the tree that results from setting (or, with null, removing) paths in a tree. Folders appear and vanish as
 * their files do. Gives the new root, which is git's empty tree when nothing is left.
 */
export function editTree(
  repository: GitRepository,
  root: string | null,
  changes: ReadonlyMap<string, TreeChange>,
): string {
  const entries = new Map((root === null ? [] : (repository.tree(root) ?? [])).map((entry) => [entry.name, entry]));
  const below = new Map<string, Map<string, TreeChange>>();
  for (const [path, change] of changes) {
    const slash = path.indexOf("/");
    if (slash >= 0) {
      const folder = path.slice(0, slash);
      below.set(folder, (below.get(folder) ?? new Map()).set(path.slice(slash + 1), change));
    } else if (change === null) {
      if (!entries.delete(path)) throw new MissingPath(path);
    } else {
      entries.set(path, { name: path, ...change });
    }
  }
  for (const [folder, inner] of below) editFolder(repository, entries, folder, inner);
  return repository.writeTree([...entries.values()]);
}

function editFolder(
  repository: GitRepository,
  entries: Map<string, TreeEntry>,
  folder: string,
  changes: ReadonlyMap<string, TreeChange>,
): void {
  const current = entries.get(folder);
  const sha = editTree(repository, current?.mode === DIRECTORY ? current.sha : null, changes);
  if (repository.tree(sha)?.length === 0) entries.delete(folder);
  else entries.set(folder, { mode: DIRECTORY, name: folder, sha });
}

/** The entry at a path of a tree; null when it is not there. */
export function findEntry(repository: GitRepository, root: string, path: string): TreeEntry | null {
  const [first = "", ...rest] = path.split("/");
  const entry = repository.tree(root)?.find(({ name }) => name === first) ?? null;
  if (entry === null || rest.length === 0) return entry;
  return entry.mode === DIRECTORY ? findEntry(repository, entry.sha, rest.join("/")) : null;
}

/** Everything below a tree with full paths, folders included, in git's order. */
export function walkTree(repository: GitRepository, root: string, prefix = ""): TreeEntry[] {
  return (repository.tree(root) ?? []).flatMap((entry) => {
    const named = { ...entry, name: prefix + entry.name };
    return entry.mode === DIRECTORY ? [named, ...walkTree(repository, entry.sha, `${named.name}/`)] : [named];
  });
}

export interface PathChange {
  readonly path: string;
  readonly before: TreeEntry | null;
  readonly after: TreeEntry | null;
}

/** The files in which two trees differ. Equal folders are not entered. */
export function diffTrees(
  repository: GitRepository,
  before: string | null,
  after: string | null,
  prefix = "",
): PathChange[] {
  if (before === after) return [];
  const entriesOf = (sha: string | null) => (sha === null ? [] : (repository.tree(sha) ?? []));
  const left = new Map(entriesOf(before).map((entry) => [entry.name, entry]));
  const right = new Map(entriesOf(after).map((entry) => [entry.name, entry]));
  return [...new Set([...left.keys(), ...right.keys()])].sort().flatMap((name) => {
    const [old, young] = [left.get(name) ?? null, right.get(name) ?? null];
    if (old?.sha === young?.sha && old?.mode === young?.mode) return [];
    const folderOf = (entry: TreeEntry | null) => (entry?.mode === DIRECTORY ? entry.sha : null);
    const fileOf = (entry: TreeEntry | null) => (entry?.mode === DIRECTORY ? null : entry);
    const files = { path: prefix + name, before: fileOf(old), after: fileOf(young) };
    return [
      ...(files.before === null && files.after === null ? [] : [files]),
      ...diffTrees(repository, folderOf(old), folderOf(young), `${prefix}${name}/`),
    ];
  });
}
