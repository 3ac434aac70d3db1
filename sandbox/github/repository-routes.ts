import { findEntry } from "../git/tree-edit.ts";
import { bytesAnswer, emptyAnswer, type HttpAnswer, jsonAnswer } from "../http/answer.ts";
import { installationView } from "./app-routes.ts";
import { commitOf } from "./commit-views.ts";
import { notFound } from "./errors.ts";
import { installationFor } from "./installations.ts";
import { wantsRaw } from "./object-routes.ts";
import { permissionsOf } from "./permissions.ts";
import { fullRepositoryView } from "./repository-views.ts";
import { resolveCommit } from "./revision.ts";
import { pageOf, type RepositoryCall, type RepositoryRoute, read } from "./route.ts";
import { rulesFor, ruleView } from "./rules.ts";
import { apiUrl, webUrl } from "./views.ts";

/** The repository itself, its App and its files: https://docs.github.com/en/rest/repos/repos */
export const REPOSITORY_ROUTES: readonly RepositoryRoute[] = [
  { method: "GET", path: "", access: read("metadata"), handle: getRepository },
  { method: "GET", path: "/collaborators/:user", access: read("metadata"), handle: checkCollaborator },
  { method: "GET", path: "/rules/branches/*branch", access: read("metadata"), handle: listRules },
  { method: "GET", path: "/installation", access: "app", handle: getInstallation },
  { method: "GET", path: "/contents/*path", access: read("contents"), needsCommits: true, handle: getContents },
];

function getRepository(call: RepositoryCall): HttpAnswer {
  return jsonAnswer(200, { ...fullRepositoryView(call), permissions: permissionsOf(call) });
}

/** https://docs.github.com/en/rest/collaborators/collaborators#check-if-a-user-is-a-repository-collaborator */
function checkCollaborator(call: RepositoryCall): HttpAnswer {
  const wanted = call.params["user"]?.toLowerCase();
  if (!call.state.collaborators.some((login) => login.toLowerCase() === wanted)) throw notFound();
  return emptyAnswer();
}

/** https://docs.github.com/en/rest/repos/rules#get-rules-for-a-branch */
function listRules(call: RepositoryCall): HttpAnswer {
  const rules = rulesFor(call.repository, call.params["branch"] ?? "");
  const { items, headers } = pageOf(call, rules);
  return jsonAnswer(
    200,
    items.map((rule) => ruleView(call.repository, rule)),
    headers,
  );
}

function getInstallation(call: RepositoryCall): HttpAnswer {
  return jsonAnswer(200, installationView(call, installationFor(call, call.repository)));
}

/** Files only; over 1 MB the JSON form comes empty. https://docs.github.com/en/rest/repos/contents */
function getContents(call: RepositoryCall): HttpAnswer {
  const commit = resolveCommit(call, call.request.search.get("ref") ?? call.repository.defaultBranch);
  const path = call.params["path"] ?? "";
  const entry = findEntry(call.repository.git, commitOf(call, commit).tree, path);
  const blob = entry === null ? null : call.repository.git.objects.read(entry.sha);
  if (entry === null || blob?.type !== "blob") throw notFound();
  if (wantsRaw(call)) return bytesAnswer(blob.data, "application/vnd.github.raw; charset=utf-8");
  const links = {
    self: `${apiUrl(call)}/contents/${path}?ref=${commit}`,
    git: `${apiUrl(call)}/git/blobs/${entry.sha}`,
    html: `${webUrl(call)}/blob/${commit}/${path}`,
  };
  const isLarge = blob.data.length > 1024 * 1024;
  return jsonAnswer(200, {
    type: "file",
    name: entry.name,
    path,
    sha: entry.sha,
    size: blob.data.length,
    encoding: isLarge ? "none" : "base64",
    content: isLarge ? "" : Buffer.from(blob.data).toString("base64"),
    url: links.self,
    git_url: links.git,
    html_url: links.html,
    download_url: `${webUrl(call)}/raw/${commit}/${path}`,
    _links: links,
  });
}
