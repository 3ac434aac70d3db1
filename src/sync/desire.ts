/**
 * What the sync branch should hold: a standing for each category, and of all of them together the files. Does I/O
 * through the reads it is given.
 *
 * What can be read at once is; texts are parsed one category after the other, so that only one is in memory as such.
 */
import type { Category, CategoryName } from "../categories.ts";
import { describeError, type ErrorCode, SyncError } from "../core/errors.ts";
import type { Logger } from "../core/log.ts";
import type { RecordChange } from "../files/codec.ts";
import { type Tree, toShas } from "../files/git-tree.ts";
import { countKind } from "./delta.ts";
import { firstPaths, type Guard, isKnownSame, judgeCategory } from "./judge-category.ts";
import { type CategoryFailure, filesKey, type RepositoryMemory } from "./memory.ts";
import type { PrimaryAnswer } from "./ports.ts";
import type { Reads } from "./reads.ts";
import { isChangedOn, isMovedUnder, type SyncBranch } from "./snapshot.ts";
import type { Stamps } from "./stamps.ts";
import type { Standing } from "./standing.ts";

export interface DesireQuery {
  /** All configured categories of the repository. */
  readonly categories: readonly Category[];
  /** Others too; what the branch changes of these stays as it is, and is told. */
  readonly known: readonly Category[];
  /** Those asked for; others are looked at only when the open pull request changes them already. */
  readonly requested: readonly CategoryName[];
  readonly base: Tree;
  /** The branch of an open pull request of ours; `null` without one. */
  readonly branch: SyncBranch | null;
  readonly reads: Reads;
  readonly stamps: Stamps;
  /** Whether a category whose stamp did not move may be skipped, and one that failed lately is left alone for a while. */
  readonly trustStamps: boolean;
  readonly memory: RepositoryMemory;
  readonly guard: Guard;
  /** From when back-offs count (ms since the epoch). */
  readonly dueAt: number;
  readonly log: Logger;
}

export interface Judged {
  readonly category: Category;
  readonly standing: Standing;
  /** Digest of PRIMARY's body, if it was asked. */
  readonly digest: string | null;
}

/**
 * Start to read what the comparison will need, before the tree of the base is known. A category that PRIMARY edited
 * since it was compared last nearly always drifts, so that its files are asked for together with it.
 *
 * @param base `null` when the tree has yet to be read
 */
export function readAhead(query: Omit<DesireQuery, "known" | "base" | "branch">, base: Tree | null): void {
  const { categories, requested, reads, memory, stamps } = query;
  const trusted = query.trustStamps ? stamps : null;
  for (const { name, codec } of categories) {
    const known = memory.sameness[name];
    if (!requested.includes(name) || backOffOf(name, query) !== null) continue;
    if (trusted !== null && known?.stamp === (trusted.get(name) ?? null)) continue;
    reads.category(name).catch(() => {});
    if (trusted === null || known === undefined || base === null) continue;
    for (const path of firstPaths(codec)) expectFile(reads, base, path);
  }
}

/** One bad category stops nobody: whatever is wrong with it alone is its standing. */
export async function judgeCategories(query: DesireQuery): Promise<readonly Judged[]> {
  const answered = await Promise.all(query.categories.map((category) => ask(category, query)));
  for (const entry of answered) {
    if (entry.answer?.kind !== "present") continue;
    const { category, answer } = entry;
    if (isKnownSame({ category, base: query.base, known: query.memory.sameness[category.name] }, answer.sha)) continue;
    for (const path of firstPaths(category.codec)) expectFile(query.reads, query.base, path);
  }
  const judged: Judged[] = [];
  for (const entry of answered) judged.push(await judge(entry, query));
  return [...judged, ...leftOnBranch(query)].sort((one, other) => place(one, query) - place(other, query));
}

/** Nobody compares them any more, and a merge publishes them all the same. */
function leftOnBranch({ known, categories, branch }: DesireQuery): Judged[] {
  if (branch === null) return [];
  return known
    .filter((category) => !categories.includes(category) && isChangedOn(branch, category.codec.writes))
    .map((category) => ({ category, standing: { kind: "left-on-branch" }, digest: null }));
}

function place({ category }: Judged, { known }: DesireQuery): number {
  return known.indexOf(category);
}

type Answered = { readonly category: Category } & (
  | { readonly answer: PrimaryAnswer }
  | { readonly answer: null; readonly standing: Standing }
);

async function ask(category: Category, query: DesireQuery): Promise<Answered> {
  const { name } = category;
  const told = (standing: Standing): Answered => ({ category, answer: null, standing });
  const isOnBranch = query.branch !== null && isChangedOn(query.branch, category.codec.writes);
  if (!query.requested.includes(name) && !isOnBranch) return told({ kind: "unchecked" });
  const failure = backOffOf(name, query);
  if (failure !== null) return told({ kind: "failed", error: failure.error, retryAt: failure.nextAttemptAt });
  const place = query.trustStamps ? whereUntouched(category, isOnBranch, query) : null;
  if (place === "base") return told({ kind: "in-sync", warnings: query.memory.sameness[name]?.warnings ?? [] });
  if (place === "branch") return told({ kind: "on-branch" });
  try {
    const answer = await query.reads.category(name);
    const bytes = answer.kind === "present" ? answer.bytes.byteLength : null;
    query.log.debug("primary.fetched", { category: name, bytes });
    return { category, answer };
  } catch (error) {
    return told(failed(error));
  }
}

/** The failure after which a category is not asked for yet. */
function backOffOf(
  name: CategoryName,
  query: Pick<DesireQuery, "memory" | "trustStamps" | "dueAt">,
): CategoryFailure | null {
  const failure = query.memory.failures?.[name];
  return failure !== undefined && query.trustStamps && query.dueAt < failure.nextAttemptAt ? failure : null;
}

/**
 * Which side is known to hold what PRIMARY said at its present stamp. On a branch that somebody else moved since,
 * nothing is known.
 */
function whereUntouched(
  category: Category,
  isOnBranch: boolean,
  { base, branch, stamps, memory }: DesireQuery,
): "base" | "branch" | null {
  const known = memory.sameness[category.name];
  if (stamps === null || known === undefined || known.stamp !== (stamps.get(category.name) ?? null)) return null;
  const holds = (tree: Tree) => known.files.includes(filesKey(category.codec, toShas(tree)));
  if (!isOnBranch || branch === null) return holds(base) && known.isToTell !== true ? "base" : null;
  if (isMovedUnder(branch, category.codec.writes, base)) return null;
  return holds(new Map([...base, ...branch.files])) ? "branch" : null;
}

function expectFile(reads: Reads, files: Tree, path: string): void {
  const entry = files.get(path);
  if (entry !== undefined) reads.expectBlob(entry.sha);
}

async function judge(entry: Answered, query: DesireQuery): Promise<Judged> {
  const { category } = entry;
  if (entry.answer === null) return { category, standing: entry.standing, digest: null };
  const { base, branch, reads, memory, guard, requested } = query;
  const { answer } = entry;
  // A force is for what was asked for.
  const isForced = guard.isForced && requested.includes(category.name);
  const known = memory.sameness[category.name];
  const question = {
    category,
    base,
    branch: branch?.files ?? null,
    known,
    answer,
    readBlob: reads.blob,
    guard: { ...guard, isForced },
  };
  const standing = await judgeCategory(question).catch((error: unknown) => failed(error));
  const changes = "changes" in standing ? standing.changes : [];
  query.log.debug("category.compared", { category: category.name, standing: standing.kind, ...countsOf(changes) });
  return { category, standing, digest: answer.kind === "present" ? answer.sha : null };
}

function countsOf(changes: readonly RecordChange[]) {
  const modified = countKind(changes, "modified") + countKind(changes, "renamed");
  return { added: countKind(changes, "added"), removed: countKind(changes, "removed"), modified };
}

/** Faults that are of one category alone. Any other is GitHub's, and so of the whole repository. */
const OF_CATEGORY: readonly ErrorCode[] = [
  "primary-unavailable",
  "primary-malformed",
  "legacy-malformed",
  "github-not-found",
  "internal",
];

function failed(error: unknown): Standing {
  if (error instanceof SyncError && !OF_CATEGORY.includes(error.code)) throw error;
  return {
    kind: "failed",
    error: describeError(error),
    retryAt: error instanceof SyncError ? error.retryAt : null,
  };
}
