import { commitsBetween } from "../git/history.ts";
import { diffTrees } from "../git/tree-edit.ts";
import { type Comment, type GitHubState, headOf, type Pull, type RepositoryState, type Review } from "./state.ts";
import {
  accountView,
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
  const side = (home: RepositoryState, ref: string, sha: string) => ({
    label: `${home.owner}:${ref}`,
    ref,
    sha,
    user: accountView(state, { login: home.owner, type: "User" }),
    repo: repositoryView({ state, repository: home }),
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
    locked: pull.isLocked,
    active_lock_reason: pull.lockReason,
    draft: pull.isDraft,
    title: pull.title,
    body: pull.body,
    user: accountView(state, pull.author),
    labels: [...pull.labels].map((name) => labelView(context, name)),
    requested_reviewers: [...pull.reviewers].map((login) => userView(state, login)),
    requested_teams: [...pull.teams].map((slug) => teamView(context, slug)),
    assignees: [],
    head: side(pull.headRepository, pull.headRef, pull.headSha),
    base: side(repository, pull.baseRef, pull.baseSha),
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
    merged_by: accountView(context.state, pull.mergedBy),
    comments: pull.comments.length,
    commits: commitsBetween(git, pull.mergedAt === null ? base : pull.baseSha, pull.headSha).length,
    changed_files: diffTrees(git, commitOf(context, pull.baseSha).tree, commitOf(context, pull.headSha).tree).length,
  };
}

export function reviewView(context: ViewContext, pull: Pull, review: Review): object {
  const page = `${webUrl(context)}/pull/${pull.number}#pullrequestreview-${review.id}`;
  const pullUrl = `${apiUrl(context)}/pulls/${pull.number}`;
  return {
    id: review.id,
    node_id: nodeId("PRR", String(review.id)),
    user: accountView(context.state, review.author),
    body: "",
    state: review.state,
    html_url: page,
    pull_request_url: pullUrl,
    author_association: "COLLABORATOR",
    _links: { html: { href: page }, pull_request: { href: pullUrl } },
    submitted_at: isoTime(review.submittedAt),
    commit_id: review.commit,
  };
}

export function teamView({ state, repository }: ViewContext, slug: string): object {
  return teamOf(state, repository.owner, slug);
}

/** https://docs.github.com/en/rest/teams/teams#get-a-team-by-name */
export function fullTeamView(state: GitHubState, owner: string, slug: string): object {
  return {
    ...teamOf(state, owner, slug),
    members_count: 1,
    repos_count: state.repositories.size,
    created_at: isoTime(0),
    updated_at: isoTime(0),
    organization: userView(state, owner),
  };
}

function teamOf(state: GitHubState, owner: string, slug: string): object {
  return {
    id: idOf(slug),
    node_id: nodeId("T", slug),
    name: slug,
    slug,
    description: null,
    privacy: "closed",
    notification_setting: "notifications_enabled",
    permission: "pull",
    url: `${state.url}/organizations/${idOf(owner)}/team/${idOf(slug)}`,
    html_url: `${state.url}/orgs/${owner}/teams/${slug}`,
    members_url: `${state.url}/organizations/${idOf(owner)}/team/${idOf(slug)}/members{/member}`,
    repositories_url: `${state.url}/organizations/${idOf(owner)}/team/${idOf(slug)}/repos`,
    parent: null,
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
    user: accountView(context.state, comment.author),
    created_at: isoTime(comment.createdAt),
    updated_at: isoTime(comment.updatedAt),
  };
}
