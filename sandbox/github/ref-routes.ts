import { isAncestor } from "../git/history.ts";
import { isValidRef } from "../git/refs.ts";
import { emptyAnswer, type HttpAnswer, jsonAnswer } from "../http/answer.ts";
import { stringIn } from "../json/value.ts";
import { commitView, refView } from "./commit-views.ts";
import { ApiError, missing, notFound } from "./errors.ts";
import { protectionView } from "./protection.ts";
import { redirectAnswer } from "./redirects.ts";
import { refusePush, updateFailed } from "./ref-gate.ts";
import { isSha } from "./revision.ts";
import { accountOf, bodyOf, pageOf, type RepositoryCall, type RepositoryRoute, read, write } from "./route.ts";
import { rulesFor } from "./rules.ts";
import { deleteBranch, settlePulls } from "./settling.ts";
import { headOf } from "./state.ts";
import { apiUrl, webUrl } from "./views.ts";

/** Refs and branches: https://docs.github.com/en/rest/git/refs and https://docs.github.com/en/rest/branches/branches */
export const REF_ROUTES: readonly RepositoryRoute[] = [
  { method: "GET", path: "/branches", access: read("contents"), handle: listBranches },
  { method: "GET", path: "/branches/*branch/protection", access: read("administration"), handle: getProtection },
  { method: "GET", path: "/branches/*branch", access: read("contents"), handle: getBranch },
  { method: "GET", path: "/git/ref/*ref", access: read("contents"), needsCommits: true, handle: getRef },
  { method: "GET", path: "/git/matching-refs/*ref", access: read("contents"), needsCommits: true, handle: matchRefs },
  { method: "POST", path: "/git/refs", access: write("contents"), needsCommits: true, handle: createRef },
  { method: "PATCH", path: "/git/refs/*ref", access: write("contents"), needsCommits: true, handle: updateRef },
  { method: "DELETE", path: "/git/refs/*ref", access: write("contents"), needsCommits: true, handle: deleteRef },
];

function listBranches(call: RepositoryCall): HttpAnswer {
  const branches = [...call.repository.git.refs.list()].filter(([ref]) => ref.startsWith("refs/heads/"));
  const { items, headers } = pageOf(call, branches);
  const views = items.map(([ref, sha]) => ({
    name: ref.slice("refs/heads/".length),
    commit: { sha, url: `${apiUrl(call)}/commits/${sha}` },
    protected: false,
  }));
  return jsonAnswer(200, views, headers);
}

function getBranch(call: RepositoryCall): HttpAnswer {
  const name = call.params["branch"] ?? "";
  const sha = headOf(call.repository, name);
  const renamed = call.repository.formerBranches.get(name);
  if (sha === null && renamed !== undefined) {
    return redirectAnswer(call.state, call.request, `/repositories/${call.repository.id}/branches/${renamed}`);
  }
  if (sha === null) throw new ApiError(404, "Branch not found");
  const isProtected = call.repository.protections.has(name) || rulesFor(call.repository, name).length > 0;
  return jsonAnswer(200, {
    name,
    commit: commitView(call, sha),
    _links: { self: `${apiUrl(call)}/branches/${name}`, html: `${webUrl(call)}/tree/${name}` },
    protected: isProtected,
    protection: protectionView(call.repository.protections.get(name)),
    protection_url: `${apiUrl(call)}/branches/${name}/protection`,
  });
}

/** https://docs.github.com/en/rest/branches/branch-protection#get-branch-protection */
function getProtection(call: RepositoryCall): HttpAnswer {
  const protection = call.repository.protections.get(call.params["branch"] ?? "");
  if (protection === undefined) throw new ApiError(404, "Branch not protected");
  return jsonAnswer(200, { url: `${apiUrl(call)}/branches/${call.params["branch"]}/protection`, enabled: true });
}

function getRef(call: RepositoryCall): HttpAnswer {
  const ref = `refs/${call.params["ref"] ?? ""}`;
  const sha = call.repository.git.refs.read(ref);
  if (sha === null) throw notFound();
  return jsonAnswer(200, refView(call, ref, sha));
}

function matchRefs(call: RepositoryCall): HttpAnswer {
  const prefix = `refs/${call.params["ref"] ?? ""}`;
  const found = [...call.repository.git.refs.list()].filter(([ref]) => ref.startsWith(prefix));
  return jsonAnswer(
    200,
    found.map(([ref, sha]) => refView(call, ref, sha)),
  );
}

function createRef(call: RepositoryCall): HttpAnswer {
  const body = bodyOf(call);
  const ref = stringIn(body, "ref");
  const sha = stringIn(body, "sha");
  if (ref === null) throw missing("ref");
  if (sha === null) throw missing("sha");
  if (!ref.startsWith("refs/") || ref.split("/").length < 3 || !isValidRef(ref)) {
    throw new ApiError(422, `${ref} is not a valid ref name.`);
  }
  refuseUnknownCommit(call, sha);
  const { refs } = call.repository.git;
  if (refs.read(ref) !== null) throw new ApiError(422, "Reference already exists");
  refuse(call, ref, { before: null, after: sha });
  // Among others, a branch `sync` is in the way of `sync/x`.
  if (refs.write(ref, sha) === "impossible") throw updateFailed();
  settlePulls(call.state, call.repository, accountOf(call));
  return jsonAnswer(201, refView(call, ref, sha));
}

function updateRef(call: RepositoryCall): HttpAnswer {
  const ref = `refs/${call.params["ref"] ?? ""}`;
  const body = bodyOf(call);
  const sha = stringIn(body, "sha");
  if (sha === null) throw missing("sha");
  const { git } = call.repository;
  const current = git.refs.read(ref);
  if (current === null) throw new ApiError(422, "Reference does not exist");
  refuseUnknownCommit(call, sha);
  if (body["force"] !== true && !isAncestor(git, current, sha)) {
    throw new ApiError(422, "Update is not a fast forward");
  }
  refuse(call, ref, { before: current, after: sha });
  if (git.refs.write(ref, sha) === "impossible") throw updateFailed();
  settlePulls(call.state, call.repository, accountOf(call));
  return jsonAnswer(200, refView(call, ref, sha));
}

function deleteRef(call: RepositoryCall): HttpAnswer {
  const ref = `refs/${call.params["ref"] ?? ""}`;
  const { refs } = call.repository.git;
  const current = refs.read(ref);
  if (current === null) throw new ApiError(422, "Reference does not exist");
  refuse(call, ref, { before: current, after: null });
  if (ref.startsWith("refs/heads/")) {
    deleteBranch(call.state, call.repository, ref.slice("refs/heads/".length), accountOf(call));
  } else refs.remove(ref);
  return emptyAnswer();
}

function refuse(call: RepositoryCall, ref: string, ends: { before: string | null; after: string | null }): void {
  const branch = /^refs\/heads\/(.+)$/.exec(ref)?.[1];
  if (branch !== undefined) refusePush(call.repository, { ...ends, branch, by: accountOf(call) });
}

function refuseUnknownCommit(call: RepositoryCall, sha: string): void {
  if (!isSha(sha))
    throw new ApiError(422, "The sha parameter must be exactly 40 characters and contain only [0-9a-f].");
  if (call.repository.git.commit(sha) === null) throw new ApiError(422, "Object does not exist");
}
