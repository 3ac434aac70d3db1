import { userView } from "./user-views.ts";
import { apiUrl, isoTime, nodeId, type ViewContext, webUrl } from "./views.ts";

/** A repository as it stands in other answers: https://docs.github.com/en/rest/repos/repos */
export function repositoryView(context: ViewContext): object {
  const { repository, state } = context;
  const page = webUrl(context);
  const openPulls = repository.pulls.filter((pull) => pull.state === "open").length;
  return {
    id: repository.id,
    node_id: nodeId("R", String(repository.id)),
    name: repository.name,
    full_name: repository.fullName,
    private: repository.isPrivate,
    owner: userView(state, repository.owner, "Organization"),
    html_url: page,
    description: null,
    fork: repository.parent !== null,
    url: apiUrl(context),
    ...linksOf(context),
    git_url: page.replace(/^http/, "git"),
    ssh_url: `git@${page.replace(/^https?:\/\//, "")}.git`,
    clone_url: `${page}.git`,
    svn_url: page,
    mirror_url: null,
    homepage: null,
    language: null,
    license: null,
    ...countsOf(openPulls),
    default_branch: repository.defaultBranch,
    topics: [],
    has_issues: true,
    has_projects: true,
    has_wiki: true,
    has_pages: false,
    has_downloads: true,
    has_discussions: false,
    archived: repository.isArchived,
    disabled: false,
    visibility: repository.isPrivate ? "private" : "public",
    allow_forking: true,
    is_template: false,
    web_commit_signoff_required: false,
    ...timesOf(context),
  };
}

/** A repository asked for by itself. */
export function fullRepositoryView(context: ViewContext): object {
  const { repository, state } = context;
  const parent = repository.parent === null ? null : repositoryView({ state, repository: repository.parent });
  return {
    ...repositoryView(context),
    subscribers_count: 0,
    network_count: 0,
    allow_merge_commit: true,
    allow_squash_merge: true,
    allow_rebase_merge: true,
    allow_auto_merge: false,
    allow_update_branch: true,
    delete_branch_on_merge: repository.deletesMergedBranches,
    ...(parent === null ? {} : { parent, source: parent }),
  };
}

function countsOf(openPulls: number): object {
  return {
    size: 0,
    forks: 0,
    forks_count: 0,
    stargazers_count: 0,
    watchers: 0,
    watchers_count: 0,
    open_issues: openPulls,
    open_issues_count: openPulls,
  };
}

function timesOf({ repository }: ViewContext): object {
  const at = isoTime(repository.createdAt);
  return { created_at: at, updated_at: at, pushed_at: at };
}

/** The tails of the URLs, some of them templates, that GitHub repeats in every repository. */
const LINKS = {
  archive_url: "/{archive_format}{/ref}",
  assignees_url: "/assignees{/user}",
  blobs_url: "/git/blobs{/sha}",
  branches_url: "/branches{/branch}",
  collaborators_url: "/collaborators{/collaborator}",
  comments_url: "/comments{/number}",
  commits_url: "/commits{/sha}",
  compare_url: "/compare/{base}...{head}",
  contents_url: "/contents/{+path}",
  contributors_url: "/contributors",
  deployments_url: "/deployments",
  downloads_url: "/downloads",
  events_url: "/events",
  forks_url: "/forks",
  git_commits_url: "/git/commits{/sha}",
  git_refs_url: "/git/refs{/sha}",
  git_tags_url: "/git/tags{/sha}",
  hooks_url: "/hooks",
  issue_comment_url: "/issues/comments{/number}",
  issue_events_url: "/issues/events{/number}",
  issues_url: "/issues{/number}",
  keys_url: "/keys{/key_id}",
  labels_url: "/labels{/name}",
  languages_url: "/languages",
  merges_url: "/merges",
  milestones_url: "/milestones{/number}",
  notifications_url: "/notifications{?since,all,participating}",
  pulls_url: "/pulls{/number}",
  releases_url: "/releases{/id}",
  stargazers_url: "/stargazers",
  statuses_url: "/statuses/{sha}",
  subscribers_url: "/subscribers",
  subscription_url: "/subscription",
  tags_url: "/tags",
  teams_url: "/teams",
  trees_url: "/git/trees{/sha}",
};

function linksOf(context: ViewContext): object {
  const url = apiUrl(context);
  return Object.fromEntries(Object.entries(LINKS).map(([name, tail]) => [name, `${url}${tail}`]));
}
