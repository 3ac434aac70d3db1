/**
 * The state between looks in one JSON file, in place of Workers KV. Does I/O.
 *
 * A write is whole or not at all: a temporary file in the same folder, flushed, takes the old one's name. So two
 * watches with one file lose each other's state at worst, which costs requests only.
 */
import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { access, mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import type { KeyValueStore } from "../state/key-value-store.ts";

/**
 * Only the key `state` is kept; the Reports of runs went to the terminal.
 *
 * While the file cannot be written the process goes on with what it would hold.
 */
export function createStateFile(path: string): KeyValueStore {
  let unsaved: string | null = null;
  return {
    ...NO_RUNS,
    async get(key) {
      return key === KEY ? (unsaved ?? (await readOrNull(path))) : null;
    },
    async put(key, value) {
      if (key !== KEY) return;
      unsaved = value;
      await replaceFile(path, `${value}\n`);
      unsaved = null;
    },
  };
}

/** For a process that leaves nothing behind. */
export function createMemoryState(): KeyValueStore {
  let state: string | null = null;
  return {
    ...NO_RUNS,
    get: async (key) => (key === KEY ? state : null),
    async put(key, value) {
      if (key === KEY) state = value;
    },
  };
}

const KEY = "state";
const NO_RUNS: Pick<KeyValueStore, "list"> = { list: async () => ({ keys: [], list_complete: true }) };

/** Creates the folder too. @throws the file system's error when the file could not be written */
export async function requireWritable(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await access(dirname(path), constants.W_OK | constants.X_OK);
  // Nothing there is fine; a folder, or somebody else's file, is not.
  await readOrNull(path);
}

async function readOrNull(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}

async function replaceFile(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    const file = await open(temporary, "wx", 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
