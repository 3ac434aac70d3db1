/**
 * What a dry run would write, as files to look at and patches to apply. Does I/O.
 *
 * DIR/changes.diff                the patches of all repositories, empty when nothing is planned
 * DIR/owner/name/changes.diff     the patch of one repository, for `git apply` in a clone of it
 * DIR/owner/name/models.csv …     each file as it would be
 */
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { PlannedFile } from "../contract/report.ts";
import { completePatch } from "../files/complete-patch.ts";
import { describeFileFault, FileError } from "./text-file.ts";

/** Throws before any work is done for a folder that cannot be had. */
export async function prepareFolder(folder: string, repositories: readonly string[]): Promise<void> {
  await orExplain(folder, () => mkdir(folder, { recursive: true }));
  for (const repository of repositories) {
    const clone = join(folder, repository);
    if (!existsSync(join(clone, ".git"))) continue;
    throw new FileError(`${clone} is a clone, whose files would be overwritten; choose another --output-dir.`);
  }
}

/**
 * What an earlier run left of these repositories goes, so that the folder tells of this run alone. Other files stay.
 *
 * @param repositories every one that is configured, as `owner/name`
 */
export async function writePlanned(
  folder: string,
  repositories: readonly string[],
  planned: readonly PlannedFile[],
): Promise<void> {
  await orExplain(folder, async () => {
    const patches: string[] = [];
    for (const repository of repositories) {
      const own = planned.filter((file) => file.repository === repository);
      patches.push(await writeRepository(join(folder, repository), own));
    }
    await writeFile(join(folder, PATCH), patches.join(""));
  });
}

const PATCH = "changes.diff";

async function writeRepository(folder: string, planned: readonly PlannedFile[]): Promise<string> {
  await removeEarlier(folder);
  if (planned.length === 0) return "";
  for (const { path, after } of planned) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), after);
  }
  const patch = planned.map(completePatch).join("");
  await writeFile(join(folder, PATCH), patch);
  return patch;
}

/** The patch of an earlier run names the files that it wrote. */
async function removeEarlier(folder: string): Promise<void> {
  const patch = join(folder, PATCH);
  if (!existsSync(patch)) return;
  const text = await readFile(patch, "utf8");
  for (const [, path = ""] of text.matchAll(/^diff --git a\/([\w.-]+) b\/\1$/gm)) {
    await rm(join(folder, path), { force: true });
  }
  await rm(patch);
}

async function orExplain<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof FileError) throw error;
    throw new FileError(`--output-dir ${folder} cannot be written: ${describeFileFault(error)}.`, { cause: error });
  }
}
