import { jsonAnswer } from "../http/answer.ts";
import type { AppOptions } from "./credential-options.ts";
import { slugOf } from "./credentials.ts";
import { ApiError, notFound } from "./errors.ts";
import { hasPermission, reaches } from "./identity.ts";
import { createAccessToken } from "./installation-token.ts";
import { installationOf, installationsOf } from "./installations.ts";
import { permissionsOf } from "./permissions.ts";
import { repositoryView } from "./repository-views.ts";
import { type Call, type PlainRoute, pageOf } from "./route.ts";
import { fullTeamView, ownUserView, userView } from "./user-views.ts";
import { idOf, isoTime, nodeId } from "./views.ts";

/** GitHub Apps and their installations: https://docs.github.com/en/rest/apps/apps */
export const APP_ROUTES: readonly PlainRoute[] = [
  { method: "GET", path: "/app", access: "app", handle: getApp },
  { method: "GET", path: "/app/hook/config", access: "app", handle: getWebhook },
  {
    method: "GET",
    path: "/app/installations",
    access: "app",
    handle: (call) =>
      jsonAnswer(
        200,
        installationsOf(call).map((app) => installationView(call, app)),
      ),
  },
  {
    method: "GET",
    path: "/app/installations/:id",
    access: "app",
    handle: (call) => jsonAnswer(200, installationView(call, installationOf(call))),
  },
  { method: "POST", path: "/app/installations/:id/access_tokens", access: "app", handle: createAccessToken },
  { method: "GET", path: "/installation/repositories", access: "any", handle: listInstalled },
  { method: "GET", path: "/user", access: "any", handle: getUser },
  { method: "GET", path: "/orgs/:org/teams/:slug", access: "any", handle: getTeam },
];

export function installationView(call: Call, app: AppOptions): object {
  return {
    id: app.installationId,
    app_id: Number(app.id),
    app_slug: slugOf(app),
    account: userView(call.state, app.owner, "Organization"),
    target_id: idOf(app.owner),
    target_type: "Organization",
    repository_selection: "selected",
    permissions: app.permissions,
    events: [],
    access_tokens_url: `${call.state.url}/app/installations/${app.installationId}/access_tokens`,
    repositories_url: `${call.state.url}/installation/repositories`,
    html_url: `${call.state.url}/organizations/${app.owner}/settings/installations/${app.installationId}`,
    single_file_name: null,
    created_at: isoTime(0),
    updated_at: isoTime(0),
    suspended_by: app.isSuspended === true ? userView(call.state, app.owner) : null,
    suspended_at: app.isSuspended === true ? isoTime(0) : null,
  };
}

function getApp(call: Call) {
  const [app] = installationsOf(call);
  if (app === undefined) throw notFound();
  return jsonAnswer(200, {
    id: Number(app.id),
    slug: slugOf(app),
    name: slugOf(app),
    node_id: nodeId("A", String(app.id)),
    owner: userView(call.state, app.owner, "Organization"),
    description: null,
    external_url: call.state.url,
    html_url: `${call.state.url}/apps/${slugOf(app)}`,
    created_at: isoTime(0),
    updated_at: isoTime(0),
    events: [],
    permissions: app.permissions,
  });
}

/** https://docs.github.com/en/rest/apps/webhooks#get-a-webhook-configuration-for-an-app */
function getWebhook(call: Call) {
  const url = installationsOf(call)[0]?.webhookUrl;
  const secret = url === undefined ? {} : { url, secret: "********" };
  return jsonAnswer(200, { content_type: "json", insecure_ssl: "0", ...secret });
}

/** https://docs.github.com/en/rest/apps/installations#list-repositories-accessible-to-the-app-installation */
function listInstalled(call: Call) {
  const { identity, state } = call;
  if (identity.kind === "anonymous") throw new ApiError(401, "Requires authentication");
  if (identity.kind !== "installation") {
    throw new ApiError(
      403,
      "You must authenticate with an installation access token in order to list repositories for an installation.",
    );
  }
  const reached = [...state.repositories.values()].filter((repository) => reaches(identity, repository));
  const { items, headers } = pageOf(call, reached);
  const views = items.map((repository) => ({
    ...repositoryView({ state, repository }),
    permissions: permissionsOf(call),
  }));
  return jsonAnswer(
    200,
    { total_count: reached.length, repository_selection: "selected", repositories: views },
    headers,
  );
}

/** https://docs.github.com/en/rest/teams/teams#get-a-team-by-name */
function getTeam(call: Call) {
  const { identity, state, params } = call;
  if (identity.kind === "anonymous") throw new ApiError(401, "Requires authentication");
  const canRead = state.areMembersReadable ?? hasPermission(identity, "members", "read");
  const slug = state.teams.find((known) => known.toLowerCase() === params["slug"]?.toLowerCase());
  if (slug === undefined || !canRead) throw notFound();
  return jsonAnswer(200, fullTeamView(state, params["org"] ?? "", slug));
}

/** https://docs.github.com/en/rest/users/users#get-the-authenticated-user */
function getUser(call: Call) {
  if (call.identity.kind === "anonymous") throw new ApiError(401, "Requires authentication");
  if (call.identity.kind !== "user") throw new ApiError(403, "Resource not accessible by integration");
  return jsonAnswer(200, ownUserView(call.state, call.identity.login));
}

/** https://docs.github.com/en/rest/rate-limit/rate-limit */
export function rateLimitView(used: { limit: number; used: number; reset: number }): object {
  const rate = {
    limit: used.limit,
    used: used.used,
    remaining: Math.max(1, used.limit - used.used),
    reset: used.reset,
  };
  return { resources: { core: rate, search: rate }, rate };
}
