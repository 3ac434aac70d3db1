/**
 * Wires a repository's ports to GitHub.
 */
import { CATEGORIES, type RepositoryRole } from "../categories.ts";
import type { Installation } from "../check/ports.ts";
import type { Auth } from "../config/github-settings.ts";
import { USER_AGENT } from "../core/version.ts";
import type { createGitHubClient } from "../github/client.ts";
import { createCredentials, inspectInstallation, type PendingTokens } from "../github/credentials.ts";
import { createCurrentName } from "../github/current-name.ts";
import { createGitReader } from "../github/git-reader.ts";
import { createGitWriter } from "../github/git-writer.ts";
import { createInspection } from "../github/inspection.ts";
import { createComments, createDecoration, createPullRequests } from "../github/pull-requests.ts";
import type { Fetch } from "../net/transport.ts";
import type { ConnectedRepository, ConnectOptions } from "./connection.ts";

interface RepositoryOptions extends ConnectOptions {
  readonly createClient: typeof createGitHubClient;
  readonly transport: Fetch;
  readonly pending: PendingTokens;
}

export function connectRepository(role: RepositoryRole, options: RepositoryOptions): ConnectedRepository {
  const { config, clock, transport } = options;
  const { owner, name } = config.repositories[role];
  // A token for a repository that is not synced could be refused for its sake.
  const synced = new Set(
    CATEGORIES.filter((category) => config.categories.includes(category.name)).map(({ role }) => role),
  );
  const siblings = [...synced].map((other) => config.repositories[other]).filter((other) => other.owner === owner);
  const credentials = createCredentials({
    auth: config.auth,
    request: {
      apiUrl: config.githubApiUrl,
      owner,
      repositories: [...new Set(siblings.map((repository) => repository.name))],
      wantsTeam: config.pullRequest.team !== null,
    },
    repository: name,
    cache: options.tokens,
    pending: options.pending,
    transport,
    userAgent: USER_AGENT,
    now: clock.now,
  });
  const github = options.createClient({
    apiUrl: config.githubApiUrl,
    credentials,
    transport,
    userAgent: USER_AGENT,
    clock,
  });
  const repository = createCurrentName({ owner, repo: name });
  return {
    read: createGitReader(github, repository),
    write: createGitWriter(github, repository),
    pullRequests: createPullRequests(github, repository),
    decoration: createDecoration(github, repository),
    comments: createComments(github, repository),
    inspection: createInspection(github, repository),
  };
}

/** As the App itself, of a role's repository. */
export function readInstallation(
  auth: Auth & { readonly kind: "github-app" },
  role: RepositoryRole,
  { config, clock, transport }: ConnectOptions & { readonly transport: Fetch },
): Promise<Installation> {
  const { owner, name: repo } = config.repositories[role];
  const identity = { apiUrl: config.githubApiUrl, transport, userAgent: USER_AGENT, now: clock.now };
  return inspectInstallation(auth, { owner, repo }, identity);
}
