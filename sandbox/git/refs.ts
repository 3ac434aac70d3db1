import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { runGit } from "./command.ts";

/**
 * The branches of a bare repository, as the files that git itself reads and writes. A write goes through git's own
 * `.lock` file, so a push at the same moment loses or wins, and never mixes.
 */
export interface RefStore {
  read(ref: string): string | null;
  /** All refs below `refs/`, by full name. */
  list(): ReadonlyMap<string, string>;
  write(ref: string, sha: string): "written" | "impossible";
  remove(ref: string): void;
}

export function createRefStore(directory: string): RefStore {
  return {
    read: (ref) => readLoose(directory, ref) ?? readPacked(directory).get(ref) ?? null,
    list() {
      const refs = readPacked(directory);
      for (const ref of looseRefs(directory, "refs")) {
        const sha = readLoose(directory, ref);
        if (sha !== null) refs.set(ref, sha);
      }
      return new Map([...refs].sort(([left], [right]) => (left < right ? -1 : 1)));
    },
    write: (ref, sha) => writeLoose(directory, ref, sha),
    remove(ref) {
      if (readPacked(directory).has(ref)) runGit(directory, ["update-ref", "-d", ref]);
      rmSync(join(directory, ref), { force: true });
      removeEmptyFolders(directory, dirname(ref));
    },
  };
}

/** Follows `git check-ref-format`. */
export function isValidRef(ref: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: git forbids control characters
  if (/[\u0000-\u0020\u007f~^:?*[\\]|\.\.|@\{|\/\/|\/$|\.$/.test(ref)) return false;
  return ref.split("/").every((part) => part !== "" && !part.startsWith(".") && !part.endsWith(".lock"));
}

function readLoose(directory: string, ref: string): string | null {
  try {
    const text = readFileSync(join(directory, ref), "utf8").trim();
    return /^[0-9a-f]{40}$/.test(text) ? text : null;
  } catch {
    return null;
  }
}

function readPacked(directory: string): Map<string, string> {
  const path = join(directory, "packed-refs");
  const refs = new Map<string, string>();
  if (!existsSync(path)) return refs;
  for (const line of readFileSync(path, "utf8").split("\n")) {
    const match = /^([0-9a-f]{40}) (\S+)$/.exec(line);
    if (match?.[1] !== undefined && match[2] !== undefined) refs.set(match[2], match[1]);
  }
  return refs;
}

function looseRefs(directory: string, folder: string): string[] {
  return readdirSync(join(directory, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory() ? looseRefs(directory, path) : [path];
  });
}

function writeLoose(directory: string, ref: string, sha: string): "written" | "impossible" {
  const path = join(directory, ref);
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(`${path}.lock`, `${sha}\n`, { flag: "wx" });
  } catch {
    return "impossible";
  }
  try {
    renameSync(`${path}.lock`, path);
    return "written";
  } catch {
    rmSync(`${path}.lock`, { force: true });
    return "impossible";
  }
}

/** A leftover folder `sync/` would stand in the way of a branch named `sync`. */
function removeEmptyFolders(directory: string, folder: string): void {
  if (folder === "refs/heads" || !folder.startsWith("refs/")) return;
  const path = join(directory, folder);
  if (!existsSync(path) || readdirSync(path).length > 0) return;
  rmdirSync(path);
  removeEmptyFolders(directory, dirname(folder));
}
