/**
 * What a finished run leaves for later ones: memory that saves requests, and the last report again. Pure.
 */

import { isSettled, type RepositoryOutcome, type RepositoryReport } from "../contract/report.ts";
import { isAwaiting, isDrifting } from "./drift.ts";
import { filesKey, type RepositoryMemory, rememberSame, toRecord } from "./memory.ts";
import { type Found, pathsOf, type RepositoryRun } from "./observe.ts";
import type { PullRequest } from "./ports.ts";

/** How a run ended, before it becomes a report. */
export interface Concluded {
  readonly outcome: RepositoryOutcome;
  readonly pullRequest: PullRequest | null;
  readonly commit: string | null;
  readonly warnings: readonly string[];
  readonly isDecorated?: boolean;
}

export function remember(run: RepositoryRun, found: Found, done: Concluded): RepositoryMemory {
  // All files of the root, so that a category that is configured later finds its own.
  const baseTree = { sha: found.base.treeSha, files: Object.fromEntries(found.baseFiles) };
  const published = rememberPublished(run, found, done);
  const settledAt = stampsOf(run, found);
  const { sources } = found;
  if (published === null && done.commit === null)
    return { baseTree, sameness: found.sameness, published, settledAt, sources };
  const sameness = { ...found.sameness };
  const after = new Map([...found.baseFiles, ...found.wanted]);
  for (const state of found.states.filter(isDrifting)) {
    const codec = run.categories.find(({ name }) => name === state.category)?.codec;
    const primary = found.digests.get(state.category);
    if (codec === undefined || primary === undefined) continue;
    const stamp = found.stamps?.get(state.category) ?? null;
    sameness[state.category] = rememberSame(sameness[state.category], { stamp, primary, key: filesKey(codec, after) });
  }
  return { baseTree, sameness, published, settledAt, sources };
}

/** Known only when every category was looked at, and PRIMARY told its stamps. */
function stampsOf(run: RepositoryRun, { states, stamps }: Found): RepositoryMemory["settledAt"] {
  if (stamps === null || states.length !== run.categories.length || isAwaiting(states)) return null;
  return Object.fromEntries(run.categories.map(({ name }) => [name, stamps.get(name) ?? null]));
}

function rememberPublished(run: RepositoryRun, found: Found, done: Concluded): RepositoryMemory["published"] {
  const { pullRequest, commit, outcome } = done;
  const headSha = commit ?? found.head?.sha ?? null;
  if (pullRequest === null || headSha === null || !["created", "updated", "current"].includes(outcome)) return null;
  const paths = pathsOf(run.categories);
  const isNew = commit !== null && commit !== found.head?.sha;
  const headFiles = new Map([...found.baseFiles, ...(found.head?.changed ?? []), ...found.wanted]);
  const last = run.memory.published;
  const isDecorated =
    done.isDecorated === true || (last?.pullRequest === pullRequest.number && last.isDecorated === true);
  if (!isNew && last?.headSha === headSha) return { ...last, isDecorated };
  if (!isNew && found.head?.baseMoved !== false) return null;
  const [head, base] = [toRecord(headFiles, paths), toRecord(found.baseFiles, paths)];
  return {
    headSha,
    headFiles: head,
    baseSha: found.base.sha,
    baseFiles: base,
    pullRequest: pullRequest.number,
    isDecorated,
  };
}

/**
 * The last report again, when PRIMARY has not touched any of the repository's categories since it was settled.
 *
 * Only a tick trusts PRIMARY's stamps; what people do on GitHub meanwhile is the reconcile's to find.
 */
export async function carryForward(
  run: RepositoryRun,
  last: RepositoryReport | undefined,
): Promise<RepositoryReport | null> {
  const { settledAt } = run.memory;
  if (!run.trustStamps || settledAt === null || last === undefined) return null;
  const stamps = await run.readStamps();
  if (stamps === null) return null;
  const names = run.categories.map(({ name }) => name);
  const isUntouched = names.every(
    (name) => Object.hasOwn(settledAt, name) && settledAt[name] === (stamps.get(name) ?? null),
  );
  if (!isUntouched || !isSettled(last.outcome) || Object.keys(settledAt).length !== names.length) return null;
  return { ...last, outcome: LASTING[last.outcome] ?? last.outcome };
}

/** What an outcome that tells of a deed has become by the next run. */
const LASTING: Readonly<Partial<Record<RepositoryOutcome, RepositoryOutcome>>> = {
  created: "current",
  updated: "current",
  closed: "in-sync",
  committed: "in-sync",
};
