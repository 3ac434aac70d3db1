/** The command line in a process of its own, as a scheduled workflow calls it, beside a Node that does nothing. */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Reference } from "./reference-data.ts";
import { makeSituation } from "./situations.ts";
import { type Figure, summarize } from "./statistics.ts";
import type { World } from "./world.ts";

export interface ProcessFigures {
  readonly wallMs: Figure;
  /** User and system, all threads. */
  readonly cpuMs: Figure;
  readonly peakMb: Figure;
}

export interface CommandLine {
  /** With nothing remembered: everything is read and compared. */
  readonly dryRun: ProcessFigures;
  readonly help: ProcessFigures;
  readonly nothing: ProcessFigures;
}

/** What the service that this one replaces took for the same: recorded once, with its clones there already. */
export const PYTHON_SERVICE = { wallMs: 2200, cpuMs: 2100, peakMb: 97 };

const PROGRAM = fileURLToPath(new URL("../dist/cli/model-reference-sync.cjs", import.meta.url));
const TELL_USAGE = fileURLToPath(new URL("tell-usage.cjs", import.meta.url));
const RUNS = 11;

export async function measureCommandLine(reference: Reference, world: World): Promise<CommandLine> {
  const situation = makeSituation("one-image", reference);
  world.begin(reference);
  world.say({ ...reference.primary, ...situation.measured.says });
  const { HORDE_GITHUB_SYNC_WATCH_MODE: _watch, ...settings } = world.settings;
  const dryRun = await repeat([PROGRAM, "--dry-run"], settings);
  return { dryRun, help: await repeat([PROGRAM, "--help"]), nothing: await repeat(["--eval", "0"]) };
}

async function repeat(args: readonly string[], settings: World["settings"] = {}): Promise<ProcessFigures> {
  const samples: Usage[] = [];
  for (let run = 0; run < RUNS; run++) samples.push(await runOnce(args, settings));
  return {
    wallMs: summarize(samples.map(({ wallMs }) => wallMs)),
    cpuMs: summarize(samples.map(({ cpuMs }) => cpuMs)),
    peakMb: summarize(samples.map(({ peakMb }) => peakMb)),
  };
}

interface Usage {
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly peakMb: number;
}

/** @throws Error with what the process printed, when it does not end well */
async function runOnce(args: readonly string[], settings: World["settings"]): Promise<Usage> {
  const env = { PATH: process.env["PATH"], ...settings };
  const startedAt = performance.now();
  const child = spawn(process.execPath, ["--require", TELL_USAGE, ...args], {
    env,
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  const [, stdout, stderr, usage] = child.stdio.map(collect);
  const code = await new Promise((resolve) => child.on("close", resolve));
  const wallMs = performance.now() - startedAt;
  if (code !== 0) throw new Error(`${args.join(" ")} ended with ${code}: ${stderr?.() ?? ""}${stdout?.() ?? ""}`);
  const told: Omit<Usage, "wallMs"> = JSON.parse(usage?.() ?? "");
  return { wallMs, ...told };
}

function collect(stream: unknown): () => string {
  let text = "";
  if (isReadable(stream)) {
    stream.on("data", (chunk: Buffer) => {
      text += chunk.toString();
    });
  }
  return () => text;
}

function isReadable(stream: unknown): stream is NodeJS.ReadableStream {
  return typeof stream === "object" && stream !== null && "read" in stream && "on" in stream;
}
