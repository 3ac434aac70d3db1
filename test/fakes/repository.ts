import type { RepositoryRole } from "../../src/category-names.ts";
import { SyncError } from "../../src/core/errors.ts";
import { blobSha, sha256 } from "../../src/files/blob.ts";
import { REGULAR_MODE, type Tree } from "../../src/files/git-tree.ts";
import type { CommitInfo, Ornament, PullRequest, RepositoryPorts } from "../../src/sync/ports.ts";

type Files = Readonly<Record<string, string>>;

export interface FakeRepository {
  readonly ports: RepositoryPorts;
  /** Method and main argument of every call, such as `createBranch sync/x`. */
  readonly calls: string[];
  readonly refs: Map<string, string>;
  readonly pulls: PullRequest[];
  readonly comments: string[];
  /** What was added to pull requests, and taken away. */
  readonly events: { readonly ornament: Ornament; readonly kind: "added" | "removed" }[];
  /** Runs before each call; may throw, or do what somebody else does meanwhile. */
  before: (call: string) => void | Promise<void>;
  /** A commit by somebody; `null` removes a file. `Sync-Tree: this` in its message names its own tree. It moves the branch, or creates it from `from`. */
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
  readonly email?: string;
}

const WRITES = /^(tree|commit|createBranch|moveBranch|deleteBranch|open|update|add|comment|removeComment) /;

const SYNC = "sync/model-references";

/**
 * A repository in memory with Git's and GitHub's rules: fast-forward only, one open pull request per branch. It is called
 * as the settings of the fakes call it, `haidra/image` or `haidra/text`.
 *
 * @param now milliseconds since the epoch
 */
export async function createFakeRepository(
  role: RepositoryRole,
  files: Files = {},
  now: () => number = () => 0,
): Promise<FakeRepository> {
  const ended = (state: "closed" | "merged") => ({ state, endedAt: new Date(now()).toISOString() });
  const blobs = new Map<string, Uint8Array>();
  const trees = new Map<string, Tree>();
  const commits = new Map<string, CommitInfo>();
  const comments: string[] = [];
  const calls: string[] = [];
  const refs = new Map<string, string>();
  const pulls: PullRequest[] = [];
  const events: FakeRepository["events"] = [];

  const put = async (text: string) => {
    const bytes = new TextEncoder().encode(text);
    const sha = await blobSha(bytes);
    blobs.set(sha, bytes);
    return sha;
  };
  const putTree = (tree: Tree) => {
    const treeSha = sha256(JSON.stringify([...tree].sort())).slice(0, 40);
    trees.set(treeSha, tree);
    return treeSha;
  };
  const commit = (message: string, treeSha: string, parents: readonly string[], authorEmail: string | null = null) => {
    const sha = sha256(JSON.stringify([message, treeSha, parents, commits.size])).slice(0, 40);
    commits.set(sha, { sha, treeSha, message, parents, authorEmail });
    return sha;
  };
  const commitAt = (name: string) => commits.get(refs.get(name) ?? name);
  const treeAt = (name: string) => trees.get(commitAt(name)?.treeSha ?? name) ?? new Map();
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
          return at === undefined ? null : { sha: at.sha, treeSha: at.treeSha, name, repository: `haidra/${role}` };
        }),
      repository: () => call("repository", () => ({ defaultBranch: "main", isEmpty: refs.size === 0 })),
      branches: (prefix) =>
        call(`branches ${prefix}`, () => new Map([...refs].filter(([name]) => name.startsWith(prefix)))),
      files: (treeish) => call(`files ${treeish}`, () => treeAt(treeish)),
      checks: (branch) => call(`checks ${branch}`, () => null),
      blob: (sha) => call(`blob ${sha}`, () => blobs.get(sha) ?? fail("github-not-found", `no blob ${sha}`)),
      compare: (base, head) =>
        call(`compare ${head}`, () => {
          const tip = commitAt(head);
          if (tip === undefined || !commits.has(base)) return null;
          const known = history(base);
          const all = history(tip.sha);
          const common = all.filter((sha) => known.includes(sha)).at(-1) ?? "";
          const mergeBase = { sha: common, treeSha: commits.get(common)?.treeSha ?? "" };
          const ahead = all.filter((sha) => !known.includes(sha)).flatMap((sha) => commits.get(sha) ?? []);
          return { mergeBase, head: { sha: tip.sha, treeSha: tip.treeSha }, commits: ahead };
        }),
      history: ({ from, path }) => call(`history ${path}`, () => history(commitAt(from)?.sha ?? from).reverse()),
    },
    write: {
      createTree: (base, entries) =>
        call(`tree ${[...entries.keys()].join(",")}`, async () => {
          const tree = new Map(treeAt(base));
          for (const [path, { mode, ...content }] of entries)
            tree.set(path, { mode, sha: "sha" in content ? content.sha : await put(content.text) });
          return putTree(tree);
        }),
      createCommit: ({ message, tree, parents }) =>
        call(`commit ${message.split("\n")[0]}`, () => commit(message, tree, parents)),
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
          return "moved";
        }),
      deleteBranch: (name) =>
        call(`deleteBranch ${name}`, () => {
          const endedHead = refs.get(name) ?? null;
          refs.delete(name);
          for (const pull of pulls) if (pull.state === "open") change(pull.number, { ...ended("closed"), endedHead });
        }),
    },
    pullRequests: {
      list: (head) => call(`list ${head}`, () => [...pulls].reverse()),
      get: (number) => call(`get ${number}`, () => pulls.find((pull) => pull.number === number) ?? null),
      open: ({ head, base, title, body }) =>
        call(`open ${head}`, () => {
          const headSha = refs.get(head) ?? fail("github-rejected", "head is invalid");
          const isNothing = history(refs.get(base) ?? "").includes(headSha);
          if (isNothing || pulls.some(({ state }) => state === "open")) return null;
          const number = pulls.length + 1;
          const url = `https://github.test/pull/${number}`;
          const bare = { labels: [], reviewers: [], teams: [], endedAt: null, endedHead: null };
          const openedAt = new Date(now()).toISOString();
          const pull: PullRequest = { number, url, state: "open", openedAt, base, title, body, ...bare };
          pulls.push(pull);
          return pull;
        }),
      update: (number, changes) =>
        call(`update ${Object.keys(changes).sort().join(",")}`, () => {
          const { state, ...texts } = changes;
          const endedHead = refs.get(SYNC) ?? null;
          change(number, { ...texts, ...(state === undefined ? {} : { ...ended("closed"), endedHead }) });
          return pulls.find((pull) => pull.number === number) ?? fail("github-not-found", `no pull request ${number}`);
        }),
    },
    decoration: {
      add: (number, ornaments) =>
        call(`add ${ornaments.map(({ name }) => name).join(",")}`, () => {
          const of = (kind: Ornament["kind"]) => ornaments.filter((one) => one.kind === kind).map(({ name }) => name);
          const pull = pulls.find((one) => one.number === number);
          const labels = [...(pull?.labels ?? []), ...of("label")];
          change(number, { labels, reviewers: [...(pull?.reviewers ?? []), ...of("reviewer")], teams: of("team") });
          for (const ornament of ornaments) events.push({ ornament, kind: "added" });
        }),
      events: (number) => call(`events ${number}`, () => events),
    },
    comments: {
      comments: (number) => call(`comments ${number}`, () => comments.map((body, id) => ({ id, body, author: "pat" }))),
      comment: (number, body) =>
        call(`comment ${number}`, () => {
          comments.push(body);
          return comments.length - 1;
        }),
      removeComment: (id) =>
        call(`removeComment ${id}`, () => {
          comments.splice(id, 1);
        }),
      closedBy: (number) => call(`closedBy ${number}`, () => ({ login: "pat", isBot: false })),
    },
  };

  const fake: FakeRepository = {
    ports,
    calls,
    refs,
    pulls,
    comments,
    events,
    before: () => {},
    async push(branch, changed, { message = "A person's commit", from = "main", mergeOf, email } = {}) {
      const parent = refs.get(branch) ?? refs.get(from);
      const tree = new Map(treeAt(refs.has(branch) ? branch : from));
      for (const [path, text] of Object.entries(changed)) {
        if (text === null) tree.delete(path);
        else tree.set(path, { mode: REGULAR_MODE, sha: await put(text) });
      }
      const merged = mergeOf === undefined ? [] : [refs.get(mergeOf) ?? mergeOf];
      const treeSha = putTree(tree);
      const signed = message.replace("Sync-Tree: this", `Sync-Tree: ${treeSha}`);
      const sha = commit(signed, treeSha, [...(parent === undefined ? [] : [parent]), ...merged], email);
      refs.set(branch, sha);
      return sha;
    },
    read: (branch) =>
      Object.fromEntries(
        [...treeAt(branch)].map(([path, { sha }]) => [path, new TextDecoder().decode(blobs.get(sha))]),
      ),
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
