/**
 * What to do about a repository, decided from what was found: the table of DESIGN.md section 7. Pure.
 */
import { readFingerprint } from "./message.ts";
import type { Branch, FileShas, PullRequest } from "./ports.ts";

/** The sync branch, as found. */
export interface HeadState {
  readonly sha: string;
  /** Blob SHAs of our files on the branch. */
  readonly files: FileShas;
  /** Those of them that the branch changed, as against the base it grew from. */
  readonly changed: FileShas;
  /** Every commit that the base lacks is ours, or a merge of the base that leaves our files alone. */
  readonly isOwned: boolean;
  /** The base has commits that the branch lacks. */
  readonly baseMoved: boolean;
  /** … and they touch our files. */
  readonly baseMovedInOurFiles: boolean;
}

export interface PlanInput {
  readonly base: Branch;
  /** Blob SHAs that our files should have; paths of held categories are left out. */
  readonly wanted: FileShas;
  readonly baseFiles: FileShas;
  readonly changes: number;
  readonly fingerprint: string;
  readonly hasHeld: boolean;
  readonly pullRequest: PullRequest | null;
  /** Its branch was ours and has not been seen gone since. */
  readonly mayHaveLeftover: boolean;
  readonly head: HeadState | null;
  readonly publish: "pull-request" | "commit";
  readonly minChanges: number;
  readonly isForced: boolean;
}

export type Action =
  | { readonly kind: "rest"; readonly outcome: "in-sync" | "current" | "held" | "below-threshold" | "rejected" }
  /** A person's commit is on the branch. */
  | { readonly kind: "leave-edited" }
  | { readonly kind: "close"; readonly pullRequest: PullRequest }
  /** Tree → commit on the base → move the base branch itself. */
  | { readonly kind: "commit" }
  /** Tree → commit on the base → new branch → pull request. */
  | { readonly kind: "create" }
  /** The pull request was merged: delete its branch, if it is still there and unchanged. */
  | { readonly kind: "clean-up"; readonly pullRequest: PullRequest }
  /** A leftover branch of a finished pull request is in the way: delete it, then create. */
  | { readonly kind: "recreate" }
  /** The branch is right already: only a pull request is missing. */
  | { readonly kind: "open" }
  /** Tree → commit on the branch → move it; then patch the pull request, or open one. */
  | { readonly kind: "append"; readonly parents: readonly string[] }
  /** The branch is right, but the pull request's text is of an earlier drift. */
  | { readonly kind: "describe"; readonly pullRequest: PullRequest };

export function planRepository(input: PlanInput): Action {
  const { pullRequest, head } = input;
  const open = pullRequest?.state === "open" ? pullRequest : null;
  if (input.changes === 0) return planWithoutDrift(input, open);
  if (open === null) {
    const refused = refuseToOpen(input);
    if (refused !== null) return refused;
  }
  if (input.publish === "commit") return { kind: "commit" };
  if (head === null) return { kind: "create" };
  if (open === null && isLeftover(head, input)) return { kind: "recreate" };
  if (!head.isOwned) return { kind: "leave-edited" };
  const isRight = holds(head.files, input.wanted) && !head.baseMovedInOurFiles;
  if (!isRight) return { kind: "append", parents: head.baseMoved ? [head.sha, input.base.sha] : [head.sha] };
  if (open === null) return { kind: "open" };
  const described = readFingerprint(open.body);
  return described === null || described === input.fingerprint
    ? { kind: "rest", outcome: "current" }
    : { kind: "describe", pullRequest: open };
}

function planWithoutDrift(
  { head, hasHeld, pullRequest, mayHaveLeftover }: PlanInput,
  open: PullRequest | null,
): Action {
  if (open !== null && head !== null && !hasHeld)
    return head.isOwned ? { kind: "close", pullRequest: open } : { kind: "leave-edited" };
  if (pullRequest?.state === "merged" && mayHaveLeftover && !hasHeld) return { kind: "clean-up", pullRequest };
  return { kind: "rest", outcome: hasHeld ? "held" : "in-sync" };
}

function refuseToOpen(input: PlanInput): Action | null {
  if (input.isForced) return null;
  const last = input.pullRequest;
  if (last?.state === "closed" && readFingerprint(last.body) === input.fingerprint)
    return { kind: "rest", outcome: "rejected" };
  return input.changes < input.minChanges ? { kind: "rest", outcome: "below-threshold" } : null;
}

/** The branch ended with its pull request, or holds nothing the base lacks: no work of anybody is lost with it. */
function isLeftover(head: HeadState, { base, pullRequest }: PlanInput): boolean {
  return head.sha === base.sha || (head.isOwned && pullRequest?.headSha === head.sha);
}

function holds(files: FileShas, wanted: FileShas): boolean {
  return [...wanted].every(([path, sha]) => files.get(path) === sha);
}
