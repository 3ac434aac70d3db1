import { hasPermission, type Level } from "./identity.ts";
import type { Call } from "./route.ts";

/** What the asking account may do; only a token's owner is told, and not what a fine-grained token itself was given. */
export function permissionsOf({ identity }: Pick<Call, "identity">): object {
  const may = (level: Level) => identity.kind !== "anonymous" && hasPermission(identity, "contents", level);
  const isOwner = identity.permissions === null;
  return { admin: isOwner, maintain: isOwner, push: may("write"), triage: may("write"), pull: true };
}
