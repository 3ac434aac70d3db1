import { type HttpAnswer, jsonAnswer } from "../http/answer.ts";
import { notFound } from "./errors.ts";
import { eventView, issueView, labelView } from "./issue-views.ts";
import { pullOf } from "./pull-lookup.ts";
import { pageOf, type RepositoryCall, type RepositoryRoute, read } from "./route.ts";

const TALK = ["issues", "pull_requests"];

/**
 * A pull request as the issue that it also is: https://docs.github.com/en/rest/issues/issues,
 * https://docs.github.com/en/rest/issues/events and https://docs.github.com/en/rest/issues/labels
 */
export const ISSUE_ROUTES: readonly RepositoryRoute[] = [
  { method: "GET", path: "/issues/:number", access: read(...TALK), handle: getIssue },
  { method: "GET", path: "/issues/:number/events", access: read(...TALK), handle: listEvents },
  { method: "GET", path: "/labels", access: read(...TALK), handle: listLabels },
  { method: "GET", path: "/labels/:name", access: read(...TALK), handle: getLabel },
];

function getIssue(call: RepositoryCall): HttpAnswer {
  return jsonAnswer(200, issueView(call, pullOf(call)));
}

function listEvents(call: RepositoryCall): HttpAnswer {
  const { items, headers } = pageOf(call, pullOf(call).events);
  return jsonAnswer(
    200,
    items.map((event) => eventView(call, event)),
    headers,
  );
}

function listLabels(call: RepositoryCall): HttpAnswer {
  const { items, headers } = pageOf(call, [...call.repository.labels]);
  return jsonAnswer(
    200,
    items.map((name) => labelView(call, name)),
    headers,
  );
}

/** Labels are told apart without regard to case. */
function getLabel(call: RepositoryCall): HttpAnswer {
  const wanted = call.params["name"]?.toLowerCase();
  const found = [...call.repository.labels].find((name) => name.toLowerCase() === wanted);
  if (found === undefined) throw notFound();
  return jsonAnswer(200, labelView(call, found));
}
