import type { GitRepository } from "./repository.ts";

/** Everything reachable from a commit, itself included. */
function ancestors(repository: GitRepository, sha: string): Set<string> {
  const seen = new Set<string>();
  const pending = [sha];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    pending.push(...(repository.commit(next)?.parents ?? []));
  }
  return seen;
}

/** Whether moving a ref from one commit to the other is a fast-forward. */
export function isAncestor(repository: GitRepository, ancestor: string, descendant: string): boolean {
  return ancestor === descendant || ancestors(repository, descendant).has(ancestor);
}

/** The best common ancestor; null for unrelated histories. */
export function mergeBase(repository: GitRepository, left: string, right: string): string | null {
  const mine = ancestors(repository, left);
  const common = newestFirst(repository, ancestors(repository, right)).filter((sha) => mine.has(sha));
  return common[0] ?? null;
}

/** The commits of `head` that `base` lacks, newest first. */
export function commitsBetween(repository: GitRepository, base: string, head: string): string[] {
  const known = ancestors(repository, base);
  return newestFirst(repository, ancestors(repository, head)).filter((sha) => !known.has(sha));
}

export function log(repository: GitRepository, sha: string): string[] {
  return newestFirst(repository, ancestors(repository, sha));
}

/** Children before parents; among those ready, the later committed first. */
function newestFirst(repository: GitRepository, commits: ReadonlySet<string>): string[] {
  const children = new Map<string, number>([...commits].map((sha) => [sha, 0]));
  const parentsOf = (sha: string) => (repository.commit(sha)?.parents ?? []).filter((parent) => commits.has(parent));
  for (const sha of commits) {
    for (const parent of parentsOf(sha)) children.set(parent, (children.get(parent) ?? 0) + 1);
  }
  const secondsOf = (sha: string) => repository.commit(sha)?.committer.seconds ?? 0;
  const ready = [...commits].filter((sha) => children.get(sha) === 0);
  const ordered: string[] = [];
  while (ready.length > 0) {
    ready.sort((left, right) => secondsOf(right) - secondsOf(left));
    const sha = ready.shift() ?? "";
    ordered.push(sha);
    for (const parent of parentsOf(sha)) {
      const left = (children.get(parent) ?? 0) - 1;
      children.set(parent, left);
      if (left === 0) ready.push(parent);
    }
  }
  return ordered;
}
