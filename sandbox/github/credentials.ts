import { createHash } from "node:crypto";
import { ApiError } from "./errors.ts";
import { checkJwt, looksLikeJwt } from "./jwt.ts";

export type Level = "read" | "write" | "admin";
export type Permissions = Readonly<Record<string, Level>>;

export interface TokenOptions {
  readonly token: string;
  /** Whom it belongs to. Default `maintainer`. */
  readonly login?: string;
  /** Scopes of a classic token; `repo` or `public_repo` may write. A token with neither scopes nor permissions may all. */
  readonly scopes?: readonly string[];
  /** Permissions of a fine-grained token: `contents`, `pull_requests`, `issues`, `members`. */
  readonly permissions?: Permissions;
  /** `owner/name` of what it reaches. Default: everything. */
  readonly repositories?: readonly string[];
}

export interface AppOptions {
  readonly id: number | string;
  readonly slug?: string;
  readonly publicKeyPem: string;
  readonly installationId: number;
  /** The account it is installed on. */
  readonly owner: string;
  readonly permissions: Permissions;
  /** `owner/name`, or just `name`, of what the installation covers. */
  readonly repositories: readonly string[];
}

/** Who is asking, and what for they may ask. */
export interface Identity {
  readonly kind: "anonymous" | "user" | "installation" | "app";
  readonly login: string;
  readonly type: "User" | "Bot";
  /** null: everything. */
  readonly permissions: Permissions | null;
  /** Lower-case `owner/name`; null: everything. */
  readonly repositories: ReadonlySet<string> | null;
  /** The App's id, for `kind: "app"`. */
  readonly appId: string | null;
}

export interface Credentials {
  addToken(options: TokenOptions): void;
  addApp(options: AppOptions): void;
  /** Logins that may be asked for a review. */
  setUsers(logins: readonly string[]): void;
  /** Slugs of teams that may be asked for a review. */
  setTeams(slugs: readonly string[]): void;
  /** Logins that a request for review takes with status 201 and leaves out, as GitHub does with some. */
  setSilentReviewers(logins: readonly string[]): void;
  /** Whether tokens can see teams; null (default): those whose permissions say so, and all without a list. */
  setMembersReadable(isReadable: boolean | null): void;
  setLabelCreationAllowed(isAllowed: boolean): void;
  setInstallationTokenLifetimeMs(lifetimeMs: number): void;
  /** Every token minted from now on answers 401 to its first n requests. */
  setFreshTokenFailures(count: number): void;
}

export interface CredentialStore
  extends Pick<Credentials, "addToken" | "addApp" | "setInstallationTokenLifetimeMs" | "setFreshTokenFailures"> {
  identify(authorization: string | undefined): Identity;
  installations(appId: string): readonly AppOptions[];
  mint(app: AppOptions, narrowed: Pick<Identity, "permissions" | "repositories">): { token: string; expiresAt: number };
}

interface MintedToken {
  readonly identity: Identity;
  readonly expiresAt: number;
  failuresLeft: number;
}

const ANONYMOUS: Identity = {
  kind: "anonymous",
  login: "",
  type: "User",
  permissions: {},
  repositories: null,
  appId: null,
};

export function createCredentialStore(now: () => number): CredentialStore {
  const users = new Map<string, Identity>();
  const apps: AppOptions[] = [];
  const minted = new Map<string, MintedToken>();
  let lifetimeMs = 3_600_000;
  let freshFailures = 0;
  return {
    addToken: (options) => void users.set(options.token, userIdentity(options)),
    addApp: (options) => void apps.push(options),
    setInstallationTokenLifetimeMs(value) {
      lifetimeMs = value;
    },
    setFreshTokenFailures(count) {
      freshFailures = count;
    },
    identify(authorization) {
      const token = /^(?:bearer|token)\s+(\S+)$/i.exec(authorization ?? "")?.[1];
      if (token === undefined && authorization === undefined) return ANONYMOUS;
      if (token === undefined) throw new ApiError(401, "Bad credentials");
      if (looksLikeJwt(token)) return appIdentity(token, apps, now());
      return users.get(token) ?? useMinted(minted.get(token), now());
    },
    installations: (appId) => apps.filter((app) => String(app.id) === appId),
    mint(app, narrowed) {
      const token = `ghs_${createHash("sha256").update(`${app.installationId}/${minted.size}/${now()}`).digest("hex").slice(0, 36)}`;
      const expiresAt = now() + lifetimeMs;
      const login = `${slugOf(app)}[bot]`;
      const identity: Identity = { kind: "installation", login, type: "Bot", appId: String(app.id), ...narrowed };
      minted.set(token, { identity, expiresAt, failuresLeft: freshFailures });
      return { token, expiresAt };
    },
  };
}

export function slugOf(app: AppOptions): string {
  return app.slug ?? "model-reference-sync";
}

/** The lower-case full names of an installation's repositories. */
export function repositoriesOf(app: AppOptions): Set<string> {
  return new Set(app.repositories.map((name) => (name.includes("/") ? name : `${app.owner}/${name}`).toLowerCase()));
}

/** Whether an identity holds a permission at a level. Metadata may be read by all who get that far. */
export function hasPermission(identity: Identity, permission: string, level: Level): boolean {
  if (permission === "metadata" || identity.permissions === null) return true;
  const granted = identity.permissions[permission];
  return granted === "admin" || granted === "write" || (granted === "read" && level === "read");
}

function userIdentity(options: TokenOptions): Identity {
  const { login = "maintainer", scopes, permissions, repositories } = options;
  const canWrite = scopes === undefined || scopes.includes("repo") || scopes.includes("public_repo");
  const reach = repositories === undefined ? null : new Set(repositories.map((name) => name.toLowerCase()));
  return {
    kind: "user",
    login,
    type: "User",
    permissions: permissions ?? (canWrite ? null : {}),
    repositories: reach,
    appId: null,
  };
}

function appIdentity(token: string, apps: readonly AppOptions[], nowMs: number): Identity {
  const publicKeyOf = (issuer: string) => apps.find((app) => String(app.id) === issuer)?.publicKeyPem ?? null;
  const check = checkJwt({ token, nowMs, publicKeyOf });
  if (check.kind === "refused") throw new ApiError(check.status, check.message);
  return { ...ANONYMOUS, kind: "app", appId: check.issuer };
}

function useMinted(token: MintedToken | undefined, now: number): Identity {
  if (token === undefined || now >= token.expiresAt) throw new ApiError(401, "Bad credentials");
  if (token.failuresLeft > 0) {
    token.failuresLeft -= 1;
    throw new ApiError(401, "Bad credentials");
  }
  return token.identity;
}
