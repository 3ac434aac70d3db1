import type { GitHubServer } from "../github/server.ts";
import type { Rule } from "../github/setting-model.ts";
import type { Condition } from "./condition.ts";

/** The branch that the product keeps its pull requests on. */
const SYNC_BRANCH = "sync/model-references";

/** What happens to repositories: where they are, who may push what, and what reads see. */
export const REPOSITORY_CONDITIONS: readonly Condition[] = [
  { name: "renamed", title: "Renamed", begin: (github, name) => move(github, name, `${name}-renamed`) },
  {
    name: "transferred",
    title: "Transferred to another owner",
    begin: (github, name) => move(github, name, `new-owner/${name.split("/")[1] ?? ""}`),
  },
  {
    name: "base-renamed",
    title: "Base branch renamed",
    begin(github, name) {
      const [old, young] = [github.defaultBranch(name), "renamed-base"];
      github.renameBranch(name, old, young);
      return () => github.renameBranch(name, young, old);
    },
  },
  {
    name: "base-missing",
    title: "Base branch deleted",
    begin(github, name) {
      const base = github.defaultBranch(name);
      const sha = github.branches(name)[base] ?? "";
      github.deleteBranch(name, base);
      return () => github.forcePush({ repository: name, branch: base, sha });
    },
  },
  {
    name: "empty",
    title: "No commit at all",
    begin(github, name) {
      const branches = Object.entries(github.branches(name));
      for (const [branch] of branches) github.deleteBranch(name, branch);
      return () => {
        for (const [branch, sha] of branches) github.forcePush({ repository: name, branch, sha });
      };
    },
  },
  toggle("archived", "Archived", (github, name, isOn) => github.setArchived(name, isOn)),
  toggle("blocked", "Blocked by GitHub", (github, name, isOn) => github.setBlocked(name, isOn ? "dmca" : null)),
  toggle("auto-delete", "Merged branches are deleted", (github, name, isOn) =>
    github.setDeletesMergedBranches(name, isOn),
  ),
  toggle("merge-queue", "Pull request in a merge queue", (github, name, isOn) =>
    github.setQueued(name, SYNC_BRANCH, isOn),
  ),
  toggle("protected", "Base protected", (github, name, isOn) =>
    github.setProtection(name, github.defaultBranch(name), isOn ? { reviews: 1 } : null),
  ),
  toggle("labels-forbidden", "New labels forbidden", (github, _, isOn) =>
    github.credentials.setLabelCreationAllowed(!isOn),
  ),
  toggle("team-invisible", "Teams cannot be seen", (github, _, isOn) =>
    github.credentials.setMembersReadable(isOn ? false : null),
  ),
  {
    name: "branch-in-the-way",
    title: "A branch named sync",
    begin(github, name) {
      github.commit({ repository: name, branch: "sync", files: {}, message: "In the way" });
      return () => github.deleteBranch(name, "sync");
    },
  },
  {
    name: "rule-pull-request",
    title: "Rule: base by pull request only",
    begin: (github, name) => github.addRule(name, { type: "pull_request", branches: github.defaultBranch(name) }),
  },
  rule("rule-creation", "Rule: sync branch may not be made", { type: "creation", branches: "sync/**" }),
  rule("rule-update", "Rule: sync branch may not move", { type: "update", branches: "sync/**" }),
  rule("rule-deletion", "Rule: sync branch may not go", { type: "deletion", branches: "sync/**" }),
  rule("rule-signatures", "Rule: commits must be signed", { type: "required_signatures" }),
  lag("lag-heads", "Pull requests tell old heads", "heads"),
  lag("lag-everything", "Pull requests are old news", "everything"),
];

function move(github: GitHubServer, from: string, to: string): () => void {
  github.moveRepository(from, to);
  return () => github.moveRepository(to, from);
}

function toggle(
  name: string,
  title: string,
  set: (github: GitHubServer, repository: string, isOn: boolean) => void,
): Condition {
  return {
    name,
    title,
    begin(github, repository) {
      set(github, repository, true);
      return () => set(github, repository, false);
    },
  };
}

function rule(name: string, title: string, added: Rule): Condition {
  return { name, title, begin: (github, repository) => github.addRule(repository, { ...added }) };
}

function lag(name: string, title: string, scope: "heads" | "everything"): Condition {
  return {
    name,
    title,
    begin(github, repository) {
      github.startLag(repository, { scope });
      return () => github.endLag(repository);
    },
  };
}
