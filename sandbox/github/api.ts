import type { HttpAnswer, HttpRequest } from "../http/answer.ts";
import { jsonAnswer } from "../http/answer.ts";
import { APP_ROUTES, rateLimitView } from "./app-routes.ts";
import { CHECK_ROUTES } from "./check-routes.ts";
import { COMMIT_ROUTES } from "./commit-routes.ts";
import { CONVERSATION_ROUTES } from "./conversation-routes.ts";
import { type CredentialStore, hasPermission, type Identity } from "./credentials.ts";
import { ApiError, errorAnswer, notFound } from "./errors.ts";
import { ISSUE_ROUTES } from "./issue-routes.ts";
import { noteVersion, visiblePulls } from "./lag.ts";
import { OBJECT_ROUTES } from "./object-routes.ts";
import { PULL_ROUTES } from "./pull-routes.ts";
import { REF_ROUTES } from "./ref-routes.ts";
import { REPOSITORY_ROUTES } from "./repository-routes.ts";
import { type Call, matchPath, type RepositoryRoute } from "./route.ts";
import { settlePulls } from "./settling.ts";
import { type GitHubState, isEmptyRepository, type RepositoryState } from "./state.ts";

const REPOSITORY_TABLE: readonly RepositoryRoute[] = [
  ...REPOSITORY_ROUTES,
  ...REF_ROUTES,
  ...OBJECT_ROUTES,
  ...CHECK_ROUTES,
  ...COMMIT_ROUTES,
  ...PULL_ROUTES,
  ...ISSUE_ROUTES,
  ...CONVERSATION_ROUTES,
];

const LIMIT = 5000;

export interface Api {
  handle(request: HttpRequest): HttpAnswer;
}

/**
 * The REST API. A request is worked off without a pause, so what it checks still holds when it writes: two requests
 * that race for a ref or a pull request have one winner, as with GitHub.
 */
export function createApi(state: GitHubState, credentials: CredentialStore): Api {
  const used = new Map<string, number>();
  let count = 0;
  return {
    handle(request) {
      count += 1;
      const account = request.headers["authorization"] ?? "";
      const spent = (used.get(account) ?? 0) + 1;
      used.set(account, spent);
      const reset = Math.ceil(state.now() / 3_600_000) * 3600;
      const rate = { limit: LIMIT, used: spent, reset };
      const answer = answerOrError(() => dispatch({ state, credentials, request }, rate));
      return {
        ...answer,
        headers: {
          ...answer.headers,
          "x-github-request-id": `SB:${count.toString(16).toUpperCase().padStart(6, "0")}`,
          "x-ratelimit-limit": String(LIMIT),
          "x-ratelimit-remaining": String(Math.max(1, LIMIT - spent)),
          "x-ratelimit-used": String(spent),
          "x-ratelimit-reset": String(reset),
          "x-ratelimit-resource": "core",
        },
      };
    },
  };
}

function answerOrError(answer: () => HttpAnswer): HttpAnswer {
  try {
    return answer();
  } catch (error) {
    if (error instanceof ApiError) return errorAnswer(error);
    throw error;
  }
}

function dispatch(
  context: Omit<Call, "identity" | "params">,
  rate: { limit: number; used: number; reset: number },
): HttpAnswer {
  const { request } = context;
  if ((request.headers["user-agent"] ?? "") === "") {
    throw new ApiError(
      403,
      "Request forbidden by administrative rules. Please make sure your request has a User-Agent header.",
    );
  }
  const path = request.rawPath.replace(/^\/api\/v3(?=\/)/, "").replace(/(?<=.)\/$/, "");
  const identity = context.credentials.identify(request.headers["authorization"]);
  if (path === "/rate_limit") return jsonAnswer(200, rateLimitView(rate));
  for (const route of APP_ROUTES) {
    const params = route.method === request.method ? matchPath(route.path, path) : null;
    if (params === null) continue;
    if (route.access === "app") requireApp(identity);
    return route.handle({ ...context, identity, params });
  }
  return dispatchRepository({ ...context, identity, params: {} }, path);
}

function dispatchRepository(call: Call, path: string): HttpAnswer {
  const place = matchPath("/repos/:owner/:repo", path.split("/").slice(0, 4).join("/"));
  if (place === null) throw notFound();
  const rest = path.split("/").slice(4);
  const local = rest.length === 0 ? "" : `/${rest.join("/")}`;
  for (const route of REPOSITORY_TABLE) {
    const params = route.method === call.request.method ? matchPath(route.path, local) : null;
    if (params === null) continue;
    const fullName = `${place["owner"] ?? ""}/${place["repo"] ?? ""}`;
    const repository = call.state.repositories.get(fullName.toLowerCase());
    checkAccess(call.identity, route, repository);
    if (repository === undefined) throw notFound();
    if (repository.isArchived && route.method !== "GET") {
      throw new ApiError(403, "Repository was archived so is read-only.");
    }
    if (route.needsCommits === true && isEmptyRepository(repository)) {
      throw new ApiError(409, "Git Repository is empty.");
    }
    settlePulls(call.state, repository);
    const isRead = route.method === "GET";
    const pulls = isRead ? visiblePulls(call.state, repository) : repository.pulls;
    const answer = route.handle({ ...call, params, repository, pulls });
    if (!isRead) noteVersion(call.state, repository);
    return answer;
  }
  throw notFound();
}

function checkAccess(identity: Identity, route: RepositoryRoute, repository: RepositoryState | undefined): void {
  if (route.access === "app") {
    requireApp(identity);
    return;
  }
  const { any, level } = route.access;
  if (identity.kind === "anonymous" && level !== "read") throw new ApiError(401, "Requires authentication");
  if (identity.kind === "app") throw new ApiError(401, "Bad credentials");
  const isReached = identity.repositories?.has(repository?.fullName.toLowerCase() ?? "") ?? true;
  if (repository === undefined || !isReached) throw notFound();
  if (level === "read" && !repository.isPrivate) return;
  if (identity.kind === "anonymous") throw notFound();
  if (any.some((permission) => hasPermission(identity, permission, level))) return;
  const holder = identity.kind === "installation" ? "integration" : "personal access token";
  throw new ApiError(403, `Resource not accessible by ${holder}`);
}

function requireApp(identity: Identity): void {
  if (identity.kind !== "app") throw new ApiError(401, "A JSON web token could not be decoded");
}
