import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deflateSync, inflateSync } from "node:zlib";
import { runGit } from "./command.ts";

export type ObjectType = "blob" | "tree" | "commit" | "tag";

export interface GitObject {
  readonly type: ObjectType;
  readonly data: Uint8Array;
}

/** Content-addressed objects of one bare repository: real loose objects on disk, with the recent ones in memory. */
export interface ObjectStore {
  /** Writes an object, once, and gives its name. */
  write(type: ObjectType, data: Uint8Array): string;
  /** Null when there is no such object, or the name is not a full object name. */
  read(sha: string): GitObject | null;
}

const CACHE_BYTES = 96 * 1024 * 1024;

export function createObjectStore(directory: string): ObjectStore {
  const cache = createCache(CACHE_BYTES);
  return {
    write(type, data) {
      const { sha, raw } = encode(type, data);
      if (cache.get(sha) !== undefined) return sha;
      writeLoose(join(directory, "objects"), sha, raw);
      cache.set(sha, { type, data });
      return sha;
    },
    read(sha) {
      if (!/^[0-9a-f]{40}$/.test(sha)) return null;
      const known = cache.get(sha);
      if (known !== undefined) return known;
      const found = readLoose(join(directory, "objects"), sha) ?? readPacked(directory, sha);
      if (found !== null) cache.set(sha, found);
      return found;
    },
  };
}

function encode(type: ObjectType, data: Uint8Array): { sha: string; raw: Uint8Array } {
  const raw = Buffer.concat([Buffer.from(`${type} ${data.length}\0`), data]);
  return { sha: createHash("sha1").update(raw).digest("hex"), raw };
}

/** Written aside and renamed, so that a reader never meets half an object. */
function writeLoose(objects: string, sha: string, raw: Uint8Array): void {
  const folder = join(objects, sha.slice(0, 2));
  const path = join(folder, sha.slice(2));
  if (existsSync(path)) return;
  mkdirSync(folder, { recursive: true });
  const aside = join(objects, `tmp_obj_${sha}`);
  writeFileSync(aside, deflateSync(raw, { level: 1 }), { mode: 0o444 });
  renameSync(aside, path);
}

function readLoose(objects: string, sha: string): GitObject | null {
  const path = join(objects, sha.slice(0, 2), sha.slice(2));
  if (!existsSync(path)) return null;
  const raw = inflateSync(readFileSync(path));
  const end = raw.indexOf(0);
  return { type: objectType(raw.subarray(0, raw.indexOf(32)).toString()), data: raw.subarray(end + 1) };
}

/** Objects that a push or a `git gc` brought in a pack; the git command line reads those. */
function readPacked(directory: string, sha: string): GitObject | null {
  const packs = join(directory, "objects", "pack");
  if (!existsSync(packs) || readdirSync(packs).length === 0) return null;
  const output = runGit(directory, ["cat-file", "--batch"], { input: `${sha}\n` }).stdout;
  const end = output.indexOf(10);
  const [, type, size] = output.subarray(0, end).toString().split(" ");
  if (type === undefined || size === undefined) return null;
  return { type: objectType(type), data: output.subarray(end + 1, end + 1 + Number(size)) };
}

function objectType(text: string): ObjectType {
  if (text === "blob" || text === "tree" || text === "commit" || text === "tag") return text;
  throw new Error(`unknown git object type ${text}`);
}

function createCache(
  limit: number,
): Pick<Map<string, GitObject>, "get"> & { set(sha: string, found: GitObject): void } {
  const entries = new Map<string, GitObject>();
  let size = 0;
  return {
    get: (sha) => entries.get(sha),
    set(sha, found) {
      entries.set(sha, found);
      size += found.data.length;
      for (const [oldest, { data }] of entries) {
        if (size <= limit) break;
        entries.delete(oldest);
        size -= data.length;
      }
    },
  };
}
