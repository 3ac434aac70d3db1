import type { RepositoryState } from "./state.ts";

export type Level = "read" | "write" | "admin";
export type Permissions = Readonly<Record<string, Level>>;

/** Who is asking, and what for they may ask. */
export interface Identity {
  readonly kind: "anonymous" | "user" | "installation" | "app";
  readonly login: string;
  readonly type: "User" | "Bot";
  /** Of a person's token: made with permissions of its own, and not with scopes. */
  readonly isFineGrained: boolean;
  /** When a person's token ends; null: never. */
  readonly expiresAt: number | null;
  /** null: everything. */
  readonly permissions: Permissions | null;
  /** Lower-case `owner/name`; null: everything. */
  readonly repositories: ReadonlySet<string> | null;
  /** The App's id, for `app` and `installation`. */
  readonly appId: string | null;
}

export const ANONYMOUS: Identity = {
  kind: "anonymous",
  login: "",
  type: "User",
  isFineGrained: false,
  expiresAt: null,
  permissions: {},
  repositories: null,
  appId: null,
};

/** Whether an identity holds a permission at a level. Metadata may be read by all who get that far. */
export function hasPermission(identity: Identity, permission: string, level: Level): boolean {
  if (permission === "metadata" || identity.permissions === null) return true;
  const granted = identity.permissions[permission];
  return granted === "admin" || granted === "write" || (granted === "read" && level === "read");
}

/** Whether a repository is among those that an identity was given, also by a name that it had before. */
export function reaches({ repositories }: Pick<Identity, "repositories">, repository: RepositoryState): boolean {
  if (repositories === null) return true;
  return [repository.fullName.toLowerCase(), ...repository.alsoKnownAs].some((name) => repositories.has(name));
}
