import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { API, ask, at, openPull, pushBranch, REPOSITORY, shaIn, startWithRepository } from "./support.ts";

const BRANCH = "sync/models";
let sandbox: Sandbox;
let head = "";

beforeEach(async () => {
  sandbox = await startWithRepository();
  head = await pushBranch(sandbox, BRANCH, { "a.json": '{"a": 2}\n' });
});

afterEach(async () => {
  expect(await sandbox.github.fsck(REPOSITORY)).toBe("");
  await sandbox.close();
});

function pull() {
  return sandbox.github.pullRequests(REPOSITORY)[0];
}

function post(path: string, body: unknown, method = "POST") {
  return ask(sandbox, API + path, { method, body });
}

test("opens one, and finds it by head, with the owner or not at all", async () => {
  const opened = await openPull(sandbox);
  expect(opened.status).toBe(201);
  expect(opened.json).toMatchObject({ number: 1, state: "open", merged: false, commits: 1, changed_files: 1 });
  expect(at(opened.json, "head", "sha")).toBe(head);
  const found = await ask(sandbox, `${API}/pulls?head=octo-org:${BRANCH}&state=all`);
  expect(found.list.map((entry) => entry["number"])).toEqual([1]);
  expect((await ask(sandbox, `${API}/pulls?head=octo-org:other`)).list).toHaveLength(0);
  expect((await ask(sandbox, `${API}/pulls?head=other`)).list).toHaveLength(1);
  expect((await ask(sandbox, `${API}/pulls/1/files`)).list).toMatchObject([{ filename: "a.json" }]);
  expect((await ask(sandbox, `${API}/pulls/1/commits`)).list).toMatchObject([{ sha: head }]);
  expect(sandbox.github.diff({ repository: REPOSITORY, number: 1 })).toContain('-{"a": 1}\n+{"a": 2}\n');
  const page = await fetch(String(opened.json["html_url"]), { headers: { accept: "text/html" } });
  expect(await page.text()).toContain("A change #1");
});

test("lists newest first, a page at a time", async () => {
  for (const name of ["one", "two", "three"]) {
    await pushBranch(sandbox, name, { "b.json": name });
    await openPull(sandbox, name);
  }
  const first = await ask(sandbox, `${API}/pulls?per_page=2`);
  expect(first.list.map((entry) => entry["number"])).toEqual([3, 2]);
  expect(first.headers.get("link")).toContain('page=2>; rel="next"');
  const second = await ask(sandbox, `${API}/pulls?per_page=2&page=2`);
  expect(second.list.map((entry) => entry["number"])).toEqual([1]);
});

test("follows the head, and closes when the head goes back to its base or away", async () => {
  await openPull(sandbox);
  const next = sandbox.github.commit({ repository: REPOSITORY, branch: BRANCH, files: { "b.json": "{}\n" } });
  expect(pull()).toMatchObject({ state: "open", head: { sha: next } });
  const main = sandbox.github.branches(REPOSITORY)["main"];
  await post(`/git/refs/heads/${BRANCH}`, { sha: main, force: true }, "PATCH");
  expect(pull()).toMatchObject({ state: "closed", merged: false });
  await pushBranch(sandbox, "other", { "b.json": "[]\n" });
  await openPull(sandbox, "other");
  await ask(sandbox, `${API}/git/refs/heads/other`, { method: "DELETE" });
  const second = await ask(sandbox, `${API}/pulls/2`);
  expect(second.json).toMatchObject({ state: "closed", merged_at: null });
  expect(second.json["closed_at"]).toMatch(/Z$/);
});

test("counts a base that took the commits in as a merge", async () => {
  await openPull(sandbox);
  await post("/git/refs/heads/main", { sha: head }, "PATCH");
  expect(pull()).toMatchObject({ state: "closed", merged: true, mergeCommitSha: head });
});

describe("merging", () => {
  test("makes a merge commit that keeps both sides' changes, also within a file", async () => {
    const note = (first: string, last: string) => `${first}\ntwo\nthree\nfour\n${last}\n`;
    await pushBranch(sandbox, "notes", { "docs/note.txt": note("one", "FIVE") });
    await openPull(sandbox, "notes");
    sandbox.github.commit({ repository: REPOSITORY, files: { "docs/note.txt": note("ONE", "five"), "b.json": null } });
    const sha = sandbox.github.mergePullRequest({ repository: REPOSITORY, number: 1, deleteBranch: true });
    expect(sandbox.github.history(REPOSITORY, "main")[0]?.parents).toHaveLength(2);
    expect(sandbox.github.branches(REPOSITORY)).toMatchObject({ main: sha });
    expect(sandbox.github.branches(REPOSITORY)["notes"]).toBeUndefined();
    const text = sandbox.github.readFile({ repository: REPOSITORY, ref: "main", path: "docs/note.txt" });
    expect(Buffer.from(text ?? []).toString()).toBe(note("ONE", "FIVE"));
    expect(sandbox.github.readFile({ repository: REPOSITORY, ref: "main", path: "b.json" })).toBeNull();
  });

  test("refuses a conflict, a moved head and a closed one", async () => {
    await openPull(sandbox);
    expect((await post("/pulls/1/merge", { sha: "0".repeat(40) }, "PUT")).status).toBe(409);
    sandbox.github.commit({ repository: REPOSITORY, files: { "a.json": '{"a": 3}\n' } });
    expect(() => sandbox.github.mergePullRequest({ repository: REPOSITORY, number: 1 })).toThrow(/conflicts.*a\.json/);
    expect((await post("/pulls/1/merge", {}, "PUT")).status).toBe(405);
    sandbox.github.closePullRequest({ repository: REPOSITORY, number: 1 });
    expect((await post("/pulls/1/merge", {}, "PUT")).status).toBe(405);
  });

  test("works over the API, squashed if wished", async () => {
    await openPull(sandbox);
    const merged = await post("/pulls/1/merge", { merge_method: "squash" }, "PUT");
    expect(merged.json).toMatchObject({ merged: true });
    const [newest] = sandbox.github.history(REPOSITORY, "main");
    expect([newest?.sha, newest?.parents.length]).toEqual([shaIn(merged, "sha"), 1]);
  });
});

test("takes changes of title, body and state, and refuses to reopen what cannot be", async () => {
  await openPull(sandbox);
  const patched = await post("/pulls/1", { title: "Other", body: "Text", state: "closed" }, "PATCH");
  expect(patched.json).toMatchObject({ title: "Other", body: "Text", state: "closed" });
  expect((await post("/pulls/1", { state: "open" }, "PATCH")).json).toMatchObject({ state: "open", closed_at: null });
  sandbox.github.deleteBranch(REPOSITORY, BRANCH);
  expect((await post("/pulls/1", { state: "open" }, "PATCH")).status).toBe(422);
});

describe("opening refuses", () => {
  const messageOf = (json: unknown) => JSON.stringify(at(json, "errors"));

  test("a second one", async () => {
    await openPull(sandbox);
    const second = await openPull(sandbox);
    expect([second.status, second.json["message"]]).toEqual([422, "Validation Failed"]);
    expect(messageOf(second.json)).toContain(`A pull request already exists for octo-org:${BRANCH}.`);
  });

  test("a branch without commits of its own", async () => {
    await post("/git/refs", { ref: "refs/heads/same", sha: sandbox.github.branches(REPOSITORY)["main"] });
    const refused = await openPull(sandbox, "same");
    expect(messageOf(refused.json)).toContain("No commits between main and same");
  });

  test.each([
    ["head", { head: "none" }],
    ["base", { base: "none" }],
  ])("an unknown %s", async (field, fields) => {
    const refused = await openPull(sandbox, BRANCH, fields);
    expect(refused.status).toBe(422);
    expect(at(refused.json, "errors")).toEqual([{ resource: "PullRequest", field, code: "invalid" }]);
  });

  test("a body over 65,536 characters", async () => {
    expect((await openPull(sandbox, BRANCH, { body: "x".repeat(65_537) })).status).toBe(422);
    expect((await openPull(sandbox, BRANCH, { body: "x".repeat(65_536) })).status).toBe(201);
  });

  test("all but one of many that race", async () => {
    const statuses = (await Promise.all(Array.from({ length: 10 }, () => openPull(sandbox)))).map(
      ({ status }) => status,
    );
    expect(statuses.sort()).toEqual([201, ...Array.from({ length: 9 }, () => 422)]);
  });
});

describe("the conversation", () => {
  beforeEach(() => openPull(sandbox));

  test("comments are added and changed", async () => {
    const added = await post("/issues/1/comments", { body: "Hello" });
    expect(added.status).toBe(201);
    await post(`/issues/comments/${String(added.json["id"])}`, { body: "Bye" }, "PATCH");
    expect((await ask(sandbox, `${API}/issues/1/comments`)).list).toMatchObject([{ body: "Bye" }]);
    expect(pull()?.comments).toEqual([{ author: "maintainer", body: "Bye" }]);
  });

  test("labels are made as needed, unless that is not allowed", async () => {
    expect((await post("/issues/1/labels", { labels: ["new"] })).status).toBe(200);
    sandbox.github.credentials.setLabelCreationAllowed(false);
    expect((await post("/issues/1/labels", { labels: ["bug", "newer"] })).status).toBe(403);
    expect((await post("/issues/1/labels", { labels: ["bug"] })).status).toBe(200);
    expect(pull()?.labels).toEqual(["new", "bug"]);
  });

  test("one unknown reviewer costs the whole list", async () => {
    sandbox.github.credentials.setUsers(["alice", "maintainer"]);
    const path = "/pulls/1/requested_reviewers";
    const refused = await post(path, { reviewers: ["alice", "nobody"] });
    expect(refused.status).toBe(422);
    expect(refused.json["message"]).toContain("Reviews may only be requested from collaborators");
    expect(pull()?.requestedReviewers).toEqual([]);
    expect((await post(path, { reviewers: ["maintainer"] })).json["message"]).toContain("pull request author");
    expect((await post(path, { reviewers: ["alice"] })).status).toBe(201);
    expect(pull()?.requestedReviewers).toEqual(["alice"]);
    await post(path, { reviewers: ["alice"] }, "DELETE");
    expect(pull()?.requestedReviewers).toEqual([]);
  });

  test("a team needs to be known and readable", async () => {
    sandbox.github.credentials.setTeams(["reviewers"]);
    const request = () => post("/pulls/1/requested_reviewers", { team_reviewers: ["reviewers"] });
    sandbox.github.credentials.setMembersReadable(false);
    expect((await request()).json["message"]).toContain("Could not resolve to a node");
    sandbox.github.credentials.setMembersReadable(true);
    expect((await request()).status).toBe(201);
    expect(pull()?.requestedTeams).toEqual(["reviewers"]);
  });
});

test("what a pull request says has no effect on its page", async () => {
  await openPull(sandbox, BRANCH, { title: "<script>alert(1)</script>", body: "</pre><img src=x>" });
  const page = await (await fetch(pull()?.url ?? "")).text();
  expect(page).not.toContain("<script>");
  expect(page).not.toContain("<img");
});
