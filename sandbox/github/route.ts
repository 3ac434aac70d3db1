import type { HttpAnswer, HttpRequest } from "../http/answer.ts";
import { decodePath } from "../http/server.ts";
import { isObject, type JsonObject } from "../json/value.ts";
import type { CredentialStore } from "./credentials.ts";
import { ApiError } from "./errors.ts";
import type { Identity, Level } from "./identity.ts";
import type { Account, GitHubState, Pull, RepositoryState } from "./state.ts";

/** What every handler gets. */
export interface Call {
  readonly state: GitHubState;
  readonly credentials: CredentialStore;
  readonly request: HttpRequest;
  readonly identity: Identity;
  /** The named parts of the path, decoded. */
  readonly params: Readonly<Record<string, string>>;
}

export interface RepositoryCall extends Call {
  readonly repository: RepositoryState;
  /** Its pull requests as this request sees them: a read may lag behind. */
  readonly pulls: readonly Pull[];
}

interface RoutePattern {
  readonly method: string;
  /** `:name` takes one segment, `*name` one or more, slashes included, up to what follows it in the pattern. */
  readonly path: string;
}

export interface PlainRoute extends RoutePattern {
  /** `app`: only a JSON Web Token will do; `any`: no credentials needed. */
  readonly access: "app" | "any";
  readonly handle: (call: Call) => HttpAnswer;
}

/** A route below `/repos/:owner/:repo`. */
export interface RepositoryRoute extends RoutePattern {
  /** The permissions of which one is needed; `app` as above. */
  readonly access: "app" | { readonly any: readonly string[]; readonly level: Level };
  /** Whether it works on git data, which an empty repository has none of. */
  readonly needsCommits?: boolean;
  readonly handle: (call: RepositoryCall) => HttpAnswer;
}

export function read(...any: string[]): RepositoryRoute["access"] {
  return { any, level: "read" };
}

export function write(...any: string[]): RepositoryRoute["access"] {
  return { any, level: "write" };
}

/** The parameters of a path that follows a pattern; null when it does not. */
export function matchPath(pattern: string, rawPath: string): Record<string, string> | null {
  const wanted = pattern.split("/");
  const given = rawPath.split("/");
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    if (part.startsWith("*")) {
      const after = wanted.slice(index + 1);
      const end = given.length - after.length;
      const rest = given.slice(index, Math.max(index, end)).map(decodePath).join("/");
      const inner = rest === "" ? null : matchPath(after.join("/"), given.slice(end).join("/"));
      return inner === null ? null : { ...params, ...inner, [part.slice(1)]: rest };
    }
    const value = given[index];
    if (value === undefined) return null;
    if (part.startsWith(":") && value !== "") params[part.slice(1)] = decodePath(value);
    else if (part !== value) return null;
  }
  return given.length === wanted.length ? params : null;
}

/** Who asks, as what GitHub writes down about it. */
export function accountOf(call: Call): Account {
  return { login: call.identity.login, type: call.identity.type };
}

/** The request's JSON object. An absent body counts as an empty one, as GitHub has it. */
export function bodyOf(call: Call): JsonObject {
  if (call.request.body.length === 0) return {};
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(call.request.body).toString("utf8"));
  } catch (error) {
    throw Object.assign(new ApiError(400, "Problems parsing JSON"), { cause: error });
  }
  if (!isObject(value)) throw new ApiError(400, "Body should be a JSON object");
  return value;
}

/** One page of a list, with GitHub's Link header: https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api */
export function pageOf<T>(call: Call, items: readonly T[]): { items: readonly T[]; headers: Record<string, string> } {
  const { search, path } = call.request;
  const size = clamp(Number(search.get("per_page") ?? 30), 1, 100);
  const page = clamp(Number(search.get("page") ?? 1), 1, 1_000_000);
  const last = Math.max(1, Math.ceil(items.length / size));
  const link = (target: number, relation: string) => {
    const query = new URLSearchParams(search);
    query.set("page", String(target));
    return `<${call.state.url}${path}?${query}>; rel="${relation}"`;
  };
  const links = [
    ...(page > 1 ? [link(page - 1, "prev")] : []),
    ...(page < last ? [link(page + 1, "next"), link(last, "last")] : []),
    ...(page > 1 ? [link(1, "first")] : []),
  ];
  return {
    items: items.slice((page - 1) * size, page * size),
    headers: links.length > 0 ? { link: links.join(", ") } : {},
  };
}

function clamp(value: number, low: number, high: number): number {
  return Number.isFinite(value) ? Math.min(high, Math.max(low, Math.floor(value))) : low;
}
