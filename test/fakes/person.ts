import { SYNC_BRANCH } from "../../src/config/sync-branch.ts";
import type { PullRequest } from "../../src/sync/ports.ts";
import type { FakeRepository } from "./repository.ts";

/** What a person does with the newest pull request of a fake repository; `false` where it cannot be done. */
export interface Person {
  /** As GitHub's button does: a merge commit, unless a file was changed on both sides. The branch stays. */
  merge(): Promise<boolean>;
  close(): boolean;
  reopen(): boolean;
  edit(texts: { readonly title: string; readonly body: string }): boolean;
}

export function createPerson(repository: FakeRepository, now: () => number): Person {
  const { pulls, refs } = repository;
  const change = (state: PullRequest["state"], changes: Partial<PullRequest>) => {
    const last = pulls.at(-1);
    if (last?.state !== state) return false;
    pulls[pulls.length - 1] = { ...last, ...changes };
    return true;
  };
  const ended = () => ({ endedAt: new Date(now()).toISOString(), endedHead: refs.get(SYNC_BRANCH) ?? null });
  return {
    async merge() {
      const changes = await changesToMerge(repository);
      if (changes === null || !change("open", { state: "merged", ...ended() })) return false;
      await repository.push("main", changes, { message: "Merge", mergeOf: SYNC_BRANCH });
      return true;
    },
    close: () => change("open", { state: "closed", ...ended() }),
    reopen: () => refs.has(SYNC_BRANCH) && change("closed", { state: "open", endedAt: null, endedHead: null }),
    edit: (texts) => change("open", texts),
  };
}

/** Files that the sync branch changed since it left the base; `null` where both did. */
async function changesToMerge({ ports, refs, read }: FakeRepository): Promise<Record<string, string | null> | null> {
  const comparison = await ports.read.compare(refs.get("main") ?? "", SYNC_BRANCH);
  if (comparison === null) return null;
  const [from, base, branch] = [read(comparison.mergeBase.sha), read("main"), read(SYNC_BRANCH)];
  const changed = [...new Set([...Object.keys(from), ...Object.keys(branch)])].filter(
    (path) => from[path] !== branch[path],
  );
  if (changed.some((path) => base[path] !== from[path] && base[path] !== branch[path])) return null;
  return Object.fromEntries(changed.map((path) => [path, branch[path] ?? null]));
}
