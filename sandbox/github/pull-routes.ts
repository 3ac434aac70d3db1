import { commitsBetween, mergeBase } from "../git/history.ts";
import { type HttpAnswer, jsonAnswer } from "../http/answer.ts";
import { stringIn } from "../json/value.ts";
import { signatureOf } from "./commit-routes.ts";
import { commitView } from "./commit-views.ts";
import { changedFiles } from "./comparison.ts";
import { ApiError, invalid } from "./errors.ts";
import { type MergeMethod, mergePull } from "./merging.ts";
import { ownedHead, pullOf } from "./pull-lookup.ts";
import { fullPullView, pullView } from "./pull-views.ts";
import { createPull, updatePull } from "./pull-writes.ts";
import { accountOf, bodyOf, pageOf, type RepositoryCall, type RepositoryRoute, read, write } from "./route.ts";
import type { Pull } from "./state.ts";

/** Pull requests: https://docs.github.com/en/rest/pulls/pulls */
export const PULL_ROUTES: readonly RepositoryRoute[] = [
  { method: "GET", path: "/pulls", access: read("pull_requests"), handle: listPulls },
  { method: "POST", path: "/pulls", access: write("pull_requests"), handle: createPull },
  {
    method: "GET",
    path: "/pulls/:number",
    access: read("pull_requests"),
    handle: (call) => jsonAnswer(200, fullPullView(call, pullOf(call))),
  },
  { method: "PATCH", path: "/pulls/:number", access: write("pull_requests"), handle: updatePull },
  { method: "GET", path: "/pulls/:number/commits", access: read("pull_requests"), handle: listPullCommits },
  { method: "GET", path: "/pulls/:number/files", access: read("pull_requests"), handle: listPullFiles },
  { method: "PUT", path: "/pulls/:number/merge", access: write("contents"), handle: merge },
];

function listPulls(call: RepositoryCall): HttpAnswer {
  const { search } = call.request;
  const wanted = search.get("state") ?? "open";
  const [owner, branch] = ownedHead(search.get("head"));
  const base = search.get("base");
  const found = call.pulls.filter(
    (pull) =>
      (wanted === "all" || pull.state === wanted) &&
      // Without an owner GitHub takes no notice of the filter.
      (branch === null ||
        (pull.headRef === branch && owner?.toLowerCase() === pull.headRepository.owner.toLowerCase())) &&
      (base === null || pull.baseRef === base),
  );
  const keyOf = (pull: Pull) => (search.get("sort") === "updated" ? pull.updatedAt : pull.number);
  const sign = search.get("direction") === "asc" ? 1 : -1;
  found.sort((left, right) => sign * (keyOf(left) - keyOf(right)));
  const { items, headers } = pageOf(call, found);
  return jsonAnswer(
    200,
    items.map((pull) => pullView(call, pull)),
    headers,
  );
}

function listPullCommits(call: RepositoryCall): HttpAnswer {
  const pull = pullOf(call);
  const commits = commitsBetween(call.repository.git, pull.baseSha, pull.headSha).reverse();
  const { items, headers } = pageOf(call, commits);
  return jsonAnswer(
    200,
    items.map((sha) => commitView(call, sha)),
    headers,
  );
}

function listPullFiles(call: RepositoryCall): HttpAnswer {
  const pull = pullOf(call);
  const base = mergeBase(call.repository.git, pull.baseSha, pull.headSha) ?? pull.baseSha;
  const { items, headers } = pageOf(call, changedFiles(call, base, pull.headSha));
  return jsonAnswer(200, items, headers);
}

/** https://docs.github.com/en/rest/pulls/pulls#merge-a-pull-request */
function merge(call: RepositoryCall): HttpAnswer {
  const pull = pullOf(call);
  const body = bodyOf(call);
  const expected = stringIn(body, "sha");
  const method = stringIn(body, "merge_method") ?? "merge";
  if (!isMergeMethod(method)) throw invalid("PullRequest", "merge_method");
  if (pull.state === "closed") throw new ApiError(405, "Pull Request is not mergeable");
  if (expected !== null && expected !== pull.headSha) {
    throw new ApiError(409, "Head branch was modified. Review and try the merge again.");
  }
  const merged = mergePull(call.state, call.repository, pull, {
    by: { ...accountOf(call), ...signatureOf(call) },
    method,
    title: stringIn(body, "commit_title"),
    message: stringIn(body, "commit_message"),
  });
  if (merged.kind === "conflict") throw new ApiError(405, "Pull Request has merge conflicts");
  return jsonAnswer(200, { sha: merged.sha, merged: true, message: "Pull Request successfully merged" });
}

function isMergeMethod(text: string): text is MergeMethod {
  return text === "merge" || text === "squash" || text === "rebase";
}
