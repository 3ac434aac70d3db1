import { SyncError } from "../../src/core/errors.ts";
import { blobSha, sha256 } from "../../src/files/blob.ts";
import type { CommitInfo, FileShas, PullRequest, RepositoryPorts } from "../../src/sync/ports.ts";

type Files = Readonly<Record<string, string>>;

export interface FakeRepository {
  readonly ports: RepositoryPorts;
  /** Method and main argument of every call, such as `createBranch sync/x`. */
  readonly calls: string[];
  readonly refs: Map<string, string>;
  readonly pulls: PullRequest[];
  readonly comments: string[];
  /** Runs before each call; may throw, or do what somebody else does meanwhile. */
  before: (call: string) => void | Promise<void>;
  /** A commit by somebody; `null` removes a file. It moves the branch, or creates it from `from`. */
  push(branch: string, files: Readonly<Record<string, string | null>>, options?: PushOptions): Promise<string>;
  read(branch: string): Files;
  writes(): string[];
  message(branch: string): string;
  parents(branch: string): readonly string[];
}

interface PushOptions {
  readonly message?: string;
  readonly from?: string;
  readonly mergeOf?: string;
}

const WRITES = /^(commit|createBranch|moveBranch|deleteBranch|open|update|decorate|comment|removeComment) /;

/** A repository in memory with Git's and GitHub's rules: fast-forward only, one open pull request per branch. */
export async function createFakeRepository(files: Files = {}): Promise<FakeRepository> {
  const blobs = new Map<string, Uint8Array>();
  const trees = new Map<string, FileShas>();
  const commits = new Map<string, CommitInfo>();
  const comments: string[] = [];
  const calls: string[] = [];
  const refs = new Map<string, string>();
  const pulls: PullRequest[] = [];

  const put = async (text: string) => {
    const bytes = new TextEncoder().encode(text);
    const sha = await blobSha(bytes);
    blobs.set(sha, bytes);
    return sha;
  };
  const commit = async (message: string, tree: FileShas, parents: readonly string[]) => {
    const treeSha = (await sha256(JSON.stringify([...tree].sort()))).slice(0, 40);
    trees.set(treeSha, tree);
    const sha = (await sha256(JSON.stringify([message, treeSha, parents, commits.size]))).slice(0, 40);
    commits.set(sha, { sha, treeSha, message, parents });
    return { sha, treeSha };
  };
  const commitAt = (name: string) => commits.get(refs.get(name) ?? name);
  const treeAt = (name: string) => trees.get(commitAt(name)?.treeSha ?? name) ?? new Map<string, string>();
  const history = (sha: string): string[] => {
    const seen = new Set<string>();
    const visit = (at: string) => {
      if (seen.has(at)) return;
      for (const parent of commits.get(at)?.parents ?? []) visit(parent);
      seen.add(at);
    };
    visit(sha);
    return [...seen];
  };
  const change = (number: number, changes: Partial<PullRequest>) => {
    const index = pulls.findIndex((pull) => pull.number === number);
    const old = pulls[index];
    if (old !== undefined) pulls[index] = { ...old, ...changes };
  };
  const call = async <T>(line: string, act: () => T | Promise<T>): Promise<T> => {
    calls.push(line);
    await fake.before(line);
    return act();
  };

  const ports: RepositoryPorts = {
    read: {
      branch: (name) =>
        call(`branch ${name}`, () => {
          const at = refs.has(name) ? commitAt(name) : undefined;
          return at === undefined ? null : { sha: at.sha, treeSha: at.treeSha };
        }),
      files: (treeish) => call(`files ${treeish}`, () => treeAt(treeish)),
      blob: (sha) => call(`blob ${sha}`, () => blobs.get(sha) ?? fail("github-not-found", `no blob ${sha}`)),
      compare: (base, head) =>
        call(`compare ${head}`, () => {
          const tip = commitAt(head);
          if (tip === undefined || !commits.has(base)) return null;
          const known = history(base);
          const all = history(tip.sha);
          const mergeBase = all.filter((sha) => known.includes(sha)).at(-1) ?? "";
          const ahead = all.filter((sha) => !known.includes(sha)).flatMap((sha) => commits.get(sha) ?? []);
          return { mergeBase, head: { sha: tip.sha, treeSha: tip.treeSha }, commits: ahead };
        }),
    },
    write: {
      commit: (request) =>
        call(`commit ${[...request.files.keys()].join(",")}`, async () => {
          const tree = new Map(treeAt(request.baseTree));
          for (const [path, file] of request.files) tree.set(path, "sha" in file ? file.sha : await put(file.text));
          return commit(request.message, tree, request.parents);
        }),
      createBranch: (name, sha) =>
        call(`createBranch ${name}`, () => {
          if (refs.has(name)) return "exists";
          refs.set(name, sha);
          return "created";
        }),
      moveBranch: (name, sha) =>
        call(`moveBranch ${name}`, () => {
          const current = refs.get(name);
          if (current === undefined || !history(sha).includes(current)) return "lost";
          refs.set(name, sha);
          for (const pull of pulls) if (pull.state === "open") change(pull.number, { headSha: sha });
          return "moved";
        }),
      deleteBranch: (name) =>
        call(`deleteBranch ${name}`, () => {
          refs.delete(name);
          for (const pull of pulls) if (pull.state === "open") change(pull.number, { state: "closed" });
        }),
    },
    pullRequests: {
      latest: (head) =>
        call(`latest ${head}`, () => pulls.find(({ state }) => state === "open") ?? pulls.at(-1) ?? null),
      open: ({ head, base, title, body }) =>
        call(`open ${head}`, () => {
          const headSha = refs.get(head) ?? fail("github-rejected", "head is invalid");
          const isNothing = history(refs.get(base) ?? "").includes(headSha);
          if (isNothing || pulls.some(({ state }) => state === "open")) return null;
          const number = pulls.length + 1;
          const url = `https://github.test/pull/${number}`;
          const pull: PullRequest = { number, url, state: "open", headSha, title, body };
          pulls.push(pull);
          return pull;
        }),
      update: (number, changes) =>
        call(`update ${Object.keys(changes).sort().join(",")}`, () => {
          change(number, changes);
          return pulls.find((pull) => pull.number === number) ?? fail("github-not-found", `no pull request ${number}`);
        }),
      decorate: (number) => call(`decorate ${number}`, () => []),
    },
    comments: {
      comments: (number) => call(`comments ${number}`, () => comments.map((body, id) => ({ id, body }))),
      comment: (number, body) =>
        call(`comment ${number}`, () => {
          comments.push(body);
          return comments.length - 1;
        }),
      removeComment: (id) =>
        call(`removeComment ${id}`, () => {
          comments.splice(id, 1);
        }),
    },
  };

  const fake: FakeRepository = {
    ports,
    calls,
    refs,
    pulls,
    comments,
    before: () => {},
    async push(branch, changed, { message = "A person's commit", from = "main", mergeOf } = {}) {
      const parent = refs.get(branch) ?? refs.get(from);
      const tree = new Map(treeAt(refs.has(branch) ? branch : from));
      for (const [path, text] of Object.entries(changed)) {
        if (text === null) tree.delete(path);
        else tree.set(path, await put(text));
      }
      const merged = mergeOf === undefined ? [] : [refs.get(mergeOf) ?? mergeOf];
      const { sha } = await commit(message, tree, [...(parent === undefined ? [] : [parent]), ...merged]);
      refs.set(branch, sha);
      for (const pull of pulls) if (pull.state === "open" && branch !== "main") change(pull.number, { headSha: sha });
      return sha;
    },
    read: (branch) =>
      Object.fromEntries([...treeAt(branch)].map(([path, sha]) => [path, new TextDecoder().decode(blobs.get(sha))])),
    writes: () => calls.filter((line) => WRITES.test(line)),
    message: (branch) => commitAt(branch)?.message ?? "",
    parents: (branch) => commitAt(branch)?.parents ?? [],
  };
  await fake.push("main", files, { message: "Start" });
  return fake;
}

function fail(code: "github-not-found" | "github-rejected", message: string): never {
  throw new SyncError(code, message);
}
