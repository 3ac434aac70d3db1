import type { Commit, Signature } from "../git/commit.ts";
import { commitsBetween, log, mergeBase } from "../git/history.ts";
import { diffTrees, findEntry } from "../git/tree-edit.ts";
import { type HttpAnswer, jsonAnswer } from "../http/answer.ts";
import { isObject, type JsonObject, stringIn, stringsOf } from "../json/value.ts";
import { commitOf, commitView, fileView, gitCommitView } from "./commit-views.ts";
import { ApiError, missing, notFound } from "./errors.ts";
import { isSha } from "./object-routes.ts";
import { bodyOf, type Call, pageOf, type RepositoryCall, type RepositoryRoute, read, write } from "./route.ts";
import { headOf } from "./state.ts";
import { apiUrl, idOf, type ViewContext, webUrl } from "./views.ts";

/**
 * Commits and their comparison: https://docs.github.com/en/rest/git/commits and
 * https://docs.github.com/en/rest/commits/commits
 */
export const COMMIT_ROUTES: readonly RepositoryRoute[] = [
  { method: "GET", path: "/git/commits/:sha", access: read("contents"), needsCommits: true, handle: getGitCommit },
  { method: "POST", path: "/git/commits", access: write("contents"), needsCommits: true, handle: createCommit },
  { method: "GET", path: "/commits", access: read("contents"), needsCommits: true, handle: listCommits },
  { method: "GET", path: "/commits/*ref", access: read("contents"), needsCommits: true, handle: getCommit },
  { method: "GET", path: "/compare/*basehead", access: read("contents"), needsCommits: true, handle: compare },
];

function getGitCommit(call: RepositoryCall): HttpAnswer {
  return jsonAnswer(200, gitCommitView(call, call.params["sha"] ?? ""));
}

function createCommit(call: RepositoryCall): HttpAnswer {
  const body = bodyOf(call);
  const message = stringIn(body, "message");
  const tree = stringIn(body, "tree");
  if (message === null) throw missing("message");
  if (tree === null) throw missing("tree");
  if (call.repository.git.tree(tree) === null) throw new ApiError(422, "Tree SHA does not exist");
  const parents = stringsOf(body["parents"] ?? []) ?? [];
  if (parents.some((sha) => !isSha(sha) || call.repository.git.commit(sha) === null)) {
    throw new ApiError(422, "Parent SHA does not exist or is not a commit object");
  }
  const self = signatureOf(call);
  const author = readSignature(body, "author", self) ?? self;
  const isOwn = body["author"] === undefined && body["committer"] === undefined;
  const isSigned = isOwn && call.identity.kind === "installation";
  const committer = isSigned
    ? { ...self, name: "GitHub", email: "noreply@github.com" }
    : (readSignature(body, "committer", self) ?? author);
  const sha = call.repository.git.writeCommit({ tree, parents, author, committer, message, isSigned });
  return jsonAnswer(201, gitCommitView(call, sha));
}

/** The asking account's own signature, at this moment. */
export function signatureOf(call: Call): Signature {
  const { login } = call.identity;
  return {
    name: login,
    email: `${idOf(login)}+${login}@users.noreply.github.com`,
    seconds: Math.floor(call.state.now() / 1000),
    zone: "+0000",
  };
}

function readSignature(body: JsonObject, field: string, fallback: Signature): Signature | null {
  const given = body[field];
  if (!isObject(given)) return null;
  const date = Date.parse(stringIn(given, "date") ?? "");
  return {
    name: stringIn(given, "name") ?? fallback.name,
    email: stringIn(given, "email") ?? fallback.email,
    seconds: Number.isNaN(date) ? fallback.seconds : Math.floor(date / 1000),
    zone: "+0000",
  };
}

function listCommits(call: RepositoryCall): HttpAnswer {
  const { search } = call.request;
  const start = resolveCommit(call, search.get("sha") ?? call.repository.defaultBranch);
  const path = search.get("path");
  const all = log(call.repository.git, start);
  const isWanted = timeFilter(search);
  const wanted = all.filter((sha) => isWanted(commitOf(call, sha)) && (path === null || touches(call, sha, path)));
  const { items, headers } = pageOf(call, wanted);
  return jsonAnswer(
    200,
    items.map((sha) => commitView(call, sha)),
    headers,
  );
}

/** By when it was committed, both ends included. */
function timeFilter(search: URLSearchParams): (commit: Commit) => boolean {
  const secondsIn = (name: string) => Date.parse(search.get(name) ?? "") / 1000;
  const [since, until] = [secondsIn("since"), secondsIn("until")];
  return ({ committer: { seconds } }) => !(seconds < since) && !(seconds > until);
}

function touches(call: RepositoryCall, sha: string, path: string): boolean {
  const at = (commit: string | undefined) =>
    commit === undefined ? undefined : findEntry(call.repository.git, commitOf(call, commit).tree, path)?.sha;
  return at(sha) !== at(commitOf(call, sha).parents[0]);
}

function getCommit(call: RepositoryCall): HttpAnswer {
  const sha = resolveCommit(call, call.params["ref"] ?? "");
  const parent = commitOf(call, sha).parents[0];
  const before = parent === undefined ? null : commitOf(call, parent).tree;
  const files = diffTrees(call.repository.git, before, commitOf(call, sha).tree);
  return jsonAnswer(200, { ...commitView(call, sha), files: files.map((file) => fileView(call, sha, file)) });
}

/** https://docs.github.com/en/rest/commits/commits#compare-two-commits */
function compare(call: RepositoryCall): HttpAnswer {
  const [baseName = "", headName = ""] = (call.params["basehead"] ?? "").split("...");
  const base = resolveCommit(call, baseName);
  const head = resolveCommit(call, headName);
  const { git } = call.repository;
  const common = mergeBase(git, base, head);
  if (common === null) throw new ApiError(404, `No common ancestor between ${baseName} and ${headName}.`);
  const ahead = commitsBetween(git, base, head).reverse();
  const behind = commitsBetween(git, head, base);
  const { items, headers, number } = comparedPage(call, ahead);
  const page = `${webUrl(call)}/compare/${baseName}...${headName}`;
  return jsonAnswer(
    200,
    {
      url: `${apiUrl(call)}/compare/${baseName}...${headName}`,
      html_url: page,
      permalink_url: page,
      diff_url: `${page}.diff`,
      patch_url: `${page}.patch`,
      base_commit: commitView(call, base),
      merge_base_commit: commitView(call, common),
      status: comparison(ahead.length, behind.length),
      ahead_by: ahead.length,
      behind_by: behind.length,
      total_commits: ahead.length,
      commits: items.map((sha) => commitView(call, sha)),
      // Files come with the first page only, 300 at most.
      ...(number === 1 ? { files: changedFiles(call, common, head).slice(0, MAX_FILES) } : {}),
    },
    headers,
  );
}

const MAX_FILES = 300;
const MAX_UNPAGED = 250;

/** Without a page asked for, the newest 250 of the commits come at once. */
function comparedPage(call: RepositoryCall, ahead: readonly string[]) {
  const { search } = call.request;
  if (search.has("page") || search.has("per_page")) {
    return { ...pageOf(call, ahead), number: Number(search.get("page") ?? 1) };
  }
  return { items: ahead.slice(-MAX_UNPAGED), headers: {}, number: 1 };
}

function comparison(ahead: number, behind: number): string {
  if (ahead === 0) return behind === 0 ? "identical" : "behind";
  return behind === 0 ? "ahead" : "diverged";
}

/** The files in which two commits differ, without patches. */
export function changedFiles(context: ViewContext, before: string, after: string): object[] {
  const { git } = context.repository;
  const files = diffTrees(git, commitOf(context, before).tree, commitOf(context, after).tree);
  return files.map((file) => fileView(context, after, file));
}

/** A branch (`x`, `heads/x`, `owner:x`) or a full commit name. */
export function resolveCommit(call: RepositoryCall, name: string): string {
  const branch = name.replace(/^(?:refs\/)?heads\//, "").replace(`${call.repository.owner}:`, "");
  const found = headOf(call.repository, branch) ?? (call.repository.git.commit(name) === null ? null : name);
  if (found !== null) return found;
  throw isSha(name) ? new ApiError(422, `No commit found for SHA: ${name}`) : notFound();
}
