/**
 * Files that a user names, and what is wrong with them in words. Does I/O.
 */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";

/** A file or folder that cannot be used; the message is for the user. */
export class FileError extends Error {
  override readonly name = "FileError";
}

export type TextFile =
  | { readonly kind: "text"; readonly text: string }
  /** The end of a sentence, without the path. */
  | { readonly kind: "unreadable"; readonly why: string };

/** Without a byte order mark. */
export function readTextFile(path: string, cwd: string): TextFile {
  try {
    return { kind: "text", text: readFileSync(resolve(cwd, path), "utf8").replace(/^\ufeff/, "") };
  } catch (error) {
    return { kind: "unreadable", why: describeFileFault(error) };
  }
}

const FILE_FAULTS: ReadonlyMap<string, string> = new Map([
  ["ENOENT", "there is no such file or folder"],
  ["EACCES", "permission is denied"],
  ["EPERM", "that is not permitted"],
  ["EISDIR", "it is a folder"],
  ["ENOTDIR", "a part of its path is not a folder"],
  ["EEXIST", "a file is in its place"],
  ["EROFS", "the file system is read-only"],
  ["ENOSPC", "the disk is full"],
]);

/** Why a file could not be read or written, without its path. */
export function describeFileFault(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "unknown fault";
  return FILE_FAULTS.get(code) ?? code;
}
