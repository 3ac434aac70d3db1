import type { AppOptions } from "./credential-options.ts";
import { repositoriesOf } from "./credentials.ts";
import { notFound } from "./errors.ts";
import { reaches } from "./identity.ts";
import type { Call } from "./route.ts";
import type { RepositoryState } from "./state.ts";

/** Where the asking App is installed. */
export function installationsOf(call: Call): readonly AppOptions[] {
  return call.credentials.installations(call.identity.appId ?? "");
}

/** The one that the path names. */
export function installationOf(call: Call): AppOptions {
  const found = installationsOf(call).find((app) => String(app.installationId) === call.params["id"]);
  if (found === undefined) throw notFound();
  return found;
}

/** https://docs.github.com/en/rest/apps/apps#get-a-repository-installation-for-the-authenticated-app */
export function installationFor(call: Call, repository: RepositoryState): AppOptions {
  const found = installationsOf(call).find((app) => reaches({ repositories: repositoriesOf(app) }, repository));
  if (found === undefined) throw notFound();
  return found;
}

export function coveredBy({ state }: Call, app: AppOptions): RepositoryState[] {
  const repositories = repositoriesOf(app);
  return [...state.repositories.values()].filter((repository) => reaches({ repositories }, repository));
}
