/**
 * Git read through GitHub's REST Git Data API: by ref, tree and blob SHA. Does I/O.
 */
import type * as z from "zod/mini";
import { SyncError } from "../core/errors.ts";
import { blobSha } from "../files/blob.ts";
import type { TreeEntry } from "../files/git-tree.ts";
import type { Checks, Comparison, GitReadPort } from "../sync/ports.ts";
import {
  BranchAnswer,
  CheckRunsAnswer,
  CommitsAnswer,
  ComparisonAnswer,
  expectAnswer,
  RefsAnswer,
  RepositoryAnswer,
  TreeAnswer,
} from "./answers.ts";
import type { GitHubClient } from "./client.ts";
import { type CurrentName, describeName } from "./current-name.ts";
import { orNull } from "./outcomes.ts";

export function createGitReader(github: GitHubClient, name: CurrentName): GitReadPort {
  return {
    /** @see https://docs.github.com/en/rest/branches/branches#get-a-branch */
    async branch(branch) {
      const answer = await orNull(expectAnswer(BranchAnswer, github.rest.repos.getBranch({ ...name(), branch })), 404);
      if (answer === null) return null;
      const { sha, commit, url } = answer.commit;
      // GitHub follows a repository that moved, and answers with its present name.
      const [, owner, repo] = /\/repos\/([^/]+)\/([^/]+)\/commits\//.exec(url) ?? [];
      if (owner !== undefined && repo !== undefined) name.follow({ owner, repo });
      const { owner: nowOwner, repo: nowRepo } = name();
      return { sha, treeSha: commit.tree.sha, name: answer.name, repository: `${nowOwner}/${nowRepo}` };
    },

    /** @see https://docs.github.com/en/rest/repos/repos#get-a-repository */
    async repository() {
      const answer = await orNull(expectAnswer(RepositoryAnswer, github.rest.repos.get({ ...name() })), 404);
      return answer === null ? null : { defaultBranch: answer.default_branch, isEmpty: answer.size === 0 };
    },

    /**
     * All that begin so in one answer, read from the refs themselves.
     * @see https://docs.github.com/en/rest/git/refs#list-matching-references
     */
    async branches(prefix) {
      const data = await expectAnswer(
        RefsAnswer,
        github.rest.git.listMatchingRefs({ ...name(), ref: `heads/${prefix}` }),
      );
      return new Map(data.map(({ ref, object }) => [ref.replace(/^refs\/heads\//, ""), object.sha]));
    },

    /** @see https://docs.github.com/en/rest/git/trees#get-a-tree */
    async files(treeish) {
      const { tree } = await expectAnswer(TreeAnswer, github.rest.git.getTree({ ...name(), tree_sha: treeish }));
      const files: [string, TreeEntry][] = tree.map(({ path, mode, sha }) => [path, { mode, sha }]);
      return new Map(files);
    },

    /**
     * A pull request's own head may lag; checks are asked for by the branch's name, and say which commit it resolved to.
     * @see https://docs.github.com/en/rest/checks/runs#list-check-runs-for-a-git-reference
     */
    async checks(branch) {
      const request = github.rest.checks.listForRef({ ...name(), ref: `heads/${branch}`, per_page: 100 });
      const answer = await orNull(expectAnswer(CheckRunsAnswer, request), 403, 404, 422);
      return answer === null ? null : toChecks(answer.check_runs);
    },

    blob: (sha) => readBlob(github, name, sha),

    compare: (base, head) => compare(github, name, `${base}...${head}`),

    /** @see https://docs.github.com/en/rest/commits/commits#list-commits */
    async history({ from, path, since }) {
      const query = { ...name(), sha: from, path, since, per_page: 100 };
      return (await expectAnswer(CommitsAnswer, github.rest.repos.listCommits(query))).map(({ sha }) => sha);
    },
  };
}

/** @see https://docs.github.com/en/rest/guides/using-the-rest-api-to-interact-with-checks#about-check-suites */
const GOOD_CONCLUSIONS = ["success", "neutral", "skipped"];

function toChecks(runs: z.infer<typeof CheckRunsAnswer>["check_runs"]): Checks | null {
  const commit = runs[0]?.head_sha;
  if (commit === undefined) return null;
  const ended = runs.filter(({ status }) => status === "completed");
  const failed = ended.filter(({ conclusion }) => !GOOD_CONCLUSIONS.includes(conclusion ?? ""));
  const names = [...new Set(failed.map(({ name }) => name))];
  const state = names.length > 0 ? "failed" : ended.length < runs.length ? "pending" : "passed";
  return { commit, state, failed: names };
}

const COMMITS_PER_PAGE = 100;
/** A pull request that nobody merges collects a commit with each change on PRIMARY. */
const MAX_COMMITS = 1000;

/** @see https://docs.github.com/en/rest/commits/commits#compare-two-commits */
async function compare(github: GitHubClient, name: CurrentName, basehead: string): Promise<Comparison | null> {
  const read = (page: { page?: number }) =>
    expectAnswer(
      ComparisonAnswer,
      github.rest.repos.compareCommitsWithBasehead({ ...name(), basehead, per_page: COMMITS_PER_PAGE, ...page }),
    );
  const answer = await orNull(read({}), 404);
  if (answer === null) return null;
  const { merge_base_commit, total_commits } = answer;
  if (total_commits > MAX_COMMITS) {
    const message = `${basehead} of ${describeName(name)} has ${total_commits} commits; more than ${MAX_COMMITS} cannot be told whose they are.`;
    throw new SyncError("github-rejected", message);
  }
  const commits = [...answer.commits];
  for (let page = 2; commits.length < total_commits; page++) {
    const more = (await read({ page })).commits;
    if (more.length === 0)
      throw new SyncError("github-unavailable", `GitHub does not tell all commits of ${basehead}.`);
    commits.push(...more);
  }
  const newest = commits.at(-1) ?? merge_base_commit;
  return {
    mergeBase: { sha: merge_base_commit.sha, treeSha: merge_base_commit.commit.tree.sha },
    head: { sha: newest.sha, treeSha: newest.commit.tree.sha },
    commits: commits.map(({ sha, commit, parents }) => ({
      sha,
      treeSha: commit.tree.sha,
      message: commit.message,
      parents: parents.map((parent) => parent.sha),
      authorEmail: commit.author?.email ?? null,
    })),
  };
}

/**
 * The bytes of a blob, checked against their name. The raw media type works up to 100 MB.
 *
 * @see https://docs.github.com/en/rest/git/blobs#get-a-blob
 */
async function readBlob(github: GitHubClient, name: CurrentName, sha: string): Promise<Uint8Array> {
  const request = { parseSuccessResponseBody: false };
  const answer = await github.rest.git.getBlob({ ...name(), file_sha: sha, mediaType: { format: "raw" }, request });
  const body: unknown = answer.data;
  const bytes = new Uint8Array(
    body instanceof ReadableStream ? await new Response(body).arrayBuffer() : new ArrayBuffer(0),
  );
  if (blobSha(bytes) === sha) return bytes;
  throw new SyncError("github-unavailable", `GitHub sent a damaged blob ${sha} of ${describeName(name)}.`);
}
