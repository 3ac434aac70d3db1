/**
 * What to do about a repository, decided from what was found: the table of DESIGN.md section 7. Pure.
 */
import { isWithdrawn, readFingerprint } from "./message.ts";
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
  /** The base has all of its commits, so that nobody's work is lost with it. */
  readonly isMerged: boolean;
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
  /** It was closed unmerged, and PRIMARY says nothing about what drifts that its files did not say. */
  readonly saysNothingNew: boolean;
  /** An earlier run opened it and died before it added labels and asked reviewers. */
  readonly isAbandoned: boolean;
  /** `null` also when there was no reason to look for the branch. */
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
  /** A branch of ours is left that nothing is open for: delete it, if it is still as it was seen. */
  | { readonly kind: "clean-up"; readonly head: HeadState }
  /** The branch is right already: only a pull request is missing. */
  | { readonly kind: "open" }
  /** Tree → commit on the branch → move it; then patch the pull request, or open one. */
  | { readonly kind: "append"; readonly parents: readonly string[] }
  /** Labels and reviewers, which an earlier run did not come to. */
  | { readonly kind: "decorate"; readonly pullRequest: PullRequest }
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
  if (!head.isOwned) return { kind: "leave-edited" };
  if (!isRight(head, open, input)) return { kind: "append", parents: parentsFor(head, input.base) };
  if (open === null) return { kind: "open" };
  const described = readFingerprint(open.body);
  if (described !== null && described !== input.fingerprint) return { kind: "describe", pullRequest: open };
  return input.isAbandoned ? { kind: "decorate", pullRequest: open } : { kind: "rest", outcome: "current" };
}

/** Of a branch without an open pull request nothing is kept that this run does not want, such as a rejected change. */
function isRight(head: HeadState, open: PullRequest | null, { wanted }: PlanInput): boolean {
  const holdsOnlyWanted = open !== null || holds(wanted, head.changed);
  return holds(head.files, wanted) && holdsOnlyWanted && !head.baseMovedInOurFiles && !head.isMerged;
}

/**
 * Every branch is moved forward, a leftover one too. To delete it and begin anew would be neater, and is not safe: of
 * two runs at once, the slower would delete what the faster has just published.
 */
function parentsFor(head: HeadState, base: Branch): string[] {
  if (head.isMerged) return [base.sha];
  return head.baseMoved ? [head.sha, base.sha] : [head.sha];
}

function planWithoutDrift({ head, hasHeld }: PlanInput, open: PullRequest | null): Action {
  if (hasHeld) return { kind: "rest", outcome: "held" };
  if (head === null) return { kind: "rest", outcome: "in-sync" };
  // One that the base has whole was merged after it was read, and there is nothing to close.
  if (open !== null && !head.isMerged)
    return head.isOwned ? { kind: "close", pullRequest: open } : { kind: "leave-edited" };
  return head.isOwned ? { kind: "clean-up", head } : { kind: "rest", outcome: "in-sync" };
}

function refuseToOpen(input: PlanInput): Action | null {
  if (input.isForced) return null;
  if (isRejected(input)) return { kind: "rest", outcome: "rejected" };
  return input.changes < input.minChanges ? { kind: "rest", outcome: "below-threshold" } : null;
}

/**
 * Whoever closes a pull request rejects what PRIMARY says in it. Only something new from PRIMARY asks again: an edit
 * of the base may change the drift, and so its fingerprint, but it is no reason to bring a rejected change back.
 */
function isRejected({ pullRequest, fingerprint, saysNothingNew }: PlanInput): boolean {
  if (pullRequest?.state !== "closed" || isWithdrawn(pullRequest.body)) return false;
  return saysNothingNew || readFingerprint(pullRequest.body) === fingerprint;
}

function holds(files: FileShas, wanted: FileShas): boolean {
  return [...wanted].every(([path, sha]) => files.get(path) === sha);
}
