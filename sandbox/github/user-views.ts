import type { Account, GitHubState } from "./state.ts";
import { idOf, isoTime, nodeId, type ViewContext } from "./views.ts";

/** People, bots and organisations: https://docs.github.com/en/rest/users/users */
export function userView(state: GitHubState, login: string, type: "User" | "Bot" | "Organization" = "User"): object {
  const url = `${state.url}/users/${encodeURIComponent(login)}`;
  const page = type === "Bot" ? `${state.url}/apps/${login.replace(/\[bot\]$/, "")}` : `${state.url}/${login}`;
  return {
    login,
    id: idOf(login),
    node_id: nodeId(type === "Bot" ? "BOT" : "U", login),
    avatar_url: `${state.url}/avatars/${idOf(login)}`,
    gravatar_id: "",
    url,
    html_url: page,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type,
    user_view_type: "public",
    site_admin: false,
  };
}

export function accountView(state: GitHubState, account: Account): object;
export function accountView(state: GitHubState, account: Account | null): object | null;
export function accountView(state: GitHubState, account: Account | null): object | null {
  return account === null ? null : userView(state, account.login, account.type);
}

/** Oneself: https://docs.github.com/en/rest/users/users#get-the-authenticated-user */
export function ownUserView(state: GitHubState, login: string): object {
  return {
    ...userView(state, login),
    name: null,
    company: null,
    blog: null,
    location: null,
    email: null,
    hireable: null,
    bio: null,
    public_repos: state.repositories.size,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: isoTime(0),
    updated_at: isoTime(0),
  };
}

/** https://docs.github.com/en/rest/teams/teams */
export function teamView(context: ViewContext, slug: string): object {
  return { ...simpleTeamView(context, slug), parent: null };
}

/** A team without its parent, as a pull request asked for by itself shows it. */
export function simpleTeamView({ state, repository }: ViewContext, slug: string): object {
  return teamOf(state, repository.owner, slug);
}

export function fullTeamView(state: GitHubState, owner: string, slug: string): object {
  return {
    ...teamOf(state, owner, slug),
    parent: null,
    members_count: 1,
    repos_count: state.repositories.size,
    created_at: isoTime(0),
    updated_at: isoTime(0),
    organization: organizationView(state, owner),
  };
}

function teamOf(state: GitHubState, owner: string, slug: string): object {
  const url = `${state.url}/organizations/${idOf(owner)}/team/${idOf(slug)}`;
  return {
    id: idOf(slug),
    node_id: nodeId("T", slug),
    name: slug,
    slug,
    description: null,
    privacy: "closed",
    notification_setting: "notifications_enabled",
    permission: "pull",
    type: "organization",
    url,
    html_url: `${state.url}/orgs/${owner}/teams/${slug}`,
    members_url: `${url}/members{/member}`,
    repositories_url: `${url}/repos`,
  };
}

function organizationView(state: GitHubState, login: string): object {
  const url = `${state.url}/orgs/${login}`;
  return {
    login,
    id: idOf(login),
    node_id: nodeId("O", login),
    url,
    repos_url: `${url}/repos`,
    events_url: `${url}/events`,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
    avatar_url: `${state.url}/avatars/${idOf(login)}`,
    description: null,
    has_organization_projects: true,
    has_repository_projects: true,
    public_repos: state.repositories.size,
    public_gists: 0,
    followers: 0,
    following: 0,
    html_url: `${state.url}/${login}`,
    created_at: isoTime(0),
    updated_at: isoTime(0),
    archived_at: null,
    type: "Organization",
  };
}
