import { type HttpAnswer, jsonAnswer } from "../http/answer.ts";
import { isObject, type JsonObject, stringsOf } from "../json/value.ts";
import type { AppOptions } from "./credential-options.ts";
import { suspended } from "./credentials.ts";
import { ApiError } from "./errors.ts";
import type { Level, Permissions } from "./identity.ts";
import { coveredBy, installationOf } from "./installations.ts";
import { repositoryView } from "./repository-views.ts";
import { bodyOf, type Call } from "./route.ts";
import type { RepositoryState } from "./state.ts";
import { isoTime } from "./views.ts";

/** https://docs.github.com/en/rest/apps/apps#create-an-installation-access-token-for-an-app */
export function createAccessToken(call: Call): HttpAnswer {
  const app = installationOf(call);
  if (app.isSuspended === true) throw suspended();
  const body = bodyOf(call);
  const wanted = narrowRepositories(call, app, body);
  const permissions = narrowPermissions(app, body);
  const repositories = new Set(wanted.map(({ fullName }) => fullName.toLowerCase()));
  const { token, expiresAt } = call.credentials.mint(app, { permissions, repositories });
  const isNarrowed = body["repositories"] !== undefined || body["repository_ids"] !== undefined;
  return jsonAnswer(201, {
    token,
    expires_at: isoTime(expiresAt),
    permissions: { metadata: "read", ...permissions },
    repository_selection: "selected",
    ...(isNarrowed
      ? { repositories: wanted.map((repository) => repositoryView({ state: call.state, repository })) }
      : {}),
  });
}

/** All or nothing: one repository outside the installation, or by a name that it no longer has, refuses the token. */
function narrowRepositories(call: Call, app: AppOptions, body: JsonObject): RepositoryState[] {
  const covered = coveredBy(call, app);
  const names = stringsOf(body["repositories"] ?? []) ?? [];
  const ids = Array.isArray(body["repository_ids"]) ? body["repository_ids"] : [];
  if (names.length + ids.length === 0) return covered;
  const found = [
    ...names.map((name) => covered.find((repository) => repository.name.toLowerCase() === name.toLowerCase())),
    ...ids.map((id) => covered.find((repository) => repository.id === id)),
  ].filter((repository) => repository !== undefined);
  if (found.length === names.length + ids.length) return found;
  throw new ApiError(
    422,
    "There is at least one repository that does not exist or is not accessible to the parent installation.",
  );
}

function narrowPermissions(app: AppOptions, body: JsonObject): Permissions {
  const wanted = body["permissions"];
  if (wanted === undefined || !isObject(wanted)) return app.permissions;
  const rank = (level: unknown) => ["read", "write", "admin"].indexOf(String(level));
  const narrowed: Record<string, Level> = {};
  for (const [name, level] of Object.entries(wanted)) {
    const granted = name === "metadata" ? "read" : app.permissions[name];
    if (
      (level !== "read" && level !== "write" && level !== "admin") ||
      granted === undefined ||
      rank(level) > rank(granted)
    ) {
      throw new ApiError(422, "The permissions requested are not granted to this installation.");
    }
    narrowed[name] = level;
  }
  return narrowed;
}
