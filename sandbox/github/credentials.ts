import { createHash } from "node:crypto";
import type { AppOptions, Credentials, TokenOptions } from "./credential-options.ts";
import { ApiError } from "./errors.ts";
import { ANONYMOUS, type Identity } from "./identity.ts";
import { checkJwt, looksLikeJwt } from "./jwt.ts";

export interface CredentialStore
  extends Pick<
    Credentials,
    | "addToken"
    | "removeToken"
    | "addApp"
    | "apps"
    | "tokens"
    | "changeApp"
    | "setInstallationTokenLifetimeMs"
    | "setFreshTokenFailures"
  > {
  identify(authorization: string | undefined): Identity;
  installations(appId: string): readonly AppOptions[];
  mint(app: AppOptions, narrowed: Pick<Identity, "permissions" | "repositories">): { token: string; expiresAt: number };
}

interface MintedToken {
  identity: Identity;
  readonly expiresAt: number;
  failuresLeft: number;
}

/** @param now GitHub's own clock */
export function createCredentialStore(now: () => number): CredentialStore {
  const users = new Map<string, { readonly options: TokenOptions; readonly identity: Identity }>();
  const apps: AppOptions[] = [];
  const minted = new Map<string, MintedToken>();
  let lifetimeMs = 3_600_000;
  let freshFailures = 0;
  const installationOf = (identity: Identity) => apps.find((app) => String(app.id) === identity.appId);
  return {
    addToken: (options) => void users.set(options.token, { options, identity: userIdentity(options) }),
    removeToken: (token) => void users.delete(token),
    addApp: (options) => void apps.push(options),
    apps: () => [...apps],
    tokens: () => [...users.values()].map(({ options }) => options),
    changeApp(id, changes) {
      const index = apps.findIndex((app) => String(app.id) === String(id));
      const app = apps[index];
      if (app === undefined) throw new Error(`the sandbox has no App ${id}`);
      const changed = { ...app, ...changes };
      apps[index] = changed;
      for (const token of minted.values()) token.identity = narrowed(token.identity, changed);
    },
    setInstallationTokenLifetimeMs(value) {
      lifetimeMs = value;
    },
    setFreshTokenFailures(count) {
      freshFailures = count;
    },
    identify(authorization) {
      const token = /^(?:bearer|token)\s+(\S+)$/i.exec(authorization ?? "")?.[1];
      if (token === undefined && authorization === undefined) return ANONYMOUS;
      if (token === undefined) throw badCredentials();
      if (looksLikeJwt(token)) return appIdentity(token, apps, now());
      const user = users.get(token)?.identity;
      if (user === undefined) return useMinted(minted.get(token), now(), installationOf);
      if (user.expiresAt !== null && user.expiresAt <= now()) throw badCredentials();
      return user;
    },
    installations: (appId) => apps.filter((app) => String(app.id) === appId),
    mint(app, wanted) {
      const token = `ghs_${createHash("sha256").update(`${app.installationId}/${minted.size}/${now()}`).digest("hex").slice(0, 36)}`;
      const expiresAt = now() + lifetimeMs;
      const login = `${slugOf(app)}[bot]`;
      const own = { kind: "installation", login, type: "Bot", appId: String(app.id) } as const;
      minted.set(token, { identity: { ...ANONYMOUS, ...own, ...wanted }, expiresAt, failuresLeft: freshFailures });
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

function userIdentity(options: TokenOptions): Identity {
  const { login = "maintainer", scopes, permissions, repositories, expiresAt = null } = options;
  const canWrite = scopes === undefined || scopes.includes("repo") || scopes.includes("public_repo");
  const reach = repositories === undefined ? null : new Set(repositories.map((name) => name.toLowerCase()));
  return {
    ...ANONYMOUS,
    kind: "user",
    login,
    isFineGrained: permissions !== undefined,
    expiresAt,
    permissions: permissions ?? (canWrite ? null : {}),
    repositories: reach,
  };
}

function appIdentity(token: string, apps: readonly AppOptions[], nowMs: number): Identity {
  const publicKeyOf = (issuer: string) => apps.find((app) => String(app.id) === issuer)?.publicKeyPem ?? null;
  const check = checkJwt({ token, nowMs, publicKeyOf });
  if (check.kind === "refused") throw new ApiError(check.status, check.message);
  return { ...ANONYMOUS, kind: "app", appId: check.issuer };
}

function useMinted(
  token: MintedToken | undefined,
  now: number,
  installationOf: (identity: Identity) => AppOptions | undefined,
): Identity {
  if (token === undefined || now >= token.expiresAt) throw badCredentials();
  if (token.failuresLeft > 0) {
    token.failuresLeft -= 1;
    throw badCredentials();
  }
  const app = installationOf(token.identity);
  if (app === undefined) throw badCredentials();
  if (app.isSuspended === true) throw suspended();
  return token.identity;
}

/** What is taken from an App is taken from its tokens, too. */
function narrowed(identity: Identity, app: AppOptions): Identity {
  if (identity.appId !== String(app.id)) return identity;
  const covered = repositoriesOf(app);
  const held = Object.entries(identity.permissions ?? {}).filter(([name]) => Object.hasOwn(app.permissions, name));
  return {
    ...identity,
    permissions: Object.fromEntries(held),
    repositories: new Set([...(identity.repositories ?? [])].filter((name) => covered.has(name))),
  };
}

function badCredentials(): ApiError {
  return new ApiError(401, "Bad credentials");
}

/** https://docs.github.com/en/rest/apps/apps#suspend-an-app-installation */
export function suspended(): ApiError {
  return new ApiError(403, "This installation has been suspended");
}
