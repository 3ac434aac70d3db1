/**
 * What a finished run leaves for later ones, to save them requests. Pure.
 */
import type { RepositoryOutcome } from "../contract/report.ts";
import { backOffMs, MAX_RETRY_AFTER_MS } from "../core/back-off.ts";
import type { FileShas } from "../files/codec.ts";
import { pick, type Tree, toShas } from "../files/git-tree.ts";
import type { Judged } from "./desire.ts";
import {
  type CategoryFailure,
  filesKey,
  type InSyncAt,
  type PublishedBranch,
  type RepositoryMemory,
  rememberSame,
  type Sameness,
  toTreeRecord,
} from "./memory.ts";
import type { PullRequest } from "./ports.ts";
import type { Proposal } from "./proposal.ts";
import type { Side, SyncBranch } from "./snapshot.ts";
import type { Stamps } from "./stamps.ts";
import type { Standing } from "./standing.ts";

export interface RememberInput {
  readonly before: RepositoryMemory;
  readonly base: Side;
  readonly branch: SyncBranch | null;
  /** Of all our files, also of categories that are not configured. */
  readonly paths: readonly string[];
  readonly proposal: Proposal;
  readonly stamps: Stamps;
  readonly source: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** From when the back-off of a category counts (ms since the epoch). */
  readonly dueAt: number;
  readonly outcome: RepositoryOutcome;
  readonly pull: PullRequest | null;
  readonly commit: string | null;
  /** Nothing of the repository has to be tried again. */
  readonly isSettled: boolean;
}

export type Remembered = Pick<
  RepositoryMemory,
  "baseTree" | "sameness" | "published" | "settledAt" | "inSyncAt" | "failures"
>;

export function remember(input: RememberInput): Remembered {
  const { base, before, proposal, dueAt } = input;
  return {
    // All files of the root, so that a category that is configured later finds its own.
    baseTree: { sha: base.treeSha, files: toTreeRecord(base.files) },
    sameness: rememberSameness(input),
    published: rememberPublished(input),
    settledAt: input.isSettled ? stampsOf(input) : null,
    inSyncAt: { ...before.inSyncAt, ...inSyncNow(input) },
    failures: rememberFailures(before.failures ?? {}, proposal.judged, dueAt),
  };
}

function rememberSameness(input: RememberInput): Record<string, Sameness> {
  const { before, base, proposal, stamps, commit, pull } = input;
  const sameness: Record<string, Sameness> = { ...before.sameness };
  const isPublished = pull !== null || commit !== null;
  const [old, after] = [toShas(base.files), toShas(new Map([...base.files, ...proposal.wanted]))];
  for (const { category, standing, digest } of proposal.judged) {
    if (digest === null) continue;
    const files = standing.kind === "in-sync" ? old : standing.kind === "drift" && isPublished ? after : null;
    if (files === null) continue;
    const pair = { stamp: stamps?.get(category.name) ?? null, primary: digest, key: filesKey(category.codec, files) };
    sameness[category.name] = rememberSame(sameness[category.name], pair, toTell(standing));
  }
  return sameness;
}

/** What is in sync goes on being warned of. What will be when it is merged has to be looked at then. */
function toTell(standing: Standing): Pick<Sameness, "warnings" | "isToTell"> {
  if (standing.kind === "in-sync" && standing.warnings.length > 0) return { warnings: standing.warnings };
  return standing.kind === "drift" && standing.warnings.length > 0 ? { isToTell: true } : {};
}

/** Known only when every category was looked at, and PRIMARY told its stamps. */
function stampsOf({ proposal, stamps }: RememberInput): RepositoryMemory["settledAt"] {
  if (stamps === null || proposal.judged.some(({ standing }) => standing.kind === "unchecked")) return null;
  return Object.fromEntries(proposal.judged.map(({ category }) => [category.name, stamps.get(category.name) ?? null]));
}

function rememberPublished(input: RememberInput): PublishedBranch | null {
  const { before, base, branch, paths, proposal, outcome, pull, commit, source } = input;
  const last = before.published;
  const headSha = commit ?? branch?.commit ?? null;
  if (pull === null || headSha === null || !["created", "updated", "current"].includes(outcome)) {
    // What is known of a commit stays true; a person may take theirs back, too.
    return outcome === "edited" || last?.headSha === branch?.commit ? last : null;
  }
  const isNew = commit !== null;
  const told = { url: pull.url, openedAt: pull.openedAt, source };
  if (!isNew && last?.headSha === headSha && last.pullRequest === pull.number) return { ...last, ...told };
  if (!isNew && branch?.baseMoved !== false) return null;
  const head: Tree = isNew ? new Map([...base.files, ...proposal.wanted]) : (branch?.files ?? new Map());
  return {
    headSha,
    headFiles: toTreeRecord(pick(head, paths)),
    baseSha: base.commit,
    baseFiles: toTreeRecord(pick(base.files, paths)),
    pullRequest: pull.number,
    ...told,
  };
}

/** An entry stays as long as the files are the same, so that a quiet run changes no memory. */
function inSyncNow({ before, base, proposal, now }: RememberInput): Record<string, InSyncAt> {
  const shas = toShas(base.files);
  const entries = proposal.judged.flatMap(({ category, standing }): [string, InSyncAt][] => {
    if (standing.kind !== "in-sync") return [];
    const files = Object.fromEntries(category.codec.writes.flatMap((path) => entryOf(path, shas)));
    const known = before.inSyncAt?.[category.name];
    const isSame = known !== undefined && JSON.stringify(known.files) === JSON.stringify(files);
    return [[category.name, isSame ? known : { at: new Date(now).toISOString(), commit: base.commit, files }]];
  });
  return Object.fromEntries(entries);
}

function entryOf(path: string, shas: FileShas): [string, string][] {
  const sha = shas.get(path);
  return sha === undefined ? [] : [[path, sha]];
}

/** Waits grow as `backOffMs` says. A category that is not configured any more is forgotten. */
function rememberFailures(
  before: Readonly<Record<string, CategoryFailure>>,
  judged: readonly Judged[],
  dueAt: number,
): Record<string, CategoryFailure> {
  const failures: Record<string, CategoryFailure> = {};
  for (const { category, standing } of judged) {
    const known = before[category.name];
    if (standing.kind === "unchecked" && known !== undefined) failures[category.name] = known;
    if (standing.kind !== "failed") continue;
    if (known !== undefined && dueAt < known.nextAttemptAt && standing.retryAt === known.nextAttemptAt) {
      failures[category.name] = known;
      continue;
    }
    const times = (known?.times ?? 0) + 1;
    const asked = Math.min(standing.retryAt ?? 0, dueAt + MAX_RETRY_AFTER_MS);
    failures[category.name] = {
      error: standing.error,
      times,
      nextAttemptAt: Math.max(dueAt + backOffMs(times), asked),
    };
  }
  return failures;
}
