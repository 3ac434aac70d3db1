import type { MergeMethod } from "../github/merging.ts";
import type { PullSummary } from "../github/people.ts";
import type { GitHubServer } from "../github/server.ts";
import type { Account } from "../github/state.ts";
import { ControlError } from "./context.ts";

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

export interface DeedPlace {
  readonly github: GitHubServer;
  readonly repository: string;
  /** Of a deed on a repository, whatever pull request it has. */
  readonly pull: PullSummary | null;
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

interface PullPlace extends DeedPlace {
  readonly pull: PullSummary;
  readonly ref: { readonly repository: string; readonly number: number };
}

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

function merge({ github, ref }: PullPlace, value: string): void {
  github.mergePullRequest({ ...ref, method: oneOf<MergeMethod>(value || "merge", ["merge", "squash", "rebase"]) });
}

function close({ github, ref }: PullPlace, value: string): void {
  const who = oneOf(value || "person", ["person", "bot", "app", "nobody"]);
  const closers: Readonly<Record<typeof who, Account | null>> = {
    person: { login: "pat", type: "User" },
    bot: { login: "stale[bot]", type: "Bot" },
    app: { login: `${github.credentials.apps()[0]?.slug ?? "model-reference-sync"}[bot]`, type: "Bot" },
    nobody: null,
  };
  github.closePullRequest({ ...ref, by: closers[who] });
}

function push({ github, repository, pull }: PullPlace, value: string): void {
  const path = value || "NOTE.md";
  github.commit({
    repository,
    branch: pull.head.ref,
    files: { [path]: edited(github, repository, pull.head.ref, path) },
  });
}

function updateBranch({ github, ref }: PullPlace, value: string): void {
  github.updateBranch({ ...ref, method: oneOf(value || "merge", ["merge", "rebase"]) });
}

function retarget({ github, repository, ref }: PullPlace, value: string): void {
  const branches = Object.keys(github.branches(repository));
  github.retargetPullRequest({ ...ref, base: oneOf(value, branches) });
}

function editBase({ github, repository }: DeedPlace, value: string): string {
  const branch = github.defaultBranch(repository);
  const path = value || "README.md";
  github.commit({ repository, branch, files: { [path]: edited(github, repository, branch, path) } });
  return `A person edited ${path} on ${branch} of ${repository}.`;
}

function runPython({ github, repository }: DeedPlace, value: string): string {
  const number = github.runPythonService({
    repository,
    files: { "NOTE.md": "By the Python service.\n" },
    ...(value === "" ? {} : { category: value }),
  });
  return `The Python service opened ${repository}#${number}, and closed what was in its way.`;
}

/** A description in another wording where the file has one, and else a line more, which does JSON no harm. */
function edited(github: GitHubServer, repository: string, ref: string, path: string): string {
  const bytes = github.readFile({ repository, ref, path });
  const text = bytes === null ? "" : Buffer.from(bytes).toString("utf8");
  const changed = text.replace('"description": "', '"description": "By hand: ');
  if (changed !== text) return changed;
  return path.endsWith(".json") ? `${text}\n` : `${text}By hand.\n`;
}

function oneOf<Choice extends string>(value: string, choices: readonly Choice[]): Choice {
  const found = choices.find((choice) => choice === value);
  if (found === undefined) throw new ControlError(`value must be one of ${choices.join(", ")}`);
  return found;
}

function listOf(value: string): string[] {
  const names = value
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  if (names.length === 0) throw new ControlError("value must name at least one");
  return names;
}
