import type { Signature } from "./commit.ts";
import { mergeTrees } from "./merge.ts";
import type { GitRepository } from "./repository.ts";

export type RebaseResult =
  | { readonly kind: "rebased"; readonly sha: string }
  | { readonly kind: "conflict"; readonly paths: readonly string[] };

export interface Rebase {
  /** Oldest first; merges among them are left out, as `git rebase` leaves them out. */
  readonly commits: readonly string[];
  readonly onto: string;
  /** Authors and messages stay, and who committed becomes this. */
  readonly committer: Signature;
}

/** Makes each commit's change again on another base; a change that is there already makes no commit. */
export function rebaseCommits(repository: GitRepository, { commits, onto, committer }: Rebase): RebaseResult {
  let tip = onto;
  for (const sha of commits) {
    const commit = repository.commit(sha);
    const [parent, ...others] = commit?.parents ?? [];
    if (commit === null || others.length > 0) continue;
    const ours = repository.commit(tip)?.tree ?? null;
    const base = parent === undefined ? null : (repository.commit(parent)?.tree ?? null);
    const merged = mergeTrees(repository, { base, ours, theirs: commit.tree });
    if (merged.kind === "conflict") return merged;
    if (merged.tree === ours) continue;
    tip = repository.writeCommit({ ...commit, tree: merged.tree, parents: [tip], committer, isSigned: false });
  }
  return { kind: "rebased", sha: tip };
}
