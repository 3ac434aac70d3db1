/**
 * What a case is expected to end as, beside what it did. Each file that differs is named, and none is written in the
 * place of one that somebody has lost.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { type Files, readFolder } from "./case-folder.ts";

export interface Difference {
  /** Names the file and the case. */
  readonly message: string;
  /** `null`: there is none. */
  readonly expected: string | null;
  readonly made: string | null;
}

interface Query {
  readonly folder: string;
  /** By their path in `expected/`. */
  readonly made: Files;
  /** Vitest's word. `all`, which is `-u`: write everything; `new`: what is missing of a new case; `none`: nothing. */
  readonly update: "all" | "new" | "none";
  readonly isNew?: (folder: string) => boolean;
}

/** Writes what may be written, and tells how the rest differs. */
export function settleExpected({ folder, made, update, isNew = isUnknownToGit }: Query): readonly Difference[] {
  const held = readFolder(join(folder, "expected"));
  const paths = [...new Set([...Object.keys(made), ...Object.keys(held)])];
  const differing = paths.filter((path) => made[path] !== held[path]);
  const isMissing = (path: string) => held[path] === undefined;
  const writesMissing = update === "new" && differing.some(isMissing) && isNew(folder);
  const isWritten = (path: string) => update === "all" || (writesMissing && isMissing(path));
  for (const path of differing.filter(isWritten)) {
    const file = join(folder, "expected", path);
    const text = made[path];
    if (text === undefined) rmSync(file);
    else write(file, text);
  }
  return differing
    .filter((path) => !isWritten(path))
    .map((path) => {
      const [expected, text] = [held[path] ?? null, made[path] ?? null];
      return {
        message: describe(`expected/${path} of the case ${basename(folder)}`, expected, text),
        expected,
        made: text,
      };
    });
}

function describe(place: string, expected: string | null, made: string | null): string {
  const how = "`npx vitest run --project unit test/cases -u` writes expectations; read them before they are committed.";
  if (expected === null) return `${place} is missing. ${how}`;
  return made === null ? `${place} is made by nothing any more. Delete it.` : `${place} differs`;
}

/** What Git knows somebody has read and committed. Without Git nobody can tell. */
function isUnknownToGit(folder: string): boolean {
  try {
    return execFileSync("git", ["ls-files", "--", "."], { cwd: folder, encoding: "utf8", stdio: "pipe" }) === "";
  } catch {
    return false;
  }
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
