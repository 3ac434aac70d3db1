/**
 * Who we are to GitHub: a personal access token as it is, or short-lived installation tokens of a GitHub App.
 *
 * Does I/O through the transport it is given. Tokens live in memory only.
 */
import { createPrivateKey } from "node:crypto";
import githubAppJwt from "universal-github-app-jwt";
import * as z from "zod/mini";
import type { Installation } from "../check/ports.ts";
import type { Auth } from "../config/github-settings.ts";
import { SyncError } from "../core/errors.ts";
import type { Fetch } from "../net/transport.ts";
import { requestAsApp } from "./app-request.ts";

export interface Authorization {
  /** The value of the `authorization` header, or `null` for anonymous reads. */
  readonly header: string | null;
  /** Minted within this call or a moment ago: GitHub may answer 401 for some seconds. */
  readonly isFresh: boolean;
}

export interface TokenRequest {
  readonly apiUrl: string;
  readonly owner: string;
  /** Names of repositories of `owner` to narrow the token to. */
  readonly repositories: readonly string[];
  /** Whether a team will be asked for a review, which needs `members: read`. */
  readonly wantsTeam: boolean;
  /** The token may only read, as the replica does. */
  readonly isReadOnly?: boolean;
}

interface InstallationToken {
  readonly token: string;
  readonly expiresAt: number;
  readonly mintedAt: number;
}

/** Installation tokens by what they were asked for. Owned by the entry point; lives as long as its isolate. */
export type TokenCache = Map<string, InstallationToken>;

/** Tokens being asked for. Lives as long as one run: what another invocation waits for may never come. */
export type PendingTokens = Map<string, Promise<InstallationToken>>;

type GitHubApp = Extract<Auth, { kind: "github-app" }>;

export interface CredentialsOptions {
  readonly auth: Auth;
  readonly request: TokenRequest;
  /** The repository that it is for; one of those in the request. Default: the first of them. */
  readonly repository?: string;
  readonly cache: TokenCache;
  readonly pending: PendingTokens;
  readonly transport: Fetch;
  readonly userAgent: string;
  readonly now: () => number;
}

export interface Credentials {
  authorize(): Promise<Authorization>;
  /**
   * Forget the installation token that GitHub refused; one that came in its place meanwhile stays.
   * @returns whether asking again gives another one
   */
  forget(refused: Authorization): boolean;
}

/** A token is replaced this long before it expires, so that no run is cut in half. */
const EXPIRY_MARGIN_MS = 5 * 60_000;
const FRESH_MS = 30_000;

/**
 * Credentials for the repositories of one owner.
 *
 * `authorize` throws `SyncError`: `misconfigured` for a key that cannot be read, `github-unauthorized` or
 * `github-not-found` when GitHub does not know the App or its installation.
 */
export function createCredentials(options: CredentialsOptions): Credentials {
  const { auth, request, cache, now } = options;
  if (auth.kind === "none") return { authorize: async () => ({ header: null, isFresh: false }), forget: () => false };
  if (auth.kind === "token") {
    return { authorize: async () => ({ header: `Bearer ${auth.token}`, isFresh: false }), forget: () => false };
  }
  const key = JSON.stringify([auth.appId, auth.installationId, request]);
  const aloneKey = `${key} ${options.repository ?? request.repositories[0]}`;
  return {
    async authorize() {
      const known = [key, aloneKey].map((one) => cache.get(one)).find((token) => isUsable(token, now()));
      const current = known ?? (await mintJointly({ key, aloneKey, auth, options }));
      return { header: headerOf(current), isFresh: now() - current.mintedAt < FRESH_MS };
    },
    forget(refused) {
      for (const one of [key, aloneKey]) if (headerOf(cache.get(one)) === refused.header) cache.delete(one);
      return true;
    },
  };
}

function headerOf(token: InstallationToken | undefined): string | null {
  return token === undefined ? null : `Bearer ${token.token}`;
}

function isUsable(token: InstallationToken | undefined, now: number): boolean {
  return token !== undefined && token.expiresAt - EXPIRY_MARGIN_MS > now;
}

interface Minting {
  readonly key: string;
  readonly aloneKey: string;
  readonly auth: GitHubApp;
  readonly options: CredentialsOptions;
}

/**
 * One token for all repositories of an owner; where GitHub refuses it, because the App is not installed on each of
 * them, one for this repository alone, so that the one goes on and the other says what it lacks.
 */
async function mintJointly({ key, aloneKey, auth, options }: Minting): Promise<InstallationToken> {
  try {
    return await mintOnce(key, auth, options);
  } catch (error) {
    const { request, repository = request.repositories[0] ?? "" } = options;
    const isJoint = request.repositories.length > 1;
    const isRefused =
      error instanceof SyncError && (error.code === "github-rejected" || error.code === "github-not-found");
    if (!isJoint || !isRefused) throw error;
    const alone = { ...options, request: { ...request, repositories: [repository] } };
    return mintOnce(aloneKey, auth, alone);
  }
}

/** Requests at the same moment wait for one token. */
function mintOnce(key: string, auth: GitHubApp, options: CredentialsOptions): Promise<InstallationToken> {
  const { pending, cache } = options;
  const minted =
    pending.get(key) ??
    mintToken(auth, options)
      .then((token) => {
        cache.set(key, token);
        return token;
      })
      .finally(() => pending.delete(key));
  pending.set(key, minted);
  return minted;
}

const InstallationId = z.object({ id: z.number() });
const AccessToken = z.object({ token: z.string(), expires_at: z.iso.datetime({ offset: true }) });

async function mintToken(auth: GitHubApp, options: CredentialsOptions): Promise<InstallationToken> {
  const { request, now } = options;
  const sign = (at: number) => signJwt(auth.appId, auth.privateKey, at);
  const asApp = { apiUrl: request.apiUrl, sign, transport: options.transport, userAgent: options.userAgent, now };
  const installationId = auth.installationId ?? (await findInstallation(request, asApp));
  const permissions: Record<string, string> =
    request.isReadOnly === true ? { contents: "read" } : { contents: "write", pull_requests: "write" };
  const mint = (wanted: Record<string, string>) =>
    requestAsApp(asApp, {
      method: "POST",
      path: `/app/installations/${installationId}/access_tokens`,
      body: { repositories: request.repositories, permissions: wanted },
      schema: AccessToken,
      subject: `An installation token for ${request.owner} (${request.repositories.join(", ")})`,
    });
  const token = request.wantsTeam
    ? await mint({ ...permissions, members: "read" }).catch((error: unknown) => {
        if (error instanceof SyncError && error.code === "github-rejected") return mint(permissions);
        throw error;
      })
    : await mint(permissions);
  return { token: token.token, expiresAt: Date.parse(token.expires_at), mintedAt: now() };
}

/** @see https://docs.github.com/en/rest/apps/apps#get-a-repository-installation-for-the-authenticated-app */
async function findInstallation(request: TokenRequest, asApp: Parameters<typeof requestAsApp>[0]): Promise<number> {
  const path = `/repos/${request.owner}/${request.repositories[0]}/installation`;
  const subject = `The App's installation on ${request.owner}/${request.repositories[0]}`;
  return (await requestAsApp(asApp, { method: "GET", path, schema: InstallationId, subject })).id;
}

const InstallationFacts = z.object({
  permissions: z.record(z.string(), z.string()),
  suspended_at: z.nullish(z.string()),
});

/**
 * Where and how the App is installed, as it sees that itself.
 *
 * @throws SyncError like `authorize`
 */
export async function inspectInstallation(
  auth: GitHubApp,
  name: { readonly owner: string; readonly repo: string },
  options: Pick<CredentialsOptions, "transport" | "userAgent" | "now"> & { readonly apiUrl: string },
): Promise<Installation> {
  const sign = (at: number) => signJwt(auth.appId, auth.privateKey, at);
  const path = `/repos/${name.owner}/${name.repo}/installation`;
  const subject = `The App's installation on ${name.owner}/${name.repo}`;
  const found = await requestAsApp({ ...options, sign }, { method: "GET", path, schema: InstallationFacts, subject });
  return { permissions: found.permissions, isSuspended: typeof found.suspended_at === "string" };
}

async function signJwt(appId: string, privateKey: string, nowMs: number): Promise<string> {
  try {
    const { token } = await githubAppJwt({ id: appId, privateKey: toPkcs8(privateKey), now: Math.floor(nowMs / 1000) });
    return token;
  } catch (cause) {
    const hint = "paste the whole .pem file that GitHub gave you, with real or \\n newlines";
    throw new SyncError("misconfigured", `GITHUB_APP_PRIVATE_KEY is not a usable RSA private key; ${hint}.`, { cause });
  }
}

/** GitHub hands keys out as PKCS#1 (`BEGIN RSA PRIVATE KEY`), WebCrypto takes PKCS#8 (`BEGIN PRIVATE KEY`). */
function toPkcs8(privateKey: string): string {
  const pem = privateKey.replaceAll(/\\r|\r/g, "").replaceAll("\\n", "\n");
  return createPrivateKey(pem).export({ type: "pkcs8", format: "pem" }).toString();
}
