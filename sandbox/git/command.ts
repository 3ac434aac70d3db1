import { spawnSync } from "node:child_process";

export interface GitOutput {
  readonly status: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/**
 * Runs the git command line on a repository. Synchronous on purpose: what surrounds it must not be interleaved with
 * another request. The user's own git settings stay out of it.
 */
export function runGit(directory: string, args: readonly string[], options: { input?: string } = {}): GitOutput {
  const result = spawnSync("git", ["--git-dir", directory, ...args], {
    input: options.input ?? "",
    maxBuffer: 512 * 1024 * 1024,
    env: { ...process.env, GIT_CONFIG_NOSYSTEM: "1", GIT_CONFIG_GLOBAL: "/dev/null", GIT_TERMINAL_PROMPT: "0" },
  });
  if (result.error !== undefined) throw new Error("git cannot be run", { cause: result.error });
  return { status: result.status ?? 1, stdout: result.stdout, stderr: result.stderr.toString() };
}
