/** What is deployed: its size, and what it costs to evaluate it. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { type Figure, summarize } from "./statistics.ts";

export interface Bundle {
  readonly bytes: number;
  readonly gzipBytes: number;
  /** Time of `wrangler check startup` that was not idle: V8 compiling and running the bundle in workerd. */
  readonly startupMs: Figure;
}

const RUNS = 3;

export function measureBundle(): Bundle {
  const script = readFileSync(new URL("../dist/worker.js", import.meta.url));
  const startups = Array.from({ length: RUNS }, checkStartup);
  return { bytes: script.length, gzipBytes: gzipSync(script).length, startupMs: summarize(startups) };
}

/** It prints `Active: 59.4 ms (including 2.2 ms garbage collection)`. */
function checkStartup(): number {
  const folder = mkdtempSync(join(tmpdir(), "bench-startup-"));
  const wrangler = new URL("../node_modules/wrangler/bin/wrangler.js", import.meta.url).pathname;
  const args = [wrangler, "check", "startup", "--outfile", join(folder, "startup.cpuprofile")];
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  rmSync(folder, { recursive: true, force: true });
  const active = /Active: ([\d.]+) ms/.exec(stdout)?.[1];
  if (active === undefined) throw new Error(`wrangler check startup told no time:\n${stdout}\n${stderr}`);
  return Number(active);
}
