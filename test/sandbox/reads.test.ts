import { afterAll, beforeAll, expect, test } from "vitest";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import {
  API,
  ask,
  at,
  createAppKeys,
  openPull,
  pushBranch,
  REPOSITORY,
  shaIn,
  startWithRepository,
} from "./support.ts";

/** Reads beside the git data and pull requests: what a service looks at before and after it writes. */

const BRANCH = "sync/models";
let sandbox: Sandbox;
let now = Date.parse("2026-03-01T12:00:00Z");
let head = "";

beforeAll(async () => {
  sandbox = await startWithRepository({ now: () => now });
  const { credentials } = sandbox.github;
  credentials.setUsers(["alice"]);
  credentials.setTeams(["reviewers"]);
  credentials.addToken({ token: "reader", permissions: { contents: "read" } });
  credentials.addToken({ token: "of-members", permissions: { members: "read" } });
  now += 60_000;
  head = await pushBranch(sandbox, BRANCH, { "a.json": '{"a": 2}\n' });
  await openPull(sandbox);
});

afterAll(async () => {
  expect(await sandbox.github.fsck(REPOSITORY)).toBe("");
  await sandbox.close();
});

test("a repository tells its real name, its default branch and what a token may", async () => {
  const shown = await ask(sandbox, "/repos/OCTO-org/Models");
  expect(shown.json).toMatchObject({
    full_name: REPOSITORY,
    default_branch: "main",
    archived: false,
    permissions: { admin: true, push: true, pull: true },
  });
  const read = await ask(sandbox, API, { token: "reader" });
  expect(read.json["permissions"]).toMatchObject({ push: false, pull: true });
});

test("an archived repository is read, and refuses every write", async () => {
  sandbox.github.setArchived(REPOSITORY, true);
  expect((await ask(sandbox, API)).json["archived"]).toBe(true);
  const refused = await ask(sandbox, `${API}/git/blobs`, { method: "POST", body: { content: "x" } });
  expect([refused.status, refused.json["message"]]).toEqual([403, "Repository was archived so is read-only."]);
  sandbox.github.setArchived(REPOSITORY, false);
});

test("refs below a prefix are listed, and none is an empty list", async () => {
  const found = await ask(sandbox, `${API}/git/matching-refs/heads/sync/`);
  expect(found.list).toMatchObject([{ ref: `refs/heads/${BRANCH}`, object: { sha: head, type: "commit" } }]);
  expect((await ask(sandbox, `${API}/git/matching-refs/heads/none`)).list).toEqual([]);
});

test("commits are found by path, start and time", async () => {
  const list = async (query: string) => (await ask(sandbox, `${API}/commits?${query}`)).list.map(({ sha }) => sha);
  const main = sandbox.github.branches(REPOSITORY)["main"];
  expect(await list(`sha=${BRANCH}`)).toEqual([head, main]);
  expect(await list(`sha=${BRANCH}&path=b.json`)).toEqual([main]);
  expect(await list(`sha=${BRANCH}&since=2026-03-01T12:01:00Z`)).toEqual([head]);
  expect(await list(`sha=${BRANCH}&until=2026-03-01T12:00:59Z`)).toEqual([main]);
  expect(await list(`sha=${head}&per_page=1&page=2`)).toEqual([main]);
});

test("a comparison is told in pages, its files with the first", async () => {
  for (let count = 0; count < 5; count++) {
    sandbox.github.commit({ repository: REPOSITORY, branch: "long", files: { "a.json": `${count}\n` } });
  }
  const first = await ask(sandbox, `${API}/compare/main...long?per_page=3`);
  expect(first.json).toMatchObject({ total_commits: 5, ahead_by: 5, files: [{ filename: "a.json" }] });
  expect(at(first.json, "commits")).toHaveLength(3);
  const second = await ask(sandbox, `${API}/compare/main...long?per_page=3&page=2`);
  expect(at(second.json, "commits")).toHaveLength(2);
  expect(second.json).not.toHaveProperty("files");
  expect(second.json["total_commits"]).toBe(5);
});

test("a label is found whatever its case", async () => {
  expect((await ask(sandbox, `${API}/labels/Ready-For-Review`)).json).toMatchObject({ name: "ready-for-review" });
  expect((await ask(sandbox, `${API}/labels/none`)).status).toBe(404);
});

test("a team is seen by those who may read members, a collaborator by all", async () => {
  const team = "/orgs/octo-org/teams/reviewers";
  expect((await ask(sandbox, team, { token: "of-members" })).json).toMatchObject({ slug: "reviewers" });
  expect((await ask(sandbox, team, { token: "reader" })).status).toBe(404);
  expect((await ask(sandbox, "/orgs/octo-org/teams/none")).status).toBe(404);
  expect((await ask(sandbox, `${API}/collaborators/alice`)).status).toBe(204);
  expect((await ask(sandbox, `${API}/collaborators/mallory`)).status).toBe(404);
});

test("checks are what ran on a commit, and a branch with slashes names one", async () => {
  sandbox.github.setChecks(REPOSITORY, head, { validate: "failure", lint: null });
  const runs = await ask(sandbox, `${API}/commits/${BRANCH}/check-runs`);
  expect(runs.json).toMatchObject({
    total_count: 2,
    check_runs: [
      { name: "validate", status: "completed", conclusion: "failure", head_sha: head },
      { name: "lint", status: "in_progress", conclusion: null },
    ],
  });
  expect((await ask(sandbox, `${API}/commits/${head}/status`)).json).toMatchObject({ state: "pending", statuses: [] });
});

test("a commit knows its pull requests", async () => {
  expect((await ask(sandbox, `${API}/commits/${head}/pulls`)).list).toMatchObject([{ number: 1 }]);
  const main = sandbox.github.branches(REPOSITORY)["main"];
  expect((await ask(sandbox, `${API}/commits/${main}/pulls`)).list).toEqual([]);
});

test("an installation lists what its token reaches", async () => {
  const keys = createAppKeys(5);
  sandbox.github.createRepository({ owner: "octo-org", name: "other", files: { a: "1" } });
  sandbox.github.credentials.addApp({
    id: 5,
    publicKeyPem: keys.publicKeyPem,
    installationId: 77,
    owner: "octo-org",
    permissions: { contents: "write" },
    repositories: ["models", "other"],
  });
  now = Date.now();
  const mint = (body: object) =>
    ask(sandbox, "/app/installations/77/access_tokens", { method: "POST", token: keys.jwt(), body });
  const token = String((await mint({ repositories: ["other"] })).json["token"]);
  const listed = await ask(sandbox, "/installation/repositories", { token });
  expect(listed.json).toMatchObject({ total_count: 1, repositories: [{ full_name: "octo-org/other" }] });
  expect((await ask(sandbox, "/installation/repositories")).status).toBe(403);
});

test("a tree keeps every mode it is given", async () => {
  const main = await ask(sandbox, `${API}/branches/main`);
  const baseTree = shaIn(main, "commit", "commit", "tree", "sha");
  const docs = shaIn(await ask(sandbox, `${API}/git/trees/${baseTree}`), "sha");
  const tree = await ask(sandbox, `${API}/git/trees`, {
    method: "POST",
    body: {
      base_tree: baseTree,
      tree: [
        { path: "run.sh", mode: "100755", type: "blob", content: "#!/bin/sh\n" },
        { path: "link", mode: "120000", type: "blob", content: "a.json" },
        { path: "module", mode: "160000", type: "commit", sha: head },
        { path: "folder", mode: "040000", type: "tree", sha: docs },
      ],
    },
  });
  expect(tree.status, tree.text).toBe(201);
  const shown = at((await ask(sandbox, `${API}/git/trees/${shaIn(tree, "sha")}`)).json, "tree");
  expect(shown).toMatchObject([
    { path: "a.json", mode: "100644" },
    { path: "b.json" },
    { path: "docs" },
    { path: "folder", mode: "040000", type: "tree" },
    { path: "link", mode: "120000", type: "blob" },
    { path: "module", mode: "160000", type: "commit", sha: head },
    { path: "run.sh", mode: "100755", type: "blob" },
  ]);
});

test("a person's push may hold any mode, and the operator sees it", () => {
  const files = {
    "run.sh": { mode: "100755", content: "#!/bin/sh\n" },
    "b.json": { mode: "120000", content: "a.json" },
    module: { mode: "160000", content: head },
    "a.json/inner": "a folder now\n",
  };
  sandbox.github.commit({ repository: REPOSITORY, branch: "modes", files });
  const modeOf = (path: string) => sandbox.github.readMode({ repository: REPOSITORY, ref: "modes", path });
  expect(["run.sh", "b.json", "module", "a.json", "none"].map(modeOf)).toEqual([
    "100755",
    "120000",
    "160000",
    "040000",
    null,
  ]);
});
