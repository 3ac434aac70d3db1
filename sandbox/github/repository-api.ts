import type { HttpAnswer } from "../http/answer.ts";
import { CHECK_ROUTES } from "./check-routes.ts";
import { COMMENT_ROUTES } from "./comment-routes.ts";
import { COMMIT_ROUTES } from "./commit-routes.ts";
import { DECORATION_ROUTES } from "./decoration-routes.ts";
import { ApiError, errorAnswer, notFound } from "./errors.ts";
import { hasPermission, type Identity, reaches } from "./identity.ts";
import { ISSUE_ROUTES } from "./issue-routes.ts";
import { noteVersion, visiblePulls } from "./lag.ts";
import { OBJECT_ROUTES } from "./object-routes.ts";
import { applyPolicy } from "./policies.ts";
import { PULL_ROUTES } from "./pull-routes.ts";
import { movedRepository, redirectAnswer } from "./redirects.ts";
import { REF_ROUTES } from "./ref-routes.ts";
import { REPOSITORY_ROUTES } from "./repository-routes.ts";
import { type Call, matchPath, type RepositoryRoute } from "./route.ts";
import { settlePulls } from "./settling.ts";
import { type GitHubState, isEmptyRepository, type RepositoryState } from "./state.ts";
import { isoTime } from "./views.ts";

/** What is below `/repos/{owner}/{repo}`, which may also be called `/repositories/{id}`. */
const ROUTES: readonly RepositoryRoute[] = [
  ...REPOSITORY_ROUTES,
  ...REF_ROUTES,
  ...OBJECT_ROUTES,
  ...CHECK_ROUTES,
  ...COMMIT_ROUTES,
  ...PULL_ROUTES,
  ...ISSUE_ROUTES,
  ...COMMENT_ROUTES,
  ...DECORATION_ROUTES,
];

export function handleRepository(call: Call, path: string): HttpAnswer {
  const place = findPlace(call.state, path);
  for (const route of place === null ? [] : ROUTES) {
    const params = route.method === call.request.method ? matchPath(route.path, place?.local ?? "") : null;
    if (params === null || place === null) continue;
    const answer = answerOrRefuse(() => handle({ ...call, params }, route, place));
    return { ...answer, headers: { ...answer.headers, ...permissionHeader(route) } };
  }
  throw notFound();
}

interface Place {
  readonly repository: RepositoryState | null;
  /** It was asked for by a name that it does not have any more. */
  readonly isMoved: boolean;
  /** What follows the repository in the path. */
  readonly local: string;
}

function findPlace(state: GitHubState, path: string): Place | null {
  const parts = path.split("/");
  const byId = matchPath("/repositories/:id", parts.slice(0, 3).join("/"));
  const localOf = (length: number) =>
    parts
      .slice(length)
      .map((part) => `/${part}`)
      .join("");
  if (byId !== null) {
    const repository = [...state.repositories.values()].find(({ id }) => String(id) === byId["id"]) ?? null;
    return { repository, isMoved: false, local: localOf(3) };
  }
  const byName = matchPath("/repos/:owner/:repo", parts.slice(0, 4).join("/"));
  if (byName === null) return null;
  const fullName = `${byName["owner"] ?? ""}/${byName["repo"] ?? ""}`;
  const present = state.repositories.get(fullName.toLowerCase());
  const moved = present === undefined ? movedRepository(state, fullName) : null;
  return { repository: present ?? moved, isMoved: moved !== null, local: localOf(4) };
}

function handle(call: Call, route: RepositoryRoute, { repository, isMoved, local }: Place): HttpAnswer {
  checkAccess(call.identity, route, repository);
  if (repository === null) throw notFound();
  if (isMoved) return redirectAnswer(call.state, call.request, `/repositories/${repository.id}${local}`);
  applyPolicy(call.state, repository.owner, call.identity);
  refuseClosed(repository, route);
  settlePulls(call.state, repository);
  const isRead = route.method === "GET";
  const pulls = isRead ? visiblePulls(call.state, repository) : repository.pulls;
  const answer = route.handle({ ...call, repository, pulls });
  if (!isRead) noteVersion(call.state, repository);
  return answer;
}

function answerOrRefuse(answer: () => HttpAnswer): HttpAnswer {
  try {
    return answer();
  } catch (error) {
    if (error instanceof ApiError) return errorAnswer(error);
    throw error;
  }
}

function checkAccess(identity: Identity, route: RepositoryRoute, repository: RepositoryState | null): void {
  if (route.access === "app") {
    if (identity.kind !== "app") throw new ApiError(401, "A JSON web token could not be decoded");
    return;
  }
  const { any, level } = route.access;
  if (identity.kind === "anonymous" && level !== "read") throw new ApiError(401, "Requires authentication");
  if (identity.kind === "app") throw new ApiError(401, "Bad credentials");
  if (repository === null || !reaches(identity, repository)) throw notFound();
  const isPublic = !repository.isPrivate && !any.includes("administration");
  if (level === "read" && isPublic) return;
  if (identity.kind === "anonymous") throw notFound();
  if (any.some((permission) => hasPermission(identity, permission, level))) return;
  const holder = identity.kind === "installation" ? "integration" : "personal access token";
  throw new ApiError(403, `Resource not accessible by ${holder}`);
}

/** Closed by GitHub, archived by its owners, or without a commit. */
function refuseClosed(repository: RepositoryState, route: RepositoryRoute): void {
  if (repository.blockedFor !== null) throw blocked(repository.blockedFor);
  if (repository.isArchived && route.method !== "GET") {
    throw new ApiError(403, "Repository was archived so is read-only.");
  }
  if (route.needsCommits === true && isEmptyRepository(repository)) throw new ApiError(409, "Git Repository is empty.");
}

/** https://github.com/github/rest-api-description/issues/3314 */
function blocked(reason: "dmca" | "tos"): ApiError {
  const html_url = reason === "tos" ? "https://github.com/tos" : "https://github.com/github/dmca";
  return new ApiError(reason === "tos" ? 403 : 451, "Repository access blocked", {
    fields: { block: { reason, created_at: isoTime(0), html_url } },
  });
}

/** `contents=write`, or `issues=write; pull_requests=write` where one of them is enough. */
function permissionHeader({ access }: RepositoryRoute): Record<string, string> {
  if (access === "app") return {};
  return { "x-accepted-github-permissions": access.any.map((name) => `${name}=${access.level}`).join("; ") };
}
