import type { MergeMethod } from "../github/merging.ts";
import type { PullSummary } from "../github/people.ts";
import type { GitHubServer } from "../github/server.ts";
import type { Account } from "../github/state.ts";
import { ControlError } from "./context.ts";

/** How the deeds that take a value are done. */

export interface DeedPlace {
  readonly github: GitHubServer;
  readonly repository: string;
  /** Of a deed on a repository, whatever pull request it has. */
  readonly pull: PullSummary | null;
}

export interface PullPlace extends DeedPlace {
  readonly pull: PullSummary;
  readonly ref: { readonly repository: string; readonly number: number };
}

export function merge({ github, ref }: PullPlace, value: string): void {
  github.mergePullRequest({ ...ref, method: oneOf<MergeMethod>(value || "merge", ["merge", "squash", "rebase"]) });
}

export function close({ github, ref }: PullPlace, value: string): void {
  const who = oneOf(value || "person", ["person", "bot", "app", "nobody"]);
  const closers: Readonly<Record<typeof who, Account | null>> = {
    person: { login: "pat", type: "User" },
    bot: { login: "stale[bot]", type: "Bot" },
    app: { login: `${github.credentials.apps()[0]?.slug ?? "model-reference-sync"}[bot]`, type: "Bot" },
    nobody: null,
  };
  github.closePullRequest({ ...ref, by: closers[who] });
}

export function push({ github, repository, pull }: PullPlace, value: string): void {
  const path = value || "NOTE.md";
  github.commit({
    repository,
    branch: pull.head.ref,
    files: { [path]: edited(github, repository, pull.head.ref, path) },
  });
}

export function updateBranch({ github, ref }: PullPlace, value: string): void {
  github.updateBranch({ ...ref, method: oneOf(value || "merge", ["merge", "rebase"]) });
}

export function retarget({ github, repository, ref }: PullPlace, value: string): void {
  const branches = Object.keys(github.branches(repository));
  github.retargetPullRequest({ ...ref, base: oneOf(value, branches) });
}

export function editBase({ github, repository }: DeedPlace, value: string): string {
  const branch = github.defaultBranch(repository);
  const path = value || "README.md";
  github.commit({ repository, branch, files: { [path]: edited(github, repository, branch, path) } });
  return `A person edited ${path} on ${branch} of ${repository}.`;
}

export function runPython({ github, repository }: DeedPlace, value: string): string {
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

export function listOf(value: string): string[] {
  const names = value
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  if (names.length === 0) throw new ControlError("value must name at least one");
  return names;
}
