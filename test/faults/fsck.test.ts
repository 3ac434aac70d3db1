import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createRepository } from "../../sandbox/git/repository.ts";
import { type Checked, fsckTogether } from "../world/fsck.ts";

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "fsck-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** A repository with one commit, and the folder of one of its objects. */
function make(name: string, text: string): { checked: Checked; pathOf(sha: string): string; blob: string } {
  const repository = createRepository(join(directory, name), "main");
  const blob = repository.objects.write("blob", new TextEncoder().encode(text));
  const tree = repository.writeTree([{ mode: "100644", name: "file", sha: blob }]);
  const person = { name: "A", email: "a@b.c", seconds: 1, zone: "+0000" };
  const head = { tree, parents: [], author: person, committer: person, message: "One", isSigned: false };
  const sha = repository.writeCommit(head);
  const objects = join(repository.directory, "objects");
  const pathOf = (object: string) => join(objects, object.slice(0, 2), object.slice(2));
  return { checked: { directory: repository.directory, branches: { main: sha } }, pathOf, blob };
}

const check = (...made: { checked: Checked }[]) =>
  fsckTogether(
    join(directory, "all.git"),
    made.map(({ checked }) => checked),
  );

test("whole repositories pass", () => {
  expect(check(make("a", "same"), make("b", "same"), make("c", "other"))).toBe("");
  expect(readdirSync(directory)).toHaveLength(4);
});

test("an object that only another repository has is missed", () => {
  const [a, b] = [make("a", "same"), make("b", "same")];
  rmSync(b.pathOf(b.blob));
  expect(check(a, b)).toContain(`b lacks ${b.blob}`);
});

test("an object that nobody has is missed", () => {
  const a = make("a", "x");
  rmSync(a.pathOf(a.blob));
  expect(check(a)).toMatch(/missing blob/);
});

test("a damaged object is told by git", () => {
  const a = make("a", "x");
  rmSync(a.pathOf(a.blob));
  writeFileSync(a.pathOf(a.blob), "damaged");
  expect(check(a)).toMatch(/error|corrupt/);
});
