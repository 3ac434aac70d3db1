/**
 * The program: wires the command to its process, and is the boundary for faults that nobody expected.
 */
import { homedir } from "node:os";
import { runCommand } from "./command.ts";
import { EXIT, type Host, type Output } from "./host.ts";

const host: Host = {
  env: process.env,
  cwd: process.cwd(),
  platform: process.platform,
  home: homedir(),
  stdout: toOutput(process.stdout),
  stderr: toOutput(process.stderr),
  fetch: (url, init) => fetch(url, init),
  clock: {
    now: () => Date.now(),
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    random: () => Math.random(),
  },
  onSignal(listener) {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => listener(signal));
  },
  async saveMemory() {
    // V8 would double what it has for young objects, and again. Loaded here, because `--help` has no use for it.
    const { setFlagsFromString } = await import("node:v8");
    setFlagsFromString("--semi-space-growth-factor=1");
  },
  exit: (code) => process.exit(code),
};

/** A reader that went away, as in `… | head`, is no fault of ours. */
function toOutput(stream: NodeJS.WriteStream): Output {
  stream.on("error", () => {});
  return {
    isTerminal: stream.isTTY === true,
    write: (text) => new Promise((resolve) => void stream.write(text, () => resolve())),
  };
}

async function end(code: number): Promise<never> {
  await Promise.all([host.stdout.write(""), host.stderr.write("")]);
  process.exit(code);
}

async function crash(error: unknown): Promise<never> {
  const isVerbose = process.argv.includes("--verbose");
  const message = error instanceof Error ? error.message : String(error);
  const details = isVerbose && error instanceof Error ? `\n${error.stack}` : " (--verbose shows where)";
  await host.stderr.write(`model-reference-sync failed unexpectedly: ${message}${details}\n`);
  return end(EXIT.failed);
}

process.on("uncaughtException", crash);
runCommand(process.argv.slice(2), host).then(end, crash);
