/**
 * Carry out a planned action on GitHub (DESIGN.md section 7). Does I/O through ports.
 *
 * The commit is complete before a ref moves, a ref moves once, and never by force. A write whose fate is unknown is
 * not repeated: the outcome is `lost`, and the caller reads again.
 */
import { SyncError } from "../core/errors.ts";
import { close, leaveEdited, removeBranch } from "./ending.ts";
import { commitMessage, describeIn, pullRequestSection, titleFor } from "./message.ts";
import type { Action } from "./plan.ts";
import type { CommitRequest, PullRequest } from "./ports.ts";
import { type Done, done, type Published, type PublishInput, SYNC_BRANCH } from "./published.ts";

export async function publish(action: Action, input: PublishInput): Promise<Published> {
  try {
    return await carryOut(action, input);
  } catch (error) {
    const isUnknown = error instanceof SyncError && (error.code === "github-unavailable" || error.code === "conflict");
    if (!isUnknown) throw error;
    return { kind: "lost", why: error.message, fault: error };
  }
}

async function carryOut(action: Action, input: PublishInput): Promise<Published> {
  const { head, pullRequest } = input;
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
      return done("in-sync", { warnings: await removeBranch(action.head.sha, input) });
    case "create":
      return create(input);
    case "open":
      return open(input, head?.sha ?? null);
    case "append":
      return append(action.parents, input);
    case "describe":
      return describe(action.pullRequest, null, input);
    case "decorate":
      return decorate(action.pullRequest, input);
  }
}

/** A finished pull request is news only when it was rejected. */
function isTold(outcome: Done["outcome"], pullRequest: PullRequest | null): boolean {
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
  return done("created", { pullRequest, commit, warnings, isDecorated: true });
}

async function append(parents: readonly string[], input: PublishInput): Promise<Published> {
  const { ports, pullRequest } = input;
  const commit = await ports.write.commit(toCommit(input, parents));
  if ((await ports.write.moveBranch(SYNC_BRANCH, commit.sha)) === "lost") {
    return { kind: "lost", why: `The branch ${SYNC_BRANCH} moved meanwhile.` };
  }
  if (pullRequest?.state !== "open") return open(input, commit.sha);
  return describe({ ...pullRequest, headSha: commit.sha }, commit.sha, input);
}

/**
 * Patch title and section, each only if it changes. People may have merged or closed the pull request after we read
 * it: then its old text is put back, because it tells what they decided on, and everything is read again.
 */
async function describe(pullRequest: PullRequest, commit: string | null, input: PublishInput): Promise<Published> {
  const { ports, message, baseBranch } = input;
  const { number, title, body } = pullRequest;
  const wanted = { title: titleFor(message.states), body: describeIn(body, message) };
  const change = {
    ...(wanted.title === title ? {} : { title: wanted.title }),
    ...(wanted.body === body ? {} : { body: wanted.body }),
  };
  const isChange = Object.keys(change).length > 0;
  if (!isChange && commit === null) return done("updated", { pullRequest });
  const now = isChange
    ? await ports.pullRequests.update(number, change)
    : await ports.pullRequests.latest(SYNC_BRANCH, baseBranch);
  if (now?.number === number && now.state === "open") return done("updated", { pullRequest, commit });
  if (isChange) await ports.pullRequests.update(number, { title, body });
  return { kind: "lost", why: `The pull request #${number} was merged or closed meanwhile.` };
}

async function decorate(pullRequest: PullRequest, { ports }: PublishInput): Promise<Published> {
  const warnings = await ports.pullRequests.decorate(pullRequest.number);
  return done("current", { pullRequest, warnings, isDecorated: true });
}

/**
 * The base's tree with our files as wanted. Files of held categories stay as the open pull request has them where it
 * changed them, and as the base has them elsewhere. So the tree is right whether the base moved or not.
 */
export function toCommit(input: PublishInput, parents: readonly string[]): CommitRequest {
  const files = new Map<string, { text: string } | { sha: string }>();
  const kept = input.pullRequest?.state === "open" ? (input.head?.changed ?? []) : [];
  const desired = new Map([...kept, ...input.wanted]);
  for (const [path, sha] of desired) {
    if (input.baseFiles.get(path) === sha) continue;
    const text = input.texts.get(path);
    files.set(path, text === undefined ? { sha } : { text });
  }
  return { message: commitMessage(input.message), baseTree: input.base.treeSha, parents, files };
}
