import { isAncestor } from "../git/history.ts";
import { missingChecks } from "./rules.ts";
import type { Protection, Push } from "./setting-model.ts";
import type { RepositoryState } from "./state.ts";

export const PROTECTION_URL = "https://docs.github.com/articles/about-protected-branches";

/** The sentences with which GitHub refuses a push, as it strings them together. */
export function protectionViolations(repository: RepositoryState, push: Push): string[] {
  const protection = repository.protections.get(push.branch);
  if (protection === undefined) return [];
  const { before, after } = push;
  if (after === null) return ["Cannot delete a protected branch"];
  if (before !== null && !isAncestor(repository.git, before, after)) return ["Cannot force-push to a protected branch"];
  const { reviews = 0, checks = [], pushers, isLocked = false } = protection;
  const missing = missingChecks(repository, checks, after);
  const people = reviews === 1 ? "1 approving review is" : `${reviews} approving reviews are`;
  const mayPush = pushers === undefined || pushers.includes(push.by.login);
  return [
    ...(isLocked ? ["Cannot change this locked branch"] : []),
    ...(reviews > 0 ? [`At least ${people} required by reviewers with write access.`] : []),
    ...(missing === null ? [] : [missing]),
    ...(mayPush
      ? []
      : [`You're not authorized to push to this branch. Visit ${PROTECTION_URL}/ for more information.`]),
  ];
}

/** What a branch tells of its protection to those who may only read: https://docs.github.com/en/rest/branches/branches#get-a-branch */
export function protectionView(protection: Protection | undefined): object {
  const contexts = protection?.checks ?? [];
  return {
    enabled: protection !== undefined,
    required_status_checks: {
      enforcement_level: contexts.length > 0 ? "everyone" : "off",
      contexts,
      checks: contexts.map((context) => ({ context, app_id: null })),
    },
  };
}
