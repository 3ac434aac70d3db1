/**
 * The files that the sync branch must have, and how they differ from the base's. Does I/O through the reads it is
 * given, where the branch keeps what this run did not make.
 */
import type { Category, CategoryName } from "../categories.ts";
import { describeError } from "../core/errors.ts";
import { isSameEntry, REGULAR_MODE, type Tree, type TreeEntry } from "../files/git-tree.ts";
import { type CategoryDelta, type Delta, fingerprintOf } from "./delta.ts";
import type { Judged } from "./desire.ts";
import { firstPaths, readFiles } from "./judge-category.ts";
import { isChangedOn, isMovedUnder, type SyncBranch } from "./snapshot.ts";
import type { KeptBack } from "./story.ts";

export interface Proposal {
  readonly judged: readonly Judged[];
  /** Our files as the branch must have them; paths that nobody has are left out. */
  readonly wanted: Tree;
  /** Texts of wanted files that were made by this run, by path. */
  readonly texts: ReadonlyMap<string, string>;
  readonly delta: Delta;
  readonly fingerprint: string;
  readonly keptBack: readonly KeptBack[];
  /** Of these nobody knows how they stand. */
  readonly unknown: readonly CategoryName[];
  readonly warnings: readonly string[];
}

export interface ProposalQuery {
  readonly judged: readonly Judged[];
  readonly base: Tree;
  /** The branch of an open pull request of ours, whose files stay where nothing better is known; `null` without one. */
  readonly branch: SyncBranch | null;
  readonly readBlob: (sha: string) => Promise<Uint8Array>;
}

export async function propose(query: ProposalQuery): Promise<Proposal> {
  const wanted = new Map<string, TreeEntry>();
  const texts = new Map<string, string>();
  const delta: CategoryDelta[] = [];
  const warnings: string[] = [];
  for (const { category, standing } of query.judged) {
    const keep = (entries: Tree) => {
      for (const [path, entry] of entries) wanted.set(path, entry);
    };
    const base = entriesOf(category, query.base);
    if (standing.kind === "drift") {
      keep(base);
      for (const [path, { text, sha }] of standing.files) {
        wanted.set(path, { mode: base.get(path)?.mode ?? REGULAR_MODE, sha });
        texts.set(path, text);
      }
      const { changes, warnings } = standing;
      delta.push({ category: category.name, changes, files: [...standing.files.keys()], warnings });
      continue;
    }
    const kept = standing.kind === "in-sync" || standing.kind === "unchecked" ? base : keptOf(category, base, query);
    if (kept === null) {
      warnings.push(
        `What the pull request held of ${category.name} is left out of it, because the base changed the same file meanwhile.`,
      );
    }
    keep(kept ?? base);
    const isKept = standing.kind === "held" || standing.kind === "failed";
    const entry = await deltaOf(category, { after: kept ?? base, isKept }, query);
    if (entry !== null) delta.push(entry);
  }
  const keptBack = query.judged.flatMap(toKeptBack);
  const unknown = query.judged
    .filter(({ standing: { kind } }) => kind === "failed" || kind === "unchecked" || kind === "left-on-branch")
    .map(({ category }) => category.name);
  const fingerprint = fingerprintOf(delta);
  return { judged: query.judged, wanted, texts, delta, fingerprint, keptBack, unknown, warnings };
}

function entriesOf({ codec }: Category, tree: Tree): Tree {
  return new Map(codec.writes.flatMap((path) => withPath(path, tree.get(path))));
}

function withPath(path: string, entry: TreeEntry | undefined): [string, TreeEntry][] {
  return entry === undefined ? [] : [[path, entry]];
}

/**
 * What the branch changed of a category that this run makes nothing of. `null` where the base changed the same files
 * since: to keep the branch's would undo that.
 */
function keptOf(category: Category, base: Tree, { branch }: ProposalQuery): Tree | null {
  const { writes } = category.codec;
  if (branch === null || !isChangedOn(branch, writes)) return base;
  if (isMovedUnder(branch, writes, base)) return null;
  return entriesOf(category, branch.files);
}

/**
 * How two states of a category's files differ; `null` when they do not.
 *
 * @param of `isKept`: the branch's files stay though this run makes nothing of them, so that only they tell what was
 *   wrong with a derived file of the base
 */
async function deltaOf(
  category: Category,
  { after, isKept }: { readonly after: Tree; readonly isKept: boolean },
  query: ProposalQuery,
): Promise<CategoryDelta | null> {
  const { base, readBlob } = query;
  const files = category.codec.writes.filter((path) => !isSameEntry(base.get(path), after.get(path)));
  if (files.length === 0) return null;
  const { name, codec } = category;
  try {
    const paths = firstPaths(codec);
    const derived = isKept ? codec.derived.filter((path) => files.includes(path) && base.has(path)) : [];
    const read = (tree: Tree, from: readonly string[]) => readFiles({ category, base: tree, readBlob }, from);
    const [old, now] = await Promise.all([
      read(base, [...paths, ...derived]),
      read(new Map([...base, ...after]), paths),
    ]);
    const { changes, warnings } = codec.diff({ before: old, after: now });
    return { category: name, changes, files, warnings };
  } catch (error) {
    return { category: name, changes: [], files, warnings: [], unreadable: describeError(error).message };
  }
}

function toKeptBack({ category, standing }: Judged): KeptBack[] {
  return standing.kind === "held" ? [{ category: category.name, why: standing.why }] : [];
}
