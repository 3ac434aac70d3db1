/**
 * What is against what should be: the actions that make the branch and its pull request right. Pure.
 *
 * A commit is complete before a ref moves, a ref moves once and never by force, and a branch is never made equal to its
 * base, because GitHub would close its pull request.
 */

import { SYNC_BRANCH } from "../config/sync-branch.ts";
import { isSameEntry, type Tree } from "../files/git-tree.ts";
import type { Action, Decision, Policy } from "./decision.ts";
import { countChanges } from "./delta.ts";
import { commitText, describeIn, isOurTitle, titleFor } from "./describe.ts";
import { isWithdrawn, readMarker, withdraw } from "./marker.ts";
import type { Ornament, PullRequest, TreeContent } from "./ports.ts";
import type { Proposal } from "./proposal.ts";
import { CLOSING, EDITED } from "./remarks.ts";
import { isChangedOn, isMovedUnder, openPull, type Snapshot, type SyncBranch } from "./snapshot.ts";
import type { Story } from "./story.ts";

export interface DecideInput {
  readonly snapshot: Snapshot;
  readonly proposal: Proposal;
  readonly policy: Policy;
  readonly story: Story;
  /** A person decided against just this, and PRIMARY says nothing else. */
  readonly isRejected: boolean;
  /** What the pull request should carry: a new one, and the open one as far as that lacks it. */
  readonly ornaments: { readonly all: readonly Ornament[]; readonly missing: readonly Ornament[] };
}

export function decide(input: DecideInput): Decision {
  const { snapshot, proposal, policy } = input;
  if (proposal.delta.length > 0 && policy.publish === "commit") return commitToBase(input);
  const { branch } = snapshot;
  if (branch !== null && !branch.isFinished && branch.owner === "theirs") return leaveEdited(input);
  if (proposal.delta.length === 0) return withoutDrift(input);
  if (openPull(snapshot) === null) {
    const refusal = refuse(input);
    if (refusal !== null) return { outcome: refusal, actions: cleanUp(snapshot), pull: toldPull(refusal, snapshot) };
  }
  return publish(input);
}

function refuse({ policy, proposal, isRejected }: DecideInput): "rejected" | "below-threshold" | null {
  if (policy.isForced) return null;
  if (isRejected) return "rejected";
  return countChanges(proposal.delta) < policy.minChanges ? "below-threshold" : null;
}

/** A finished pull request is news only when it was rejected. */
function toldPull(outcome: "rejected" | "below-threshold", { pull }: Snapshot): PullRequest | null {
  return outcome === "rejected" ? pull : null;
}

function commitToBase(input: DecideInput): Decision {
  const { policy, snapshot, proposal } = input;
  if (!policy.isForced && countChanges(proposal.delta) < policy.minChanges)
    return { outcome: "below-threshold", actions: [], pull: null };
  const actions: Action[] = [toCommit(input, [snapshot.base.commit]), { kind: "move-ref", branch: snapshot.base.name }];
  return { outcome: "committed", actions, pull: null };
}

/** A person's commits: nothing is built over them, and nothing of theirs is deleted. */
function leaveEdited({ snapshot }: DecideInput): Decision {
  const pull = openPull(snapshot);
  const actions: Action[] = pull === null ? [] : [{ kind: "remark", pull, remark: EDITED }];
  return { outcome: "edited", actions, pull };
}

function withoutDrift({ snapshot, proposal, story }: DecideInput): Decision {
  const outcome = proposal.keptBack.length > 0 ? "held" : "in-sync";
  const pull = openPull(snapshot);
  const { branch } = snapshot;
  // One that the base has whole was merged after it was listed, and there is nothing to close.
  if (pull === null || branch === null || branch.isMerged)
    return { outcome, actions: branch === null ? [] : cleanUp(snapshot), pull: null };
  const actions: Action[] = [
    { kind: "expect-ref", commit: branch.commit },
    { kind: "confirm-pull", pull },
    { kind: "remark", pull, remark: CLOSING },
    { kind: "close-pull", pull, body: withdraw(pull.body, story.source) },
    { kind: "delete-ref", commit: branch.commit },
  ];
  return { outcome: "closed", actions, pull };
}

/** A branch of ours that nothing is open for goes, unless a person closed its pull request and may open it again. */
function cleanUp({ branch, pull }: Snapshot): Action[] {
  if (branch === null || (branch.isFinished && !isSpent(pull))) return [];
  return [{ kind: "delete-ref", commit: branch.commit }];
}

/** Merged, or closed by us: its branch has nothing more to say. */
function isSpent(pull: PullRequest | null): boolean {
  return pull !== null && (pull.state === "merged" || (pull.state === "closed" && isWithdrawn(pull.body)));
}

function publish(input: DecideInput): Decision {
  const { snapshot, story, ornaments } = input;
  const { base, pull } = snapshot;
  const open = openPull(snapshot);
  const text = { title: titleFor(story.delta), body: describeIn("", story) };
  const opening: readonly Action[] = [
    { kind: "open-pull", ...text },
    ...(ornaments.all.length === 0 ? [] : [{ kind: "decorate" as const, pull: null, ornaments: ornaments.all }]),
  ];
  const branch = snapshot.branch?.isFinished === true && isSpent(pull) ? null : snapshot.branch;
  if (branch === null) {
    const commit = toCommit(input, [base.commit]);
    const actions: Action[] = [commit, { kind: "create-ref", branch: SYNC_BRANCH }, ...opening];
    return { outcome: "created", actions: [...cleanUp(snapshot), ...actions], pull: null };
  }
  const isRight = holdsJustThat(branch, open !== null, input);
  if (open === null) {
    const build: Action[] = isRight ? [] : [toCommit(input, parentsFor(branch, base.commit)), moveSyncBranch];
    return { outcome: "created", actions: [...build, ...opening], pull: null };
  }
  const edit = editOf(open, input);
  const decorate: Action[] =
    ornaments.missing.length === 0 ? [] : [{ kind: "decorate", pull: open, ornaments: ornaments.missing }];
  if (isRight) {
    // Other words for the same drift are no news.
    const isNews = edit !== null && readMarker(open.body)?.fingerprint !== story.fingerprint;
    const outcome = isNews ? "updated" : "current";
    return { outcome, actions: [...(edit === null ? [] : [edit]), ...decorate], pull: open };
  }
  const commit = toCommit(input, parentsFor(branch, base.commit));
  const tell: Action = edit ?? { kind: "confirm-pull", pull: open };
  return { outcome: "updated", actions: [commit, moveSyncBranch, tell, ...decorate], pull: open };
}

const moveSyncBranch: Action = { kind: "move-ref", branch: SYNC_BRANCH };

/**
 * Whether the branch needs no further commit. Of one without an open pull request nothing is kept that this run does
 * not want, such as a rejected change or a person's commit.
 */
function holdsJustThat(branch: SyncBranch, isOpen: boolean, { proposal, snapshot }: DecideInput): boolean {
  const { wanted } = proposal;
  if (branch.isMerged || branch.owner === "theirs" || isMovedUnder(branch, [...wanted.keys()], snapshot.base.files))
    return false;
  const holds = [...wanted].every(([path, entry]) => isSameEntry(branch.files.get(path), entry));
  return holds && (isOpen || !isChangedOn(branch, unwanted(branch, wanted)));
}

function unwanted(branch: SyncBranch, wanted: Tree): string[] {
  return [...branch.files.keys()].filter((path) => !wanted.has(path));
}

/**
 * Every branch is moved forward, a leftover one too. To delete it and begin anew would be neater, and is not safe: of
 * two runs at once, the slower would delete what the faster has just published.
 */
function parentsFor(branch: SyncBranch, base: string): string[] {
  if (branch.isMerged) return [base];
  return branch.baseMoved ? [branch.commit, base] : [branch.commit];
}

/** The base's tree with our files as wanted, so that it is right whether the base moved or not. */
function toCommit({ snapshot, proposal, story }: DecideInput, parents: readonly string[]): Action {
  const { base, branch } = snapshot;
  const entries = new Map<string, TreeContent>();
  for (const [path, entry] of proposal.wanted) {
    if (isSameEntry(base.files.get(path), entry)) continue;
    const text = branch?.files.get(path)?.sha === entry.sha ? undefined : proposal.texts.get(path);
    entries.set(path, text === undefined ? entry : { mode: entry.mode, text });
  }
  const { fingerprint } = proposal;
  return { kind: "commit", baseTree: base.treeSha, entries, parents, text: commitText(story.delta), fingerprint };
}

/**
 * A title that a person chose stays as long as the drift is the one it stood over. Line ends are GitHub's matter: its
 * editor turns them.
 */
function editOf(pull: PullRequest, { story }: DecideInput): Extract<Action, { kind: "edit-pull" }> | null {
  const body = describeIn(pull.body, story);
  const title = titleFor(story.delta);
  const isNew = readMarker(pull.body)?.fingerprint !== story.fingerprint;
  const change = {
    ...(title === pull.title || !(isNew || isOurTitle(pull.title)) ? {} : { title }),
    ...(normalize(body) === normalize(pull.body) ? {} : { body }),
  };
  return Object.keys(change).length === 0 ? null : { kind: "edit-pull", pull, ...change };
}

function normalize(text: string): string {
  return text.replace(/\r\n/g, "\n").trimEnd();
}
