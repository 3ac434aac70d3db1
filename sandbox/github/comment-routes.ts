import { emptyAnswer, type HttpAnswer, jsonAnswer } from "../http/answer.ts";
import { stringIn } from "../json/value.ts";
import { addComment } from "./conversation.ts";
import { ApiError, missing, notFound, tooLong } from "./errors.ts";
import { commentView } from "./issue-views.ts";
import { presentPullOf, pullOf } from "./pull-lookup.ts";
import { accountOf, bodyOf, pageOf, type RepositoryCall, type RepositoryRoute, read, write } from "./route.ts";
import type { Comment, Pull } from "./state.ts";

const TALK = ["issues", "pull_requests"];

/** https://docs.github.com/en/rest/issues/comments */
export const COMMENT_ROUTES: readonly RepositoryRoute[] = [
  { method: "GET", path: "/issues/:number/comments", access: read(...TALK), handle: listComments },
  { method: "POST", path: "/issues/:number/comments", access: write(...TALK), handle: createComment },
  { method: "PATCH", path: "/issues/comments/:id", access: write(...TALK), handle: updateComment },
  { method: "DELETE", path: "/issues/comments/:id", access: write(...TALK), handle: deleteComment },
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
