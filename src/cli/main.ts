/**
 * The program: wires the command to its process, and is the boundary for faults that nobody expected.
 */
import { homedir } from "node:os";
import { once } from "../core/once.ts";
import { runCommand } from "./command.ts";
import { EXIT, type Host, type Output } from "./host.ts";

/** Each resolves when all is out that was written to an output. */
const endings: (() => Promise<void>)[] = [];

const host: Host = {
  env: process.env,
  cwd: process.cwd(),
  platform: process.platform,
  home: homedir(),
  stdout: toOutput(() => process.stdout),
  stderr: toOutput(() => process.stderr),
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

/** Opened with the first use, because a process needs a while for each. What was written is out before it ends. */
function toOutput(open: () => NodeJS.WriteStream): Output {
  const opened = once(() => {
    const stream = open();
    // A reader that went away, as in `… | head`, is no fault of ours.
    stream.on("error", () => {});
    const write = (text: string) => new Promise<void>((resolve) => void stream.write(text, () => resolve()));
    endings.push(() => write(""));
    return { stream, write };
  });
  return {
    get isTerminal() {
      return opened().stream.isTTY === true;
    },
    write: (text) => opened().write(text),
  };
}

async function end(code: number): Promise<never> {
  await Promise.all(endings.map((ending) => ending()));
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
