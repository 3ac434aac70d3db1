/**
 * How work on the sync branch ends: closed with a reason and cleaned up, or left to the person who took it over. Does
 * I/O through ports.
 */
import { describeError, type ErrorCode, SyncError } from "../core/errors.ts";
import { CLOSING, EDITED, type MarkedComment, withdrawFingerprint } from "./message.ts";
import type { CommentPort, PullRequest } from "./ports.ts";
import { done, type Published, type PublishInput, SYNC_BRANCH } from "./published.ts";

/** A branch that moved since it was read holds a newer drift, or a person's work: it is not for this run to end it. */
export async function close(pullRequest: PullRequest, input: PublishInput): Promise<Published> {
  const { ports, head } = input;
  const branch = await ports.read.branch(SYNC_BRANCH);
  if (branch !== null && branch.sha !== head?.sha) {
    return { kind: "lost", why: `The branch ${SYNC_BRANCH} moved meanwhile.` };
  }
  await commentOnce(ports.comments, pullRequest.number, CLOSING);
  await ports.pullRequests.update(pullRequest.number, { state: "closed", body: withdrawFingerprint(pullRequest.body) });
  return done("closed", { pullRequest, warnings: await removeBranch(head?.sha ?? null, input) });
}

/**
 * Delete the sync branch if it is still where it was seen. GitHub cannot make that one step, so the look comes right
 * before. A branch that may not be deleted harms nobody: a refusal is a warning.
 */
export async function removeBranch(sha: string | null, { ports }: PublishInput): Promise<string[]> {
  const branch = await ports.read.branch(SYNC_BRANCH);
  if (branch === null || branch.sha !== sha) return [];
  try {
    await ports.write.deleteBranch(SYNC_BRANCH);
    return [];
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return [`The branch ${SYNC_BRANCH} is done with and could not be deleted: ${describeError(error).message}`];
  }
}

function isRefusal(error: unknown): boolean {
  const refusals: readonly ErrorCode[] = ["github-unauthorized", "github-not-found", "github-rejected"];
  return error instanceof SyncError && refusals.includes(error.code);
}

export async function leaveEdited({ ports, pullRequest }: PublishInput): Promise<Published> {
  if (pullRequest?.state !== "open") return done("edited");
  await commentOnce(ports.comments, pullRequest.number, EDITED);
  return done("edited", { pullRequest });
}

/** Of runs at the same moment, each may find no comment and leave one: all but the first take theirs back. */
async function commentOnce(port: CommentPort, number: number, { marker, text }: MarkedComment): Promise<void> {
  const findFirst = async () => (await port.comments(number)).find(({ body }) => body.includes(marker));
  if ((await findFirst()) !== undefined) return;
  const own = await port.comment(number, `${marker}\n${text}`);
  const first = await findFirst();
  if (first !== undefined && first.id < own) await port.removeComment(own);
}
