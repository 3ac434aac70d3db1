/**
 * `git fsck` over many repositories in one go, since a process for each of a thousand would take longer than all else.
 */
import { spawnSync } from "node:child_process";
import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseCommit } from "../../sandbox/git/commit.ts";
import { createObjectStore, type ObjectStore } from "../../sandbox/git/object-store.ts";
import { parseTree } from "../../sandbox/git/tree.ts";

export interface Checked {
  readonly directory: string;
  /** Commit SHAs by branch. */
  readonly branches: Readonly<Record<string, string>>;
}

/**
 * Each object is checked by git once, in one bare repository that has the objects and branches of all; that every
 * repository by itself has all that its branches reach is checked here.
 *
 * @returns what is wrong: nothing when all is well
 */
export function fsckTogether(into: string, repositories: readonly Checked[]): string {
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(into, path)), { recursive: true });
    writeFileSync(join(into, path), text);
  };
  write("HEAD", "ref: refs/heads/none\n");
  write("config", "[core]\n\trepositoryformatversion = 0\n\tbare = true\n");
  const owned = repositories.map(({ directory }) => collectObjects(join(directory, "objects"), join(into, "objects")));
  mkdirSync(join(into, "refs"), { recursive: true });
  const packed = repositories.flatMap(({ branches }, index) =>
    Object.entries(branches).map(([branch, sha]) => `${sha} refs/heads/${index}/${branch}\n`),
  );
  write("packed-refs", packed.join(""));
  const args = ["--git-dir", into, "fsck", "--full", "--strict", "--no-dangling", "--no-progress"];
  const { stdout, stderr } = spawnSync("git", args, { encoding: "utf8", maxBuffer: 2 ** 28 });
  const complaints = `${stdout}${stderr}`.replace(/^notice: .*\n/gm, "").trim();
  return complaints === "" ? missingObjects(into, repositories, owned).join("\n") : complaints;
}

/** Links the loose objects that are not there yet. @returns the names of all, those that a fork borrows included */
function collectObjects(from: string, to: string): ReadonlySet<string> {
  const alternates = join(from, "info", "alternates");
  const borrowed = existsSync(alternates)
    ? readFileSync(alternates, "utf8")
        .split("\n")
        .filter((line) => line !== "")
    : [];
  const names = new Set<string>(borrowed.flatMap((directory) => [...collectObjects(directory, to)]));
  for (const folder of readdirSync(from)) {
    if (!/^[0-9a-f]{2}$/.test(folder)) continue;
    for (const file of readdirSync(join(from, folder))) {
      names.add(folder + file);
      const target = join(to, folder, file);
      if (existsSync(target)) continue;
      mkdirSync(join(to, folder), { recursive: true });
      linkSync(join(from, folder, file), target);
    }
  }
  return names;
}

function missingObjects(
  into: string,
  repositories: readonly Checked[],
  owned: readonly ReadonlySet<string>[],
): string[] {
  const objects = createObjectStore(into);
  const reached = new Map<string, ReadonlySet<string>>();
  return repositories.flatMap(({ directory, branches }, index) =>
    Object.values(branches).flatMap((sha) => {
      const all = reached.get(sha) ?? reachableFrom(sha, objects);
      reached.set(sha, all);
      const missing = [...all].filter((name) => owned[index]?.has(name) !== true);
      return missing.map((name) => `${directory} lacks ${name}, which ${sha} needs`);
    }),
  );
}

function reachableFrom(start: string, objects: ObjectStore): ReadonlySet<string> {
  const seen = new Set<string>();
  const pending = [start];
  for (let sha = pending.pop(); sha !== undefined; sha = pending.pop()) {
    if (seen.has(sha)) continue;
    seen.add(sha);
    const object = objects.read(sha);
    if (object?.type === "tree") pending.push(...parseTree(object.data).map((entry) => entry.sha));
    if (object?.type !== "commit") continue;
    const { tree, parents } = parseCommit(object.data);
    pending.push(tree, ...parents);
  }
  return seen;
}
