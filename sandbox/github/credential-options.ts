import type { Permissions } from "./identity.ts";

/** What accounts and Apps there are, as a test or a person sets it. */

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
  /** Milliseconds since the epoch. Default: it never ends. */
  readonly expiresAt?: number;
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
  readonly isSuspended?: boolean;
  /** Where its events go, if anywhere. */
  readonly webhookUrl?: string;
}

export type AppChanges = Partial<
  Pick<AppOptions, "publicKeyPem" | "permissions" | "repositories" | "isSuspended" | "webhookUrl">
>;

export interface Credentials {
  addToken(options: TokenOptions): void;
  /** It was revoked: 401 from now on. */
  removeToken(token: string): void;
  addApp(options: AppOptions): void;
  /** Those that are there. */
  apps(): readonly AppOptions[];
  tokens(): readonly TokenOptions[];
  /** Suspends it, or changes what it covers and may do; tokens that it made lose what it loses. */
  changeApp(id: number | string, changes: AppChanges): void;
  /** How far GitHub's clock is ahead of the sandbox's, for its tokens and its `date` header. */
  setClockSkewMs(skewMs: number): void;
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
