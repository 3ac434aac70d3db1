import { addComment } from "./conversation.ts";
import { commitAs, type FileContent } from "./people.ts";
import { openPull } from "./pulls.ts";
import { closePull, settlePulls } from "./settling.ts";
import { type Account, type GitHubState, repositoryOf } from "./state.ts";

/**
 * The service in Python that did the same work before, and may still run somewhere: it makes a branch and a pull
 * request for each category and run, and first closes, with a comment, every open one whose branch begins with
 * `sync/` and is of that category.
 */
export interface PythonServiceRun {
  readonly repository: string;
  /** Default: a run over several categories at once, which closes all of them. */
  readonly category?: string;
  /** What it publishes; without it the run only closes. */
  readonly files?: Readonly<Record<string, FileContent>>;
  /** Whose token it uses. */
  readonly by?: Account;
}

const BOT: Account = { login: "horde-sync-service", type: "User" };

/** Its own words, by which its closings can be told from a person's. */
export const PYTHON_CLOSING =
  "This PR is being automatically closed because a new sync operation has been initiated.\n\n" +
  "A new PR with updated changes will be created shortly.";

/** @returns the number of its new pull request, or null */
export function runPythonService(
  state: GitHubState,
  { repository: name, category, files, by = BOT }: PythonServiceRun,
): number | null {
  const repository = repositoryOf(state, name);
  settlePulls(state, repository);
  const isItsTurn = (ref: string) =>
    category === undefined || ref.includes(`sync/${category}/`) || ref.includes("sync/multi-category/");
  for (const pull of repository.pulls) {
    if (pull.state === "closed" || !pull.headRef.startsWith("sync/") || !isItsTurn(pull.headRef)) continue;
    addComment(state, pull, { body: PYTHON_CLOSING, by });
    closePull(state, pull, by);
  }
  settlePulls(state, repository);
  if (files === undefined) return null;
  const branch = `sync/${category ?? "multi-category"}/${timestamp(state.now())}`;
  const title = `Sync ${category ?? "several categories"}`;
  commitAs(state, { repository: name, branch, files, message: title, author: by.login });
  const pull = openPull(state, repository, {
    author: by,
    title,
    body: null,
    headRepository: repository,
    head: branch,
    base: repository.defaultBranch,
    isDraft: false,
  });
  return pull.number;
}

/** `20261128-130501` */
function timestamp(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replaceAll(/[-:]/g, "").replace("T", "-");
}
