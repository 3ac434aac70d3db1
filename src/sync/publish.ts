/**
 * Carry out a planned action on GitHub (DESIGN.md section 7). Does I/O through ports.
 *
 * The commit is complete before a ref moves, a ref moves once, and never by force. A write whose fate is unknown is
 * not repeated: the outcome is `lost`, and the caller reads again.
 */
import { describeError, SyncError } from "../errors.ts";
import {
  CLOSING,
  commitMessage,
  EDITED,
  type MarkedComment,
  type MessageInput,
  pullRequestSection,
  replaceSection,
  titleFor,
  withdrawFingerprint,
} from "./message.ts";
import type { Action, HeadState } from "./plan.ts";
import type { Branch, CommentPort, CommitRequest, FileShas, PullRequest, RepositoryPorts } from "./ports.ts";
import type { RepositoryOutcome } from "./report.ts";

export const SYNC_BRANCH = "sync/model-references";

export interface PublishInput {
  readonly ports: RepositoryPorts;
  readonly base: Branch;
  readonly baseBranch: string;
  readonly baseFiles: FileShas;
  readonly head: HeadState | null;
  readonly pullRequest: PullRequest | null;
  /** Every file of ours that is not held: its wanted SHA. */
  readonly wanted: FileShas;
  /** Texts of wanted files that the repository does not have yet. */
  readonly texts: ReadonlyMap<string, string>;
  readonly message: MessageInput;
}

export type Published =
  | {
      readonly kind: "done";
      readonly outcome: Exclude<RepositoryOutcome, "planned" | "conflict" | "failed">;
      readonly pullRequest: PullRequest | null;
      readonly commit: string | null;
      readonly warnings: readonly string[];
    }
  /** Somebody was faster, or an answer was lost. */
  | { readonly kind: "lost"; readonly why: string };

export async function publish(action: Action, input: PublishInput): Promise<Published> {
  try {
    return await carryOut(action, input);
  } catch (error) {
    const isUnknown = error instanceof SyncError && (error.code === "github-unavailable" || error.code === "conflict");
    if (!isUnknown) throw error;
    return { kind: "lost", why: error.message };
  }
}

async function carryOut(action: Action, input: PublishInput): Promise<Published> {
  const { ports, head, pullRequest } = input;
  switch (action.kind) {
    case "rest":
      return done(action.outcome, { pullRequest: isTold(action.outcome, pullRequest) ? pullRequest : null });
    case "leave-edited":
      return leaveEdited(input);
    case "close":
      return close(action.pullRequest, input);
    case "commit":
      return commitToBase(input);
    case "clean-up":
      return cleanUp(action.pullRequest, input);
    case "recreate":
      await ports.write.deleteBranch(SYNC_BRANCH);
      return create(input);
    case "create":
      return create(input);
    case "open":
      return open(input, head?.sha ?? null);
    case "append":
      return append(action.parents, input);
    case "describe":
      await describe(action.pullRequest, input);
      return done("updated", { pullRequest: action.pullRequest });
  }
}

type Outcome = Extract<Published, { kind: "done" }>["outcome"];

function done(
  outcome: Outcome,
  rest: { pullRequest?: PullRequest | null; commit?: string | null; warnings?: readonly string[] } = {},
): Published {
  return {
    kind: "done",
    outcome,
    pullRequest: rest.pullRequest ?? null,
    commit: rest.commit ?? null,
    warnings: rest.warnings ?? [],
  };
}

/** A finished pull request is news only when it was rejected. */
function isTold(outcome: Outcome, pullRequest: PullRequest | null): boolean {
  return outcome === "rejected" || (outcome !== "in-sync" && pullRequest?.state === "open");
}

/** Fast-forward only: when the base moved meanwhile, everything is compared again. */
async function commitToBase(input: PublishInput): Promise<Published> {
  const { ports, base, baseBranch } = input;
  const commit = await ports.write.commit(toCommit(input, [base.sha]));
  const moved = await ports.write.moveBranch(baseBranch, commit.sha);
  if (moved === "lost") return { kind: "lost", why: `The branch ${baseBranch} moved meanwhile.` };
  return done("committed", { commit: commit.sha });
}

async function create(input: PublishInput): Promise<Published> {
  const commit = await input.ports.write.commit(toCommit(input, [input.base.sha]));
  if ((await input.ports.write.createBranch(SYNC_BRANCH, commit.sha)) === "exists") {
    return { kind: "lost", why: `The branch ${SYNC_BRANCH} exists already.` };
  }
  return open(input, commit.sha);
}

async function open(input: PublishInput, commit: string | null): Promise<Published> {
  const { ports, baseBranch, message } = input;
  const text = { title: titleFor(message.states), body: pullRequestSection(message) };
  const pullRequest = await ports.pullRequests.open({ head: SYNC_BRANCH, base: baseBranch, ...text });
  if (pullRequest === null) return { kind: "lost", why: "A pull request for the branch exists already." };
  const warnings = await ports.pullRequests.decorate(pullRequest.number);
  return done("created", { pullRequest, commit, warnings });
}

async function append(parents: readonly string[], input: PublishInput): Promise<Published> {
  const { ports, pullRequest } = input;
  const commit = await ports.write.commit(toCommit(input, parents));
  if ((await ports.write.moveBranch(SYNC_BRANCH, commit.sha)) === "lost") {
    return { kind: "lost", why: `The branch ${SYNC_BRANCH} moved meanwhile.` };
  }
  if (pullRequest?.state !== "open") return open(input, commit.sha);
  await describe(pullRequest, input);
  return done("updated", { pullRequest: { ...pullRequest, headSha: commit.sha }, commit: commit.sha });
}

/** Patch title and section, each only if it changes. */
async function describe(pullRequest: PullRequest, { ports, message }: PublishInput): Promise<void> {
  const title = titleFor(message.states);
  const body = replaceSection(pullRequest.body, pullRequestSection(message));
  const change = {
    ...(title === pullRequest.title ? {} : { title }),
    ...(body === pullRequest.body ? {} : { body }),
  };
  if (Object.keys(change).length > 0) await ports.pullRequests.update(pullRequest.number, change);
}

async function close(pullRequest: PullRequest, { ports }: PublishInput): Promise<Published> {
  await commentOnce(ports.comments, pullRequest.number, CLOSING);
  await ports.pullRequests.update(pullRequest.number, { state: "closed", body: withdrawFingerprint(pullRequest.body) });
  await ports.write.deleteBranch(SYNC_BRANCH);
  return done("closed", { pullRequest });
}

/** A branch that cannot be deleted harms nobody, so that a refusal is a warning. */
async function cleanUp(merged: PullRequest, { ports }: PublishInput): Promise<Published> {
  const branch = await ports.read.branch(SYNC_BRANCH);
  if (branch?.sha !== merged.headSha) return done("in-sync");
  try {
    await ports.write.deleteBranch(SYNC_BRANCH);
    return done("in-sync");
  } catch (error) {
    return done("in-sync", {
      warnings: [`The merged branch ${SYNC_BRANCH} could not be deleted: ${describeError(error).message}`],
    });
  }
}

async function leaveEdited({ ports, pullRequest }: PublishInput): Promise<Published> {
  if (pullRequest?.state !== "open") return done("edited");
  await commentOnce(ports.comments, pullRequest.number, EDITED);
  return done("edited", { pullRequest });
}

async function commentOnce(port: CommentPort, number: number, comment: MarkedComment): Promise<void> {
  const comments = await port.comments(number);
  if (!comments.some((body) => body.includes(comment.marker)))
    await port.comment(number, `${comment.marker}\n${comment.text}`);
}

/**
 * The base's tree with our files as wanted. Files of held categories stay as the branch has them where it changed
 * them, and as the base has them elsewhere. So the tree is right whether the base moved or not.
 */
export function toCommit(input: PublishInput, parents: readonly string[]): CommitRequest {
  const files = new Map<string, { text: string } | { sha: string }>();
  const desired = new Map([...(input.head?.changed ?? []), ...input.wanted]);
  for (const [path, sha] of desired) {
    if (input.baseFiles.get(path) === sha) continue;
    const text = input.texts.get(path);
    files.set(path, text === undefined ? { sha } : { text });
  }
  return { message: commitMessage(input.message), baseTree: input.base.treeSha, parents, files };
}
