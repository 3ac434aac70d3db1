/**
 * Git through GitHub's REST Git Data API: read by ref, tree and blob SHA; write tree, commit, ref. Does I/O.
 */
import * as z from "zod/mini";
import { SyncError } from "../core/errors.ts";
import { blobSha, utf8Length } from "../files/blob.ts";
import type { Branch, CommitRequest, Comparison, GitReadPort, GitWritePort } from "../sync/ports.ts";
import type { GitHubClient } from "./client.ts";
import { isRefused, orNull } from "./outcomes.ts";

export interface RepositoryName {
  readonly owner: string;
  readonly repo: string;
}

/** Larger texts go up as blobs of their own: GitHub times out on trees with large inline contents. */
const MAX_INLINE_BYTES = 512 * 1024;

export function createGitReader(github: GitHubClient, name: RepositoryName): GitReadPort {
  return {
    /** @see https://docs.github.com/en/rest/branches/branches#get-a-branch */
    async branch(branch) {
      const answer = await orNull(github.rest.repos.getBranch({ ...name, branch }), 404);
      if (answer === null) return null;
      const { sha, commit } = answer.data.commit;
      return { sha, treeSha: commit.tree.sha };
    },

    /** @see https://docs.github.com/en/rest/git/trees#get-a-tree */
    async files(treeish) {
      const { data } = await github.rest.git.getTree({ ...name, tree_sha: treeish });
      const files = new Map<string, string>();
      for (const { path, type, sha } of data.tree) if (type === "blob") files.set(path, sha);
      return files;
    },

    blob: (sha) => readBlob(github, name, sha),

    compare: (base, head) => compare(github, name, `${base}...${head}`),
  };
}

const COMMITS_PER_PAGE = 100;
/** A pull request that nobody merges collects a commit with each change on PRIMARY. */
const MAX_COMMITS = 1000;

/** @see https://docs.github.com/en/rest/commits/commits#compare-two-commits */
async function compare(github: GitHubClient, name: RepositoryName, basehead: string): Promise<Comparison | null> {
  const read = (page: { page?: number }) =>
    github.rest.repos.compareCommitsWithBasehead({ ...name, basehead, per_page: COMMITS_PER_PAGE, ...page });
  const answer = await orNull(read({}), 404);
  if (answer === null) return null;
  const { merge_base_commit, total_commits } = answer.data;
  if (total_commits > MAX_COMMITS) {
    const message = `${basehead} of ${name.owner}/${name.repo} has ${total_commits} commits; more than ${MAX_COMMITS} cannot be told whose they are.`;
    throw new SyncError("github-rejected", message);
  }
  const commits = [...answer.data.commits];
  for (let page = 2; commits.length < total_commits; page++) {
    const more = (await read({ page })).data.commits;
    if (more.length === 0)
      throw new SyncError("github-unavailable", `GitHub does not tell all commits of ${basehead}.`);
    commits.push(...more);
  }
  const newest = commits.at(-1) ?? merge_base_commit;
  return {
    mergeBase: merge_base_commit.sha,
    head: { sha: newest.sha, treeSha: newest.commit.tree.sha },
    commits: commits.map(({ sha, commit, parents }) => ({
      sha,
      treeSha: commit.tree.sha,
      message: commit.message,
      parents: parents.map((parent) => parent.sha),
    })),
  };
}

/**
 * The bytes of a blob, checked against their name. The raw media type works up to 100 MB.
 *
 * @see https://docs.github.com/en/rest/git/blobs#get-a-blob
 */
async function readBlob(github: GitHubClient, name: RepositoryName, sha: string): Promise<Uint8Array> {
  const request = { parseSuccessResponseBody: false };
  const answer = await github.rest.git.getBlob({ ...name, file_sha: sha, mediaType: { format: "raw" }, request });
  const body: unknown = answer.data;
  const bytes = new Uint8Array(
    body instanceof ReadableStream ? await new Response(body).arrayBuffer() : new ArrayBuffer(0),
  );
  if (blobSha(bytes) === sha) return bytes;
  throw new SyncError("github-unavailable", `GitHub sent a damaged blob ${sha} of ${name.owner}/${name.repo}.`);
}

export function createGitWriter(github: GitHubClient, name: RepositoryName): GitWritePort {
  return {
    commit: (request) => createCommit(github, name, request),

    /** @see https://docs.github.com/en/rest/git/refs#create-a-reference */
    async createBranch(branch, sha) {
      const created = github.rest.git.createRef({ ...name, ref: `refs/heads/${branch}`, sha });
      return (await isRefused(created, 422, /already exists/i)) ? "exists" : "created";
    },

    /** @see https://docs.github.com/en/rest/git/refs#update-a-reference */
    async moveBranch(branch, sha) {
      const moved = github.rest.git.updateRef({ ...name, ref: `heads/${branch}`, sha, force: false });
      return (await isRefused(moved, 422, /fast.forward|does not exist/i)) ? "lost" : "moved";
    },

    /** @see https://docs.github.com/en/rest/git/refs#delete-a-reference */
    async deleteBranch(branch) {
      await isRefused(github.rest.git.deleteRef({ ...name, ref: `heads/${branch}` }), 422, /does not exist/i);
    },
  };
}

/**
 * Tree and commit in one step. No author or committer is set, so that GitHub signs commits made by an App.
 *
 * @see https://docs.github.com/en/rest/git/trees#create-a-tree
 * @see https://docs.github.com/en/rest/git/commits#create-a-commit
 */
async function createCommit(github: GitHubClient, name: RepositoryName, request: CommitRequest): Promise<Branch> {
  const entries = [];
  for (const [path, file] of request.files) {
    const content = "text" in file ? await toTreeContent(github, name, file.text) : { sha: file.sha };
    entries.push({ path, mode: "100644" as const, type: "blob" as const, ...content });
  }
  const tree = await createObject(github, name, { kind: "trees", base_tree: request.baseTree, tree: entries });
  const commit = await github.rest.git.createCommit({
    ...name,
    message: request.message,
    tree,
    parents: [...request.parents],
  });
  return { sha: commit.data.sha, treeSha: tree };
}

/** @see https://docs.github.com/en/rest/git/blobs#create-a-blob */
async function toTreeContent(github: GitHubClient, name: RepositoryName, text: string) {
  if (utf8Length(text) <= MAX_INLINE_BYTES) return { content: text };
  return { sha: await createObject(github, name, { kind: "blobs", content: text, encoding: "utf-8" }) };
}

const Created = z.object({ sha: z.string() });

/**
 * Posts an object that may hold a large text, and gives its name. Octokit's own serialiser looks for BigInts in all of
 * it with regular expressions, and these bodies have none.
 */
async function createObject(
  github: GitHubClient,
  name: RepositoryName,
  { kind, ...body }: { readonly kind: "trees" | "blobs" } & Readonly<Record<string, unknown>>,
): Promise<string> {
  const route: string = `POST /repos/{owner}/{repo}/git/${kind}`;
  const headers = { "content-type": "application/json; charset=utf-8" };
  const { data } = await github.request(route, { ...name, headers, data: JSON.stringify(body) });
  return Created.parse(data).sha;
}
