import { describe, expect, it } from "vitest";
import { SYNC_BRANCH } from "../../src/config/sync-branch.ts";
import { type ErrorCode, SyncError } from "../../src/core/errors.ts";
import { apply } from "../../src/sync/apply.ts";
import type { Action } from "../../src/sync/decision.ts";
import type { PullRequest, RepositoryPorts } from "../../src/sync/ports.ts";
import { CLOSING, EDITED } from "../../src/sync/remarks.ts";
import { readSignature } from "../../src/sync/trailers.ts";
import { createFakeRepository, type FakeRepository } from "../fakes/repository.ts";

const FINGERPRINT = "5b3c".repeat(16);
const OTHER = "0".repeat(40);

async function setUp() {
  const repository = await createFakeRepository("image", { "clip.json": "1", README: "about" });
  const base = repository.refs.get("main") ?? "";
  const entries = new Map([["clip.json", { mode: "100644", text: "2" }]]);
  const commit: Action = {
    kind: "commit",
    baseTree: base,
    entries,
    parents: [base],
    text: "Sync clip\n\nOne model changed.",
    fingerprint: FINGERPRINT,
  };
  const run = (actions: readonly Action[], ports: RepositoryPorts = repository.ports) =>
    apply(actions, { ports, baseBranch: "main", lastUpdated: 100 });
  return { repository, commit, run };
}

const createRef: Action = { kind: "create-ref", branch: SYNC_BRANCH };
const moveRef: Action = { kind: "move-ref", branch: SYNC_BRANCH };
const openPull: Action = { kind: "open-pull", title: "Title", body: "Body" };

/** With the branch at our commit, and a pull request from it. */
async function withPull() {
  const world = await setUp();
  const done = await world.run([world.commit, createRef, openPull]);
  if (done.kind !== "done" || done.pull === null) throw new Error("No pull request was opened.");
  world.repository.calls.length = 0;
  return { ...world, pull: done.pull, head: world.repository.refs.get(SYNC_BRANCH) ?? "" };
}

const refusing = (code: ErrorCode) => (call: string, line: string) => {
  if (line.startsWith(call)) throw new SyncError(code, "GitHub said no.");
};

function end(repository: FakeRepository, changes: Partial<PullRequest> = { state: "closed" }): void {
  const [pull] = repository.pulls.splice(0, 1);
  if (pull !== undefined) repository.pulls.push({ ...pull, ...changes });
}

describe("a commit", () => {
  it("is signed with the tree that it has, and told where it went", async () => {
    const { repository, commit, run } = await setUp();
    const done = await run([commit, createRef, openPull]);
    expect(done).toMatchObject({
      kind: "done",
      commit: repository.refs.get(SYNC_BRANCH),
      pull: { number: 1, base: "main" },
    });
    const message = repository.message(SYNC_BRANCH);
    expect(message).toMatch(
      /^Sync clip\n\nOne model changed\.\n\nSync-Fingerprint: (5b3c){16}\nPrimary-Last-Updated: 100\nSync-Tree: \w{40}$/,
    );
    const branch = await repository.ports.read.branch(SYNC_BRANCH);
    expect(readSignature({ message, treeSha: branch?.treeSha ?? "" })).toBe("ours");
    expect(repository.read(SYNC_BRANCH)).toEqual({ "clip.json": "2", README: "about" });
  });

  it("is lost with the branch that somebody else made, or moved, and nothing more is done", async () => {
    const { repository, commit, run } = await setUp();
    await repository.push(SYNC_BRANCH, { "clip.json": "3" });
    expect(await run([commit, createRef, openPull])).toEqual({
      kind: "lost",
      why: `The branch ${SYNC_BRANCH} exists already.`,
      seen: [],
    });
    expect(await run([commit, moveRef, openPull])).toEqual({
      kind: "lost",
      why: `The branch ${SYNC_BRANCH} moved meanwhile.`,
      seen: [],
    });
    expect(repository.pulls).toEqual([]);
  });

  it("has to be made before its branch is moved", async () => {
    const { run } = await setUp();
    await expect(run([moveRef])).rejects.toMatchObject({ code: "internal" });
  });
});

describe("a pull request", () => {
  it("that exists already is lost", async () => {
    const { run } = await withPull();
    expect(await run([openPull])).toMatchObject({ kind: "lost", why: "A pull request for the branch exists already." });
  });

  it("is edited, and is told as it is then", async () => {
    const { pull, run } = await withPull();
    const edited = await run([{ kind: "edit-pull", pull, title: "New" }]);
    expect(edited).toMatchObject({ kind: "done", commit: null, pull: { title: "New", body: "Body" } });
  });

  it("that ended meanwhile gets its old text back, because that is what people decided on", async () => {
    const { repository, pull, run } = await withPull();
    end(repository);
    const lost = await run([{ kind: "edit-pull", pull, body: "New" }]);
    expect(lost).toMatchObject({ kind: "lost", why: "The pull request #1 was merged or closed meanwhile." });
    expect(repository.pulls[0]).toMatchObject({ title: "Title", body: "Body", state: "closed" });
    expect(lost.kind === "lost" && lost.seen.map(({ body, state }) => [body, state])).toEqual([
      ["New", "closed"],
      ["Body", "closed"],
    ]);
  });

  it("is confirmed to be open, or is lost with what was seen of it", async () => {
    const { repository, pull, run } = await withPull();
    expect(await run([{ kind: "confirm-pull", pull }])).toMatchObject({ kind: "done", pull: { number: 1 } });
    end(repository);
    expect(await run([{ kind: "confirm-pull", pull }])).toMatchObject({ kind: "lost", seen: [{ state: "closed" }] });
    repository.pulls.length = 0;
    expect(await run([{ kind: "confirm-pull", pull }])).toMatchObject({ kind: "lost", seen: [] });
  });

  it("is decorated, the one that was just opened or the one that is named", async () => {
    const { repository, commit, run } = await setUp();
    const ornaments = [{ kind: "label", name: "sync" }] as const;
    const done = await run([commit, createRef, openPull, { kind: "decorate", pull: null, ornaments }]);
    expect(done).toMatchObject({ decorated: { added: ornaments } });
    const pull = done.kind === "done" ? done.pull : null;
    const more = [{ kind: "label", name: "ready" }] as const;
    expect(await run([{ kind: "decorate", pull, ornaments: more }])).toMatchObject({ decorated: { added: more } });
    expect(repository.pulls[0]?.labels).toEqual(["sync", "ready"]);
  });

  it("is closed with another text, and its branch deleted where it is", async () => {
    const { repository, pull, head, run } = await withPull();
    const closed = await run([
      { kind: "expect-ref", commit: head },
      { kind: "confirm-pull", pull },
      { kind: "remark", pull, remark: CLOSING },
      { kind: "close-pull", pull, body: "Withdrawn" },
      { kind: "delete-ref", commit: head },
    ]);
    expect(closed).toMatchObject({ kind: "done", pull: { state: "closed", body: "Withdrawn" }, warnings: [] });
    expect(repository.refs.has(SYNC_BRANCH)).toBe(false);
    expect(repository.comments).toEqual([`${CLOSING.marker}\n${CLOSING.text}`]);
  });
});

describe("a branch", () => {
  it("that somebody pushed to is not what was expected; one that is gone is no obstacle", async () => {
    const { repository, head, run } = await withPull();
    const expectRef: Action = { kind: "expect-ref", commit: head };
    expect(await run([expectRef])).toMatchObject({ kind: "done" });
    await repository.push(SYNC_BRANCH, { README: "mine" });
    expect(await run([expectRef])).toMatchObject({ kind: "lost", why: `The branch ${SYNC_BRANCH} moved meanwhile.` });
    repository.refs.delete(SYNC_BRANCH);
    expect(await run([expectRef])).toMatchObject({ kind: "done" });
  });

  it("is deleted only where it was seen", async () => {
    const { repository, run } = await withPull();
    expect(await run([{ kind: "delete-ref", commit: OTHER }])).toMatchObject({ kind: "done", warnings: [] });
    expect(repository.writes()).toEqual([]);
  });

  it.each(["github-unauthorized", "github-not-found", "github-rejected"] as const)(
    "that may not be deleted is a warning: %s",
    async (code) => {
      const { repository, head, run } = await withPull();
      repository.before = (line) => refusing(code)("deleteBranch", line);
      expect(await run([{ kind: "delete-ref", commit: head }])).toMatchObject({
        kind: "done",
        warnings: [`The branch ${SYNC_BRANCH} is done with and could not be deleted: GitHub said no.`],
      });
    },
  );
});

describe("a remark", () => {
  const remark: (pull: PullRequest) => Action = (pull) => ({ kind: "remark", pull, remark: EDITED });

  it("is made once, whatever else is said there", async () => {
    const { repository, pull, run } = await withPull();
    repository.comments.push("Nice.");
    for (let times = 0; times < 2; times++) expect(await run([remark(pull)])).toMatchObject({ kind: "done", pull });
    expect(repository.comments).toEqual(["Nice.", `${EDITED.marker}\n${EDITED.text}`]);
  });

  it("is taken back where another run was first", async () => {
    const { repository, pull, run } = await withPull();
    repository.before = (line) => {
      // Right after our look another run says it.
      if (line.startsWith("comment ")) repository.comments.unshift(EDITED.marker);
    };
    expect(await run([remark(pull)])).toMatchObject({ kind: "done", warnings: [] });
    expect(repository.comments).toEqual([EDITED.marker]);
  });

  it("that cannot be made blocks nothing, and is told", async () => {
    const { repository, pull, run } = await withPull();
    repository.before = (line) => refusing("github-rejected")("comment ", line);
    expect(await run([remark(pull)])).toMatchObject({
      kind: "done",
      warnings: ["Pull request #1 could not be commented on: GitHub said no."],
    });
  });

  it.each(["rate-limited", "internal"] as const)("fails with what is no refusal: %s", async (code) => {
    const { repository, pull, head, run } = await withPull();
    repository.before = (line) => refusing(code)("comment", line);
    await expect(run([remark(pull)])).rejects.toMatchObject({ code });
    repository.before = (line) => refusing(code)("deleteBranch", line);
    await expect(run([{ kind: "delete-ref", commit: head }])).rejects.toMatchObject({ code });
  });
});

describe("a fault", () => {
  it.each(["github-unavailable", "conflict"] as const)(
    "after which nobody knows what was done is a lost race: %s",
    async (code) => {
      const { repository, commit, run } = await setUp();
      repository.before = (line) => refusing(code)("createBranch", line);
      const fault = expect.objectContaining({ code });
      expect(await run([commit, createRef])).toEqual({ kind: "lost", why: "GitHub said no.", fault, seen: [] });
    },
  );

  it.each(["github-rejected", "github-unauthorized", "rate-limited"] as const)(
    "that is an answer is thrown: %s",
    async (code) => {
      const { repository, commit, run } = await setUp();
      repository.before = (line) => refusing(code)("createBranch", line);
      await expect(run([commit, createRef])).rejects.toMatchObject({ code });
    },
  );

  it("that is a bug is thrown", async () => {
    const { repository, commit, run } = await setUp();
    repository.before = (line) => {
      if (line.startsWith("createBranch")) throw new TypeError("a bug");
    };
    await expect(run([commit, createRef])).rejects.toThrow("a bug");
  });
});
