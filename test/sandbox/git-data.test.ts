import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { API, type Ask, ask, at, pushBranch, REPOSITORY, shaIn, startWithRepository } from "./support.ts";

let sandbox: Sandbox;
let main = "";
let mainTree = "";
let orphan = "";

beforeAll(async () => {
  sandbox = await startWithRepository();
  sandbox.github.createRepository({ owner: "octo-org", name: "empty", files: {} });
  const branch = await ask(sandbox, `${API}/branches/main`);
  main = shaIn(branch, "commit", "sha");
  mainTree = shaIn(branch, "commit", "commit", "tree", "sha");
  const commit = await post("/git/commits", { message: "no parents", tree: mainTree });
  orphan = shaIn(commit, "sha");
  await post("/git/refs", { ref: "refs/heads/taken", sha: main });
});

afterAll(async () => {
  expect(await sandbox.github.fsck(REPOSITORY)).toBe("");
  await sandbox.close();
});

function post(path: string, body: unknown, options: Ask = {}) {
  return ask(sandbox, API + path, { method: "POST", body, ...options });
}

test("reads branch, ref, tree, blob and commit", async () => {
  const ref = await ask(sandbox, `${API}/git/ref/heads%2Fmain`);
  expect(shaIn(ref, "object", "sha")).toBe(main);
  const tree = await ask(sandbox, `${API}/git/trees/${mainTree}`);
  expect(at(tree.json, "tree")).toMatchObject([
    { path: "a.json", mode: "100644", type: "blob", size: 9 },
    { path: "b.json" },
    { path: "docs", mode: "040000", type: "tree" },
  ]);
  expect((await ask(sandbox, `${API}/git/trees/main?recursive=1`)).text).toContain("docs/note.txt");
  expect((await ask(sandbox, `${API}/git/trees/${main}`)).json["sha"]).toBe(mainTree);
  const blobSha = "d3f5a12faa99758192ecc4ed3fc22c9249232e86";
  const written = await post("/git/blobs", { content: Buffer.from("\u0000ÿ").toString("base64"), encoding: "base64" });
  const raw = await ask(sandbox, `${API}/git/blobs/${shaIn(written, "sha")}`, {
    headers: { accept: "application/vnd.github.raw" },
  });
  expect(raw.text).toBe("\u0000ÿ");
  const json = await ask(sandbox, `${API}/git/blobs/${shaIn(written, "sha")}`);
  expect(json.json).toMatchObject({ encoding: "base64", size: 3, content: "AMO/\n" });
  expect((await ask(sandbox, `${API}/git/blobs/${blobSha}`)).status).toBe(404);
});

test("builds a commit on a branch, with the tree's other entries kept", async () => {
  const sha = await pushBranch(sandbox, "sync/build", { "a.json": "{}\n", "deep/er/new.txt": "x" });
  expect(sandbox.github.branches(REPOSITORY)["sync/build"]).toBe(sha);
  const read = (path: string) =>
    Buffer.from(sandbox.github.readFile({ repository: REPOSITORY, ref: "sync/build", path }) ?? []).toString();
  expect([read("a.json"), read("b.json"), read("deep/er/new.txt")]).toEqual(["{}\n", '{"b": 1}\n', "x"]);
  expect(sandbox.github.history(REPOSITORY, "sync/build")[0]).toMatchObject({
    sha,
    parents: [main],
    author: "maintainer",
  });
  const compared = await ask(sandbox, `${API}/compare/main...sync%2Fbuild`);
  expect(compared.json).toMatchObject({ status: "ahead", ahead_by: 1, behind_by: 0 });
  expect(at(compared.json, "files")).toMatchObject([{ filename: "a.json", status: "modified" }, { status: "added" }]);
  const commits = await ask(sandbox, `${API}/commits?sha=sync/build&per_page=1`);
  expect(commits.list[0]).toMatchObject({ sha, commit: { verification: { verified: false } } });
  expect(commits.headers.get("link")).toContain('rel="next"');
  expect((await ask(sandbox, `${API}/commits?path=b.json&sha=sync/build`)).list).toMatchObject([{ sha: main }]);
});

test("moves a ref forwards, and back only by force; a deleted one is gone", async () => {
  const sha = await pushBranch(sandbox, "sync/move", { "a.json": "[]\n" });
  const path = `${API}/git/refs/heads/sync/move`;
  const back = await ask(sandbox, path, { method: "PATCH", body: { sha: main } });
  expect([back.status, back.json["message"]]).toEqual([422, "Update is not a fast forward"]);
  expect(sandbox.github.branches(REPOSITORY)["sync/move"]).toBe(sha);
  expect((await ask(sandbox, path, { method: "PATCH", body: { sha: main, force: true } })).status).toBe(200);
  expect((await ask(sandbox, path, { method: "PATCH", body: { sha } })).status).toBe(200);
  expect((await ask(sandbox, path, { method: "DELETE" })).status).toBe(204);
  expect((await ask(sandbox, `${API}/git/ref/heads/sync/move`)).status).toBe(404);
});

test("lets one of many that race to create a ref win", async () => {
  const tries = Array.from({ length: 20 }, () => post("/git/refs", { ref: "refs/heads/race", sha: main }));
  const statuses = (await Promise.all(tries)).map(({ status }) => status);
  expect(statuses.filter((status) => status === 201)).toHaveLength(1);
  expect(statuses.filter((status) => status === 422)).toHaveLength(19);
});

describe("refuses", () => {
  const entry = { path: "x", mode: "100644", type: "blob" };
  const missing = "1".repeat(40);
  const cases: [label: string, method: string, path: string, body: () => unknown, status: number, message: string][] = [
    [
      "a ref that exists",
      "POST",
      "/git/refs",
      () => ({ ref: "refs/heads/taken", sha: main }),
      422,
      "Reference already exists",
    ],
    [
      "a ref to nothing",
      "POST",
      "/git/refs",
      () => ({ ref: "refs/heads/n", sha: missing }),
      422,
      "Object does not exist",
    ],
    [
      "a ref below a ref",
      "POST",
      "/git/refs",
      () => ({ ref: "refs/heads/taken/x", sha: main }),
      422,
      "Reference update failed",
    ],
    [
      "a bad ref name",
      "POST",
      "/git/refs",
      () => ({ ref: "refs/heads/a b", sha: main }),
      422,
      "is not a valid ref name",
    ],
    [
      "to move what is not there",
      "PATCH",
      "/git/refs/heads/none",
      () => ({ sha: main }),
      422,
      "Reference does not exist",
    ],
    ["to delete what is not there", "DELETE", "/git/refs/heads/none", () => undefined, 422, "Reference does not exist"],
    [
      "unrelated history",
      "PATCH",
      "/git/refs/heads/taken",
      () => ({ sha: orphan }),
      422,
      "Update is not a fast forward",
    ],
    [
      "a tree with an unknown blob",
      "POST",
      "/git/trees",
      () => ({ tree: [{ ...entry, sha: missing }] }),
      422,
      "GitRPC::BadObjectState",
    ],
    [
      "to remove a missing path",
      "POST",
      "/git/trees",
      () => ({ base_tree: mainTree, tree: [{ ...entry, sha: null }] }),
      422,
      "GitRPC::BadObjectState",
    ],
    [
      "a tree under a file's mode",
      "POST",
      "/git/trees",
      () => ({ tree: [{ ...entry, sha: mainTree }] }),
      422,
      "GitRPC::BadObjectState",
    ],
    [
      "a path that climbs",
      "POST",
      "/git/trees",
      () => ({ tree: [{ ...entry, path: "../x", content: "" }] }),
      422,
      "malformed path component",
    ],
    ["an empty list of entries", "POST", "/git/trees", () => ({ tree: [] }), 422, "Invalid tree info"],
    [
      "an unknown base tree",
      "POST",
      "/git/trees",
      () => ({ base_tree: missing, tree: [{ ...entry, content: "" }] }),
      422,
      "base_tree",
    ],
    [
      "a commit of no tree",
      "POST",
      "/git/commits",
      () => ({ message: "m", tree: missing }),
      422,
      "Tree SHA does not exist",
    ],
    [
      "a commit on no parent",
      "POST",
      "/git/commits",
      () => ({ message: "m", tree: mainTree, parents: [missing] }),
      422,
      "Parent SHA does not exist",
    ],
    [
      "a commit without a message",
      "POST",
      "/git/commits",
      () => ({ tree: mainTree }),
      422,
      '"message" wasn\'t supplied',
    ],
    ["broken JSON", "POST", "/git/commits", () => "{", 400, "Problems parsing JSON"],
    ["an unknown branch", "GET", "/branches/none", () => undefined, 404, "Branch not found"],
    ["an unknown ref", "GET", "/git/ref/heads/none", () => undefined, 404, "Not Found"],
    ["an unknown route", "GET", "/nothing/here", () => undefined, 404, "Not Found"],
  ];
  test.each(cases)("%s", async (_label, method, path, body, status, message) => {
    const given = body();
    const reply = await ask(sandbox, API + path, { method, ...(given === undefined ? {} : { body: given }) });
    expect(reply.status).toBe(status);
    expect(reply.json["message"]).toContain(message);
    expect(reply.json["status"]).toBe(String(status));
  });

  test("git data of an empty repository", async () => {
    const empty = "/repos/octo-org/empty";
    for (const path of ["/git/ref/heads/main", `/git/trees/${mainTree}`, "/commits"]) {
      const reply = await ask(sandbox, empty + path);
      expect([reply.status, reply.json["message"]]).toEqual([409, "Git Repository is empty."]);
    }
    const blob = await ask(sandbox, `${empty}/git/blobs`, { method: "POST", body: { content: "x" } });
    expect(blob.status).toBe(409);
    expect((await ask(sandbox, `${empty}/branches/main`)).status).toBe(404);
  });

  test("a body over 40 MB", async () => {
    const tree = [{ ...entry, content: "x".repeat(41 * 1024 * 1024) }];
    expect((await post("/git/trees", { tree })).status).toBe(422);
  });
});
