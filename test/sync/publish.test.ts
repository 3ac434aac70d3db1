import { describe, expect, it } from "vitest";
import { SyncError } from "../../src/core/errors.ts";
import { blobSha } from "../../src/files/blob.ts";
import { readHead } from "../../src/sync/head.ts";
import { EMPTY_MEMORY } from "../../src/sync/memory.ts";
import { CLOSING, EDITED, isOurs, pullRequestSection, readFingerprint, titleFor } from "../../src/sync/message.ts";
import type { Action } from "../../src/sync/plan.ts";
import { publish } from "../../src/sync/publish.ts";
import { type Published, type PublishInput, SYNC_BRANCH } from "../../src/sync/published.ts";
import { drifting } from "../fakes/drift.ts";
import { createFakeRepository, type FakeRepository } from "../fakes/repository.ts";

const FINGERPRINT = "5b3c".repeat(16);
const START = { "clip.json": "old", "blip.json": "held", README: "1" };

/** PRIMARY wants clip.json to be `text`; blip.json is held. */
async function toInput(repository: FakeRepository, text = "new"): Promise<PublishInput> {
  const { read } = repository.ports;
  const base = await read.branch("main");
  if (base === null) throw new Error("no base");
  const baseFiles = await read.files(base.treeSha);
  const paths = ["clip.json", "blip.json"];
  const head = await readHead({ read, base, baseFiles, head: SYNC_BRANCH, paths, memory: EMPTY_MEMORY });
  const pullRequest = repository.pulls.at(-1) ?? null;
  const wanted = new Map([["clip.json", await blobSha(new TextEncoder().encode(text))]]);
  const texts = new Map([["clip.json", text]]);
  const states = [drifting({ files: texts })];
  const message = { states, fingerprint: FINGERPRINT, primaryUrl: "https://primary.test", lastUpdated: 1 };
  repository.calls.length = 0;
  return { ports: repository.ports, base, baseBranch: "main", baseFiles, head, pullRequest, wanted, texts, message };
}

/** A pull request of ours that wants `text`. */
async function published(repository: FakeRepository, text = "earlier"): Promise<void> {
  await publish({ kind: "create" }, await toInput(repository, text));
}

const done = (published: Published) => {
  if (published.kind === "done") return published;
  throw new Error(`Lost: ${published.why}`);
};

describe("creating", () => {
  it("builds the commit first, then the branch, then the pull request, and decorates it", async () => {
    const repository = await createFakeRepository(START);
    const result = done(await publish({ kind: "create" }, await toInput(repository)));
    expect(result).toMatchObject({ outcome: "created", pullRequest: { number: 1 }, warnings: [] });
    expect(result.commit).toBe(repository.refs.get(SYNC_BRANCH));
    expect(repository.calls).toEqual([
      "commit clip.json",
      `createBranch ${SYNC_BRANCH}`,
      `open ${SYNC_BRANCH}`,
      "decorate 1",
    ]);
    expect(repository.read(SYNC_BRANCH)).toEqual({ ...START, "clip.json": "new" });
    expect(repository.parents(SYNC_BRANCH)).toEqual([repository.refs.get("main")]);
    expect(isOurs(repository.message(SYNC_BRANCH))).toBe(true);
    expect(readFingerprint(repository.pulls[0]?.body ?? "")).toBe(FINGERPRINT);
  });

  it("loses against a branch that appeared meanwhile", async () => {
    const repository = await createFakeRepository(START);
    const input = await toInput(repository);
    const sha = await repository.push(SYNC_BRANCH, { README: "2" });
    expect(await publish({ kind: "create" }, input)).toMatchObject({ kind: "lost" });
    expect(repository.refs.get(SYNC_BRANCH)).toBe(sha);
    expect(repository.pulls).toEqual([]);
  });

  it("loses against a pull request that appeared meanwhile", async () => {
    const repository = await createFakeRepository(START);
    await published(repository);
    const input = await toInput(repository);
    expect(await publish({ kind: "open" }, input)).toMatchObject({ kind: "lost" });
    expect(repository.pulls).toHaveLength(1);
  });

  it("tells what the decoration could not do", async () => {
    const repository = await createFakeRepository(START);
    const input = await toInput(repository);
    const decorate = async () => ["The label x could not be added."];
    const ports = { ...input.ports, pullRequests: { ...input.ports.pullRequests, decorate } };
    const result = done(await publish({ kind: "create" }, { ...input, ports }));
    expect(result).toMatchObject({ outcome: "created", warnings: ["The label x could not be added."] });
  });
});

describe("appending", () => {
  it("moves the branch once, then patches what changed of the text", async () => {
    const repository = await createFakeRepository(START);
    await published(repository);
    const [before] = repository.pulls;
    const input = await toInput(repository);
    const other = { ...input.message, fingerprint: "0f0f".repeat(16) };
    const parents = [input.head?.sha ?? ""];
    const result = done(await publish({ kind: "append", parents }, { ...input, message: other }));
    expect(result).toMatchObject({ outcome: "updated", pullRequest: { number: 1 } });
    expect(repository.calls).toEqual(["commit clip.json", `moveBranch ${SYNC_BRANCH}`, "update body"]);
    expect(repository.read(SYNC_BRANCH)).toEqual({ ...START, "clip.json": "new" });
    expect(repository.parents(SYNC_BRANCH)).toEqual([before?.headSha]);
  });

  it("opens a pull request when an earlier run died before it", async () => {
    const repository = await createFakeRepository(START);
    await repository.push(SYNC_BRANCH, { "clip.json": "earlier" }, { message: "Sync" });
    const input = await toInput(repository);
    const result = done(await publish({ kind: "append", parents: [input.head?.sha ?? ""] }, input));
    expect(result).toMatchObject({ outcome: "created", pullRequest: { number: 1 } });
  });

  it("takes the base's other files when the base moved, and keeps both histories", async () => {
    const repository = await createFakeRepository(START);
    await published(repository);
    const main = await repository.push("main", { README: "2" });
    const input = await toInput(repository);
    const head = input.head?.sha ?? "";
    done(await publish({ kind: "append", parents: [head, main] }, input));
    expect(repository.read(SYNC_BRANCH)).toEqual({ ...START, README: "2", "clip.json": "new" });
    expect(repository.parents(SYNC_BRANCH)).toEqual([head, main]);
  });

  it("keeps what the branch holds of a category that is held now", async () => {
    const repository = await createFakeRepository(START);
    await published(repository);
    await repository.push(SYNC_BRANCH, { "blip.json": "published" });
    const input = await toInput(repository);
    done(await publish({ kind: "append", parents: [input.head?.sha ?? ""] }, input));
    expect(repository.read(SYNC_BRANCH)).toEqual({ ...START, "clip.json": "new", "blip.json": "published" });
  });

  it("takes back what a branch without a pull request holds of it", async () => {
    const repository = await createFakeRepository(START);
    await repository.push(SYNC_BRANCH, { "clip.json": "earlier", "blip.json": "rejected" });
    const input = await toInput(repository);
    done(await publish({ kind: "append", parents: [input.head?.sha ?? ""] }, input));
    expect(repository.read(SYNC_BRANCH)).toEqual({ ...START, "clip.json": "new" });
  });

  it.each(["merged", "closed"] as const)(
    "loses when the pull request was %s meanwhile, and keeps its text",
    async (state) => {
      const repository = await createFakeRepository(START);
      await published(repository);
      const [before] = repository.pulls;
      const input = await toInput(repository);
      repository.before = (call) => {
        const [pull] = repository.pulls;
        if (call.startsWith("moveBranch") && pull !== undefined) repository.pulls[0] = { ...pull, state };
      };
      const message = { ...input.message, fingerprint: "0f0f".repeat(16) };
      const result = await publish({ kind: "append", parents: [input.head?.sha ?? ""] }, { ...input, message });
      expect(result).toMatchObject({ kind: "lost" });
      expect(repository.pulls).toMatchObject([{ state, title: before?.title, body: before?.body }]);
    },
  );

  it("does not undo what people did to a held file on the base", async () => {
    const repository = await createFakeRepository(START);
    await published(repository);
    const main = await repository.push("main", { "blip.json": "by hand" });
    const input = await toInput(repository);
    done(await publish({ kind: "append", parents: [input.head?.sha ?? "", main] }, input));
    expect(repository.read(SYNC_BRANCH)).toEqual({ ...START, "clip.json": "new", "blip.json": "by hand" });
  });

  it("takes a change back that is wanted no more", async () => {
    const repository = await createFakeRepository(START);
    await published(repository);
    const input = await toInput(repository, "old");
    done(await publish({ kind: "append", parents: [input.head?.sha ?? ""] }, { ...input, texts: new Map() }));
    expect(repository.read(SYNC_BRANCH)).toEqual(START);
  });

  it("loses against a commit that came meanwhile, and overwrites nothing", async () => {
    const repository = await createFakeRepository(START);
    await published(repository);
    const input = await toInput(repository);
    const theirs = await repository.push(SYNC_BRANCH, { "clip.json": "by hand" });
    expect(await publish({ kind: "append", parents: [input.head?.sha ?? ""] }, input)).toMatchObject({ kind: "lost" });
    expect(repository.refs.get(SYNC_BRANCH)).toBe(theirs);
    expect(repository.writes()).toEqual(["commit clip.json", `moveBranch ${SYNC_BRANCH}`]);
  });
});

describe("describing", () => {
  it.each<[string, (repository: FakeRepository) => void, string[]]>([
    ["nothing when title and section are right", () => {}, []],
    ["the title alone", (repository) => patch(repository, { title: "Mine" }), ["update title"]],
    ["both", (repository) => patch(repository, { title: "Mine", body: "Mine" }), ["update body,title"]],
  ])("patches %s", async (_what, change, expected) => {
    const repository = await createFakeRepository(START);
    await published(repository, "new");
    change(repository);
    const input = await toInput(repository);
    const [pullRequest] = repository.pulls;
    if (pullRequest === undefined) throw new Error("no pull request");
    expect(done(await publish({ kind: "describe", pullRequest }, input)).outcome).toBe("updated");
    expect(repository.calls).toEqual(expected);
    expect(repository.pulls[0]).toMatchObject({ title: titleFor(input.message.states) });
    expect(repository.pulls[0]?.body).toContain(pullRequestSection(input.message));
  });
});

function patch(repository: FakeRepository, change: { title?: string; body?: string }): void {
  const [pull] = repository.pulls;
  if (pull !== undefined) repository.pulls[0] = { ...pull, ...change };
}

describe("committing to the base", () => {
  it("moves the base forward, without a branch or a pull request", async () => {
    const repository = await createFakeRepository(START);
    const result = done(await publish({ kind: "commit" }, await toInput(repository)));
    expect(result).toMatchObject({ outcome: "committed", pullRequest: null, commit: repository.refs.get("main") });
    expect(repository.calls).toEqual(["commit clip.json", "moveBranch main"]);
    expect(repository.read("main")).toEqual({ ...START, "clip.json": "new" });
  });

  it("loses against a commit that came meanwhile", async () => {
    const repository = await createFakeRepository(START);
    const input = await toInput(repository);
    const theirs = await repository.push("main", { README: "2" });
    expect(await publish({ kind: "commit" }, input)).toMatchObject({ kind: "lost" });
    expect(repository.refs.get("main")).toBe(theirs);
  });
});

describe("closing", () => {
  it("says why, closes without a fingerprint, and deletes the branch; the second time says nothing again", async () => {
    const repository = await createFakeRepository(START);
    await published(repository);
    const [pullRequest] = repository.pulls;
    if (pullRequest === undefined) throw new Error("no pull request");
    const input = await toInput(repository);
    expect(done(await publish({ kind: "close", pullRequest }, input)).outcome).toBe("closed");
    expect(repository.writes()).toEqual(["comment 1", "update body,state", `deleteBranch ${SYNC_BRANCH}`]);
    expect(repository.comments).toEqual([`${CLOSING.marker}\n${CLOSING.text}`]);
    expect(repository.pulls[0]?.state).toBe("closed");
    expect(readFingerprint(repository.pulls[0]?.body ?? "")).toBe(null);
    await publish({ kind: "close", pullRequest }, input);
    expect(repository.comments).toHaveLength(1);
  });
});

describe("closing what somebody went on with", () => {
  it.each(["before it is closed", "before its branch is deleted"])("%s keeps their work", async (moment) => {
    const repository = await createFakeRepository(START);
    await published(repository);
    const [pullRequest] = repository.pulls;
    if (pullRequest === undefined) throw new Error("no pull request");
    const input = await toInput(repository);
    const step = moment === "before it is closed" ? `branch ${SYNC_BRANCH}` : "update";
    let theirs = "";
    repository.before = async (call) => {
      if (theirs === "" && call.startsWith(step)) theirs = await repository.push(SYNC_BRANCH, { README: "2" });
    };
    const result = await publish({ kind: "close", pullRequest }, input);
    expect(result.kind).toBe(moment === "before it is closed" ? "lost" : "done");
    expect(repository.refs.get(SYNC_BRANCH)).toBe(theirs);
    if (result.kind === "lost") expect([repository.writes(), repository.pulls[0]?.state]).toEqual([[], "open"]);
  });
});

describe("a comment by several runs at once", () => {
  it("stays once, though each of them found none", async () => {
    const repository = await createFakeRepository(START);
    await published(repository);
    await repository.push(SYNC_BRANCH, { "clip.json": "by hand" });
    const input = await toInput(repository);
    repository.before = () => new Promise((resolve) => setTimeout(resolve, 1));
    await Promise.all(Array.from({ length: 2 }, () => publish({ kind: "leave-edited" }, input)));
    expect(repository.comments).toEqual([`${EDITED.marker}\n${EDITED.text}`]);
    expect(repository.writes()).toContain("removeComment 1");
  });
});

describe("leaving a person's work", () => {
  it("comments once on an open pull request, and touches nothing", async () => {
    const repository = await createFakeRepository(START);
    await published(repository);
    const theirs = await repository.push(SYNC_BRANCH, { "clip.json": "by hand" });
    const input = await toInput(repository);
    for (let time = 0; time < 3; time++) {
      expect(done(await publish({ kind: "leave-edited" }, input))).toMatchObject({ outcome: "edited" });
    }
    expect(repository.writes()).toEqual(["comment 1"]);
    expect(repository.comments).toEqual([`${EDITED.marker}\n${EDITED.text}`]);
    expect(repository.refs.get(SYNC_BRANCH)).toBe(theirs);
  });

  it("has nowhere to comment without one", async () => {
    const repository = await createFakeRepository(START);
    await repository.push(SYNC_BRANCH, { "clip.json": "by hand" });
    const result = done(await publish({ kind: "leave-edited" }, await toInput(repository)));
    expect([result.outcome, result.pullRequest, repository.calls]).toEqual(["edited", null, []]);
  });
});

describe("resting", () => {
  const open = { number: 1, url: "", state: "open", headSha: "x", title: "", body: "" } as const;
  const closed = { ...open, state: "closed" } as const;

  it.each([
    ["in-sync", open, null],
    ["current", open, 1],
    ["held", open, 1],
    ["held", closed, null],
    ["below-threshold", closed, null],
    ["rejected", closed, 1],
  ] as const)("%s writes nothing, and names a pull request that matters", async (outcome, pullRequest, number) => {
    const repository = await createFakeRepository(START);
    const input = await toInput(repository);
    const result = done(await publish({ kind: "rest", outcome }, { ...input, pullRequest }));
    expect([result.outcome, result.pullRequest?.number ?? null, repository.calls]).toEqual([outcome, number, []]);
  });
});

describe("a branch that is done with", () => {
  it.each<[string, (repository: FakeRepository) => Promise<unknown> | unknown, boolean]>([
    ["is deleted when it is as it was seen", () => {}, true],
    ["is left when it is gone", (repository) => repository.refs.delete(SYNC_BRANCH), false],
    ["is left when somebody went on with it", (repository) => repository.push(SYNC_BRANCH, { README: "3" }), false],
  ])("%s", async (_what, change, isDeleted) => {
    const repository = await createFakeRepository(START);
    await published(repository);
    const input = await toInput(repository);
    if (input.head === null) throw new Error("no branch");
    await change(repository);
    const result = done(await publish({ kind: "clean-up", head: input.head }, input));
    expect(result.outcome).toBe("in-sync");
    expect(repository.writes()).toEqual(isDeleted ? [`deleteBranch ${SYNC_BRANCH}`] : []);
  });
});

describe("faults", () => {
  const actions: readonly Action[] = [{ kind: "create" }, { kind: "commit" }];
  it.each(
    actions.flatMap((action) =>
      (["github-unavailable", "conflict"] as const).map((code) => ({ title: `${action.kind}, ${code}`, action, code })),
    ),
  )("whose effect nobody knows make the caller read again: $title", async ({ action, code }) => {
    const repository = await createFakeRepository(START);
    const input = await toInput(repository);
    repository.before = (call) => {
      if (call.startsWith("commit")) throw new SyncError(code, "Who knows.");
    };
    expect(await publish(action, input)).toMatchObject({ kind: "lost", why: "Who knows.", fault: { code } });
    expect(repository.calls).toHaveLength(1);
  });

  it.each(["github-unauthorized", "github-rejected", "rate-limited"] as const)(
    "that are certain are thrown: %s",
    async (code) => {
      const repository = await createFakeRepository(START);
      const input = await toInput(repository);
      repository.before = () => {
        throw new SyncError(code, "No.");
      };
      await expect(publish({ kind: "create" }, input)).rejects.toMatchObject({ code });
    },
  );
});
