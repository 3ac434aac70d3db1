import { describe, expect, it } from "vitest";
import { SYNC_BRANCH } from "../../src/config/sync-branch.ts";
import { pick } from "../../src/files/git-tree.ts";
import { wrapSection } from "../../src/sync/marker.ts";
import { EMPTY_MEMORY, type PublishedBranch, type RepositoryMemory, toTreeRecord } from "../../src/sync/memory.ts";
import { type ObserveQuery, observe } from "../../src/sync/observe.ts";
import type { PullRequest } from "../../src/sync/ports.ts";
import { pullRequest } from "../fakes/pull.ts";
import { createFakeRepository, type FakeRepository } from "../fakes/repository.ts";

const OPENED = "2026-11-01T00:00:00.000Z";
const NOW = Date.parse(OPENED) + 10 * 60_000;
const PATHS = ["clip.json", "blip.json"];
const FILES = { "clip.json": "1", README: "about" };
const OURS = `Sync\n\nSync-Fingerprint: ${"5b3c".repeat(16)}\nSync-Tree: this`;
const MARKED = wrapSection({ fingerprint: "a".repeat(64), source: "feed" }, ["Words."]);

async function setUp(): Promise<FakeRepository> {
  return createFakeRepository("image", FILES);
}

function see(repository: FakeRepository, rest: Partial<ObserveQuery> = {}) {
  return observe({
    repository: "haidra/image",
    baseBranch: "main",
    ports: repository.ports,
    usesPullRequests: true,
    paths: PATHS,
    memory: EMPTY_MEMORY,
    ignoredAuthors: [],
    fresh: new Map(),
    now: NOW,
    ...rest,
  });
}

const withMemory = (memory: Partial<RepositoryMemory>) => ({ memory: { ...EMPTY_MEMORY, ...memory } });

/** What a run remembers that put the branch where it is. */
async function published(repository: FakeRepository, changes: Partial<PublishedBranch> = {}): Promise<PublishedBranch> {
  const treeOf = async (branch: string) => toTreeRecord(pick(await repository.ports.read.files(branch), PATHS));
  return {
    headSha: repository.refs.get(SYNC_BRANCH) ?? "",
    headFiles: await treeOf(SYNC_BRANCH),
    baseSha: repository.refs.get("main") ?? "",
    baseFiles: await treeOf("main"),
    pullRequest: 7,
    url: "https://github.test/pull/7",
    openedAt: OPENED,
    ...changes,
  };
}

describe("the base", () => {
  it("is its commit, its whole root, and the name that it has now", async () => {
    const repository = await setUp();
    const { base, branch, pull, ended, leftovers } = await see(repository);
    expect(base).toMatchObject({ commit: repository.refs.get("main"), name: "main", repository: "haidra/image" });
    expect([...base.files.keys()]).toEqual(["clip.json", "README"]);
    expect([branch, pull, ended, leftovers]).toEqual([null, null, [], []]);
  });

  it("is not read again where its tree is remembered, and tells at once what is known of it", async () => {
    const repository = await setUp();
    const told: unknown[] = [];
    const { base } = await see(repository, { onBase: (files) => told.push(files) });
    const baseTree = { sha: base.treeSha, files: toTreeRecord(base.files) };
    repository.calls.length = 0;
    const again = await see(repository, { ...withMemory({ baseTree }), onBase: (files) => told.push(files) });
    expect([again.base, told]).toEqual([base, [null, base.files]]);
    expect(repository.calls).toEqual(["branch main", "branches sync", `list ${SYNC_BRANCH}`]);
    const other = { ...baseTree, sha: "other" };
    await see(repository, { ...withMemory({ baseTree: other }), onBase: (files) => told.push(files) });
    expect(told.at(-1)).toBeNull();
  });

  it.each([
    [null, "haidra/image does not exist, or the credentials may not see it."],
    [{ defaultBranch: "main", isEmpty: true }, "haidra/image has no commit yet. Make a first commit on main."],
    [
      { defaultBranch: "dev", isEmpty: true },
      "The branch main of haidra/image does not exist; its default branch is dev.",
    ],
    [
      { defaultBranch: "main", isEmpty: false },
      "The branch main of haidra/image does not exist; its default branch is main.",
    ],
  ])("that is not there is told by what is: %j", async (found, message) => {
    const repository = await setUp();
    repository.refs.delete("main");
    const ports = { ...repository.ports, read: { ...repository.ports.read, repository: async () => found } };
    await expect(see(repository, { ports })).rejects.toMatchObject({
      code: "github-not-found",
      message: expect.stringContaining(message),
    });
  });

  it("and no branch is read where straight commits are published", async () => {
    const repository = await setUp();
    await repository.push("sync", { README: "in the way" });
    const { base, branch, pull } = await see(repository, { usesPullRequests: false });
    expect([branch, pull, repository.calls]).toEqual([null, null, ["branch main", `files ${base.treeSha}`]]);
    await expect(see(repository)).rejects.toMatchObject({ code: "github-rejected" });
  });
});

describe("the sync branch", () => {
  it("with a commit of an earlier version is ours where memory names it, whatever the base did since", async () => {
    const repository = await setUp();
    const message = OURS.replace(/\nSync-Tree: this$/, "");
    await repository.push(SYNC_BRANCH, { "clip.json": "2" }, { message });
    const memory = withMemory({ published: await published(repository, { baseSha: "earlier" }) });
    expect((await see(repository, memory)).branch?.owner).toBe("ours");
    await repository.push("main", { README: "more" });
    await repository.push(SYNC_BRANCH, { README: "more" }, { message: "Merge branch 'main'", mergeOf: "main" });
    expect((await see(repository, memory)).branch?.owner).toBe("ours");
    expect((await see(repository)).branch?.owner).toBe("theirs");
  });

  it("with our commit is ours", async () => {
    const repository = await setUp();
    const commit = await repository.push(SYNC_BRANCH, { "clip.json": "2" }, { message: OURS });
    const { branch } = await see(repository);
    expect(branch).toMatchObject({ commit, owner: "ours", isFinished: false, isMerged: false, baseMoved: false });
    expect([[...(branch?.files.keys() ?? [])], [...(branch?.anchor.keys() ?? [])]]).toEqual([
      ["clip.json"],
      ["clip.json"],
    ]);
    expect(branch?.files.get("clip.json")).not.toEqual(branch?.anchor.get("clip.json"));
  });

  it("with a person's is theirs, and where the base moved its files there are those of the common commit", async () => {
    const repository = await setUp();
    await repository.push(SYNC_BRANCH, { README: "mine" });
    const before = await repository.ports.read.files("main");
    await repository.push("main", { "clip.json": "3" });
    const { branch } = await see(repository);
    expect(branch).toMatchObject({ owner: "theirs", baseMoved: true, isMerged: false });
    expect(branch?.anchor).toEqual(pick(before, PATHS));
  });

  it("that the base has whole is merged", async () => {
    const repository = await setUp();
    repository.refs.set(SYNC_BRANCH, repository.refs.get("main") ?? "");
    expect((await see(repository)).branch).toMatchObject({ isMerged: true, baseMoved: false });
  });

  it("that memory vouches for is not read", async () => {
    const repository = await setUp();
    await repository.push(SYNC_BRANCH, { "clip.json": "2" }, { message: OURS });
    const seen = (await see(repository)).branch;
    const known = await published(repository);
    repository.calls.length = 0;
    const fresh = new Map([[7, pullRequest()]]);
    expect((await see(repository, { ...withMemory({ published: known }), fresh })).branch).toEqual(seen);
    expect(repository.calls.filter((call) => call.startsWith("compare"))).toEqual([]);
    await repository.push("main", { README: "again" });
    expect((await see(repository, { ...withMemory({ published: known }), fresh })).branch?.baseMoved).toBe(true);
  });

  it.each<[string, Partial<PublishedBranch>]>([
    ["it is elsewhere", { headSha: "0".repeat(40) }],
    ["an earlier version remembered it", { headFiles: { "clip.json": "0".repeat(40) } }],
    ["an earlier version remembered the base", { baseFiles: { "clip.json": "0".repeat(40) } }],
    ["a file was configured since", { headFiles: {} }],
  ])("is read where %s", async (_why, changes) => {
    const repository = await setUp();
    await repository.push(SYNC_BRANCH, { "clip.json": "2" }, { message: OURS });
    const known = await published(repository, changes);
    const { branch } = await see(repository, {
      ...withMemory({ published: known }),
      fresh: new Map([[7, pullRequest()]]),
    });
    expect(branch).toMatchObject({ owner: "ours", baseMoved: false });
    expect(repository.calls.filter((call) => call.startsWith("compare"))).toHaveLength(1);
  });

  it("of a pull request that ended there is finished, and nobody looks into it", async () => {
    const repository = await setUp();
    const commit = await repository.push(SYNC_BRANCH, { README: "mine" });
    repository.pulls.push(pullRequest({ state: "merged", endedAt: "2026-11-02", endedHead: commit }));
    const { branch } = await see(repository);
    expect(branch).toEqual({
      commit,
      files: new Map(),
      anchor: new Map(),
      owner: "theirs",
      isFinished: true,
      isMerged: false,
      baseMoved: true,
    });
    await repository.push(SYNC_BRANCH, { README: "more" });
    expect((await see(repository)).branch).toMatchObject({ isFinished: false, owner: "theirs" });
  });

  it("of one that is open is not finished, whatever GitHub recorded", async () => {
    const repository = await setUp();
    const commit = await repository.push(SYNC_BRANCH, { README: "mine" });
    repository.pulls.push(pullRequest({ endedHead: commit }));
    expect((await see(repository)).branch?.isFinished).toBe(false);
  });

  it("that GitHub does not know is none", async () => {
    const repository = await setUp();
    repository.refs.set(SYNC_BRANCH, "0".repeat(40));
    expect((await see(repository)).branch).toBeNull();
  });

  it("leaves the Python service's branches to be told, and no other", async () => {
    const repository = await setUp();
    for (const name of ["sync/clip/1", "sync/x", SYNC_BRANCH, "sync/blip/a/b"]) await repository.push(name, {});
    expect((await see(repository)).leftovers).toEqual(["sync/clip/1", "sync/blip/a/b"]);
  });
});

describe("the pull request", () => {
  const pullOf = async (pulls: readonly PullRequest[], rest: Partial<ObserveQuery> = {}) => {
    const repository = await setUp();
    await repository.push(SYNC_BRANCH, { "clip.json": "2" }, { message: OURS });
    repository.pulls.push(...pulls);
    const { pull, ended } = await see(repository, rest);
    return [pull?.number ?? null, ended.map(({ number }) => number)];
  };
  const closed = (number: number, endedAt: string | null, changes: Partial<PullRequest> = {}) =>
    pullRequest({ number, state: "closed", endedAt, ...changes });

  it("is the open one, and else the one that ended last", async () => {
    const ended = [closed(1, "2026-11-03"), closed(2, "2026-11-05"), closed(3, null), closed(4, "2026-11-04")];
    expect(await pullOf(ended)).toEqual([2, [2, 4, 1, 3]]);
    expect(await pullOf([...ended, pullRequest({ number: 5 })])).toEqual([5, [2, 4, 1, 3]]);
  });

  it("is the one into the base, or whose base is not known yet, before one into another", async () => {
    const other = pullRequest({ number: 9, base: "dev", body: MARKED });
    expect(await pullOf([pullRequest({ number: 8 }), other])).toEqual([8, []]);
    expect(await pullOf([pullRequest({ number: 8, base: "" }), other])).toEqual([8, []]);
    expect(await pullOf([other])).toEqual([9, []]);
  });

  it("into another branch is a person's, but for our marker, or where we remember it", async () => {
    const other = pullRequest({ number: 9, base: "dev" });
    expect(await pullOf([other])).toEqual([null, []]);
    const repository = await setUp();
    await repository.push(SYNC_BRANCH, {});
    const known = await published(repository, { headSha: "elsewhere", pullRequest: 9 });
    expect(await pullOf([other], withMemory({ published: known }))).toEqual([9, []]);
  });

  it("is as this run's own writes told it, which a list may not say yet", async () => {
    const fresh = new Map([[7, pullRequest({ state: "merged", endedAt: "2026-11-05" })]]);
    expect(await pullOf([pullRequest()], { fresh })).toEqual([7, [7]]);
  });

  it("that we remember is asked for by its number where the list has it not", async () => {
    const repository = await setUp();
    await repository.push(SYNC_BRANCH, { "clip.json": "2" }, { message: OURS });
    const memory = withMemory({ published: await published(repository) });
    const ports = (get: PullRequest | null) => ({
      ...repository.ports,
      pullRequests: { ...repository.ports.pullRequests, get: async () => get },
    });
    const told = await see(repository, { ...memory, ports: ports(pullRequest({ title: "As it is" })) });
    expect(told.pull?.title).toBe("As it is");
    // GitHub does not know it yet.
    const recalled = await see(repository, { ...memory, ports: ports(null) });
    expect(recalled.pull).toEqual(pullRequest({ title: "", body: "", base: "" }));
    for (const missing of ["url", "openedAt"] as const) {
      const { [missing]: _gone, ...rest } = await published(repository);
      expect((await see(repository, { ...withMemory({ published: rest }), ports: ports(null) })).pull).toBeNull();
    }
    // The repository was made anew, as it knows each pull request within minutes.
    expect((await see(repository, { ...memory, ports: ports(null), now: NOW + 1 })).pull).toBeNull();
    repository.refs.delete(SYNC_BRANCH);
    expect((await see(repository, { ...memory, ports: ports(pullRequest()) })).pull).toBeNull();
  });

  it("is looked up again where the repository has another name by now, and not where only its letters are others", async () => {
    const repository = await setUp();
    await see(repository, { repository: "Haidra/Image" });
    expect(repository.calls.filter((call) => call.startsWith("list"))).toHaveLength(1);
    await see(repository, { repository: "haidra/old" });
    expect(repository.calls.filter((call) => call.startsWith("list"))).toHaveLength(3);
  });
});
