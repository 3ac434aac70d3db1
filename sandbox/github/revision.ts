import { ApiError, notFound } from "./errors.ts";
import type { RepositoryCall } from "./route.ts";
import { headOf } from "./state.ts";

export function isSha(text: string): boolean {
  return /^[0-9a-f]{40}$/.test(text);
}

/** A branch (`x`, `heads/x`, `owner:x`) or a full commit name. */
export function resolveCommit(call: RepositoryCall, name: string): string {
  const branch = name.replace(/^(?:refs\/)?heads\//, "").replace(`${call.repository.owner}:`, "");
  const found = headOf(call.repository, branch) ?? (call.repository.git.commit(name) === null ? null : name);
  if (found !== null) return found;
  throw isSha(name) ? new ApiError(422, `No commit found for SHA: ${name}`) : notFound();
}
