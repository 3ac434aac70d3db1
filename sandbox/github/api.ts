import type { HttpAnswer, HttpRequest } from "../http/answer.ts";
import { jsonAnswer } from "../http/answer.ts";
import { APP_ROUTES, rateLimitView } from "./app-routes.ts";
import type { CredentialStore } from "./credentials.ts";
import { ApiError, errorAnswer } from "./errors.ts";
import type { Identity } from "./identity.ts";
import { handleRepository } from "./repository-api.ts";
import { type Call, matchPath } from "./route.ts";
import type { GitHubState } from "./state.ts";

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
      const githubNow = state.now() + state.clockSkewMs;
      return {
        ...answer,
        headers: {
          ...answer.headers,
          date: new Date(githubNow).toUTCString(),
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
    if (route.access === "app" && identity.kind !== "app") {
      throw new ApiError(401, "A JSON web token could not be decoded");
    }
    return route.handle({ ...context, identity, params });
  }
  const answer = handleRepository({ ...context, identity, params: {} }, path);
  return { ...answer, headers: { ...answer.headers, ...expiryHeader(identity) } };
}

/** `2026-12-01 12:00:00 UTC`: https://docs.github.com/en/rest/authentication/authenticating-to-the-rest-api */
function expiryHeader({ expiresAt }: Identity): Record<string, string> {
  if (expiresAt === null) return {};
  const time = new Date(expiresAt)
    .toISOString()
    .replace("T", " ")
    .replace(/\.\d+Z$/, " UTC");
  return { "github-authentication-token-expiration": time };
}
