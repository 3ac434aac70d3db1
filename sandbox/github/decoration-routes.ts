import { type HttpAnswer, jsonAnswer } from "../http/answer.ts";
import { type JsonObject, stringsOf } from "../json/value.ts";
import { addLabels, removeLabels, requestReviews, withdrawRequests } from "./conversation.ts";
import { ApiError, missing } from "./errors.ts";
import { hasPermission } from "./identity.ts";
import { labelView } from "./issue-views.ts";
import { presentPullOf, pullOf } from "./pull-lookup.ts";
import { pullView, reviewView } from "./pull-views.ts";
import { accountOf, bodyOf, pageOf, type RepositoryCall, type RepositoryRoute, read, write } from "./route.ts";
import { teamView, userView } from "./user-views.ts";
import { nodeId } from "./views.ts";

const TALK = ["issues", "pull_requests"];

/** https://docs.github.com/en/rest/issues/labels and https://docs.github.com/en/rest/pulls/review-requests */
export const DECORATION_ROUTES: readonly RepositoryRoute[] = [
  { method: "GET", path: "/issues/:number/labels", access: read(...TALK), handle: listLabels },
  { method: "POST", path: "/issues/:number/labels", access: write(...TALK), handle: postLabels },
  { method: "DELETE", path: "/issues/:number/labels/:name", access: write(...TALK), handle: deleteLabel },
  { method: "GET", path: "/pulls/:number/requested_reviewers", access: read("pull_requests"), handle: listReviewers },
  { method: "POST", path: "/pulls/:number/requested_reviewers", access: write("pull_requests"), handle: addReviewers },
  { method: "GET", path: "/pulls/:number/reviews", access: read("pull_requests"), handle: listReviews },
  {
    method: "DELETE",
    path: "/pulls/:number/requested_reviewers",
    access: write("pull_requests"),
    handle: dropReviewers,
  },
];

function listLabels(call: RepositoryCall): HttpAnswer {
  return jsonAnswer(
    200,
    [...presentPullOf(call).labels].map((name) => labelView(call, name)),
  );
}

function postLabels(call: RepositoryCall): HttpAnswer {
  const pull = pullOf(call);
  const wanted = stringsOf(bodyOf(call)["labels"]);
  if (wanted === null) throw missing("labels");
  const isNew = (name: string) => !call.repository.labels.has(name);
  if (wanted.some(isNew) && !call.state.isLabelCreationAllowed) {
    throw new ApiError(403, "You do not have permission to create labels on this repository.", {
      errors: [{ resource: "Repository", field: "label", code: "unauthorized" }],
    });
  }
  addLabels(call.state, call.repository, pull, { labels: wanted, by: accountOf(call) });
  return listLabels(call);
}

function deleteLabel(call: RepositoryCall): HttpAnswer {
  const pull = pullOf(call);
  const name = call.params["name"] ?? "";
  if (!pull.labels.has(name)) throw new ApiError(404, "Label does not exist");
  removeLabels(call.state, pull, { labels: [name], by: accountOf(call) });
  return listLabels(call);
}

function listReviewers(call: RepositoryCall): HttpAnswer {
  const pull = pullOf(call);
  return jsonAnswer(200, {
    users: [...pull.reviewers].map((login) => userView(call.state, login)),
    teams: [...pull.teams].map((slug) => teamView(call, slug)),
  });
}

/** https://docs.github.com/en/rest/pulls/reviews#list-reviews-for-a-pull-request */
function listReviews(call: RepositoryCall): HttpAnswer {
  const pull = pullOf(call);
  const { items, headers } = pageOf(call, pull.reviews);
  return jsonAnswer(
    200,
    items.map((review) => reviewView(call, pull, review)),
    headers,
  );
}

/** All or nothing: one unknown name refuses the whole list. */
function addReviewers(call: RepositoryCall): HttpAnswer {
  const pull = pullOf(call);
  const { users, teams } = reviewersIn(bodyOf(call));
  if (users.some((login) => login.toLowerCase() === pull.author.login.toLowerCase())) {
    throw new ApiError(422, "Review cannot be requested from pull request author.");
  }
  if (teams.length > 0 && !canReadMembers(call)) {
    throw new ApiError(422, `Could not resolve to a node with the global id of '${nodeId("T", teams.join())}'.`);
  }
  const known = (names: readonly string[], name: string) =>
    names.some((other) => other.toLowerCase() === name.toLowerCase());
  const isKnown = users.every((login) => known(call.state.collaborators, login));
  if (!isKnown || !teams.every((slug) => known(call.state.teams, slug))) {
    throw new ApiError(
      422,
      "Reviews may only be requested from collaborators. One or more of the users or teams you specified is not a " +
        `collaborator of the ${call.repository.fullName} repository.`,
    );
  }
  requestReviews(call.state, pull, { reviewers: users, teams, by: accountOf(call) });
  return jsonAnswer(201, pullView(call, pull));
}

function dropReviewers(call: RepositoryCall): HttpAnswer {
  const pull = pullOf(call);
  const { users, teams } = reviewersIn(bodyOf(call));
  withdrawRequests(call.state, pull, { reviewers: users, teams, by: accountOf(call) });
  return jsonAnswer(200, pullView(call, pull));
}

function reviewersIn(body: JsonObject): { users: string[]; teams: string[] } {
  return { users: stringsOf(body["reviewers"]) ?? [], teams: stringsOf(body["team_reviewers"]) ?? [] };
}

function canReadMembers(call: RepositoryCall): boolean {
  return call.state.areMembersReadable ?? hasPermission(call.identity, "members", "read");
}
