import type { IssueEvent, Reviewer } from "./conversation-model.ts";
import type { Comment, Pull } from "./state.ts";
import { accountView, teamView, userView } from "./user-views.ts";
import { apiUrl, idOf, isoTime, nodeId, type ViewContext, webUrl } from "./views.ts";

/** A pull request as an issue, which alone tells who closed it: https://docs.github.com/en/rest/issues/issues#get-an-issue */
export function issueView(context: ViewContext, pull: Pull): object {
  const { state, repository } = context;
  const url = `${apiUrl(context)}/issues/${pull.number}`;
  const page = `${webUrl(context)}/pull/${pull.number}`;
  return {
    id: repository.id * 10_000 + pull.number,
    node_id: nodeId("PR", `${repository.id}#${pull.number}`),
    url,
    repository_url: apiUrl(context),
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: page,
    number: pull.number,
    state: pull.state,
    state_reason: null,
    title: pull.title,
    body: pull.body,
    user: accountView(state, pull.author),
    labels: [...pull.labels].map((name) => labelView(context, name)),
    assignee: null,
    assignees: [],
    milestone: null,
    locked: pull.isLocked,
    active_lock_reason: pull.lockReason,
    comments: pull.comments.length,
    pull_request: {
      url: `${apiUrl(context)}/pulls/${pull.number}`,
      html_url: page,
      diff_url: `${page}.diff`,
      patch_url: `${page}.patch`,
      merged_at: isoTime(pull.mergedAt),
    },
    author_association: "CONTRIBUTOR",
    draft: pull.isDraft,
    closed_by: accountView(state, pull.closedBy),
    created_at: isoTime(pull.createdAt),
    updated_at: isoTime(pull.updatedAt),
    closed_at: isoTime(pull.closedAt),
  };
}

/** https://docs.github.com/en/rest/using-the-rest-api/issue-event-types */
export function eventView(context: ViewContext, event: IssueEvent): object {
  const { state } = context;
  const commit = "commit" in event ? event.commit : null;
  return {
    id: event.id,
    node_id: nodeId("EV", String(event.id)),
    url: `${apiUrl(context)}/issues/events/${event.id}`,
    actor: accountView(state, event.actor),
    event: event.event,
    commit_id: commit,
    commit_url: commit === null ? null : `${apiUrl(context)}/commits/${commit}`,
    created_at: isoTime(event.createdAt),
    performed_via_github_app: null,
    ...detailView(context, event),
  };
}

function detailView(context: ViewContext, event: IssueEvent): object {
  switch (event.event) {
    case "labeled":
    case "unlabeled":
      return { label: { name: event.label, color: "ededed" } };
    case "review_requested":
    case "review_request_removed": {
      const requester = accountView(context.state, event.actor);
      return { review_requester: requester, ...reviewerView(context, event.reviewer) };
    }
    case "renamed":
      return { rename: { from: event.from, to: event.to } };
    case "locked":
      return { lock_reason: event.reason };
    default:
      return {};
  }
}

function reviewerView(context: ViewContext, reviewer: Reviewer): object {
  if ("team" in reviewer) return { requested_team: teamView(context, reviewer.team) };
  return { requested_reviewer: userView(context.state, reviewer.login) };
}

export function labelView(context: ViewContext, name: string): object {
  return {
    id: idOf(name),
    node_id: nodeId("LA", name),
    name,
    description: "",
    color: "ededed",
    default: false,
    url: `${apiUrl(context)}/labels/${encodeURIComponent(name)}`,
  };
}

export function commentView(context: ViewContext, pull: Pull, comment: Comment): object {
  return {
    id: comment.id,
    node_id: nodeId("IC", String(comment.id)),
    url: `${apiUrl(context)}/issues/comments/${comment.id}`,
    html_url: `${webUrl(context)}/pull/${pull.number}#issuecomment-${comment.id}`,
    issue_url: `${apiUrl(context)}/issues/${pull.number}`,
    body: comment.body,
    user: accountView(context.state, comment.author),
    author_association: "CONTRIBUTOR",
    created_at: isoTime(comment.createdAt),
    updated_at: isoTime(comment.updatedAt),
  };
}
