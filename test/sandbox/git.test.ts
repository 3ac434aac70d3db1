import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createObjectStore } from "../../sandbox/git/object-store.ts";
import { isValidRef } from "../../sandbox/git/refs.ts";
import { createRepository } from "../../sandbox/git/repository.ts";
import { editTree, MissingPath, walkTree } from "../../sandbox/git/tree-edit.ts";
import { API, ask, openPull, REPOSITORY, shaIn, startWithRepository } from "./support.ts";

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sandbox-test-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Not synchronous: the server that git talks to lives in this process. */
async function git(directory: string, ...args: string[]): Promise<string> {
  const env = { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" };
  const who = ["-c", "user.name=Someone", "-c", "user.email=someone@example.org", "-c", "init.defaultBranch=main"];
  const { stdout } = await promisify(execFile)("git", [...who, ...args], { cwd: directory, env, timeout: 20_000 });
  return stdout.trim();
}

describe("the object store", () => {
  test("names objects as git does, and reads them back from disk", async () => {
    const repository = createRepository(join(folder, "r.git"), "main");
    const sha = repository.objects.write("blob", Buffer.from("hello\n"));
    expect(sha).toBe("ce013625030ba8dba906f756967f9e9ca394464a");
    expect(await git(repository.directory, "cat-file", "-p", sha)).toBe("hello");
    const reopened = createObjectStore(repository.directory).read(sha);
    expect(reopened?.type).toBe("blob");
    expect(Buffer.from(reopened?.data ?? []).toString()).toBe("hello\n");
  });

  test("knows nothing of objects that are not there", async () => {
    const repository = createRepository(join(folder, "r.git"), "main");
    expect(repository.objects.read("0".repeat(40))).toBeNull();
    expect(repository.objects.read("../../etc/passwd")).toBeNull();
  });

  test("reads objects that git has packed", async () => {
    const repository = createRepository(join(folder, "r.git"), "main");
    const blob = repository.objects.write("blob", Buffer.from("packed\n"));
    const tree = editTree(repository, null, new Map([["f", { mode: "100644", sha: blob }]]));
    const who = { name: "A", email: "a@example.org", seconds: 1, zone: "+0000" };
    const commit = { tree, parents: [], author: who, committer: who, message: "m", isSigned: false };
    repository.refs.write("refs/heads/main", repository.writeCommit(commit));
    await git(repository.directory, "gc", "--quiet");
    expect(Buffer.from(createObjectStore(repository.directory).read(blob)?.data ?? []).toString()).toBe("packed\n");
    expect(repository.refs.read("refs/heads/main")).toMatch(/^[0-9a-f]{40}$/);
    repository.refs.remove("refs/heads/main");
    expect(repository.refs.list().size).toBe(0);
  });
});

describe("trees", () => {
  test("are sorted as git wants them, folders as if they ended in a slash", async () => {
    const repository = createRepository(join(folder, "r.git"), "main");
    const blob = { mode: "100644", sha: repository.objects.write("blob", Buffer.from("x")) };
    const paths = ["a/x", "a.txt", "a-b", "a0", "Ü", "b/c/d"];
    const tree = editTree(repository, null, new Map(paths.map((path) => [path, blob])));
    expect(repository.tree(tree)?.map(({ name }) => name)).toEqual(["a-b", "a.txt", "a", "a0", "b", "Ü"]);
    expect(await git(repository.directory, "fsck", "--strict", "--no-dangling")).toBe("");
  });

  test("lose folders with their last file, and refuse to remove what is not there", async () => {
    const repository = createRepository(join(folder, "r.git"), "main");
    const blob = { mode: "100644", sha: repository.objects.write("blob", Buffer.from("x")) };
    const tree = editTree(
      repository,
      null,
      new Map([
        ["a/x", blob],
        ["b", blob],
      ]),
    );
    const less = editTree(repository, tree, new Map([["a/x", null]]));
    expect(walkTree(repository, less).map(({ name }) => name)).toEqual(["b"]);
    expect(() => editTree(repository, tree, new Map([["a/y", null]]))).toThrow(MissingPath);
  });
});

test.each([
  ["refs/heads/main", true],
  ["refs/heads/sync/model-references", true],
  ["refs/heads/a..b", false],
  ["refs/heads/a b", false],
  ["refs/heads/.a", false],
  ["refs/heads/a.lock", false],
  ["refs/heads/a/", false],
])("%s is a ref name: %s", (ref, isValid) => expect(isValidRef(ref)).toBe(isValid));

describe("git itself", () => {
  test("clones over HTTP and pushes to the folder, and both sides see it", async () => {
    const sandbox = await startWithRepository();
    try {
      await git(folder, "clone", "--quiet", `${sandbox.github.url}/${REPOSITORY}.git`, "copy");
      const copy = join(folder, "copy");
      expect(readFileSync(join(copy, "a.json"), "utf8")).toBe('{"a": 1}\n');
      writeFileSync(join(copy, "a.json"), '{"a": 2}\n');
      await git(copy, "checkout", "--quiet", "-b", "sync/models");
      await git(copy, "commit", "--quiet", "-am", "Change a");
      const directory = sandbox.github.gitDirectory(REPOSITORY);
      await git(copy, "push", "--quiet", directory, "sync/models");
      expect((await openPull(sandbox)).status).toBe(201);
      writeFileSync(join(copy, "a.json"), '{"a": 3}\n');
      await git(copy, "commit", "--quiet", "-am", "Change a again");
      await git(copy, "push", "--quiet", directory, "sync/models");
      const pull = await ask(sandbox, `${API}/pulls/1`);
      expect(shaIn(pull, "head", "sha")).toBe(await git(copy, "rev-parse", "HEAD"));
      expect(await sandbox.github.fsck(REPOSITORY)).toBe("");
      expect(sandbox.github.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
        `POST ${API}/pulls`,
        `GET ${API}/pulls/1`,
      ]);
    } finally {
      await sandbox.close();
    }
  });
});
