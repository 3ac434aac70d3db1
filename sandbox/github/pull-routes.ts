import { commitsBetween, mergeBase } from "../git/history.ts";
import { type HttpAnswer, jsonAnswer } from "../http/answer.ts";
import { type JsonObject, stringIn } from "../json/value.ts";
import { changedFiles, signatureOf } from "./commit-routes.ts";
import { commitView } from "./commit-views.ts";
import { ApiError, invalid, missing, notFound, tooLong } from "./errors.ts";
import { recordEvent } from "./events.ts";
import { type MergeMethod, mergePull } from "./merging.ts";
import { fullPullView, pullView } from "./pull-views.ts";
import { openPull, reopenPull, retargetPull } from "./pulls.ts";
import { accountOf, bodyOf, pageOf, type RepositoryCall, type RepositoryRoute, read, write } from "./route.ts";
import { closePull } from "./settling.ts";
import type { Pull, RepositoryState } from "./state.ts";

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

const MAX_BODY_CHARACTERS = 65_536;
const MAX_TITLE_CHARACTERS = 256;

export function pullOf(call: RepositoryCall): Pull {
  const found = call.pulls.find((pull) => String(pull.number) === call.params["number"]);
  if (found === undefined) throw notFound();
  return found;
}

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

function ownedHead(head: string | null): [string | null, string | null] {
  const colon = head?.indexOf(":") ?? -1;
  return head === null || colon < 0 ? [null, null] : [head.slice(0, colon), head.slice(colon + 1)];
}

function createPull(call: RepositoryCall): HttpAnswer {
  const body = bodyOf(call);
  const title = stringIn(body, "title");
  const head = stringIn(body, "head");
  const base = stringIn(body, "base");
  if (title === null || title.trim() === "") throw missing("title");
  if (head === null) throw missing("head");
  if (base === null) throw missing("base");
  refuseLongTexts(body);
  const [owner, branch] = ownedHead(head);
  const pull = openPull(call.state, call.repository, {
    author: accountOf(call),
    title,
    body: stringIn(body, "body"),
    headRepository: headRepository(call, owner, stringIn(body, "head_repo")),
    head: branch ?? head,
    base,
    isDraft: body["draft"] === true,
  });
  return jsonAnswer(201, fullPullView(call, pull));
}

function updatePull(call: RepositoryCall): HttpAnswer {
  const pull = pullOf(call);
  const body = bodyOf(call);
  refuseLongTexts(body);
  const title = stringIn(body, "title");
  if (title !== null && title.trim() === "") throw missing("title");
  const state = body["state"];
  if (state !== undefined && state !== "open" && state !== "closed") throw invalid("PullRequest", "state");
  if (state === "open" && pull.state === "closed") reopenPull(call.state, call.repository, pull, accountOf(call));
  const base = stringIn(body, "base");
  if (base !== null) retargetPull(call.state, call.repository, pull, { base, by: accountOf(call) });
  if (title !== null) retitle(call, pull, title);
  if ("body" in body) pull.body = stringIn(body, "body");
  if (state === "closed" && pull.state === "open") closePull(call.state, pull, accountOf(call));
  pull.updatedAt = call.state.now();
  return jsonAnswer(200, fullPullView(call, pull));
}

function retitle(call: RepositoryCall, pull: Pull, title: string): void {
  if (title === pull.title) return;
  recordEvent(call.state, pull, accountOf(call), { event: "renamed", from: pull.title, to: title });
  pull.title = title;
}

/** A fork of the owner's; within one organisation only `head_repo` tells which. */
function headRepository(call: RepositoryCall, owner: string | null, name: string | null): RepositoryState {
  const { repository } = call;
  if (owner === null || (name === null && owner.toLowerCase() === repository.owner.toLowerCase())) return repository;
  const network = [...call.state.repositories.values()].filter(
    (other) =>
      (other === repository || other.parent === repository) && other.owner.toLowerCase() === owner.toLowerCase(),
  );
  const found = network.find((other) => name === null || other.name === name);
  if (found === undefined) throw invalid("PullRequest", "head");
  return found;
}

function isMergeMethod(text: string): text is MergeMethod {
  return text === "merge" || text === "squash" || text === "rebase";
}

function refuseLongTexts(body: JsonObject): void {
  if ((stringIn(body, "body") ?? "").length > MAX_BODY_CHARACTERS) throw tooLong("Issue", "body", MAX_BODY_CHARACTERS);
  if ((stringIn(body, "title") ?? "").length > MAX_TITLE_CHARACTERS)
    throw tooLong("Issue", "title", MAX_TITLE_CHARACTERS);
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
