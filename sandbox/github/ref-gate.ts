import { ApiError } from "./errors.ts";
import { PROTECTION_URL, protectionViolations } from "./protection.ts";
import { ruleViolations } from "./rules.ts";
import type { Push } from "./setting-model.ts";
import type { RepositoryState } from "./state.ts";

const QUEUED =
  "A pull request for this branch has been added to a merge queue. Branches that are queued for merging cannot be " +
  "updated. To modify this branch, dequeue the associated pull request.";

/**
 * Refuses what a merge queue, classic protection or a ruleset does not allow.
 *
 * A branch that may not be made is refused without a reason:
 * https://github.com/github/rest-api-description/issues/4887
 */
export function refusePush(repository: RepositoryState, push: Push): void {
  if (push.before !== null && repository.queuedBranches.has(push.branch)) {
    throw new ApiError(422, QUEUED, { documentationUrl: PROTECTION_URL });
  }
  const isProtected = protectionViolations(repository, push);
  const violations = [...isProtected, ...ruleViolations(repository, push)];
  if (violations.length === 0) return;
  if (push.before === null) throw updateFailed();
  if (isProtected.length > 0) throw new ApiError(422, isProtected.join(" "), { documentationUrl: PROTECTION_URL });
  throw new ApiError(repository.ruleStatus, `Repository rule violations found\n\n${violations.join("\n\n")}\n\n`);
}

/** Also what GitHub says when a branch `a` stands in the way of `a/b`. */
export function updateFailed(): ApiError {
  return new ApiError(422, "Reference update failed");
}
