import { commitsBetween } from "../git/history.ts";
import { diffTrees } from "../git/tree-edit.ts";
import { type Comment, headOf, type Pull } from "./state.ts";
import {
  apiUrl,
  commitOf,
  idOf,
  isoTime,
  nodeId,
  repositoryView,
  userView,
  type ViewContext,
  webUrl,
} from "./views.ts";

/** A pull request as in a list: https://docs.github.com/en/rest/pulls/pulls */
export function pullView(context: ViewContext, pull: Pull): object {
  const { state, repository } = context;
  const api = apiUrl(context);
  const side = (ref: string, sha: string) => ({
    label: `${repository.owner}:${ref}`,
    ref,
    sha,
    user: userView(state, repository.owner),
    repo: repositoryView(context),
  });
  return {
    id: repository.id * 10_000 + pull.number,
    node_id: nodeId("PR", `${repository.fullName}#${pull.number}`),
    number: pull.number,
    url: `${api}/pulls/${pull.number}`,
    html_url: `${webUrl(context)}/pull/${pull.number}`,
    diff_url: `${webUrl(context)}/pull/${pull.number}.diff`,
    issue_url: `${api}/issues/${pull.number}`,
    state: pull.state,
    locked: false,
    draft: pull.isDraft,
    title: pull.title,
    body: pull.body,
    user: userView(state, pull.author, pull.authorType),
    labels: [...pull.labels].map((name) => labelView(context, name)),
    requested_reviewers: [...pull.reviewers].map((login) => userView(state, login)),
    requested_teams: [...pull.teams].map((slug) => ({ id: idOf(slug), slug, name: slug })),
    assignees: [],
    head: side(pull.headRef, pull.headSha),
    base: side(pull.baseRef, pull.baseSha),
    merge_commit_sha: pull.mergeCommitSha,
    created_at: isoTime(pull.createdAt),
    updated_at: isoTime(pull.updatedAt),
    closed_at: isoTime(pull.closedAt),
    merged_at: isoTime(pull.mergedAt),
  };
}

/** A pull request asked for by itself, which tells more than one in a list. */
export function fullPullView(context: ViewContext, pull: Pull): object {
  const { git } = context.repository;
  const base = headOf(context.repository, pull.baseRef) ?? pull.baseSha;
  return {
    ...pullView(context, pull),
    merged: pull.mergedAt !== null,
    merged_by: pull.mergedBy === null ? null : userView(context.state, pull.mergedBy),
    comments: pull.comments.length,
    commits: commitsBetween(git, pull.mergedAt === null ? base : pull.baseSha, pull.headSha).length,
    changed_files: diffTrees(git, commitOf(context, pull.baseSha).tree, commitOf(context, pull.headSha).tree).length,
  };
}

export function labelView(context: ViewContext, name: string): object {
  return {
    id: idOf(name),
    name,
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
    body: comment.body,
    user: userView(context.state, comment.author, comment.author.endsWith("[bot]") ? "Bot" : "User"),
    created_at: isoTime(comment.createdAt),
    updated_at: isoTime(comment.createdAt),
  };
}
