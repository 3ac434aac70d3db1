import { createHash } from "node:crypto";
import { blobSha } from "../../src/files/blob.ts";
import type { Fetch } from "../../src/net/transport.ts";

export interface GitHubRequest {
  /** `haidra/image branches/main` */
  readonly line: string;
  readonly authorization: string | null;
}

export interface FakeGitHub {
  readonly fetch: Fetch;
  /** Since the last call of `clear`. */
  readonly requests: GitHubRequest[];
  lines(): string[];
  clear(): void;
  /** Makes these the files of a branch. @returns the commit */
  push(repository: string, files: Files, branch?: string): string;
  deleteBranch(repository: string, branch?: string): void;
  /** Answers instead of the server, where it gives an answer; `null` takes it away. */
  intercept(answer: Intercept | null): void;
}

type Intercept = (request: GitHubRequest) => Response | Promise<Response | null> | null;
type Files = Readonly<Record<string, string | Uint8Array<ArrayBuffer>>>;

/** What the replica asks of GitHub, over files in memory that have their real SHAs. */
export function createFakeGitHub(url: string): FakeGitHub {
  const branches = new Map<string, { commit: string; tree: string }>();
  const trees = new Map<string, { path: string; mode: string; type: string; sha: string }[]>();
  const blobs = new Map<string, Uint8Array<ArrayBuffer>>();
  const requests: GitHubRequest[] = [];
  let intercept: Intercept | null = null;
  let commits = 0;

  function handle(line: string): Response {
    const [repository = "", path = ""] = line.split(" ");
    const [, kind, name = ""] = /^(?:git\/)?(branches|trees|blobs)\/(.+)$/.exec(path) ?? [];
    if (kind === "branches") {
      const head = branches.get(`${repository} ${decodeURIComponent(name)}`);
      if (head !== undefined)
        return Response.json({
          name: decodeURIComponent(name),
          commit: {
            sha: head.commit,
            url: `${url}/repos/${repository}/commits/${head.commit}`,
            commit: { tree: { sha: head.tree } },
          },
        });
    }
    const tree = kind === "trees" ? trees.get(name) : undefined;
    if (tree !== undefined) return Response.json({ sha: name, tree });
    const blob = kind === "blobs" ? blobs.get(name) : undefined;
    return blob === undefined ? Response.json({ message: "Not Found" }, { status: 404 }) : new Response(blob);
  }

  return {
    requests,
    lines: () => requests.map(({ line }) => line),
    clear: () => void requests.splice(0),
    intercept(answer) {
      intercept = answer;
    },
    deleteBranch: (repository, branch = "main") => void branches.delete(`${repository} ${branch}`),
    push(repository, files, branch = "main") {
      const entries = Object.entries(files).map(([path, content]) => {
        const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
        const sha = blobSha(bytes);
        blobs.set(sha, bytes);
        return { path, mode: "100644", type: "blob", sha };
      });
      const tree = sha1(JSON.stringify(entries));
      const commit = sha1(`commit ${commits++}`);
      trees.set(tree, [...entries, { path: "folder", mode: "040000", type: "tree", sha: sha1("folder") }]);
      branches.set(`${repository} ${branch}`, { commit, tree });
      return commit;
    },
    async fetch(address, init) {
      const path = new URL(address).pathname;
      const [, owner, name, rest] = /^\/repos\/([^/]+)\/([^/]+)\/(.+)$/.exec(path) ?? [];
      if (!address.startsWith(`${url}/`) || rest === undefined) throw new Error(`Unexpected request: ${address}`);
      const line = `${owner}/${name} ${rest}`;
      const request = { line, authorization: new Headers(init.headers).get("authorization") };
      requests.push(request);
      return (await intercept?.(request)) ?? handle(line);
    },
  };
}

export function sha1(text: string): string {
  return createHash("sha1").update(text).digest("hex");
}
