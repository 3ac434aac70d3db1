import type { HttpAnswer, HttpRequest } from "../http/answer.ts";
import { jsonAnswer } from "../http/answer.ts";
import type { GitHubState, RepositoryState } from "./state.ts";

/**
 * Where things are that were renamed or transferred: GitHub answers 301 to a GET and 307 to anything else, with the
 * repository's number in the place of its name.
 *
 * @see https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#follow-redirects
 */
export function redirectAnswer(state: GitHubState, request: HttpRequest, location: string): HttpAnswer {
  const url = `${state.url}${location}${request.query}`;
  const status = request.method === "GET" || request.method === "HEAD" ? 301 : 307;
  const documentationUrl = "https://docs.github.com/rest/guides/best-practices-for-using-the-rest-api#follow-redirects";
  return jsonAnswer(
    status,
    { message: "Moved Permanently", url, documentation_url: documentationUrl },
    { location: url },
  );
}

/** The repository that had this name before; null when none had. */
export function movedRepository(state: GitHubState, fullName: string): RepositoryState | null {
  const id = state.formerNames.get(fullName.toLowerCase());
  return [...state.repositories.values()].find((repository) => repository.id === id) ?? null;
}

/** Renames it, or gives it to another owner; the old name leads on until somebody takes it. */
export function moveRepository(state: GitHubState, repository: RepositoryState, to: string): void {
  const [owner = "", name = ""] = to.split("/");
  if (owner === "" || name === "") throw new Error(`${to} is no owner/name`);
  if (state.repositories.has(to.toLowerCase())) throw new Error(`${to} exists`);
  const old = repository.fullName.toLowerCase();
  state.repositories.delete(old);
  // An installation, or a fine-grained token, is of one account: it does not go along to another.
  if (repository.owner.toLowerCase() === owner.toLowerCase()) repository.alsoKnownAs.add(old);
  else repository.alsoKnownAs.clear();
  Object.assign(repository, { owner, name, fullName: `${owner}/${name}` });
  state.formerNames.set(old, repository.id);
  state.formerNames.delete(to.toLowerCase());
  state.repositories.set(to.toLowerCase(), repository);
}

/** Renames a branch; pull requests into it follow. https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-branches-in-your-repository/renaming-a-branch */
export function moveBranch(repository: RepositoryState, from: string, to: string): void {
  const { refs } = repository.git;
  const sha = refs.read(`refs/heads/${from}`);
  if (sha === null) throw new Error(`${repository.fullName} has no branch ${from}`);
  if (refs.read(`refs/heads/${to}`) !== null) throw new Error(`${repository.fullName} has a branch ${to}`);
  refs.remove(`refs/heads/${from}`);
  refs.write(`refs/heads/${to}`, sha);
  for (const pull of repository.pulls) if (pull.baseRef === from) pull.baseRef = to;
  if (repository.defaultBranch === from) repository.defaultBranch = to;
  repository.formerBranches.set(from, to);
}
