/**
 * Git written through GitHub's REST Git Data API: tree, commit, ref. Does I/O.
 */
import { utf8Length } from "../files/blob.ts";
import type { GitWritePort, TreeContent } from "../sync/ports.ts";
import { Created, expectAnswer } from "./answers.ts";
import type { GitHubClient } from "./client.ts";
import type { CurrentName } from "./current-name.ts";
import { isRefused } from "./outcomes.ts";

/** Larger texts go up as blobs of their own: GitHub times out on trees with large inline contents. */
const MAX_INLINE_BYTES = 512 * 1024;

export function createGitWriter(github: GitHubClient, name: CurrentName): GitWritePort {
  return {
    createTree: (base, entries) => createTree(github, name, { base, entries }),

    /** @see https://docs.github.com/en/rest/git/commits#create-a-commit */
    async createCommit({ message, tree, parents }) {
      const commit = { ...name(), message, tree, parents: [...parents] };
      return (await expectAnswer(Created, github.rest.git.createCommit(commit))).sha;
    },

    /** @see https://docs.github.com/en/rest/git/refs#create-a-reference */
    async createBranch(branch, sha) {
      const created = github.rest.git.createRef({ ...name(), ref: `refs/heads/${branch}`, sha });
      return (await isRefused(created, 422, /already exists/i)) ? "exists" : "created";
    },

    /** @see https://docs.github.com/en/rest/git/refs#update-a-reference */
    async moveBranch(branch, sha) {
      const moved = github.rest.git.updateRef({ ...name(), ref: `heads/${branch}`, sha, force: false });
      return (await isRefused(moved, 422, /fast.forward|does not exist/i)) ? "lost" : "moved";
    },

    /** @see https://docs.github.com/en/rest/git/refs#delete-a-reference */
    async deleteBranch(branch) {
      await isRefused(github.rest.git.deleteRef({ ...name(), ref: `heads/${branch}` }), 422, /does not exist/i);
    },
  };
}

/** @see https://docs.github.com/en/rest/git/trees#create-a-tree */
async function createTree(
  github: GitHubClient,
  name: CurrentName,
  { base, entries }: { readonly base: string; readonly entries: ReadonlyMap<string, TreeContent> },
): Promise<string> {
  const tree = [];
  for (const [path, entry] of entries) {
    const content = "text" in entry ? await toTreeContent(github, name, entry.text) : { sha: entry.sha };
    tree.push({ path, mode: entry.mode, type: "blob", ...content });
  }
  return createObject(github, name, { kind: "trees", base_tree: base, tree });
}

/** @see https://docs.github.com/en/rest/git/blobs#create-a-blob */
async function toTreeContent(github: GitHubClient, name: CurrentName, text: string) {
  if (utf8Length(text) <= MAX_INLINE_BYTES) return { content: text };
  return { sha: await createObject(github, name, { kind: "blobs", content: text, encoding: "utf-8" }) };
}

/**
 * Posts an object that may hold a large text, and gives its name. Octokit's own serialiser looks for BigInts in all of
 * it with regular expressions, and these bodies have none.
 */
async function createObject(
  github: GitHubClient,
  name: CurrentName,
  { kind, ...body }: { readonly kind: "trees" | "blobs" } & Readonly<Record<string, unknown>>,
): Promise<string> {
  const route: string = `POST /repos/{owner}/{repo}/git/${kind}`;
  const headers = { "content-type": "application/json; charset=utf-8" };
  const request = { ...name(), headers, data: JSON.stringify(body) };
  return (await expectAnswer(Created, github.request(route, request))).sha;
}
