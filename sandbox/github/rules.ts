import { commitsBetween, isAncestor } from "../git/history.ts";
import type { Push, Rule } from "./setting-model.ts";
import type { RepositoryState } from "./state.ts";

/**
 * What rulesets refuse, in the words that people were told, by git (`GH013`) and by the API:
 * https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/troubleshooting-rules
 */
export function rulesFor(repository: RepositoryState, branch: string): readonly Rule[] {
  return repository.rules.filter(({ branches = "**" }) => isMatch(branches, branch));
}

/** `*` takes no slash, `**` does: https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/creating-rulesets-for-a-repository#using-fnmatch-syntax */
function isMatch(pattern: string, branch: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*\*|\*/g, (stars) => (stars === "**" ? ".*" : "[^/]*"));
  return new RegExp(`^${source}$`).test(branch);
}

/** One sentence for each rule that a push breaks. */
export function ruleViolations(repository: RepositoryState, push: Push): string[] {
  return rulesFor(repository, push.branch)
    .filter(({ bypass = [] }) => !bypass.includes(push.by.login))
    .flatMap((rule) => violation(repository, rule, push) ?? []);
}

function violation(repository: RepositoryState, rule: Rule, push: Push): string | null {
  const { before, after } = push;
  const isUpdate = before !== null && after !== null;
  switch (rule.type) {
    case "creation":
      return before === null ? "Cannot create ref due to creations being restricted." : null;
    case "update":
      return isUpdate ? "Cannot update this protected ref." : null;
    case "deletion":
      return after === null ? "Cannot delete this protected ref." : null;
    case "non_fast_forward":
      return isUpdate && !isAncestor(repository.git, before, after) ? "Cannot force-push to this branch" : null;
    case "pull_request":
      return isUpdate ? "Changes must be made through a pull request." : null;
    case "merge_queue":
      return isUpdate ? "Changes must be made through the merge queue" : null;
    case "required_signatures":
      return found(
        "Commits must have verified signatures.",
        newCommits(repository, push, ({ isSigned }) => !isSigned),
      );
    case "required_linear_history":
      return found(
        "This branch must not contain merge commits.",
        newCommits(repository, push, ({ parents }) => parents.length > 1),
      );
    case "required_status_checks":
      return after === null ? null : missingChecks(repository, rule.checks ?? ["validate"], after);
  }
}

function found(sentence: string, commits: readonly string[]): string | null {
  if (commits.length === 0) return null;
  return `${sentence}\nFound ${commits.length} violation${commits.length === 1 ? "" : "s"}:\n\n${commits.join("\n")}`;
}

function newCommits(
  { git, defaultBranch }: RepositoryState,
  { before, after }: Push,
  isWrong: (commit: { readonly isSigned: boolean; readonly parents: readonly string[] }) => boolean,
): string[] {
  const known = before ?? git.refs.read(`refs/heads/${defaultBranch}`);
  if (after === null || known === null) return [];
  return commitsBetween(git, known, after).filter((sha) => {
    const commit = git.commit(sha);
    return commit !== null && isWrong(commit);
  });
}

export function missingChecks({ checks }: RepositoryState, wanted: readonly string[], sha: string): string | null {
  const passed = (checks.get(sha) ?? []).filter(({ conclusion }) => conclusion === "success").map(({ name }) => name);
  const missing = wanted.filter((name) => !passed.includes(name));
  if (missing.length === 0) return null;
  if (wanted.length === 1) return `Required status check "${missing[0]}" is expected.`;
  return `${missing.length} of ${wanted.length} required status checks are expected.`;
}

/** https://docs.github.com/en/rest/repos/rules#get-rules-for-a-branch */
export function ruleView(repository: RepositoryState, rule: Rule): object {
  const parameters = parametersOf(rule);
  return {
    type: rule.type,
    ...(parameters === null ? {} : { parameters }),
    ruleset_source_type: "Repository",
    ruleset_source: repository.fullName,
    ruleset_id: repository.id,
  };
}

function parametersOf(rule: Rule): object | null {
  switch (rule.type) {
    case "update":
      return { update_allows_fetch_and_merge: false };
    case "pull_request":
      return {
        required_approving_review_count: 1,
        dismiss_stale_reviews_on_push: false,
        require_code_owner_review: false,
        require_last_push_approval: false,
        required_review_thread_resolution: false,
      };
    case "required_status_checks":
      return {
        strict_required_status_checks_policy: false,
        required_status_checks: (rule.checks ?? ["validate"]).map((context) => ({ context })),
      };
    case "merge_queue":
      return {
        check_response_timeout_minutes: 60,
        grouping_strategy: "ALLGREEN",
        max_entries_to_build: 5,
        max_entries_to_merge: 5,
        merge_method: "MERGE",
        min_entries_to_merge: 1,
        min_entries_to_merge_wait_minutes: 5,
      };
    case "creation":
    case "deletion":
    case "non_fast_forward":
    case "required_signatures":
    case "required_linear_history":
      return null;
  }
}
