import { describe, expect, it } from "vitest";
import { blobSha } from "../../src/files/blob.ts";
import { createGitHubClient } from "../../src/github/client.ts";
import { createCurrentName } from "../../src/github/current-name.ts";
import { createGitReader } from "../../src/github/git-reader.ts";
import { createGitWriter } from "../../src/github/git-writer.ts";
import type { TreeContent } from "../../src/sync/ports.ts";
import { createFakeClock } from "../fakes/clock.ts";
import { type Answer, createFakeHttp, empty, json } from "../fakes/http.ts";

const API = "https://github.test";
const REPO = `${API}/repos/haidra/image`;
const NAME = { owner: "haidra", repo: "image" };

function setUp(routes: Record<string, Answer | readonly Answer[]>, isFresh = false, canForget = true) {
  const http = createFakeHttp(routes);
  const clock = createFakeClock();
  let forgotten = 0;
  const credentials = {
    authorize: async () => ({ header: `Bearer token-${forgotten}`, isFresh }),
    forget: () => {
      forgotten++;
      return canForget;
    },
  };
  const github = createGitHubClient({ apiUrl: API, credentials, transport: http.fetch, userAgent: "sync/1", clock });
  return {
    http,
    clock,
    read: createGitReader(github, createCurrentName(NAME)),
    write: createGitWriter(github, createCurrentName(NAME)),
  };
}

const sha = (digit: string) => digit.repeat(40);
const commitOf = (id: string, message = "m", parents: string[] = []) => ({
  sha: sha(id),
  commit: { message, tree: { sha: sha("e") } },
  parents: parents.map((parent) => ({ sha: sha(parent) })),
});

describe("every request", () => {
  it("names the client and the API version, and carries the credentials", async () => {
    const { http, read } = setUp({ [`GET ${REPO}/git/trees/${sha("a")}`]: json(200, { tree: [] }) });
    await read.files(sha("a"));
    const headers = http.seen[0]?.headers;
    expect(headers?.get("user-agent")).toMatch(/^sync\/1/);
    expect(headers?.get("x-github-api-version")).toBe("2022-11-28");
    expect(headers?.get("authorization")).toBe("Bearer token-0");
  });

  const NOT_FOUND = json(404, { message: "Not Found" });
  const BRANCH = json(200, {
    name: "main",
    commit: { sha: sha("a"), url: `${REPO}/commits/${sha("a")}`, commit: { tree: { sha: sha("e") } } },
  });

  it("replaces an old token that does not see the repository, once for all that were refused with it", async () => {
    const { http, read } = setUp({
      [`GET ${REPO}/branches/main`]: [NOT_FOUND, BRANCH],
      [`GET ${REPO}/git/matching-refs/heads%2Fsync`]: [NOT_FOUND, json(200, [])],
    });
    expect((await Promise.all([read.branch("main"), read.branches("sync")]))[0]?.name).toBe("main");
    const tokens = http.seen.map(({ headers }) => headers.get("authorization"));
    expect(tokens).toEqual(["Bearer token-0", "Bearer token-0", "Bearer token-1", "Bearer token-1"]);
  });

  it("of a repository that is not there costs one more request, however many ask", async () => {
    const { http, read } = setUp({
      [`GET ${REPO}/branches/main`]: NOT_FOUND,
      [`GET ${REPO}/git/matching-refs/heads%2Fsync`]: NOT_FOUND,
    });
    const ask = () => Promise.allSettled([read.branch("main"), read.branches("sync"), read.branch("main")]);
    await ask();
    expect(http.seen).toHaveLength(4);
    await ask();
    expect(http.seen).toHaveLength(7);
  });

  it.each<[string, Answer, boolean, boolean]>([
    ["only the branch is missing", json(404, { message: "Branch not found" }), false, true],
    ["the token is new", NOT_FOUND, true, true],
    ["there is no other token", NOT_FOUND, false, false],
  ])("is not made again where %s", async (_what, answer, isFresh, canForget) => {
    const { http, read } = setUp({ [`GET ${REPO}/branches/main`]: answer }, isFresh, canForget);
    expect(await read.branch("main")).toBe(null);
    expect(http.seen).toHaveLength(1);
  });

  it.each([
    ["waits for a fresh token to become known", true, [3000], "Bearer token-0"],
    ["replaces an old one", false, [], "Bearer token-1"],
  ])("after a 401 %s, once", async (_what, isFresh, sleeps, second) => {
    const answers = [json(401, { message: "Bad credentials" }), json(200, { tree: [] })];
    const { http, clock, read } = setUp({ [`GET ${REPO}/git/trees/${sha("a")}`]: answers }, isFresh);
    expect((await read.files(sha("a"))).size).toBe(0);
    expect(clock.sleeps).toEqual(sleeps);
    expect(http.seen.map(({ headers }) => headers.get("authorization"))).toEqual(["Bearer token-0", second]);
  });

  it("gives up after the second 401", async () => {
    const { http, read } = setUp({ [`GET ${REPO}/git/trees/${sha("a")}`]: json(401, { message: "Bad credentials" }) });
    await expect(read.files(sha("a"))).rejects.toMatchObject({ code: "github-unauthorized" });
    expect(http.seen).toHaveLength(2);
  });

  it("is not sent again with the same old token", async () => {
    const answer = json(401, { message: "Bad credentials" });
    const { http, read } = setUp({ [`GET ${REPO}/git/trees/${sha("a")}`]: answer }, false, false);
    await expect(read.files(sha("a"))).rejects.toMatchObject({ code: "github-unauthorized" });
    expect(http.seen).toHaveLength(1);
  });

  it("fails on a request that the fake does not know", async () => {
    const { read } = setUp({});
    await expect(read.files(sha("a"))).rejects.toMatchObject({ code: "github-unavailable" });
  });
});

describe("reading", () => {
  it("finds a branch with its tree, also one with a slash in its name", async () => {
    const url = `${REPO}/commits/${sha("c")}`;
    const commit = { sha: sha("c"), url, commit: { tree: { sha: sha("d") } } };
    const { read } = setUp({ [`GET ${REPO}/branches/dev%2Fx`]: json(200, { name: "dev/x", commit }) });
    expect(await read.branch("dev/x")).toEqual({
      sha: sha("c"),
      treeSha: sha("d"),
      name: "dev/x",
      repository: "haidra/image",
    });
  });

  it("goes by the names that a renamed branch and a transferred repository have now", async () => {
    const moved = "https://github.test/repos/other/pictures";
    const commit = { sha: sha("c"), url: `${moved}/commits/${sha("c")}`, commit: { tree: { sha: sha("d") } } };
    const { http, read } = setUp({
      [`GET ${REPO}/branches/main`]: json(200, { name: "master", commit }),
      [`GET ${moved}/git/trees/${sha("d")}`]: json(200, { tree: [] }),
    });
    expect(await read.branch("main")).toMatchObject({ name: "master", repository: "other/pictures" });
    await read.files(sha("d"));
    expect(http.lines()[1]).toBe(`GET ${moved}/git/trees/${sha("d")}`);
  });

  const page = () => new Response("<html>Whoa there!</html>", { headers: { "content-type": "text/html" } });
  const half = () => new Response('{"tree": [{"path"', { headers: { "content-type": "application/json" } });

  it.each([
    ["a page", page],
    ["half a JSON", half],
  ])("takes %s with status 200 for no answer, and tries again", async (_what, answer) => {
    const line = `GET ${REPO}/git/trees/${sha("a")}`;
    const passing = setUp({ [line]: [answer, json(200, { tree: [] })] });
    expect((await passing.read.files(sha("a"))).size).toBe(0);
    const lasting = setUp({ [line]: answer });
    await expect(lasting.read.files(sha("a"))).rejects.toMatchObject({
      code: "github-unavailable",
      message: expect.stringMatching(/is not whole: it is no JSON/),
    });
    expect(lasting.http.seen).toHaveLength(3);
  });

  it("takes an answer without what is needed for none", async () => {
    const { read } = setUp({ [`GET ${REPO}/git/trees/${sha("a")}`]: json(200, {}) });
    await expect(read.files(sha("a"))).rejects.toMatchObject({
      code: "github-unavailable",
      message: expect.stringMatching(/lacks what it should have \(tree\)/),
    });
  });

  it("repeats no write whose answer is not whole", async () => {
    const { http, write } = setUp({ [`POST ${REPO}/git/commits`]: page });
    const commit = { message: "m", tree: sha("1"), parents: [] };
    await expect(write.createCommit(commit)).rejects.toMatchObject({ code: "github-unavailable" });
    expect(http.seen).toHaveLength(1);
  });

  it("tells a missing branch from one it may not see", async () => {
    const absent = setUp({ [`GET ${REPO}/branches/main`]: json(404, { message: "Branch not found" }) });
    expect(await absent.read.branch("main")).toBe(null);
    const forbidden = setUp({ [`GET ${REPO}/branches/main`]: json(403, { message: "No" }) });
    await expect(forbidden.read.branch("main")).rejects.toMatchObject({ code: "github-unauthorized" });
  });

  it("lists the root's entries with their modes", async () => {
    const tree = [
      { path: "a.json", mode: "100644", type: "blob", sha: sha("1") },
      { path: "__proto__", mode: "100755", type: "blob", sha: sha("2") },
      { path: "docs", mode: "040000", type: "tree", sha: sha("3") },
      { path: "lib", mode: "160000", type: "commit", sha: sha("4") },
    ];
    const { read } = setUp({ [`GET ${REPO}/git/trees/${sha("a")}`]: json(200, { tree }) });
    expect([...(await read.files(sha("a")))]).toEqual([
      ["a.json", { mode: "100644", sha: sha("1") }],
      ["__proto__", { mode: "100755", sha: sha("2") }],
      ["docs", { mode: "040000", sha: sha("3") }],
      ["lib", { mode: "160000", sha: sha("4") }],
    ]);
  });

  it("lists the branches that begin so, with their commits", async () => {
    const data = [
      { ref: "refs/heads/sync/clip/1", object: { sha: sha("1") } },
      { ref: "refs/heads/sync/model-references", object: { sha: sha("2") } },
    ];
    const { read } = setUp({ [`GET ${REPO}/git/matching-refs/heads%2Fsync`]: json(200, data) });
    expect([...(await read.branches("sync"))]).toEqual([
      ["sync/clip/1", sha("1")],
      ["sync/model-references", sha("2")],
    ]);
  });

  it("lists the commits that touched a file, newest first", async () => {
    const line = `GET ${REPO}/commits?sha=${sha("a")}&path=clip.json&since=2026-01-01T00%3A00%3A00Z&per_page=100`;
    const { read } = setUp({ [line]: json(200, [{ sha: sha("2") }, { sha: sha("1") }]) });
    const query = { from: sha("a"), path: "clip.json", since: "2026-01-01T00:00:00Z" };
    expect(await read.history(query)).toEqual([sha("2"), sha("1")]);
  });

  it("reads a blob's bytes raw, whatever they are", async () => {
    const bytes = new Uint8Array([0xef, 0xbb, 0xbf, 0x7b, 0x0d, 0x0a, 0xff, 0x00]);
    const name = await blobSha(bytes);
    const { http, read } = setUp({ [`GET ${REPO}/git/blobs/${name}`]: () => new Response(bytes) });
    expect(await read.blob(name)).toEqual(bytes);
    expect(http.seen[0]?.headers.get("accept")).toMatch(/^application\/vnd\.github\.(v3\.)?raw$/);
  });

  it.each([["application/json; charset=utf-8"], ["text/plain"], ["application/vnd.github.raw; charset=utf-8"]])(
    "reads a blob raw when it comes as %s",
    async (type) => {
      const bytes = new TextEncoder().encode('{"a": 1.0}\n');
      const name = await blobSha(bytes);
      const answer = () => new Response(bytes, { headers: { "content-type": type } });
      const { read } = setUp({ [`GET ${REPO}/git/blobs/${name}`]: answer });
      expect(await read.blob(name)).toEqual(bytes);
    },
  );

  it("reads an empty blob", async () => {
    const name = await blobSha(new Uint8Array());
    const { read } = setUp({ [`GET ${REPO}/git/blobs/${name}`]: () => new Response("") });
    expect((await read.blob(name)).byteLength).toBe(0);
  });

  it("refuses bytes that are not those of the name", async () => {
    const { read } = setUp({ [`GET ${REPO}/git/blobs/${sha("a")}`]: () => new Response("cut sh") });
    await expect(read.blob(sha("a"))).rejects.toMatchObject({
      code: "github-unavailable",
      message: `GitHub sent a damaged blob ${sha("a")} of haidra/image.`,
    });
  });
});

describe("comparing", () => {
  const line = `GET ${REPO}/compare/${sha("b")}...sync%2Fmodel-references?per_page=100`;
  const compare = (answer: Answer) => setUp({ [line]: answer }).read.compare(sha("b"), "sync/model-references");

  it("tells the merge base, the head and the commits", async () => {
    const commits = [commitOf("1", "first", ["b"]), commitOf("2", "second", ["1", "3"])];
    const answer = json(200, { merge_base_commit: commitOf("b"), commits, total_commits: 2 });
    expect(await compare(answer)).toEqual({
      mergeBase: { sha: sha("b"), treeSha: sha("e") },
      head: { sha: sha("2"), treeSha: sha("e") },
      commits: [
        { sha: sha("1"), treeSha: sha("e"), message: "first", parents: [sha("b")], authorEmail: null },
        { sha: sha("2"), treeSha: sha("e"), message: "second", parents: [sha("1"), sha("3")], authorEmail: null },
      ],
    });
  });

  it("takes the merge base for the head when there is nothing between", async () => {
    const answer = json(200, { merge_base_commit: commitOf("b"), commits: [], total_commits: 0 });
    expect(await compare(answer)).toMatchObject({ head: { sha: sha("b") }, commits: [] });
  });

  it("is null without the branch", async () => {
    expect(await compare(json(404, { message: "Not Found" }))).toBe(null);
  });

  it("refuses to judge commits that it did not see", async () => {
    const answer = json(200, { merge_base_commit: commitOf("b"), commits: [commitOf("1")], total_commits: 1001 });
    await expect(compare(answer)).rejects.toMatchObject({ code: "github-rejected" });
  });
});

describe("writing a commit", () => {
  const tree = `POST ${REPO}/git/trees`;
  const commit = `POST ${REPO}/git/commits`;
  const blob = `POST ${REPO}/git/blobs`;
  const routes = {
    [tree]: json(201, { sha: sha("7") }),
    [commit]: json(201, { sha: sha("8") }),
    [blob]: json(201, { sha: sha("9") }),
  };
  const regular = { mode: "100644" };

  it("keeps the base's tree and modes, inlines small texts, reuses blobs and sets no author", async () => {
    const { http, write } = setUp(routes);
    const entries = new Map<string, TreeContent>([
      ["a.json", { ...regular, text: "{}\n" }],
      ["b.json", { mode: "100755", sha: sha("4") }],
    ]);
    expect(await write.createTree(sha("5"), entries)).toBe(sha("7"));
    expect(await write.createCommit({ message: "Sync", tree: sha("7"), parents: [sha("6")] })).toBe(sha("8"));
    expect(http.lines()).toEqual([tree, commit]);
    expect(http.seen.map(({ body }) => body)).toEqual([
      {
        base_tree: sha("5"),
        tree: [
          { path: "a.json", mode: "100644", type: "blob", content: "{}\n" },
          { path: "b.json", mode: "100755", type: "blob", sha: sha("4") },
        ],
      },
      { message: "Sync", tree: sha("7"), parents: [sha("6")] },
    ]);
  });

  it.each([
    ["inlines 512 KiB", 512 * 1024, false],
    ["puts up a byte more as a blob first", 512 * 1024 + 1, true],
  ])("%s, counted in bytes", async (_what, bytes, isBlob) => {
    const { http, write } = setUp(routes);
    const text = `${"é".repeat(Math.floor(bytes / 2))}${bytes % 2 === 1 ? "x" : ""}`;
    await write.createTree(sha("5"), new Map([["db.json", { ...regular, text }]]));
    expect(http.lines()).toEqual(isBlob ? [blob, tree] : [tree]);
    if (!isBlob) return;
    expect(http.seen[0]?.body).toEqual({ content: text, encoding: "utf-8" });
    expect(http.seen[1]?.body).toMatchObject({ tree: [{ path: "db.json", sha: sha("9") }] });
  });

  it("is told when the tree failed", async () => {
    const { write } = setUp({ ...routes, [tree]: json(502, {}) });
    const entries = new Map([["a.json", { ...regular, text: "{}" }]]);
    await expect(write.createTree(sha("5"), entries)).rejects.toMatchObject({ code: "github-unavailable" });
  });
});

describe("moving refs", () => {
  const ref = `${REPO}/git/refs`;
  const head = `${ref}/heads%2Fsync%2Fmodel-references`;
  const says = (status: number, message: string) => json(status, { message });

  it("creates a branch, or finds it taken", async () => {
    const { http, write } = setUp({ [`POST ${ref}`]: [json(201, {}), says(422, "Reference already exists")] });
    expect(await write.createBranch("sync/x", sha("1"))).toBe("created");
    expect(await write.createBranch("sync/x", sha("1"))).toBe("exists");
    expect(http.seen[0]?.body).toEqual({ ref: "refs/heads/sync/x", sha: sha("1") });
  });

  it.each<[string, Answer, "moved" | "lost"]>([
    ["moves", json(200, {}), "moved"],
    ["loses against another commit", says(422, "Update is not a fast forward"), "lost"],
    ["loses against a deletion", says(422, "Reference does not exist"), "lost"],
  ])("%s, and never by force", async (_what, answer, expected) => {
    const { http, write } = setUp({ [`PATCH ${head}`]: answer });
    expect(await write.moveBranch("sync/model-references", sha("1"))).toBe(expected);
    expect(http.seen.map(({ body }) => body)).toEqual([{ sha: sha("1"), force: false }]);
  });

  it.each([
    ["gone already", says(422, "Reference does not exist")],
    ["there", empty(204)],
  ])("deletes a branch that is %s", async (_what, answer) => {
    const { http, write } = setUp({ [`DELETE ${head}`]: answer });
    await write.deleteBranch("sync/model-references");
    expect(http.seen).toHaveLength(1);
  });

  it.each<[string, Answer, string]>([
    ["a protected branch", says(422, "Cannot update this protected ref."), "github-rejected"],
    ["an unknown object", says(422, "Object does not exist"), "github-rejected"],
    ["an outage", says(502, "Bad Gateway"), "github-unavailable"],
  ])("does not take %s for a lost race", async (what, answer, code) => {
    const { write } = setUp({ [`PATCH ${head}`]: answer, [`POST ${ref}`]: answer });
    await expect(write.createBranch("sync/x", sha("1"))).rejects.toMatchObject({ code });
    if (what !== "an unknown object")
      await expect(write.moveBranch("sync/model-references", sha("1"))).rejects.toMatchObject({ code });
  });
});
