/**
 * Compare PRIMARY with the base branch, category by category (DESIGN.md section 5). Does I/O through ports.
 *
 * What can be read at once is; texts are parsed one category after the other, so that only one is in memory as such.
 */
import type { Category, CategoryName } from "../categories.ts";
import { blobShaOfText } from "../files/blob.ts";
import { type CategoryState, countChanges, fingerprintOf, toCategoryReport } from "./drift.ts";
import { evaluateCategory, firstPaths, isKnownSame } from "./evaluate.ts";
import { filesKey, rememberSame, type Sameness } from "./memory.ts";
import type { RepositoryRun } from "./observe.ts";
import type { FileShas, PrimaryAnswer } from "./ports.ts";
import type { Reads } from "./reads.ts";

/** PRIMARY's times of the last change by category; `null` when it did not tell them. */
export type Stamps = ReadonlyMap<string, number | null> | null;

export interface Compared {
  readonly states: readonly CategoryState[];
  readonly sameness: Readonly<Record<string, Sameness>>;
  /** Digest of PRIMARY's body for the categories that were read. */
  readonly digests: ReadonlyMap<CategoryName, string>;
}

/** One look at a repository, after its branches were read. */
export interface Look {
  readonly run: RepositoryRun;
  readonly reads: Reads;
  readonly stamps: Stamps;
}

export interface CompareInput extends Look {
  readonly baseFiles: FileShas;
  /** The files of the sync branch while a pull request is open. */
  readonly openFiles: FileShas | null;
}

/**
 * Start to read what the comparison will need, before the tree of the base is known. A category that PRIMARY edited
 * since it was compared last nearly always drifts, so that its files are asked for together with it.
 *
 * @param baseFiles `null` when the tree has yet to be read
 */
export function readAhead({ run, reads, stamps }: Look, baseFiles: FileShas | null): void {
  const trusted = run.trustStamps ? stamps : null;
  for (const { name, codec } of run.categories) {
    const known = run.memory.sameness[name];
    if (!run.requested.includes(name) || (trusted !== null && known?.stamp === (trusted.get(name) ?? null))) continue;
    reads.category(name).catch(() => {});
    if (trusted === null || known === undefined || baseFiles === null) continue;
    for (const path of firstPaths(codec)) expectFile(reads, baseFiles, path);
  }
}

export async function compareCategories(input: CompareInput): Promise<Compared> {
  const { run, reads, stamps, baseFiles, openFiles } = input;
  const answered = await Promise.all(
    run.categories.flatMap((category) => {
      const isInOpen = category.codec.writes.some(
        (path) => openFiles !== null && openFiles.get(path) !== baseFiles.get(path),
      );
      if (!run.requested.includes(category.name) && !isInOpen) return [];
      // Not while it is in the open pull request: a run with a newer stamp may have put it there.
      return [isInOpen || !isUntouched(category, input) ? ask(category, input) : { category, answer: null }];
    }),
  );
  for (const { category, answer } of answered) {
    if (answer?.kind !== "present" || isSame(category, answer, input)) continue;
    for (const path of firstPaths(category.codec)) expectFile(reads, baseFiles, path);
  }
  const states: CategoryState[] = [];
  const sameness: Record<string, Sameness> = { ...run.memory.sameness };
  const digests = new Map<CategoryName, string>();
  for (const { category, answer } of answered) {
    const { name, codec } = category;
    if (answer === null) {
      run.log.debug("category.untouched", { category: name });
      states.push({ category: name, changes: [], files: new Map(), warnings: [], held: null });
      continue;
    }
    const state = await evaluate(category, answer, input);
    states.push(state);
    if (answer.kind === "absent") continue;
    digests.set(name, answer.sha);
    const stamp = stamps?.get(name) ?? null;
    const isInSync = state.held === null && state.files.size === 0;
    const key = filesKey(codec, baseFiles);
    if (isInSync) sameness[name] = rememberSame(sameness[name], { stamp, primary: answer.sha, key });
  }
  return { states, sameness, digests };
}

interface Answered {
  readonly category: Category;
  /** `null`: PRIMARY did not touch it since it was compared, and so it was not asked. */
  readonly answer: PrimaryAnswer | null;
}

async function ask(category: Category, { run, reads }: CompareInput): Promise<Answered> {
  const answer = await reads.category(category.name);
  const bytes = answer.kind === "present" ? answer.bytes.byteLength : null;
  run.log.debug("primary.fetched", { category: category.name, bytes });
  return { category, answer };
}

function isUntouched({ name, codec }: Category, { run, stamps, baseFiles }: CompareInput): boolean {
  const known = run.memory.sameness[name];
  if (!run.trustStamps || stamps === null || known === undefined) return false;
  return known.stamp === (stamps.get(name) ?? null) && known.files.includes(filesKey(codec, baseFiles));
}

function isSame(category: Category, { sha }: { sha: string }, { run, baseFiles }: CompareInput): boolean {
  return isKnownSame({ category, baseFiles, known: run.memory.sameness[category.name] }, sha);
}

function expectFile(reads: Reads, files: FileShas, path: string): void {
  const sha = files.get(path);
  if (sha !== undefined) reads.expectBlob(sha);
}

async function evaluate(category: Category, answer: PrimaryAnswer, input: CompareInput): Promise<CategoryState> {
  const { run, reads, baseFiles } = input;
  const { maxRemovalPercent, isForced } = run;
  const known = run.memory.sameness[category.name];
  const state = await evaluateCategory({
    category,
    baseFiles,
    known,
    answer,
    readBlob: reads.blob,
    maxRemovalPercent,
    isForced,
  });
  const { added, removed, modified, held } = toCategoryReport(state);
  run.log.debug("category.compared", {
    category: category.name,
    added: added.length,
    removed: removed.length,
    modified: modified.length,
    ...(held === undefined ? {} : { held }),
  });
  return state;
}

/** The SHA every compared file should have: of the new text where it changes, else of the base. */
export function toWanted(run: RepositoryRun, states: readonly CategoryState[], baseFiles: FileShas) {
  const wanted = new Map<string, string>();
  const texts = new Map<string, string>();
  for (const { category, files, shas, held } of states) {
    if (held !== null) continue;
    for (const path of run.categories.find(({ name }) => name === category)?.codec.writes ?? []) {
      const text = files.get(path);
      const sha = text === undefined ? baseFiles.get(path) : (shas?.get(path) ?? blobShaOfText(text));
      if (sha !== undefined) wanted.set(path, sha);
      if (text !== undefined) texts.set(path, text);
    }
  }
  return { wanted, texts, changes: countChanges(states), fingerprint: fingerprintOf(states) };
}
