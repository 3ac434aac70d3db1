import { emptyAnswer, type HttpAnswer, jsonAnswer } from "../http/answer.ts";
import { type JsonObject, stringIn, stringsOf } from "../json/value.ts";
import { addComment, addLabels, removeLabels, requestReviews, withdrawRequests } from "./conversation.ts";
import { ApiError, missing, notFound, tooLong } from "./errors.ts";
import { hasPermission } from "./identity.ts";
import { commentView, labelView } from "./issue-views.ts";
import { pullOf } from "./pull-routes.ts";
import { pullView, reviewView } from "./pull-views.ts";
import { accountOf, bodyOf, pageOf, type RepositoryCall, type RepositoryRoute, read, write } from "./route.ts";
import type { Comment, Pull } from "./state.ts";
import { teamView, userView } from "./user-views.ts";
import { nodeId } from "./views.ts";

const TALK = ["issues", "pull_requests"];

/**
 * What people say on a pull request: https://docs.github.com/en/rest/issues/comments,
 * https://docs.github.com/en/rest/issues/labels and https://docs.github.com/en/rest/pulls/review-requests
 */
export const CONVERSATION_ROUTES: readonly RepositoryRoute[] = [
  { method: "GET", path: "/issues/:number/comments", access: read(...TALK), handle: listComments },
  { method: "POST", path: "/issues/:number/comments", access: write(...TALK), handle: createComment },
  { method: "PATCH", path: "/issues/comments/:id", access: write(...TALK), handle: updateComment },
  { method: "DELETE", path: "/issues/comments/:id", access: write(...TALK), handle: deleteComment },
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

function listComments(call: RepositoryCall): HttpAnswer {
  const pull = presentPullOf(call);
  const { items, headers } = pageOf(call, pull.comments);
  return jsonAnswer(
    200,
    items.map((comment) => commentView(call, pull, comment)),
    headers,
  );
}

function createComment(call: RepositoryCall): HttpAnswer {
  const pull = pullOf(call);
  // Only people with write access may go on talking, and an App is not one of them.
  if (pull.isLocked && call.identity.type === "Bot") {
    throw new ApiError(403, "Unable to create comment because issue is locked.", {
      documentationUrl: "https://docs.github.com/articles/locking-conversations/",
    });
  }
  const comment = addComment(call.state, pull, { body: commentBody(call), by: accountOf(call) });
  return jsonAnswer(201, commentView(call, pull, comment));
}

function updateComment(call: RepositoryCall): HttpAnswer {
  const { pull, comment } = commentOf(call);
  comment.body = commentBody(call);
  comment.updatedAt = call.state.now();
  return jsonAnswer(200, commentView(call, pull, comment));
}

function deleteComment(call: RepositoryCall): HttpAnswer {
  const { pull, comment } = commentOf(call);
  pull.comments.splice(pull.comments.indexOf(comment), 1);
  return emptyAnswer();
}

/** Comments and labels are read where they are written, and do not lag. */
function presentPullOf(call: RepositoryCall): Pull {
  return pullOf({ ...call, pulls: call.repository.pulls });
}

function commentOf(call: RepositoryCall): { pull: Pull; comment: Comment } {
  for (const pull of call.repository.pulls) {
    const comment = pull.comments.find(({ id }) => String(id) === call.params["id"]);
    if (comment !== undefined) return { pull, comment };
  }
  throw notFound();
}

function commentBody(call: RepositoryCall): string {
  const body = stringIn(bodyOf(call), "body");
  if (body === null || body.trim() === "") throw missing("body");
  if (body.length <= 65_536) return body;
  throw tooLong("IssueComment", "body", 65_536);
}

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
