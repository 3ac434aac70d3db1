import { type HttpAnswer, jsonAnswer } from "../http/answer.ts";
import { pullView } from "./pull-views.ts";
import { repositoryView } from "./repository-views.ts";
import { resolveCommit } from "./revision.ts";
import { pageOf, type RepositoryCall, type RepositoryRoute, read } from "./route.ts";
import type { Check } from "./state.ts";
import { apiUrl, idOf, isoTime, nodeId, webUrl } from "./views.ts";

/**
 * What is known about a commit beside its contents: https://docs.github.com/en/rest/checks/runs,
 * https://docs.github.com/en/rest/commits/statuses and
 * https://docs.github.com/en/rest/commits/commits#list-pull-requests-associated-with-a-commit
 */
export const CHECK_ROUTES: readonly RepositoryRoute[] = [
  { method: "GET", path: "/commits/*ref/check-runs", access: read("checks"), needsCommits: true, handle: listRuns },
  { method: "GET", path: "/commits/*ref/status", access: read("statuses"), needsCommits: true, handle: getStatus },
  {
    method: "GET",
    path: "/commits/:ref/pulls",
    access: read("pull_requests", "contents"),
    needsCommits: true,
    handle: listPulls,
  },
];

function checksOf(call: RepositoryCall): { sha: string; checks: readonly Check[] } {
  const sha = resolveCommit(call, call.params["ref"] ?? "");
  return { sha, checks: call.repository.checks.get(sha) ?? [] };
}

function listRuns(call: RepositoryCall): HttpAnswer {
  const { sha, checks } = checksOf(call);
  const { items, headers } = pageOf(call, checks);
  const runs = items.map((check) => runView(call, sha, check));
  return jsonAnswer(200, { total_count: checks.length, check_runs: runs }, headers);
}

function runView(call: RepositoryCall, sha: string, check: Check): object {
  const id = idOf(`${sha}/${check.name}`);
  return {
    id,
    node_id: nodeId("CR", String(id)),
    name: check.name,
    head_sha: sha,
    external_id: "",
    url: `${apiUrl(call)}/check-runs/${id}`,
    html_url: `${webUrl(call)}/runs/${id}`,
    details_url: `${webUrl(call)}/runs/${id}`,
    status: check.conclusion === null ? "in_progress" : "completed",
    conclusion: check.conclusion,
    started_at: isoTime(check.at),
    completed_at: check.conclusion === null ? null : isoTime(check.at),
    output: {
      title: null,
      summary: null,
      text: null,
      annotations_count: 0,
      annotations_url: `${apiUrl(call)}/check-runs/${id}/annotations`,
    },
    check_suite: { id: idOf(sha) },
    app: null,
    pull_requests: [],
  };
}

/** Only what uses the older statuses shows up here; with none at all the state is `pending`. */
function getStatus(call: RepositoryCall): HttpAnswer {
  const { sha } = checksOf(call);
  const repository = repositoryView(call);
  const url = `${apiUrl(call)}/commits/${sha}`;
  return jsonAnswer(200, {
    state: "pending",
    statuses: [],
    sha,
    total_count: 0,
    repository,
    commit_url: url,
    url: `${url}/status`,
  });
}

/** Pull requests whose head is the commit, and merged ones that brought it to the default branch. */
function listPulls(call: RepositoryCall): HttpAnswer {
  const sha = resolveCommit(call, call.params["ref"] ?? "");
  const found = call.pulls.filter((pull) => pull.headSha === sha || pull.mergeCommitSha === sha);
  const { items, headers } = pageOf(call, found);
  return jsonAnswer(
    200,
    items.map((pull) => pullView(call, pull)),
    headers,
  );
}
