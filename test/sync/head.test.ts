import { describe, expect, it } from "vitest";
import { readBase, readHead } from "../../src/sync/head.ts";
import { EMPTY_MEMORY, type RepositoryMemory, toRecord } from "../../src/sync/memory.ts";
import { commitMessage } from "../../src/sync/message.ts";
import { drifting } from "../fakes/drift.ts";
import { createFakeRepository, type FakeRepository } from "../fakes/repository.ts";

const OURS = commitMessage({
  states: [drifting()],
  fingerprint: "5b3c".repeat(16),
  primaryUrl: "https://primary.test",
  lastUpdated: 1,
});
const START = { "clip.json": "1", "blip.json": "1", README: "1" };
const PATHS = ["clip.json", "blip.json"];

async function look(repository: FakeRepository, head = "sync", memory: RepositoryMemory = EMPTY_MEMORY) {
  const { read } = repository.ports;
  const base = await readBase(read, "o/n", "main");
  const baseFiles = await read.files(base.treeSha);
  repository.calls.length = 0;
  return readHead({ read, base, baseFiles, head, paths: PATHS, memory });
}

type Push = (repository: FakeRepository) => Promise<unknown>;
const ours: Push = (repository) => repository.push("sync", { "clip.json": "2" }, { message: OURS });
const base =
  (files: Record<string, string>): Push =>
  (repository) =>
    repository.push("main", files);
const merge =
  (files: Record<string, string>): Push =>
  (repository) =>
    repository.push("sync", files, { message: "Merge branch 'main'", mergeOf: "main" });

interface Case {
  readonly title: string;
  readonly pushes: readonly Push[];
  readonly expected: { isOwned: boolean; baseMoved: boolean; baseMovedInOurFiles: boolean };
}

const owned = { isOwned: true, baseMoved: false, baseMovedInOurFiles: false };

describe("the sync branch", () => {
  it.each<Case>([
    { title: "with one commit of ours", pushes: [ours], expected: owned },
    { title: "with two of ours", pushes: [ours, ours], expected: owned },
    {
      title: "with a person's commit on top",
      pushes: [ours, (repository) => repository.push("sync", { README: "2" })],
      expected: { ...owned, isOwned: false },
    },
    {
      title: "with a person's commit below",
      pushes: [(repository) => repository.push("sync", { README: "2" }), ours],
      expected: { ...owned, isOwned: false },
    },
    {
      title: "and the base moved elsewhere",
      pushes: [ours, base({ README: "2" })],
      expected: { ...owned, baseMoved: true },
    },
    {
      title: "and the base moved in a file of ours",
      pushes: [ours, base({ "blip.json": "2" })],
      expected: { ...owned, baseMoved: true, baseMovedInOurFiles: true },
    },
    {
      title: "and the base moved in ours and back again",
      pushes: [ours, base({ "blip.json": "2" }), base({ "blip.json": "1" })],
      expected: { ...owned, baseMoved: true },
    },
    {
      title: "brought up to date by GitHub's button",
      pushes: [ours, base({ README: "2" }), merge({ README: "2" })],
      expected: owned,
    },
    {
      title: "brought up to date, with the base's version of a file of ours",
      pushes: [ours, base({ "blip.json": "2" }), merge({ "blip.json": "2" })],
      expected: owned,
    },
    {
      title: "merged with a person's own version of a file of ours",
      pushes: [ours, base({ "clip.json": "3" }), merge({ "clip.json": "by hand" })],
      expected: { ...owned, isOwned: false },
    },
  ])("$title", async ({ pushes, expected }) => {
    const repository = await createFakeRepository(START);
    for (const push of pushes) await push(repository);
    expect(await look(repository)).toMatchObject({ ...expected, sha: repository.refs.get("sync") });
  });

  it("tells only our files", async () => {
    const repository = await createFakeRepository(START);
    await ours(repository);
    expect([...((await look(repository))?.files.keys() ?? [])].sort()).toEqual(["blip.json", "clip.json"]);
  });

  it("tells what it changed, and not what the base changed since", async () => {
    const repository = await createFakeRepository(START);
    await ours(repository);
    await repository.push("main", { "blip.json": "2" });
    expect([...((await look(repository))?.changed.keys() ?? [])]).toEqual(["clip.json"]);
  });

  it("is null when it does not exist", async () => {
    expect(await look(await createFakeRepository(START))).toBe(null);
  });

  it("that is the base holds nothing of anybody", async () => {
    const repository = await createFakeRepository(START);
    repository.refs.set("sync", repository.refs.get("main") ?? "");
    expect(await look(repository)).toMatchObject({ ...owned, sha: repository.refs.get("main") });
  });
});

describe("what was remembered of it", () => {
  async function remembered() {
    const repository = await createFakeRepository(START);
    await ours(repository);
    const headSha = repository.refs.get("sync") ?? "";
    const [head, main] = await Promise.all([repository.ports.read.files(headSha), repository.ports.read.files("main")]);
    const published = {
      headSha,
      headFiles: toRecord(head, PATHS),
      baseSha: repository.refs.get("main") ?? "",
      baseFiles: toRecord(main, PATHS),
      pullRequest: 1,
    };
    return { repository, headSha, memory: { ...EMPTY_MEMORY, published } };
  }

  it.each<[string, Push | null]>([
    ["as it was", null],
    ["after the base moved elsewhere", base({ README: "2" })],
    ["after the base moved in our files", base({ "clip.json": "9" })],
  ])("saves every request, and gives the same answer: %s", async (_what, push) => {
    const { repository, headSha, memory } = await remembered();
    await push?.(repository);
    const cold = await look(repository, headSha);
    const warm = await look(repository, headSha, memory);
    expect(repository.calls).toEqual([]);
    expect(warm).toEqual(cold);
  });

  it("counts for nothing when the head is another one", async () => {
    const { repository, memory } = await remembered();
    const later = await repository.push("sync", { "clip.json": "by hand" });
    expect(await look(repository, later, memory)).toMatchObject({ isOwned: false, sha: later });
  });
});

describe("the base branch", () => {
  it("is needed, and missed by name", async () => {
    const { ports } = await createFakeRepository();
    await expect(readBase(ports.read, "o/n", "develop")).rejects.toMatchObject({
      code: "github-not-found",
      message: "The branch develop of o/n does not exist, or the credentials may not see it.",
    });
  });
});
