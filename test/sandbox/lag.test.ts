import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { API, ask, at, openPull, pushBranch, REPOSITORY, startWithRepository } from "./support.ts";

const BRANCH = "sync/models";
const PULL = { repository: REPOSITORY, number: 1 };
const MINUTE_MS = 60_000;
let sandbox: Sandbox;
let now = Date.parse("2026-03-01T12:00:00Z");
let first = "";

beforeEach(async () => {
  sandbox = await startWithRepository({ now: () => now });
  first = await pushBranch(sandbox, BRANCH, { "a.json": '{"a": 2}\n' });
  await openPull(sandbox);
});

afterEach(() => sandbox.close());

const push = () => sandbox.github.commit({ repository: REPOSITORY, branch: BRANCH, files: { "b.json": `${now}\n` } });
const list = async () => (await ask(sandbox, `${API}/pulls?head=octo-org:${BRANCH}&state=all`)).list;
const listedHead = async () => at((await list())[0], "head", "sha");
const refHead = async () => at((await ask(sandbox, `${API}/git/ref/heads/${BRANCH}`)).json, "object", "sha");

describe("heads that lag", () => {
  test("stay as they were until they are released, while the ref and the answer of a write are right", async () => {
    sandbox.github.startLag(REPOSITORY, { scope: "heads" });
    now += MINUTE_MS;
    const second = push();
    const updated = (await list())[0]?.["updated_at"];
    expect([await listedHead(), await refHead()]).toEqual([first, second]);
    expect(at((await ask(sandbox, `${API}/pulls/1`)).json, "head", "sha")).toBe(first);
    expect((await ask(sandbox, `${API}/commits/${second}/pulls`)).list).toEqual([]);
    const patched = await ask(sandbox, `${API}/pulls/1`, { method: "PATCH", body: { title: "Other" } });
    expect(patched.json).toMatchObject({ title: "Other", head: { sha: second } });
    expect((await list())[0]).toMatchObject({ title: "Other", head: { sha: first }, updated_at: updated });
    sandbox.github.endLag(REPOSITORY);
    expect(await listedHead()).toBe(second);
  });

  test("tell, for a pull request that is newer than the lag, the head it was opened with", async () => {
    sandbox.github.startLag(REPOSITORY, { scope: "heads" });
    const opened = await pushBranch(sandbox, "other", { "b.json": "1\n" });
    await openPull(sandbox, "other");
    sandbox.github.commit({ repository: REPOSITORY, branch: "other", files: { "b.json": "2\n" } });
    expect(at((await ask(sandbox, `${API}/pulls/2`)).json, "head", "sha")).toBe(opened);
  });

  test("keep what a closed pull request recorded", async () => {
    sandbox.github.startLag(REPOSITORY, { scope: "heads" });
    const second = push();
    sandbox.github.closePullRequest(PULL);
    expect((await list())[0]).toMatchObject({ state: "closed", head: { sha: second } });
  });
});

describe("everything that lags", () => {
  test("for a time, shows what was so that long ago", async () => {
    sandbox.github.startLag(REPOSITORY, { ms: 10 * MINUTE_MS });
    now += MINUTE_MS;
    const second = push();
    now += MINUTE_MS;
    sandbox.github.closePullRequest(PULL);
    expect((await list())[0]).toMatchObject({ state: "open", head: { sha: first } });
    now += 9 * MINUTE_MS;
    expect((await list())[0]).toMatchObject({ state: "open", head: { sha: second } });
    now += MINUTE_MS;
    expect((await list())[0]).toMatchObject({ state: "closed" });
  });

  test("does not list what is new, and does not know its events", async () => {
    sandbox.github.startLag(REPOSITORY);
    sandbox.github.addLabels({ ...PULL, labels: ["bug"] });
    await pushBranch(sandbox, "other", { "b.json": "1\n" });
    expect((await openPull(sandbox, "other")).status).toBe(201);
    expect((await openPull(sandbox, "other")).status).toBe(422);
    expect((await ask(sandbox, `${API}/pulls`)).list.map((pull) => pull["number"])).toEqual([1]);
    expect((await ask(sandbox, `${API}/pulls/2`)).status).toBe(404);
    expect((await ask(sandbox, `${API}/issues/1/events`)).list).toEqual([]);
    expect((await ask(sandbox, `${API}/issues/1`)).json).toMatchObject({ labels: [] });
    expect((await ask(sandbox, `${API}/issues/2/comments`, { method: "POST", body: { body: "Hi" } })).status).toBe(201);
    expect((await ask(sandbox, `${API}/issues/2/comments`)).list).toHaveLength(1);
    sandbox.github.endLag(REPOSITORY);
    expect((await ask(sandbox, `${API}/issues/1/events`)).list).toMatchObject([{ event: "labeled" }]);
  });

  test("of one repository leaves another alone", async () => {
    sandbox.github.createRepository({ owner: "octo-org", name: "second", files: { a: "1" } });
    sandbox.github.startLag("octo-org/second");
    const second = push();
    expect(await listedHead()).toBe(second);
  });
});
