import { moveBranch, moveRepository } from "./redirects.ts";
import type { Policy, Protection, Rule } from "./setting-model.ts";
import { settlePulls } from "./settling.ts";
import { type GitHubState, type RepositoryState, repositoryOf } from "./state.ts";

/** What owners, organisations and GitHub itself set about a repository. All of it can be taken back. */
export interface SettingActions {
  /** A rename, or with another owner a transfer. Gives the old name to redirects. */
  moveRepository(repository: string, to: string): void;
  /** Pull requests into it follow. */
  renameBranch(repository: string, from: string, to: string): void;
  setArchived(repository: string, isArchived: boolean): void;
  /** GitHub closed it: 451 for copyright, 403 for its terms. */
  setBlocked(repository: string, reason: RepositoryState["blockedFor"]): void;
  /** The setting "Automatically delete head branches". */
  setDeletesMergedBranches(repository: string, deletes: boolean): void;
  setRules(repository: string, rules: readonly Rule[], status?: RepositoryState["ruleStatus"]): void;
  /** Adds to the rules there are; gives a function that takes it back. */
  addRule(repository: string, rule: Rule): () => void;
  /** Classic branch protection; `null` takes it away. */
  setProtection(repository: string, branch: string, protection: Protection | null): void;
  /** A pull request from this branch is in a merge queue, or not any more. */
  setQueued(repository: string, branch: string, isQueued: boolean): void;
  /** What an organisation demands of credentials; `{}` demands nothing. */
  setPolicy(owner: string, policy: Policy): void;
}

export function settingActions(state: GitHubState): SettingActions {
  const find = (name: string) => repositoryOf(state, name);
  return {
    moveRepository: (name, to) => moveRepository(state, find(name), to),
    renameBranch(name, from, to) {
      const repository = find(name);
      settlePulls(state, repository);
      moveBranch(repository, from, to);
      settlePulls(state, repository);
    },
    setArchived(name, isArchived) {
      find(name).isArchived = isArchived;
    },
    setBlocked(name, reason) {
      find(name).blockedFor = reason;
    },
    setDeletesMergedBranches(name, deletes) {
      find(name).deletesMergedBranches = deletes;
    },
    setRules(name, rules, status = 422) {
      Object.assign(find(name), { rules, ruleStatus: status });
    },
    addRule(name, rule) {
      const repository = find(name);
      repository.rules = [...repository.rules, rule];
      return () => {
        repository.rules = repository.rules.filter((other) => other !== rule);
      };
    },
    setProtection(name, branch, protection) {
      const { protections } = find(name);
      if (protection === null) protections.delete(branch);
      else protections.set(branch, protection);
    },
    setQueued(name, branch, isQueued) {
      const { queuedBranches } = find(name);
      if (isQueued) queuedBranches.add(branch);
      else queuedBranches.delete(branch);
    },
    setPolicy: (owner, policy) => void state.policies.set(owner.toLowerCase(), policy),
  };
}
