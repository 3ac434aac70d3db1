import { createFaults, type FaultList } from "../faults.ts";
import { type HttpServer, type RequestLogEntry, startHttpServer } from "../http/server.ts";
import { createRecorder } from "../openapi/recorder.ts";
import { createApi } from "./api.ts";
import { type ConversationActions, conversationActions } from "./conversation-actions.ts";
import type { Credentials } from "./credential-options.ts";
import { type CredentialStore, createCredentialStore } from "./credentials.ts";
import { type RepositoryActions, repositoryActions } from "./operator.ts";
import { type PullActions, pullActions } from "./pull-actions.ts";
import { type PythonServiceRun, runPythonService } from "./python-service.ts";
import { type SettingActions, settingActions } from "./setting-actions.ts";
import type { GitHubState } from "./state.ts";
import { handleWeb, isWeb } from "./web.ts";
import { startWebhook, type Webhook, type WebhookOptions } from "./webhook.ts";

/** A GitHub: the REST API over real bare repositories, and what its people do. Repositories are `owner/name`. */
export interface GitHubServer
  extends RepositoryActions,
    PullActions,
    ConversationActions,
    SettingActions,
    Pick<HttpServer, "answer"> {
  /** The API's base URL, which also serves the pages that `html_url` points to, and clones. */
  readonly url: string;
  /** Closes, with its comment, what the Python service would close, and publishes as it did. */
  runPythonService(options: PythonServiceRun): number | null;
  readonly requests: readonly RequestLogEntry[];
  clearRequests(): void;
  readonly credentials: Credentials;
  readonly faults: FaultList;
  /** From now on tells a URL what happens, signed; until it is stopped or the server is closed. */
  startWebhook(options: WebhookOptions): Webhook;
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
    silentReviewers: [],
    policies: new Map(),
    clockSkewMs: 0,
    formerNames: new Map(),
    areMembersReadable: null,
    isLabelCreationAllowed: true,
    nextId: 1000,
    now: options.now ?? Date.now,
    url: "",
  };
  const store = createCredentialStore(() => state.now() + state.clockSkewMs);
  const faults = createFaults();
  const requests: RequestLogEntry[] = [];
  const api = createApi(state, store);
  const recorder = createRecorder();
  const webhooks: Webhook[] = [];
  const server = await startHttpServer({
    port: options.port,
    faults,
    log: requests,
    onRequest: recorder.request,
    handle(request) {
      if (isWeb(request)) return handleWeb(state, request);
      const answer = api.handle(request);
      recorder.answer(request, answer);
      return answer;
    },
    isLogged: (request) => !isWeb(request),
  });
  state.url = server.url;
  return {
    url: server.url,
    answer: server.answer,
    ...repositoryActions(state, options.directory),
    ...pullActions(state),
    ...conversationActions(state),
    ...settingActions(state),
    runPythonService: (options) => runPythonService(state, options),
    requests,
    clearRequests() {
      requests.length = 0;
    },
    credentials: { ...store, ...accountActions(state) },
    faults,
    startWebhook(options) {
      const webhook = startWebhook(state, options);
      webhooks.push(webhook);
      return webhook;
    },
    async close() {
      for (const webhook of webhooks) webhook.stop();
      recorder.close();
      await server.close();
    },
  };
}

function accountActions(state: GitHubState): Omit<Credentials, keyof CredentialStore> {
  return {
    setUsers(logins) {
      state.collaborators = logins;
    },
    setTeams(slugs) {
      state.teams = slugs;
    },
    setClockSkewMs(skewMs) {
      state.clockSkewMs = skewMs;
    },
    setSilentReviewers(logins) {
      state.silentReviewers = logins;
    },
    setMembersReadable(isReadable) {
      state.areMembersReadable = isReadable;
    },
    setLabelCreationAllowed(isAllowed) {
      state.isLabelCreationAllowed = isAllowed;
    },
  };
}
