import type { Commit, Signature } from "../git/commit.ts";
import { log } from "../git/history.ts";
import { diffTrees, findEntry } from "../git/tree-edit.ts";
import { type HttpAnswer, jsonAnswer } from "../http/answer.ts";
import { isObject, type JsonObject, stringIn, stringsOf } from "../json/value.ts";
import { commitOf, commitView, fileView, gitCommitView } from "./commit-views.ts";
import { compare } from "./comparison.ts";
import { ApiError, missing } from "./errors.ts";
import { isSha, resolveCommit } from "./revision.ts";
import { bodyOf, type Call, pageOf, type RepositoryCall, type RepositoryRoute, read, write } from "./route.ts";
import { idOf } from "./views.ts";

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
