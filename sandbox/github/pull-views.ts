import { commitsBetween, mergeBase } from "../git/history.ts";
import { diffTrees } from "../git/tree-edit.ts";
import { commitOf } from "./commit-views.ts";
import { labelView } from "./issue-views.ts";
import { lineCounts } from "./line-counts.ts";
import { mergeability } from "./mergeability.ts";
import { repositoryView } from "./repository-views.ts";
import { headOf, type Pull, type RepositoryState, type Review } from "./state.ts";
import { accountView, simpleTeamView, teamView, userView } from "./user-views.ts";
import { apiUrl, isoTime, nodeId, type ViewContext, webUrl } from "./views.ts";

/** A pull request as in a list: https://docs.github.com/en/rest/pulls/pulls */
export function pullView(context: ViewContext, pull: Pull): object {
  const { state, repository } = context;
  const links = linksOf(context, pull);
  const side = (home: RepositoryState, ref: string, sha: string) => ({
    label: `${home.owner}:${ref}`,
    ref,
    sha,
    user: userView(state, home.owner, "Organization"),
    repo: home.isDeleted ? null : repositoryView({ state, repository: home }),
  });
  return {
    id: repository.id * 10_000 + pull.number,
    node_id: nodeId("PR", `${repository.id}#${pull.number}`),
    number: pull.number,
    url: links.self,
    html_url: links.html,
    diff_url: `${links.html}.diff`,
    patch_url: `${links.html}.patch`,
    issue_url: links.issue,
    commits_url: links.commits,
    review_comments_url: links.review_comments,
    review_comment_url: links.review_comment,
    comments_url: links.comments,
    statuses_url: links.statuses,
    state: pull.state,
    locked: pull.isLocked,
    active_lock_reason: pull.lockReason,
    draft: pull.isDraft,
    title: pull.title,
    body: pull.body,
    user: accountView(state, pull.author),
    author_association: "CONTRIBUTOR",
    labels: [...pull.labels].map((name) => labelView(context, name)),
    requested_reviewers: [...pull.reviewers].map((login) => userView(state, login)),
    requested_teams: [...pull.teams].map((slug) => teamView(context, slug)),
    assignee: null,
    assignees: [],
    milestone: null,
    auto_merge: null,
    head: side(pull.headRepository, pull.headRef, pull.headSha),
    base: side(repository, pull.baseRef, pull.baseSha),
    _links: Object.fromEntries(Object.entries(links).map(([name, href]) => [name, { href }])),
    merge_commit_sha: pull.mergeCommitSha,
    created_at: isoTime(pull.createdAt),
    updated_at: isoTime(pull.updatedAt),
    closed_at: isoTime(pull.closedAt),
    merged_at: isoTime(pull.mergedAt),
  };
}

function linksOf(context: ViewContext, pull: Pull) {
  const api = apiUrl(context);
  const self = `${api}/pulls/${pull.number}`;
  const issue = `${api}/issues/${pull.number}`;
  return {
    self,
    html: `${webUrl(context)}/pull/${pull.number}`,
    issue,
    comments: `${issue}/comments`,
    review_comments: `${self}/comments`,
    review_comment: `${api}/pulls/comments{/number}`,
    commits: `${self}/commits`,
    statuses: `${api}/statuses/${pull.headSha}`,
  };
}

/** A pull request asked for by itself, which tells more than one in a list. */
export function fullPullView(context: ViewContext, pull: Pull): object {
  const { git } = context.repository;
  const base = headOf(context.repository, pull.baseRef) ?? pull.baseSha;
  const parted = mergeBase(git, pull.baseSha, pull.headSha) ?? pull.baseSha;
  const changes = diffTrees(git, commitOf(context, parted).tree, commitOf(context, pull.headSha).tree);
  const counts = changes.map((change) => lineCounts(git, change));
  return {
    ...pullView(context, pull),
    requested_teams: [...pull.teams].map((slug) => simpleTeamView(context, slug)),
    ...mergeability(context, pull),
    merged: pull.mergedAt !== null,
    merged_by: accountView(context.state, pull.mergedBy),
    maintainer_can_modify: false,
    comments: pull.comments.length,
    review_comments: 0,
    commits: commitsBetween(git, pull.mergedAt === null ? base : pull.baseSha, pull.headSha).length,
    additions: counts.reduce((sum, { additions }) => sum + additions, 0),
    deletions: counts.reduce((sum, { deletions }) => sum + deletions, 0),
    changed_files: changes.length,
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
