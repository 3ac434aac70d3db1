/**
 * What `--output-dir` writes against what the pull request holds, with the real git.
 */
import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { BRANCH, RECORD } from "../world/ground.ts";
import { ALL_CATEGORIES, describeWorlds, type World } from "./world.ts";

const createWorld = describeWorlds();

/** Hand formatting, CRLF, a file without a final newline, and both files of the text models. */
function driftEverywhere({ sandbox }: World): void {
  for (const category of ["image_generation", "esrgan", "controlnet", "clip", "safety_checker"]) {
    sandbox.primary.putRecord(category, "A New One", RECORD);
  }
  const [first = ""] = Object.keys(JSON.parse(sandbox.primary.category("controlnet") ?? "{}"));
  sandbox.primary.removeRecord("controlnet", first);
  sandbox.primary.putRecord("text_generation", "author/New-7B", {
    parameters: 7_000_000_000,
    description: "Näive, “so”",
  });
}

const ENV = { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" };

/** Not synchronous: the GitHub that is cloned from runs in this process. */
async function git(cwd: string, ...args: string[]): Promise<string> {
  return (await promisify(execFile)("git", args, { cwd, env: ENV })).stdout;
}

it("git applies each patch in a clone, and gets the files that the pull request holds", async () => {
  const world = createWorld();
  driftEverywhere(world);
  const { code, stderr } = await world.run(["--dry-run", "--output-dir", "preview"], { env: ALL_CATEGORIES });
  expect([code, stderr]).toEqual([
    0,
    expect.stringMatching(/\n7 files differ from the base branches; see .*\/preview\n$/),
  ]);
  expect((await world.run([], { env: ALL_CATEGORIES })).code).toBe(0);
  for (const [index, repository] of [world.image, world.text].entries()) {
    const planned = join(world.folder, "preview", repository);
    const clone = join(world.folder, `clone-${index}`);
    await git(
      world.folder,
      "clone",
      "--quiet",
      "--single-branch",
      `${world.sandbox.github.url}/${repository}.git`,
      clone,
    );
    await git(clone, "apply", "--index", join(planned, "changes.diff"));
    const files = readdirSync(planned).filter((name) => name !== "changes.diff");
    expect((await git(clone, "diff", "--cached", "--name-only")).trim().split("\n").sort()).toEqual(files.sort());
    for (const path of files) {
      const published = world.sandbox.github.readFile({ repository, ref: BRANCH, path });
      expect(readFileSync(join(clone, path)).equals(published ?? new Uint8Array()), `${path} in the clone`).toBe(true);
      expect(readFileSync(join(planned, path)).equals(published ?? new Uint8Array()), `${path} in the folder`).toBe(
        true,
      );
    }
  }
});

it("the patch of all repositories applies as it is when one of them changes", async () => {
  const world = createWorld();
  world.sandbox.primary.putRecord("esrgan", "A New One", RECORD);
  await world.run(["--dry-run", "--output-dir", "preview"]);
  const clone = join(world.folder, "clone");
  await git(world.folder, "clone", "--quiet", `${world.sandbox.github.url}/${world.image}.git`, clone);
  await git(clone, "apply", "--check", join(world.folder, "preview", "changes.diff"));
});
