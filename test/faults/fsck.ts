/**
 * `git fsck` over many repositories in one go, since a process for each of a thousand would take longer than all else.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

export interface Checked {
  readonly directory: string;
  /** Commit SHAs by branch. */
  readonly branches: Readonly<Record<string, string>>;
}

/**
 * One bare repository that borrows the objects of all, and has all their branches.
 *
 * @returns what git complains about: nothing when all is well
 */
export function fsckTogether(into: string, repositories: readonly Checked[]): string {
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(into, path)), { recursive: true });
    writeFileSync(join(into, path), text);
  };
  write("HEAD", "ref: refs/heads/none\n");
  write("config", "[core]\n\trepositoryformatversion = 0\n\tbare = true\n");
  write("objects/info/alternates", repositories.map(({ directory }) => `${join(directory, "objects")}\n`).join(""));
  for (const [index, { branches }] of repositories.entries()) {
    for (const [branch, sha] of Object.entries(branches)) write(`refs/heads/${index}/${branch}`, `${sha}\n`);
  }
  const args = ["--git-dir", into, "fsck", "--full", "--strict", "--no-dangling", "--no-progress"];
  const { stdout, stderr } = spawnSync("git", args, { encoding: "utf8" });
  return `${stdout}${stderr}`.replace(/^notice: .*\n/gm, "").trim();
}
