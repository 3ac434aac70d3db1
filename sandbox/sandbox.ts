import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ConditionSwitch, createConditionSwitch } from "./conditions.ts";
import { type GitHubServer, startGitHubServer } from "./github/server.ts";
import { type PrimaryServer, startPrimaryServer } from "./primary/server.ts";

export interface SandboxOptions {
  /** Where the bare repositories live. Default: a fresh temporary folder, removed on close. */
  readonly directory?: string;
  /** 0 or nothing: any free port. */
  readonly primaryPort?: number;
  readonly githubPort?: number;
  /** What both servers take for the time. */
  readonly now?: () => number;
}

/** A local PRIMARY and a local GitHub, for tests and for playing. */
export interface Sandbox {
  readonly primary: PrimaryServer;
  readonly github: GitHubServer;
  /** GitHub's ways of being unkind, to be switched on and off. */
  readonly conditions: ConditionSwitch;
  /** What both servers take for the time. */
  now(): number;
  /** Lets time pass for both servers. */
  advance(ms: number): void;
  close(): Promise<void>;
}

export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const directory = options.directory ?? mkdtempSync(join(tmpdir(), "model-reference-sandbox-"));
  mkdirSync(directory, { recursive: true });
  const remove = () => rmSync(directory, { recursive: true, force: true });
  // The runtime of Workers ends the process by itself when it is interrupted, and waits for nobody.
  if (options.directory === undefined) process.once("exit", remove);
  let aheadMs = 0;
  const now = () => (options.now ?? Date.now)() + aheadMs;
  const primary = await startPrimaryServer({ port: options.primaryPort ?? 0, now });
  const github = await startGitHubServer({ port: options.githubPort ?? 0, directory, now });
  return {
    primary,
    github,
    conditions: createConditionSwitch(github),
    now,
    advance(ms) {
      aheadMs += ms;
    },
    async close() {
      await Promise.all([primary.close(), github.close()]);
      if (options.directory !== undefined) return;
      process.off("exit", remove);
      remove();
    },
  };
}
