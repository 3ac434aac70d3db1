import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { PYTHON_CLOSING } from "../../sandbox/github/python-service.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { API, ask, at, openPull, pushBranch, REPOSITORY, startWithRepository } from "./support.ts";

const run = promisify(execFile);
const BRANCH = "sync/models";
const PULL = { repository: REPOSITORY, number: 1 };
let sandbox: Sandbox;
let head = "";

beforeEach(async () => {
  sandbox = await startWithRepository();
  head = await pushBranch(sandbox, BRANCH, { "a.json": '{"a": 2}\n' });
  await openPull(sandbox);
});

afterEach(async () => {
  for (const repository of sandbox.github.repositories()) expect(await sandbox.github.fsck(repository)).toBe("");
  await sandbox.close();
});

const branches = () => sandbox.github.branches(REPOSITORY);
const history = (ref: string) => sandbox.github.history(REPOSITORY, ref);
const pull = (number = 1) => sandbox.github.pullRequests(REPOSITORY)[number - 1];
const push = (files: Record<string, string>, branch = BRANCH) =>
  sandbox.github.commit({ repository: REPOSITORY, branch, files });
const read = (ref: string, path: string) =>
  Buffer.from(sandbox.github.readFile({ repository: REPOSITORY, ref, path }) ?? []).toString();
const eventsOf = async (number = 1) =>
  (await ask(sandbox, `${API}/issues/${number}/events`)).list.map(
    ({ event, actor }) => `${event} ${at(actor, "login")}`,
  );

describe("a merge", () => {
  test.each(["squash", "rebase"] as const)("by %s leaves the branch's commits outside the base", async (method) => {
    push({ "b.json": '{"b": 2}\n' });
    const tip = branches()[BRANCH];
    sandbox.github.commit({ repository: REPOSITORY, files: { "docs/note.txt": "main moved\n" } });
    sandbox.github.mergePullRequest({ ...PULL, method });
    expect(branches()[BRANCH]).toBe(tip);
    expect(pull()).toMatchObject({ state: "closed", merged: true, head: { sha: tip } });
    const shas = history("main").map(({ sha }) => sha);
    expect(shas).not.toContain(tip);
    expect(shas).not.toContain(head);
    expect([read("main", "a.json"), read("main", "b.json")]).toEqual(['{"a": 2}\n', '{"b": 2}\n']);
    expect(read("main", "docs/note.txt")).toBe("main moved\n");
    expect(history("main")).toHaveLength(method === "squash" ? 3 : 4);
    expect(history("main").every(({ parents }) => parents.length < 2)).toBe(true);
    expect(await eventsOf()).toEqual(["merged pat", "closed pat"]);
  });

  test("by rebase keeps authors and messages, and drops merges", async () => {
    sandbox.github.commit({ repository: REPOSITORY, files: { "docs/note.txt": "main moved\n" } });
    sandbox.github.updateBranch({ ...PULL, method: "merge" });
    expect(history(BRANCH)[0]?.parents).toHaveLength(2);
    sandbox.github.mergePullRequest({ ...PULL, method: "rebase" });
    expect(history("main").map(({ author, message }) => `${author}: ${message}`)).toEqual([
      "maintainer: Set a.json",
      "Pat Person: Edit docs/note.txt",
      "Pat Person: Initial commit",
    ]);
  });

  test("deletes the branch where the repository says so", async () => {
    sandbox.github.setDeletesMergedBranches(REPOSITORY, true);
    sandbox.github.mergePullRequest({ ...PULL, method: "squash" });
    expect(Object.keys(branches())).toEqual(["main"]);
    expect(await eventsOf()).toEqual(["merged pat", "closed pat", "head_ref_deleted pat"]);
  });
});

describe("a branch that people rewrite", () => {
  test("by amending keeps its message and author, with another tree", () => {
    const amended = sandbox.github.amendCommit({ repository: REPOSITORY, branch: BRANCH, files: { "a.json": "{}\n" } });
    const [tip, parent] = history(BRANCH);
    expect(tip).toMatchObject({ sha: amended, message: "Set a.json", author: "maintainer" });
    expect(parent?.sha).toBe(branches()["main"]);
    expect(pull()).toMatchObject({ state: "open", head: { sha: amended } });
  });

  test("by squashing has one commit with the tree of all", async () => {
    push({ "b.json": "[]\n" });
    const squashed = sandbox.github.squashBranch({ repository: REPOSITORY, branch: BRANCH });
    expect(history(BRANCH).map(({ sha }) => sha)).toEqual([squashed, branches()["main"]]);
    expect([read(BRANCH, "a.json"), read(BRANCH, "b.json")]).toEqual(['{"a": 2}\n', "[]\n"]);
    expect(await eventsOf()).toEqual(["head_ref_force_pushed pat"]);
  });

  test("by force goes where it is told", () => {
    push({ "b.json": "[]\n" });
    sandbox.github.forcePush({ repository: REPOSITORY, branch: BRANCH, sha: head });
    expect(pull()).toMatchObject({ state: "open", head: { sha: head } });
    const nowhere = { repository: REPOSITORY, branch: BRANCH, sha: "1".repeat(40) };
    expect(() => sandbox.github.forcePush(nowhere)).toThrow(/no commit 1{40}/);
  });

  test("takes an empty commit, a given e-mail address and any message", async () => {
    const tree = at((await ask(sandbox, `${API}/git/commits/${head}`)).json, "tree", "sha");
    const message = "Mine\n\nSync-Tree: copied";
    const options = {
      repository: REPOSITORY,
      branch: BRANCH,
      files: {},
      message,
      author: "A Bot",
      email: "a@b.example",
    };
    const empty = sandbox.github.commit(options);
    const commit = await ask(sandbox, `${API}/git/commits/${empty}`);
    expect(commit.json).toMatchObject({
      message,
      author: { name: "A Bot", email: "a@b.example" },
      tree: { sha: tree },
    });
  });

  test.each(["merge", "rebase"] as const)("by the button, with a %s, has the base's commits", async (method) => {
    sandbox.github.commit({ repository: REPOSITORY, files: { "docs/note.txt": "main moved\n" } });
    const updated = sandbox.github.updateBranch({ ...PULL, method });
    const shas = history(BRANCH).map(({ sha }) => sha);
    expect(shas[0]).toBe(updated);
    expect(shas).toContain(branches()["main"]);
    expect(shas.includes(head)).toBe(method === "merge");
    expect(history(BRANCH).find(({ message }) => message === "Set a.json")?.author).toBe("maintainer");
    expect(pull()).toMatchObject({ state: "open", head: { sha: updated } });
    expect([read(BRANCH, "a.json"), read(BRANCH, "docs/note.txt")]).toEqual(['{"a": 2}\n', "main moved\n"]);
  });

  test("cannot be updated where the base conflicts", () => {
    sandbox.github.commit({ repository: REPOSITORY, files: { "a.json": '{"a": 3}\n' } });
    for (const method of ["merge", "rebase"] as const) {
      expect(() => sandbox.github.updateBranch({ ...PULL, method })).toThrow(/conflicts .* a\.json/);
    }
    expect(branches()[BRANCH]).toBe(head);
  });
});

describe("a pull request", () => {
  test("closed, opened again behind eleven newer ones, is still found by its head", async () => {
    sandbox.github.closePullRequest(PULL);
    for (let number = 2; number <= 12; number++) {
      push({ "b.json": `${number}\n` });
      const options = { repository: REPOSITORY, head: BRANCH, title: `Number ${number}` };
      expect(sandbox.github.openPullRequest(options)).toBe(number);
      sandbox.github.closePullRequest({ repository: REPOSITORY, number });
    }
    sandbox.github.reopenPullRequest(PULL);
    const url = `${API}/pulls?head=octo-org:${BRANCH}&state=all&per_page=10`;
    expect((await ask(sandbox, url)).list.map((entry) => entry["number"])).not.toContain(1);
    expect((await ask(sandbox, `${API}/pulls?head=octo-org:${BRANCH}`)).list).toMatchObject([
      { number: 1, head: { sha: branches()[BRANCH] } },
    ]);
    expect(() => sandbox.github.reopenPullRequest({ repository: REPOSITORY, number: 2 })).toThrow();
  });

  test("cannot be opened again when its branch was pushed by force", async () => {
    sandbox.github.closePullRequest(PULL);
    sandbox.github.amendCommit({ repository: REPOSITORY, branch: BRANCH, files: { "a.json": "{}\n" } });
    const refused = await ask(sandbox, `${API}/pulls/1`, { method: "PATCH", body: { state: "open" } });
    expect(refused.status).toBe(422);
    expect(refused.text).toContain("was force-pushed or recreated");
    expect(pull()).toMatchObject({ state: "closed", head: { sha: head } });
  });

  test("goes to another base, by hand and over the API", async () => {
    sandbox.github.commit({ repository: REPOSITORY, branch: "next", files: { "docs/next.txt": "1\n" } });
    sandbox.github.retargetPullRequest({ ...PULL, base: "next" });
    expect(pull()?.base).toMatchObject({ ref: "next", sha: branches()["next"] });
    expect((await ask(sandbox, `${API}/pulls?base=main`)).list).toEqual([]);
    const back = await ask(sandbox, `${API}/pulls/1`, { method: "PATCH", body: { base: "main" } });
    expect(back.json).toMatchObject({ base: { ref: "main" } });
    expect((await ask(sandbox, `${API}/pulls/1`, { method: "PATCH", body: { base: "none" } })).status).toBe(422);
    expect(await eventsOf()).toEqual(["base_ref_changed pat", "base_ref_changed maintainer"]);
  });

  test("comes back with its branch", async () => {
    sandbox.github.deleteBranch(REPOSITORY, BRANCH);
    expect(pull()).toMatchObject({ state: "closed", closedBy: "pat" });
    sandbox.github.restoreBranch(PULL);
    expect(branches()[BRANCH]).toBe(head);
    sandbox.github.reopenPullRequest(PULL);
    expect(pull()).toMatchObject({ state: "open", closedBy: null });
    expect(await eventsOf()).toEqual(["head_ref_deleted pat", "closed pat", "head_ref_restored pat", "reopened pat"]);
  });

  test("becomes a draft, is locked, and gets other words", async () => {
    sandbox.github.setDraft({ ...PULL, isDraft: true });
    sandbox.github.lockConversation({ ...PULL, reason: "too heated" });
    sandbox.github.editPullRequest({ ...PULL, title: "Other", body: "Words" });
    const shown = { draft: true, locked: true, active_lock_reason: "too heated", title: "Other", body: "Words" };
    expect((await ask(sandbox, `${API}/pulls/1`)).json).toMatchObject(shown);
    expect((await ask(sandbox, `${API}/issues/1`)).json).toMatchObject(shown);
    const events = (await ask(sandbox, `${API}/issues/1/events`)).list;
    expect(events).toMatchObject([
      { event: "convert_to_draft" },
      { event: "locked", lock_reason: "too heated" },
      { event: "renamed", rename: { from: "A change", to: "Other" } },
    ]);
    sandbox.github.unlockConversation(PULL);
    sandbox.github.setDraft({ ...PULL, isDraft: false });
    expect((await ask(sandbox, `${API}/pulls/1`)).json).toMatchObject({ draft: false, locked: false });
  });
});

describe("who closed it", () => {
  const closedBy = async (number = 1) => (await ask(sandbox, `${API}/issues/${number}`)).json["closed_by"];

  test.each([
    ["a person", { by: { login: "alice", type: "User" } }, { login: "alice", type: "User" }],
    ["a bot", { by: { login: "stale[bot]", type: "Bot" } }, { login: "stale[bot]", type: "Bot" }],
  ] as const)("is %s", async (_who, options, expected) => {
    sandbox.github.closePullRequest({ ...PULL, ...options });
    expect(await closedBy()).toMatchObject(expected);
    expect(at((await ask(sandbox, `${API}/pulls/1`)).json, "closed_by")).toBeUndefined();
  });

  test("is not told", async () => {
    sandbox.github.closePullRequest({ ...PULL, by: null });
    expect(await closedBy()).toBeNull();
    expect((await ask(sandbox, `${API}/issues/1/events`)).list).toMatchObject([{ event: "closed", actor: null }]);
  });

  test("is whoever asks the API, or merges, or deletes the branch", async () => {
    await ask(sandbox, `${API}/pulls/1`, { method: "PATCH", body: { state: "closed" } });
    expect(await closedBy()).toMatchObject({ login: "maintainer", type: "User" });
    sandbox.github.reopenPullRequest(PULL);
    await ask(sandbox, `${API}/git/refs/heads/${BRANCH}`, { method: "DELETE" });
    expect(await closedBy()).toMatchObject({ login: "maintainer" });
  });

  test("is the Python service, which says so and leaves its own branch", async () => {
    await pushBranch(sandbox, "another", { "b.json": "1\n" });
    await openPull(sandbox, "another");
    const number = sandbox.github.runPythonService({ repository: REPOSITORY, files: { "b.json": "[]\n" } });
    expect(pull(1)).toMatchObject({
      state: "closed",
      comments: [{ author: "horde-sync-service", body: PYTHON_CLOSING }],
    });
    expect(pull(2)).toMatchObject({ state: "open", comments: [] });
    expect(pull(number ?? 0)?.head.ref).toMatch(/^sync\/multi-category\/\d{8}-\d{6}$/);
    expect(await eventsOf(1)).toEqual(["closed horde-sync-service"]);
    sandbox.github.runPythonService({ repository: REPOSITORY, category: "clip" });
    expect(pull(number ?? 0)?.state).toBe("closed");
  });
});

describe("labels and reviewers", () => {
  test("come and go with events, oldest first, that name who did it", async () => {
    sandbox.github.credentials.setUsers(["alice", "bob"]);
    sandbox.github.credentials.setTeams(["reviewers"]);
    await ask(sandbox, `${API}/issues/1/labels`, { method: "POST", body: { labels: ["bug", "sync"] } });
    await ask(sandbox, `${API}/issues/1/labels`, { method: "POST", body: { labels: ["bug"] } });
    sandbox.github.removeLabels({ ...PULL, labels: ["sync", "never there"] });
    const body = { reviewers: ["alice"], team_reviewers: ["reviewers"] };
    await ask(sandbox, `${API}/pulls/1/requested_reviewers`, { method: "POST", body });
    sandbox.github.removeReviewers({ ...PULL, reviewers: ["alice"] });
    sandbox.github.requestReviewers({ ...PULL, reviewers: ["bob"], by: { login: "carol", type: "User" } });
    const events = (await ask(sandbox, `${API}/issues/1/events`)).list;
    const maintainer = { login: "maintainer" };
    expect(events).toMatchObject([
      { event: "labeled", actor: maintainer, label: { name: "bug" } },
      { event: "labeled", actor: maintainer, label: { name: "sync" } },
      { event: "unlabeled", actor: { login: "pat" }, label: { name: "sync" } },
      { event: "review_requested", actor: maintainer, requested_reviewer: { login: "alice" } },
      { event: "review_requested", actor: maintainer, requested_team: { slug: "reviewers" } },
      { event: "review_request_removed", actor: { login: "pat" }, requested_reviewer: { login: "alice" } },
      { event: "review_requested", actor: { login: "carol" }, requested_reviewer: { login: "bob" } },
    ]);
    const page = await ask(sandbox, `${API}/issues/1/events?per_page=2&page=2`);
    expect(page.list.map(({ event }) => event)).toEqual(["unlabeled", "review_requested"]);
    expect(page.headers.get("link")).toContain('rel="next"');
    const gone = await ask(sandbox, `${API}/issues/1/labels/bug`, { method: "DELETE" });
    expect([gone.status, pull()?.labels]).toEqual([200, []]);
    expect((await ask(sandbox, `${API}/issues/1/labels/bug`, { method: "DELETE" })).status).toBe(404);
  });

  test("a review ends its request without an event", async () => {
    sandbox.github.requestReviewers({ ...PULL, reviewers: ["alice"] });
    sandbox.github.submitReview({ ...PULL, by: { login: "alice", type: "User" } });
    expect(pull()?.requestedReviewers).toEqual([]);
    expect(await eventsOf()).toEqual(["review_requested pat"]);
    expect((await ask(sandbox, `${API}/pulls/1/reviews`)).list).toMatchObject([
      { user: { login: "alice" }, state: "APPROVED" },
    ]);
  });

  test("a reviewer may be taken with 201 and left out", async () => {
    sandbox.github.credentials.setUsers(["alice", "ghost"]);
    sandbox.github.credentials.setSilentReviewers(["ghost"]);
    const path = `${API}/pulls/1/requested_reviewers`;
    const asked = await ask(sandbox, path, { method: "POST", body: { reviewers: ["alice", "ghost"] } });
    expect([asked.status, pull()?.requestedReviewers]).toEqual([201, ["alice"]]);
  });
});

describe("a fork in the same organisation", () => {
  const FORK = "octo-org/models-fork";

  beforeEach(() => {
    sandbox.github.forkRepository({ from: REPOSITORY, owner: "octo-org", name: "models-fork" });
    sandbox.github.commit({ repository: FORK, branch: BRANCH, files: { "a.json": '{"a": 9}\n' } });
  });

  test("has a pull request of the same branch name, that the same filter lists", async () => {
    const body = { title: "Theirs", head: `octo-org:${BRANCH}`, head_repo: "models-fork", base: "main" };
    const opened = await ask(sandbox, `${API}/pulls`, { method: "POST", body });
    expect(opened.status).toBe(201);
    const found = (await ask(sandbox, `${API}/pulls?head=octo-org:${BRANCH}`)).list;
    expect(found).toMatchObject([
      { number: 2, head: { label: `octo-org:${BRANCH}`, repo: { full_name: FORK } } },
      { number: 1, head: { label: `octo-org:${BRANCH}`, repo: { full_name: REPOSITORY } } },
    ]);
    const next = sandbox.github.commit({ repository: FORK, branch: BRANCH, files: { "b.json": "2\n" } });
    expect([pull(1)?.head.sha, pull(2)?.head.sha]).toEqual([head, next]);
    expect(sandbox.github.diff({ repository: REPOSITORY, number: 2 })).toContain('+{"a": 9}');
    sandbox.github.deleteBranch(FORK, BRANCH);
    expect([pull(1)?.state, pull(2)?.state]).toEqual(["open", "closed"]);
  });

  test("is cloned with what it shares and what it has alone", async () => {
    const folder = mkdtempSync(join(tmpdir(), "fork-"));
    const git = async (...args: string[]) => (await run("git", args, { cwd: folder })).stdout;
    await git("clone", "--quiet", "--branch", BRANCH, `${sandbox.github.url}/${FORK}.git`, "clone");
    expect(await git("-C", "clone", "show", "HEAD:a.json", "HEAD:b.json")).toBe('{"a": 9}\n{"b": 1}\n');
    rmSync(folder, { recursive: true });
  });

  test("that is deleted closes its pull request, whose head has no repository then", async () => {
    const options = { repository: REPOSITORY, headRepository: FORK, head: BRANCH, title: "Theirs" };
    const number = sandbox.github.openPullRequest(options);
    sandbox.github.deleteRepository(FORK);
    const shown = (await ask(sandbox, `${API}/pulls/${number}`)).json;
    expect(shown).toMatchObject({ state: "closed", head: { repo: null, label: `octo-org:${BRANCH}` } });
    expect((await ask(sandbox, `/repos/${FORK}`)).status).toBe(404);
    expect(pull(1)?.state).toBe("open");
  });

  test("is merged without touching our branch", () => {
    const options = { repository: REPOSITORY, headRepository: FORK, head: BRANCH, title: "Theirs" };
    const number = sandbox.github.openPullRequest(options);
    sandbox.github.setDeletesMergedBranches(REPOSITORY, true);
    sandbox.github.mergePullRequest({ repository: REPOSITORY, number });
    expect(read("main", "a.json")).toBe('{"a": 9}\n');
    expect(branches()[BRANCH]).toBe(head);
    expect(sandbox.github.branches(FORK)[BRANCH]).toBeUndefined();
  });
});
