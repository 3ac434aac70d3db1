import { ControlError } from "./context.ts";
import {
  close,
  type DeedPlace,
  editBase,
  listOf,
  merge,
  type PullPlace,
  push,
  retarget,
  runPython,
  updateBranch,
} from "./deed-acts.ts";

/** What people do on GitHub: on a pull request, or on a repository. */
export interface Deed {
  readonly name: string;
  /** On a button, after "A person". */
  readonly title: string;
  readonly on: "pull request" | "repository";
  /** What its value is, for those that take one. */
  readonly hint?: string;
  /** Gives a sentence that says what was done. */
  readonly act: (place: DeedPlace, value: string) => string;
}

export const DEEDS: readonly Deed[] = [
  onPull("merge", "merges", merge, "merge, squash or rebase"),
  onPull("close", "closes", close, "person, bot, app or nobody"),
  onPull("reopen", "opens again", ({ github, ref }) => void github.reopenPullRequest(ref)),
  onPull("push", "pushes to the branch", push, "path of the file"),
  onPull(
    "push-nothing",
    "pushes an empty commit",
    ({ github, repository, pull }) =>
      void github.commit({ repository, branch: pull.head.ref, files: {}, message: "Try again" }),
  ),
  onPull(
    "amend",
    "amends the newest commit",
    ({ github, repository, pull }) =>
      void github.amendCommit({ repository, branch: pull.head.ref, files: { "NOTE.md": "Amended by hand.\n" } }),
  ),
  onPull(
    "squash",
    "squashes the branch",
    ({ github, repository, pull }) =>
      void github.squashBranch({ repository, branch: pull.head.ref, base: pull.base.ref }),
  ),
  onPull("update-branch", "updates the branch", updateBranch, "merge or rebase"),
  onPull("delete-branch", "deletes the branch", ({ github, repository, pull }) =>
    github.deleteBranch(repository, pull.head.ref),
  ),
  onPull("restore-branch", "restores the branch", ({ github, ref }) => github.restoreBranch(ref)),
  onPull("retarget", "retargets it", retarget, "the other base branch"),
  onPull(
    "retitle",
    "gives it another title",
    ({ github, ref }, value) => github.editPullRequest({ ...ref, title: value || "Another title" }),
    "the title",
  ),
  onPull("draft", "makes it a draft", ({ github, ref }) => github.setDraft({ ...ref, isDraft: true })),
  onPull("ready", "makes it ready", ({ github, ref }) => github.setDraft({ ...ref, isDraft: false })),
  onPull("lock", "locks it", ({ github, ref }) => github.lockConversation(ref)),
  onPull("unlock", "unlocks it", ({ github, ref }) => github.unlockConversation(ref)),
  onPull(
    "comment",
    "comments",
    ({ github, ref }, value) => github.comment({ ...ref, body: value || "Hm." }),
    "the words",
  ),
  onPull(
    "label",
    "adds labels",
    ({ github, ref }, value) => github.addLabels({ ...ref, labels: listOf(value) }),
    "labels",
  ),
  onPull(
    "unlabel",
    "removes labels",
    ({ github, ref }, value) => github.removeLabels({ ...ref, labels: listOf(value) }),
    "labels",
  ),
  onPull(
    "request",
    "asks for reviews",
    ({ github, ref }, value) => github.requestReviewers({ ...ref, reviewers: listOf(value) }),
    "logins",
  ),
  onPull(
    "unrequest",
    "asks for no review",
    ({ github, ref }, value) => github.removeReviewers({ ...ref, reviewers: listOf(value) }),
    "logins",
  ),
  { name: "edit-base", title: "edits the base", on: "repository", hint: "path of the file", act: editBase },
  {
    name: "python-service",
    title: "runs the Python service",
    on: "repository",
    hint: "a category, or all",
    act: runPython,
  },
];

function onPull(name: string, title: string, act: (place: PullPlace, value: string) => void, hint?: string): Deed {
  return {
    name,
    title,
    on: "pull request",
    ...(hint === undefined ? {} : { hint }),
    act(place, value) {
      const { pull, repository } = place;
      if (pull === null) throw new ControlError(`${repository} has no pull request yet`);
      act({ ...place, pull, ref: { repository, number: pull.number } }, value);
      return `A person ${title}: ${repository}#${pull.number}.`;
    },
  };
}
