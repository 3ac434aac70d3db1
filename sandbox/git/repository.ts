import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Commit, encodeCommit, parseCommit } from "./commit.ts";
import { createObjectStore, type ObjectStore } from "./object-store.ts";
import { createRefStore, type RefStore } from "./refs.ts";
import { encodeTree, parseTree, type TreeEntry } from "./tree.ts";

export interface GitRepository {
  /** The bare repository, for the git command line. */
  readonly directory: string;
  /** Where the objects are: a fork's are where its origin's are. */
  readonly objectsDirectory: string;
  readonly objects: ObjectStore;
  readonly refs: RefStore;
  /** Null when there is no such commit. */
  commit(sha: string): Commit | null;
  /** The entries of a tree; null when there is no such tree. */
  tree(sha: string): readonly TreeEntry[] | null;
  writeTree(entries: readonly TreeEntry[]): string;
  writeCommit(commit: Commit): string;
}

/** Makes a fresh bare repository in a folder; what was there before goes. */
export function createRepository(directory: string, branch: string): GitRepository {
  makeFolders(directory, branch);
  return openRepository(directory, directory);
}

/**
 * Makes a fork: refs of its own, to begin with the origin's branches, and the origin's objects. That is how GitHub
 * keeps forks, and why a pull request from one needs no copying.
 */
export function createFork(directory: string, origin: GitRepository, branch: string): GitRepository {
  makeFolders(directory, branch);
  writeFileSync(join(directory, "objects", "info", "alternates"), `${join(origin.objectsDirectory, "objects")}\n`);
  const fork = { ...origin, directory, refs: createRefStore(directory) };
  for (const [ref, sha] of origin.refs.list()) fork.refs.write(ref, sha);
  return fork;
}

function makeFolders(directory: string, branch: string): void {
  rmSync(directory, { recursive: true, force: true });
  for (const folder of ["objects/pack", "objects/info", "refs/heads", "refs/tags", "info"]) {
    mkdirSync(join(directory, folder), { recursive: true });
  }
  writeFileSync(join(directory, "HEAD"), `ref: refs/heads/${branch}\n`);
  writeFileSync(join(directory, "config"), "[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = true\n");
}

function openRepository(directory: string, objectsDirectory: string): GitRepository {
  const objects = createObjectStore(objectsDirectory);
  const commits = new Map<string, Commit>();
  const commit = (sha: string): Commit | null => {
    const known = commits.get(sha);
    if (known !== undefined) return known;
    const found = objects.read(sha);
    if (found?.type !== "commit") return null;
    const parsed = parseCommit(found.data);
    commits.set(sha, parsed);
    return parsed;
  };
  return {
    directory,
    objectsDirectory,
    objects,
    refs: createRefStore(directory),
    commit,
    tree(sha) {
      const found = objects.read(sha);
      return found?.type === "tree" ? parseTree(found.data) : null;
    },
    writeTree: (entries) => objects.write("tree", encodeTree(entries)),
    writeCommit: (value) => objects.write("commit", encodeCommit(value)),
  };
}
