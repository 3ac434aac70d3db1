/**
 * Commits of people, which nobody but people may take away.
 */
import type { GitHubServer } from "../../sandbox/github/server.ts";
import type { PersonDeed } from "./person-deeds.ts";

export interface KeptCommits {
  /** Does a deed of people's, and takes note of what it made and what it took back. @throws what the deed throws */
  during(leaves: PersonDeed["leaves"], act: () => unknown): void;
  /** Those that no branch has any more, and no pull request ended with. */
  lost(): string[];
}

export function keepCommits(github: GitHubServer, repository: string): KeptCommits {
  const theirs = new Set<string>();
  const histories = new Map<string, readonly string[]>();

  function historyOf(head: string): readonly string[] {
    const known = histories.get(head) ?? github.history(repository, head).map(({ sha }) => sha);
    histories.set(head, known);
    return known;
  }

  /** All commits that a branch has, or that a pull request ended with. */
  function reachable(): ReadonlySet<string> {
    const heads = [
      ...Object.values(github.branches(repository)),
      ...github.pullRequests(repository).map(({ head }) => head.sha),
    ];
    return new Set(heads.flatMap(historyOf));
  }

  return {
    during(leaves = "theirs", act) {
      const before = reachable();
      act();
      const after = reachable();
      // What people take back themselves is not the service's to keep.
      const gone = [...theirs].filter((sha) => !after.has(sha));
      for (const sha of gone) theirs.delete(sha);
      if (leaves === "nobody's" || (leaves === "rewritten" && gone.length === 0)) return;
      for (const sha of after) if (!before.has(sha)) theirs.add(sha);
    },
    lost() {
      const kept = reachable();
      return [...theirs].filter((sha) => !kept.has(sha));
    },
  };
}
