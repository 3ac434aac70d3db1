import { describe, expect, it } from "vitest";
import { isOwned, lastOwned } from "../../src/sync/ownership.ts";
import { createFakeRepository, type FakeRepository } from "../fakes/repository.ts";

const FINGERPRINT = "5b3c".repeat(16);
const OURS = `Sync\n\nSync-Fingerprint: ${FINGERPRINT}\nSync-Tree: this`;
const UNSIGNED = `Sync\n\nSync-Fingerprint: ${FINGERPRINT}`;
const PATHS = ["clip.json", "blip.json"];

type Push = (repository: FakeRepository) => Promise<unknown>;
let serial = 0;
const ours: Push = (repository) => repository.push("sync", { "clip.json": `${++serial}` }, { message: OURS });
const person: Push = (repository) => repository.push("sync", { README: `${++serial}` });
const main =
  (files: Record<string, string>): Push =>
  (repository) =>
    repository.push("main", files);
const merge =
  (files: Record<string, string>): Push =>
  (repository) =>
    repository.push("sync", files, { message: "Merge branch 'main'", mergeOf: "main" });

async function compare(pushes: readonly Push[]) {
  const repository = await createFakeRepository("image", { "clip.json": "0", "blip.json": "0", README: "0" });
  for (const push of pushes) await push(repository);
  const comparison = await repository.ports.read.compare(repository.refs.get("main") ?? "", "sync");
  if (comparison === null) throw new Error("There is no branch.");
  return { repository, comparison };
}

async function ask(pushes: readonly Push[], rest: { published?: string; ignoredAuthors?: readonly string[] } = {}) {
  const { repository, comparison } = await compare(pushes);
  const { published = null, ignoredAuthors = [] } = rest;
  return isOwned({ comparison, published, ignoredAuthors, readTree: repository.ports.read.files });
}

describe("a branch is owned", () => {
  it.each<[string, readonly Push[], boolean]>([
    ["with one commit of ours", [ours], true],
    ["with two of ours", [ours, ours], true],
    ["not with a person's commit on top", [ours, person], false],
    ["not with a person's commit below", [person, ours], false],
    [
      "not with our words over another tree",
      [(it) => it.push("sync", { README: "1" }, { message: OURS.replace("this", "0".repeat(40)) })],
      false,
    ],
    [
      "not with our words alone, as earlier versions wrote them",
      [(it) => it.push("sync", { README: "1" }, { message: UNSIGNED })],
      false,
    ],
    ["with an empty commit of a person's", [ours, (it) => it.push("sync", {}, { message: "Again" })], true],
    ["after GitHub brought it up to date", [ours, main({ README: "2" }), merge({ README: "2" })], true],
    [
      "with the base's version of a file of ours",
      [ours, main({ "blip.json": "2" }), merge({ "blip.json": "2" })],
      true,
    ],
    [
      "not with a merge that brings a file of its own",
      [ours, main({ README: "2" }), merge({ README: "2", "x.yml": "smuggled" })],
      false,
    ],
    [
      "not with a merge that changes a file of ours",
      [ours, main({ README: "2" }), merge({ "clip.json": "by hand" })],
      false,
    ],
    [
      "not with a merge of a person's branch",
      [
        ours,
        (it) => it.push("theirs", { README: "9" }, { from: "main" }),
        (it) => it.push("sync", { README: "9" }, { message: "Merge", mergeOf: "theirs" }),
      ],
      false,
    ],
  ])("%s", async (_what, pushes, expected) => {
    expect(await ask(pushes)).toBe(expected);
  });

  it("where the author does not count, whatever the case of their address", async () => {
    const push: Push = (repository) => repository.push("sync", { "clip.json": "9" }, { email: "Fixer@bots.example" });
    expect(await ask([ours, push])).toBe(false);
    expect(await ask([ours, push], { ignoredAuthors: ["fixer@bots.example"] })).toBe(true);
  });

  it("up to the commit that memory names, also without our signature", async () => {
    const unsigned: Push = (repository) => repository.push("sync", { "clip.json": "9" }, { message: UNSIGNED });
    const { repository, comparison } = await compare([unsigned, unsigned, person]);
    const [, second, third] = comparison.commits;
    const query = { paths: PATHS, ignoredAuthors: [], readTree: repository.ports.read.files };
    const upTo = (published: string | null, commits = comparison.commits) =>
      isOwned({ ...query, comparison: { ...comparison, commits }, published });
    expect(await upTo(second?.sha ?? null)).toBe(false);
    expect(await upTo(second?.sha ?? null, comparison.commits.slice(0, 2))).toBe(true);
    expect(await upTo(third?.sha ?? null)).toBe(true);
    expect(await upTo(null, comparison.commits.slice(0, 2))).toBe(false);
  });
});

it("what was proposed last is in the newest commit of ours", async () => {
  const { comparison } = await compare([ours, ours, person]);
  expect(lastOwned(comparison)).toEqual(comparison.commits[1]);
  expect(lastOwned((await compare([person])).comparison)).toBeNull();
});
