import { editTree, MissingPath, type TreeChange, walkTree } from "../git/tree-edit.ts";
import { bytesAnswer, type HttpAnswer, jsonAnswer } from "../http/answer.ts";
import { isObject, type JsonObject, stringIn } from "../json/value.ts";
import { treeEntryView } from "./commit-views.ts";
import { ApiError, missing, notFound } from "./errors.ts";
import { isSha } from "./revision.ts";
import { bodyOf, type RepositoryCall, type RepositoryRoute, read, write } from "./route.ts";
import { headOf } from "./state.ts";
import { apiUrl, nodeId } from "./views.ts";

/**
 * Blobs and trees: https://docs.github.com/en/rest/git/blobs and https://docs.github.com/en/rest/git/trees
 */
export const OBJECT_ROUTES: readonly RepositoryRoute[] = [
  { method: "GET", path: "/git/blobs/:sha", access: read("contents"), needsCommits: true, handle: getBlob },
  { method: "POST", path: "/git/blobs", access: write("contents"), needsCommits: true, handle: createBlob },
  { method: "GET", path: "/git/trees/*tree", access: read("contents"), needsCommits: true, handle: getTree },
  { method: "POST", path: "/git/trees", access: write("contents"), needsCommits: true, handle: createTree },
];

const MAX_BODY_BYTES = 40 * 1024 * 1024;
const MAX_BLOB_BYTES = 100 * 1024 * 1024;
/** https://docs.github.com/en/rest/git/blobs#create-a-blob; a tree that holds too much is told the same. */
const TOO_LARGE =
  "Sorry, your input was too large to process. Consider creating the blob in a local clone of the repository and then " +
  "pushing it to GitHub.";
const MODES = ["100644", "100755", "040000", "160000", "120000"];

function getBlob(call: RepositoryCall): HttpAnswer {
  const sha = call.params["sha"] ?? "";
  if (!isSha(sha))
    throw new ApiError(422, "The sha parameter must be exactly 40 characters and contain only [0-9a-f].");
  const blob = call.repository.git.objects.read(sha);
  if (blob?.type !== "blob") throw notFound();
  if (wantsRaw(call)) return bytesAnswer(blob.data, "application/vnd.github.raw; charset=utf-8");
  const content = Buffer.from(blob.data).toString("base64").replace(/.{60}/g, "$&\n");
  return jsonAnswer(200, {
    sha,
    node_id: nodeId("B", sha),
    size: blob.data.length,
    url: `${apiUrl(call)}/git/blobs/${sha}`,
    content: content.endsWith("\n") || content === "" ? content : `${content}\n`,
    encoding: "base64",
  });
}

export function wantsRaw(call: RepositoryCall): boolean {
  return /application\/vnd\.github(?:\.v3)?\.raw(?:\+json)?/.test(call.request.headers["accept"] ?? "");
}

function createBlob(call: RepositoryCall): HttpAnswer {
  refuseLargeBody(call);
  const body = bodyOf(call);
  const content = stringIn(body, "content");
  if (content === null) throw missing("content");
  const encoding = stringIn(body, "encoding") ?? "utf-8";
  if (encoding !== "utf-8" && encoding !== "base64") throw new ApiError(422, "Invalid encoding");
  const data = Buffer.from(content, encoding === "base64" ? "base64" : "utf8");
  if (data.length > MAX_BLOB_BYTES) throw new ApiError(422, TOO_LARGE);
  const sha = call.repository.git.objects.write("blob", data);
  return jsonAnswer(201, { sha, url: `${apiUrl(call)}/git/blobs/${sha}` });
}

function getTree(call: RepositoryCall): HttpAnswer {
  const name = call.params["tree"] ?? "";
  const { git } = call.repository;
  const commit = headOf(call.repository, name) ?? name;
  const sha = git.commit(commit)?.tree ?? name;
  if (git.tree(sha) === null) throw notFound();
  return jsonAnswer(200, treeView(call, sha, call.request.search.has("recursive")));
}

function treeView(call: RepositoryCall, sha: string, isRecursive: boolean): object {
  const { git } = call.repository;
  const entries = isRecursive ? walkTree(git, sha) : (git.tree(sha) ?? []);
  return {
    sha,
    url: `${apiUrl(call)}/git/trees/${sha}`,
    tree: entries.map((entry) => treeEntryView(call, entry)),
    truncated: false,
  };
}

function createTree(call: RepositoryCall): HttpAnswer {
  refuseLargeBody(call);
  const body = bodyOf(call);
  const entries = body["tree"];
  if (!Array.isArray(entries) || entries.length === 0) throw new ApiError(422, "Invalid tree info");
  const changes = new Map<string, TreeChange>();
  for (const entry of entries) {
    const { path, change } = readEntry(call, isObject(entry) ? entry : {});
    changes.set(path, change);
  }
  const sha = editOrRefuse(call, baseTree(call, body), changes);
  return jsonAnswer(201, treeView(call, sha, false));
}

function baseTree(call: RepositoryCall, body: JsonObject): string | null {
  const base = stringIn(body, "base_tree");
  if (base === null) return null;
  const sha = call.repository.git.commit(base)?.tree ?? base;
  if (call.repository.git.tree(sha) === null) throw new ApiError(422, "base_tree is not a valid tree oid");
  return sha;
}

function editOrRefuse(call: RepositoryCall, base: string | null, changes: ReadonlyMap<string, TreeChange>): string {
  try {
    return editTree(call.repository.git, base, changes);
  } catch (error) {
    if (error instanceof MissingPath) throw new ApiError(422, "GitRPC::BadObjectState");
    throw error;
  }
}

function readEntry(call: RepositoryCall, entry: JsonObject): { path: string; change: TreeChange } {
  const path = stringIn(entry, "path");
  const mode = stringIn(entry, "mode") ?? "100644";
  if (path === null) throw new ApiError(422, "tree.path is missing");
  if (!isValidPath(path)) throw new ApiError(422, "tree.path contains a malformed path component");
  if (!MODES.includes(mode)) throw new ApiError(422, `tree.mode ${mode} is not valid`);
  const content = stringIn(entry, "content");
  const sha = entry["sha"];
  if (content !== null) {
    if (sha !== undefined) throw new ApiError(422, "Must supply either tree.sha or tree.content, but not both");
    return { path, change: { mode, sha: call.repository.git.objects.write("blob", Buffer.from(content)) } };
  }
  if (sha === null) return { path, change: null };
  if (typeof sha !== "string") throw new ApiError(422, "Must supply either tree.sha or tree.content");
  refuseUnknown(call, sha, mode);
  return { path, change: { mode: mode.replace(/^0/, ""), sha } };
}

function refuseUnknown(call: RepositoryCall, sha: string, mode: string): void {
  if (mode === "160000" && isSha(sha)) return;
  const wanted = mode === "040000" ? "tree" : "blob";
  if (call.repository.git.objects.read(sha)?.type !== wanted) throw new ApiError(422, "GitRPC::BadObjectState");
}

function isValidPath(path: string): boolean {
  return path
    .split("/")
    .every((part) => part !== "" && part !== "." && part !== ".." && !/^\.git$/i.test(part) && !part.includes("\0"));
}

function refuseLargeBody(call: RepositoryCall): void {
  if (call.request.body.length > MAX_BODY_BYTES) throw new ApiError(422, TOO_LARGE);
}
