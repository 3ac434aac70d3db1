/**
 * Carry out a decision, action by action; stop at the first that is lost. Does I/O through ports.
 *
 * A write whose fate is unknown is not repeated: the result is `lost`, and the caller observes again.
 */

import { SYNC_BRANCH } from "../config/sync-branch.ts";
import { describeError, isGitHubRefusal, SyncError } from "../core/errors.ts";
import type { Action } from "./decision.ts";
import { addOrnaments, type Decorated, NOT_DECORATED } from "./decoration.ts";
import type { PullRequest, RepositoryPorts } from "./ports.ts";
import { printTrailers } from "./trailers.ts";

export interface Applied {
  readonly kind: "done";
  /** The commit that was made. */
  readonly commit: string | null;
  /** The pull request that was opened or edited. */
  readonly pull: PullRequest | null;
  readonly decorated: Decorated;
  readonly warnings: readonly string[];
}

/** Somebody was faster, or (with a fault) an answer was lost. */
export interface Lost {
  readonly kind: "lost";
  readonly why: string;
  readonly fault?: SyncError;
  /** What the answers of this attempt's writes said of pull requests. */
  readonly seen: readonly PullRequest[];
}

export interface ApplyContext {
  readonly ports: RepositoryPorts;
  readonly baseBranch: string;
  readonly lastUpdated: number | null;
}

/** @throws SyncError when GitHub refuses */
export async function apply(actions: readonly Action[], context: ApplyContext): Promise<Applied | Lost> {
  const progress: Progress = { commit: null, pull: null, decorated: NOT_DECORATED, warnings: [], seen: [] };
  try {
    for (const action of actions) {
      const why = await carryOut(action, progress, context);
      if (why !== null) return { kind: "lost", why, seen: progress.seen };
    }
    const { commit, pull, decorated, warnings } = progress;
    return { kind: "done", commit, pull, decorated, warnings };
  } catch (error) {
    const isUnknown = error instanceof SyncError && (error.code === "github-unavailable" || error.code === "conflict");
    if (!isUnknown) throw error;
    return { kind: "lost", why: error.message, fault: error, seen: progress.seen };
  }
}

interface Progress {
  commit: string | null;
  pull: PullRequest | null;
  decorated: Decorated;
  readonly warnings: string[];
  readonly seen: PullRequest[];
}

/** @returns why it is lost, or `null` when it is done */
async function carryOut(action: Action, progress: Progress, context: ApplyContext): Promise<string | null> {
  const { ports, baseBranch } = context;
  switch (action.kind) {
    case "commit":
      progress.commit = await makeCommit(action, context);
      return null;
    case "create-ref": {
      const created = await ports.write.createBranch(action.branch, made(progress));
      return created === "created" ? null : `The branch ${action.branch} exists already.`;
    }
    case "move-ref": {
      const moved = await ports.write.moveBranch(action.branch, made(progress));
      return moved === "moved" ? null : `The branch ${action.branch} moved meanwhile.`;
    }
    case "open-pull": {
      const { title, body } = action;
      progress.pull = await ports.pullRequests.open({ head: SYNC_BRANCH, base: baseBranch, title, body });
      return progress.pull === null ? "A pull request for the branch exists already." : null;
    }
    case "edit-pull":
      return editPull(action, progress, ports);
    case "expect-ref": {
      const refs = await ports.read.branches(SYNC_BRANCH);
      const at = refs.get(SYNC_BRANCH);
      return at === undefined || at === action.commit ? null : `The branch ${SYNC_BRANCH} moved meanwhile.`;
    }
    case "confirm-pull":
      return confirmOpen(await ports.pullRequests.get(action.pull.number, SYNC_BRANCH), action.pull, progress);
    case "decorate":
      progress.decorated = await addOrnaments(action.pull ?? progress.pull, action.ornaments, ports.decoration);
      return null;
    case "remark":
      progress.pull = action.pull;
      progress.warnings.push(...(await remarkOnce(action, ports)));
      return null;
    case "close-pull":
      return closePull(action, progress, ports);
    case "delete-ref":
      progress.warnings.push(...(await deleteBranch(action.commit, ports)));
      return null;
  }
}

function made({ commit }: Progress): string {
  if (commit === null) throw new SyncError("internal", "A ref was to be moved before its commit was made.");
  return commit;
}

/** The tree's name is part of the commit's words, so that nobody's commit can be taken for ours. */
async function makeCommit(
  { baseTree, entries, parents, text, fingerprint }: Extract<Action, { kind: "commit" }>,
  { ports, lastUpdated }: ApplyContext,
): Promise<string> {
  const tree = await ports.write.createTree(baseTree, entries);
  const message = `${text}\n\n${printTrailers({ fingerprint, lastUpdated, tree })}`;
  return ports.write.createCommit({ message, tree, parents });
}

/**
 * People may have merged or closed the pull request after we read it: then its old text is put back, because it tells
 * what they decided on, and everything is read again.
 */
async function editPull(
  { pull, title, body }: Extract<Action, { kind: "edit-pull" }>,
  progress: Progress,
  { pullRequests }: RepositoryPorts,
): Promise<string | null> {
  const change = { ...(title === undefined ? {} : { title }), ...(body === undefined ? {} : { body }) };
  const now = await pullRequests.update(pull.number, change);
  const why = confirmOpen(now, pull, progress);
  if (why !== null) progress.seen.push(await pullRequests.update(pull.number, { title: pull.title, body: pull.body }));
  return why;
}

function confirmOpen(now: PullRequest | null, { number }: PullRequest, progress: Progress): string | null {
  if (now !== null) progress.seen.push(now);
  if (now?.state !== "open") return `The pull request #${number} was merged or closed meanwhile.`;
  progress.pull = now;
  return null;
}

async function closePull(
  { pull, body }: Extract<Action, { kind: "close-pull" }>,
  progress: Progress,
  { pullRequests }: RepositoryPorts,
): Promise<string | null> {
  const now = await pullRequests.update(pull.number, { state: "closed", body });
  progress.seen.push(now);
  progress.pull = now;
  return null;
}

/**
 * GitHub cannot delete a branch only if it is still where it was seen, so the look comes right before. A branch that
 * may not be deleted harms nobody: a refusal is a warning.
 */
async function deleteBranch(commit: string, { read, write }: RepositoryPorts): Promise<string[]> {
  const refs = await read.branches(SYNC_BRANCH);
  if (refs.get(SYNC_BRANCH) !== commit) return [];
  try {
    await write.deleteBranch(SYNC_BRANCH);
    return [];
  } catch (error) {
    if (!isGitHubRefusal(error)) throw error;
    return [`The branch ${SYNC_BRANCH} is done with and could not be deleted: ${describeError(error).message}`];
  }
}

/**
 * Of runs at the same moment, each may find no remark and leave one: all but the first take theirs back. What cannot
 * be said, as on a locked conversation, blocks nothing.
 */
async function remarkOnce(
  { pull, remark }: Extract<Action, { kind: "remark" }>,
  { comments }: RepositoryPorts,
): Promise<string[]> {
  const findFirst = async () => (await comments.comments(pull.number)).find(({ body }) => body.includes(remark.marker));
  try {
    if ((await findFirst()) !== undefined) return [];
    const own = await comments.comment(pull.number, `${remark.marker}\n${remark.text}`);
    const first = await findFirst();
    if (first !== undefined && first.id < own) await comments.removeComment(own);
    return [];
  } catch (error) {
    if (!isGitHubRefusal(error)) throw error;
    return [`Pull request #${pull.number} could not be commented on: ${describeError(error).message}`];
  }
}
