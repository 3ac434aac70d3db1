/**
 * The reads of a check, over GitHub's REST API. Does I/O.
 */
import * as z from "zod/mini";
import type { InspectionPort } from "../check/ports.ts";
import { BranchAnswer, expectAnswer, PullsAnswer, RefsAnswer, RepositoryAnswer } from "./answers.ts";
import type { GitHubClient } from "./client.ts";
import type { CurrentName } from "./current-name.ts";
import { orNull } from "./outcomes.ts";

const Rules = z.array(z.object({ type: z.string() }));

export function createInspection(github: GitHubClient, name: CurrentName): InspectionPort {
  const exists = async (answer: Promise<unknown>) => (await orNull(answer, 404)) !== null;
  return {
    /** @see https://docs.github.com/en/rest/repos/repos#get-a-repository */
    async repository() {
      const answer = await orNull(expectAnswer(RepositoryAnswer, github.rest.repos.get({ ...name() })), 404);
      if (answer === null) return null;
      const { full_name: fullName, default_branch: defaultBranch, archived = false, permissions } = answer;
      return { fullName, defaultBranch, isArchived: archived, canPush: permissions?.["push"] ?? null };
    },

    /** @see https://docs.github.com/en/rest/branches/branches#get-a-branch */
    async branch(branch) {
      const answer = await orNull(expectAnswer(BranchAnswer, github.rest.repos.getBranch({ ...name(), branch })), 404);
      if (answer === null) return null;
      return { name: answer.name, isProtected: answer.protection?.enabled ?? answer.protected ?? null };
    },

    /** A 409 says that the repository is empty. @see https://docs.github.com/en/rest/git/refs#list-matching-references */
    async branches(prefix) {
      const found = github.rest.git.listMatchingRefs({ ...name(), ref: `heads/${prefix}` });
      const refs = await orNull(expectAnswer(RefsAnswer, found), 409);
      return refs === null ? null : refs.map(({ ref }) => ref.replace(/^refs\/heads\//, ""));
    },

    /** @see https://docs.github.com/en/rest/pulls/pulls#list-pull-requests */
    async openPulls() {
      const found = github.rest.pulls.list({ ...name(), state: "open", per_page: 100 });
      const own = (await expectAnswer(PullsAnswer, found)).filter(
        ({ head, base }) => head.repo?.full_name === base.repo?.full_name,
      );
      return own.map(({ number, head }) => ({ number, head: head.ref }));
    },

    /** @see https://docs.github.com/en/rest/repos/rules#get-rules-for-a-branch */
    async rules(branch) {
      const rules = await expectAnswer(Rules, github.rest.repos.getBranchRules({ ...name(), branch, per_page: 100 }));
      return rules.map(({ type }) => type);
    },

    /** @see https://docs.github.com/en/rest/issues/labels#get-a-label */
    label: (label) => exists(github.rest.issues.getLabel({ ...name(), name: label })),

    /** @see https://docs.github.com/en/rest/collaborators/collaborators#check-if-a-user-is-a-repository-collaborator */
    collaborator: (username) => exists(github.rest.repos.checkCollaborator({ ...name(), username })),

    /** @see https://docs.github.com/en/rest/teams/teams#get-a-team-by-name */
    team: (slug) => exists(github.rest.teams.getByName({ org: name().owner, team_slug: slug })),
  };
}
