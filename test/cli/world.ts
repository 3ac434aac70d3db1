/**
 * The sandbox's PRIMARY and GitHub, and the built command line as a process of its own beside them.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect } from "vitest";
import { type Sandbox, startSandbox } from "../../sandbox/sandbox.ts";
import { FEW, placeOf, seed, settingsTo } from "../world/ground.ts";

export const PROGRAM = fileURLToPath(new URL("../../dist/cli/model-reference-sync.cjs", import.meta.url));
/** For a run that looks at everything. */
export const ALL_CATEGORIES = { HORDE_GITHUB_SYNC_CATEGORIES_TO_SYNC: null };

export interface World {
  readonly sandbox: Sandbox;
  /** `owner/name` */
  readonly image: string;
  readonly text: string;
  /** A folder of its own, which is also the program's home and where it runs. */
  readonly folder: string;
  /** Settings that lead to the sandbox, by their whole names. */
  readonly env: Readonly<Record<string, string>>;
  /** Runs the program to its end. */
  run(args: readonly string[], options?: RunOptions): Promise<Ended>;
  start(args: readonly string[], options?: RunOptions): Started;
  pullRequests(): ReturnType<Sandbox["github"]["pullRequests"]>;
}

export interface RunOptions {
  /** Over those of the world; `null` leaves one out. */
  readonly env?: Readonly<Record<string, string | null>>;
  /** Another Node. */
  readonly node?: string;
  /** As in `node -- program`, which keeps Node's hands off the program's `--env-file`. */
  readonly isSeparated?: boolean;
}

export interface Ended {
  /** `null` when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Started {
  readonly process: ChildProcess;
  /** Resolves when stdout or stderr holds the text. */
  saw(text: string): Promise<void>;
  ended(): Promise<Ended>;
}

/** Registers with vitest; a file's worlds share a sandbox, and every repository must pass `git fsck` in the end. */
export function describeWorlds(): () => World {
  let sandbox: Sandbox | null = null;
  let made = 0;
  const folder = mkdtempSync(join(tmpdir(), "command-line-"));
  beforeAll(async () => {
    sandbox = await startSandbox();
  });
  afterAll(async () => {
    for (const repository of sandbox?.github.repositories() ?? []) {
      expect(await sandbox?.github.fsck(repository), `git fsck of ${repository}`).toBe("");
    }
    await sandbox?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return () => {
    if (sandbox === null) throw new Error("The sandbox has not started.");
    made++;
    return createWorld(sandbox, `o${made}`, mkdtempSync(join(folder, "world-")));
  };
}

function createWorld(sandbox: Sandbox, owner: string, folder: string): World {
  const place = placeOf(owner);
  seed(sandbox, place);
  const env = settingsTo(sandbox, place, { CATEGORIES_TO_SYNC: FEW });
  const start = (args: readonly string[], options: RunOptions = {}) => startProgram(args, { folder, env, ...options });
  return {
    sandbox,
    ...place,
    folder,
    env,
    start: (args, options = {}) => start(args, { ...options, env: { ...env, ...options.env } }),
    run: (args, options = {}) => start(args, { ...options, env: { ...env, ...options.env } }).ended(),
    pullRequests: () => sandbox.github.pullRequests(place.image),
  };
}

export function startProgram(args: readonly string[], options: RunOptions & { readonly folder: string }): Started {
  const given = { PATH: process.env["PATH"] ?? "", HOME: options.folder, ...options.env };
  const env = Object.fromEntries(Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== null));
  const child = spawn(
    options.node ?? process.execPath,
    [...(options.isSeparated === true ? ["--"] : []), PROGRAM, ...args],
    { cwd: options.folder, env },
  );
  const ended = once(child, "close");
  const seen = { stdout: "", stderr: "" };
  const listeners = new Set<() => void>();
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (chunk: string) => {
      seen[name] += chunk;
      for (const listener of listeners) listener();
    });
  }
  return {
    process: child,
    saw: (text) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (`${seen.stdout}${seen.stderr}`.includes(text)) resolve();
        };
        listeners.add(look);
        ended.then(() => reject(new Error(`It ended without ${JSON.stringify(text)}:\n${seen.stdout}${seen.stderr}`)));
        look();
      }),
    async ended() {
      const [code] = await ended;
      return { code, ...seen };
    },
  };
}
