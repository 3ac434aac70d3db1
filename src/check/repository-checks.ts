/**
 * What a repository needs, tried one by one. Does I/O through ports; reads only.
 */
import type { Config } from "../config/config.ts";
import { SYNC_BRANCH } from "../config/sync-branch.ts";
import { describeFault } from "./describe-fault.ts";
import type { CheckItem, Found } from "./items.ts";
import { judgeNames, leftoversAmong } from "./leftovers.ts";
import type { BranchFacts, InspectionPort, Installation, RepositoryFacts } from "./ports.ts";

export interface RepositoryCheck {
  /** `owner/name` */
  readonly repository: string;
  readonly branch: string;
  readonly config: Pick<Config, "auth" | "publish" | "pullRequest" | "dryRun">;
  readonly port: InspectionPort;
  /** Of a GitHub App only. */
  readonly readInstallation: (() => Promise<Installation>) | null;
}

/** One after the other, since what stands below says nothing where what it stands on is missing. */
export async function checkRepository(check: RepositoryCheck): Promise<CheckItem[]> {
  const { repository, port, readInstallation } = check;
  const items: CheckItem[] = [];
  const tell = (name: string, [result, message]: Found, subject = repository) => {
    items.push({ name, subject, result, message });
    return result;
  };
  const within = (what: string) => `${what} in ${repository}`;
  const attempt = async (name: string, work: () => Promise<Found>, subject?: string) =>
    tell(name, await work().catch((error): Found => ["failed", describeFault(error)]), subject);

  if (readInstallation !== null) {
    if ((await attempt("installation", async () => judgeInstallation(await readInstallation(), check))) === "failed")
      return items;
  }
  let facts: RepositoryFacts | null = null;
  const result = await attempt("repository", async () => {
    facts = await port.repository();
    return judgeRepository(facts, check);
  });
  if (result === "failed") return items;
  let names: readonly string[] | null = [];
  let base: BranchFacts | null = null;
  await attempt("branch", async () => {
    base = await port.branch(check.branch);
    if (base === null) names = await port.branches(check.branch);
    return judgeBranch(base, { facts, isEmpty: names === null, branch: check.branch });
  });
  if (names === null) return items;
  await attempt("sync branch", async () => {
    names = (await port.branches("sync")) ?? [];
    const leftovers = leftoversAmong(names);
    return judgeNames(names, leftovers.length === 0 ? [] : await port.openPulls());
  });
  const { publish } = check.config;
  await attempt("rules", async () => {
    const sync = names?.includes(SYNC_BRANCH) ? await port.branch(SYNC_BRANCH) : null;
    return judgeRules(await rulesOf(check), publish === "commit" ? base : sync, check);
  });
  if (check.config.publish === "commit") return items;
  const { labels, reviewers, team } = check.config.pullRequest;
  for (const label of labels) await attempt("label", async () => judgeLabel(await port.label(label)), within(label));
  for (const login of reviewers)
    await attempt("reviewer", async () => judgeReviewer(await port.collaborator(login)), within(login));
  if (team !== null) await checkTeam(check, team, (found) => tell("team", found, within(team)));
  return items;
}

const NEEDED = { contents: "write", pull_requests: "write" } as const;

function judgeInstallation({ permissions, isSuspended }: Installation, { config }: RepositoryCheck): Found {
  if (isSuspended) return ["failed", "The App is suspended: have an owner of the organization lift that."];
  const needed = config.publish === "commit" ? { contents: "write" } : NEEDED;
  const missing = Object.entries(needed).filter(([name, access]) => permissions[name] !== access);
  if (missing.length === 0) return ["ok", "The App is installed with all permissions that it needs."];
  const names = missing.map(([name, access]) => `${name}: ${access}`).join(", ");
  return ["failed", `The App lacks ${names}. Add it in the App's settings, and accept it in the organization's.`];
}

function judgeRepository(facts: RepositoryFacts | null, { repository, config }: RepositoryCheck): Found {
  if (facts === null)
    return ["failed", "It does not exist, or the credentials may not see it. Check its name and what they cover."];
  if (facts.isArchived) return ["failed", "It is archived, and so read-only. Unarchive it."];
  if (config.auth.kind === "none")
    return config.dryRun
      ? ["ok", "It can be read without credentials, which is enough for a dry run."]
      : ["failed", "It can be read, but nothing can be published without credentials."];
  if (facts.canPush === false) return ["failed", "The credentials may read it and not write to it."];
  if (facts.fullName.toLowerCase() !== repository.toLowerCase())
    return [
      "warning",
      `It is called ${facts.fullName} now. Set the new name; GitHub's redirect ends when the old one is taken.`,
    ];
  if (facts.canPush === null || config.auth.kind === "token")
    return [
      "warning",
      "It can be read. What a fine-grained token may do beyond that cannot be asked: give it Contents and Pull requests: read and write.",
    ];
  return ["ok", "It can be read, and written to."];
}

interface BaseSituation {
  readonly branch: string;
  readonly facts: RepositoryFacts | null;
  /** There is no commit at all. */
  readonly isEmpty: boolean;
}

function judgeBranch(found: BranchFacts | null, { branch, facts, isEmpty }: BaseSituation): Found {
  if (isEmpty) return ["failed", `The repository is empty: make a first commit on ${branch}.`];
  if (found === null) {
    const cure =
      facts?.defaultBranch === branch
        ? "It is the default branch all the same: push it again, or choose another one and set HORDE_GITHUB_SYNC_GITHUB_BRANCH."
        : `The default branch is ${facts?.defaultBranch}: set HORDE_GITHUB_SYNC_GITHUB_BRANCH.`;
    return ["failed", `There is no branch ${branch}. ${cure}`];
  }
  if (found.name !== branch)
    return ["warning", `${branch} is called ${found.name} now. Set HORDE_GITHUB_SYNC_GITHUB_BRANCH to it.`];
  return ["ok", `The branch ${branch} is there.`];
}

/** Rules that refuse what the sync does. */
const IN_THE_WAY = [
  "creation",
  "update",
  "non_fast_forward",
  "required_signatures",
  "pull_request",
  "required_status_checks",
];

async function rulesOf({ port, config, branch }: RepositoryCheck): Promise<readonly string[]> {
  return port.rules(config.publish === "commit" ? branch : SYNC_BRANCH);
}

/** @param there the branch that the rules are for, where it exists: only then GitHub tells whether it is protected */
function judgeRules(rules: readonly string[], there: BranchFacts | null, { config, branch }: RepositoryCheck): Found {
  const target = config.publish === "commit" ? branch : SYNC_BRANCH;
  const harmless = ["non_fast_forward", ...(config.auth.kind === "github-app" ? ["required_signatures"] : [])];
  const found = rules.filter((type) => IN_THE_WAY.includes(type) && !harmless.includes(type));
  const otherwise = config.publish === "commit" ? ", or set HORDE_GITHUB_SYNC_PUBLISH=pull-request" : "";
  const cure = `Whether the credentials may bypass that cannot be asked; if not, leave the branch out of it${otherwise}.`;
  if (found.length > 0) {
    const names = [...new Set(found)].join(", ");
    return ["warning", `Rulesets hold for ${target} (${names}). ${cure}`];
  }
  if (there?.isProtected === true) return ["warning", `Branch protection holds for ${target}. ${cure}`];
  if (there?.isProtected === false) return ["ok", `No ruleset and no protection stands in the way of ${target}.`];
  return [
    "warning",
    `No ruleset stands in the way of ${target}. Whether branch protection does cannot be read until the branch is there: see that no pattern of it fits.`,
  ];
}

function judgeLabel(isThere: boolean): Found {
  if (isThere) return ["ok", "It is there."];
  return ["warning", "It is not there. Create it, or give the App or token Issues: read and write, so that it can."];
}

function judgeReviewer(isCollaborator: boolean): Found {
  if (isCollaborator) return ["ok", "They may be asked for a review."];
  return [
    "warning",
    "They are no collaborator, and cannot be asked for a review. Invite them, or take them out of PR_REVIEWERS.",
  ];
}

async function checkTeam({ port }: RepositoryCheck, team: string, tell: (found: Found) => void): Promise<void> {
  const cannot = "It cannot be seen. Give the App Members: read, and the team access to the repository.";
  try {
    tell((await port.team(team)) ? ["ok", "It is there."] : ["warning", cannot]);
  } catch (error) {
    tell(["warning", `${cannot} (${describeFault(error)})`]);
  }
}
