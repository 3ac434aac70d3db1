/**
 * GitHub as the replica reads it: with the credentials that are configured, and without them where it refuses those.
 */

import type { RepositoryTarget } from "../../config/github-settings.ts";
import { SyncError } from "../../core/errors.ts";
import { once } from "../../core/once.ts";
import { USER_AGENT } from "../../core/version.ts";
import { createGitHubClient } from "../../github/client.ts";
import { type Credentials, createCredentials } from "../../github/credentials.ts";
import { createCurrentName } from "../../github/current-name.ts";
import { createGitReader } from "../../github/git-reader.ts";
import { createTransport } from "../../net/transport.ts";
import type { GitReadPort } from "../../sync/ports.ts";
import type { ReplicaOptions } from "../options.ts";

export type ReplicaSource = Pick<GitReadPort, "branch" | "files" | "blob">;

const TIMEOUT_MS = 5000;
/** Less than the 30 s that a Worker may go on after its answer. */
const DEADLINE_MS = 20_000;
const MAX_BODY_BYTES = 32 * 2 ** 20;
/** Refused credentials cost a request each time they are tried. */
const ANONYMOUS_MS = 10 * 60_000;

/** For one flight, whose deadline begins now. */
export function createGitHubSource(target: RepositoryTarget, options: ReplicaOptions): ReplicaSource {
  const { config, clock, memory, log } = options;
  const transport = createTransport({
    fetch: options.fetch,
    clock,
    timeoutMs: options.githubTimeoutMs ?? TIMEOUT_MS,
    deadline: clock.now() + DEADLINE_MS,
    maxBodyBytes: MAX_BODY_BYTES,
    onAttempt: () => {
      memory.counters.githubRequests++;
    },
  });
  const readerWith = (auth: typeof config.auth) => {
    const { owner, name } = target;
    const request = { apiUrl: config.githubApiUrl, owner, repositories: [name], wantsTeam: false, isReadOnly: true };
    const shared = { transport, userAgent: USER_AGENT };
    const cache = options.tokens;
    const pending = new Map();
    const credentials = namingRefusals(createCredentials({ auth, request, cache, pending, ...shared, now: clock.now }));
    const github = createGitHubClient({ apiUrl: config.githubApiUrl, credentials, ...shared, clock });
    return createGitReader(github, createCurrentName({ owner, repo: name }));
  };
  const known = once(() => readerWith(config.auth));
  const anonymous = once(() => readerWith({ kind: "none" }));
  async function read<T>(ask: (reader: ReplicaSource) => Promise<T>): Promise<T> {
    if (config.auth.kind === "none" || clock.now() < memory.anonymousUntil) return ask(anonymous());
    try {
      return await ask(known());
    } catch (refusal) {
      if (!isRefusal(refusal)) throw refusal;
      const answer = await ask(anonymous()).catch((fault: unknown) => {
        throw isTelling(fault) ? fault : refusal;
      });
      // A private repository looks to others as if it were not there; then the refusal explains more.
      if (answer === null) throw refusal;
      memory.anonymousUntil = clock.now() + ANONYMOUS_MS;
      log.warn("replica.credentials-refused", { owner: target.owner, message: refusal.message });
      return answer;
    }
  }
  return {
    branch: (name) => read((reader) => reader.branch(name)),
    files: (treeish) => read((reader) => reader.files(treeish)),
    blob: (sha) => read((reader) => reader.blob(sha)),
  };
}

/** Whatever keeps an App from a token for lack of rights has one code; a fault that will pass keeps its own. */
function namingRefusals(credentials: Credentials): Credentials {
  return {
    ...credentials,
    async authorize() {
      try {
        return await credentials.authorize();
      } catch (cause) {
        const isLasting =
          cause instanceof SyncError && ["misconfigured", "github-not-found", "github-rejected"].includes(cause.code);
        throw isLasting ? new SyncError("github-unauthorized", cause.message, { cause }) : cause;
      }
    },
  };
}

function isRefusal(error: unknown): error is SyncError {
  return error instanceof SyncError && error.code === "github-unauthorized";
}

/** Whether it says more than that the repository is not for everyone. */
function isTelling(fault: unknown): boolean {
  return !(fault instanceof SyncError && ["github-not-found", "github-unauthorized"].includes(fault.code));
}
