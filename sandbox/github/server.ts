import { createFaults, type FaultList } from "../faults.ts";
import { type RequestLogEntry, startHttpServer } from "../http/server.ts";
import { createApi } from "./api.ts";
import { type Credentials, createCredentialStore } from "./credentials.ts";
import { type HistoryEntry, type NewRepository, type PullRef, pullActions, repositoryActions } from "./operator.ts";
import type { PersonCommit, PullSummary } from "./people.ts";
import type { GitHubState } from "./state.ts";
import { handleWeb, isWeb } from "./web.ts";

/** A GitHub: the REST API over real bare repositories, and what its people do. Repositories are `owner/name`. */
export interface GitHubServer {
  /** The API's base URL, which also serves the pages that `html_url` points to, and clones. */
  readonly url: string;
  createRepository(options: NewRepository): void;
  /** The full names of all repositories. */
  repositories(): string[];
  /** A person's commit, pushed to a branch; a branch that does not exist starts at the default branch. */
  commit(options: PersonCommit): string;
  readFile(options: { repository: string; ref: string; path: string }): Uint8Array | null;
  branches(repository: string): Record<string, string>;
  deleteBranch(repository: string, branch: string): void;
  pullRequests(repository: string): PullSummary[];
  /** A merge commit by a person; throws on a conflict. Gives the commit. */
  mergePullRequest(options: PullRef & { deleteBranch?: boolean }): string;
  closePullRequest(options: PullRef): void;
  editPullRequest(options: PullRef & { title?: string; body?: string }): void;
  /** What a pull request changes, as `git diff` prints it. */
  diff(options: PullRef): string;
  /** Newest first. */
  history(repository: string, ref: string): HistoryEntry[];
  /** What `git fsck --full --strict` complains about: nothing when all is well. */
  fsck(repository: string): Promise<string>;
  gitDirectory(repository: string): string;
  readonly requests: readonly RequestLogEntry[];
  clearRequests(): void;
  readonly credentials: Credentials;
  readonly faults: FaultList;
  close(): Promise<void>;
}

export interface GitHubOptions {
  readonly port: number;
  /** Where the bare repositories go. */
  readonly directory: string;
  readonly now?: () => number;
}

export async function startGitHubServer(options: GitHubOptions): Promise<GitHubServer> {
  const state: GitHubState = {
    repositories: new Map(),
    collaborators: [],
    teams: [],
    areMembersReadable: null,
    isLabelCreationAllowed: true,
    nextId: 1000,
    now: options.now ?? Date.now,
    url: "",
  };
  const store = createCredentialStore(state.now);
  const faults = createFaults();
  const requests: RequestLogEntry[] = [];
  const api = createApi(state, store);
  const server = await startHttpServer({
    port: options.port,
    faults,
    log: requests,
    handle: (request) => (isWeb(request) ? handleWeb(state, request) : api.handle(request)),
    isLogged: (request) => !isWeb(request),
  });
  state.url = server.url;
  return {
    url: server.url,
    ...repositoryActions(state, options.directory),
    ...pullActions(state),
    requests,
    clearRequests() {
      requests.length = 0;
    },
    credentials: { ...store, ...accountActions(state) },
    faults,
    close: server.close,
  };
}

function accountActions(
  state: GitHubState,
): Omit<Credentials, "addToken" | "addApp" | "setInstallationTokenLifetimeMs" | "setFreshTokenFailures"> {
  return {
    setUsers(logins) {
      state.collaborators = logins;
    },
    setTeams(slugs) {
      state.teams = slugs;
    },
    setMembersReadable(isReadable) {
      state.areMembersReadable = isReadable;
    },
    setLabelCreationAllowed(isAllowed) {
      state.isLabelCreationAllowed = isAllowed;
    },
  };
}
