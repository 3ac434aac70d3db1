/**
 * What a service does that clones: `git clone --depth 1`, one changed file, commit, push; with the pictures that the
 * real image repository holds beside its JSON files.
 *
 * The sandbox serves clones over git's plain HTTP protocol, which knows no depth, so `file://` is cloned and pushed to:
 * no network and no latency. CPU is that of all git processes, those of the server's end included.
 */
import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Reference } from "./reference-data.ts";
import { startRuntime } from "./runtime.ts";
import { makeSituation } from "./situations.ts";
import { type Figure, summarize } from "./statistics.ts";
import { IMAGE, type World } from "./world.ts";

export interface GitService {
  readonly picturesMb: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly wallMs: Figure;
  /** `null` where the operating system does not tell it. */
  readonly cpuMs: Figure | null;
  readonly diskBytes: number;
  /** The same change by the Worker on the same repository. */
  readonly worker: { readonly bytesIn: number; readonly bytesOut: number; readonly wallMs: number };
}

const PICTURES = 120;
const PICTURES_MB = 50;
const RUNS = 3;

export async function measureGitService(reference: Reference, world: World): Promise<GitService> {
  const situation = makeSituation("one-image", { ...reference, image: { ...reference.image, ...pictures() } });
  world.begin(situation.reference);
  const bare = world.sandbox.github.gitDirectory(IMAGE);
  // A server holds packs, not the loose objects of the sandbox, which would have to be packed for every clone.
  git(bare, ["repack", "-adq"]);
  const runs = Array.from({ length: RUNS }, (_, run) => cloneChangePush(bare, `run-${run}`));
  const [last] = runs.slice(-1);
  if (last === undefined) throw new Error("git was not measured.");
  return {
    picturesMb: PICTURES_MB,
    bytesIn: last.bytesIn,
    bytesOut: last.bytesOut,
    diskBytes: last.diskBytes,
    wallMs: summarize(runs.map(({ wallMs }) => wallMs)),
    cpuMs: process.platform === "linux" ? summarize(runs.map(({ cpuMs }) => cpuMs)) : null,
    worker: await sameByWorker(situation, world),
  };
}

/** Cannot be compressed, as pictures cannot. */
function pictures(): Record<string, Uint8Array> {
  const bytes = Math.round((PICTURES_MB * 2 ** 20) / PICTURES);
  const names = Array.from({ length: PICTURES }, (_, index) => `showcase/model_${index}/01.webp`);
  return Object.fromEntries(names.map((name) => [name, randomBytes(bytes)]));
}

function cloneChangePush(bare: string, branch: string) {
  const parent = mkdtempSync(join(tmpdir(), "bench-clone-"));
  const folder = join(parent, "clone");
  const cpuBefore = childrenCpuMs();
  const startedAt = performance.now();
  git(parent, ["clone", "--quiet", "--depth", "1", `file://${bare}`, "clone"]);
  const bytesIn = packBytes(folder);
  git(folder, ["checkout", "--quiet", "-b", branch]);
  const path = join(folder, "stable_diffusion.json");
  writeFileSync(path, readFileSync(path, "utf8").replace('"description": "', '"description": "Changed. '));
  git(folder, ["add", "--all"]);
  git(folder, ["commit", "--quiet", "--message", "Sync"]);
  git(folder, ["push", "--quiet", "origin", branch]);
  const [wallMs, cpuMs] = [performance.now() - startedAt, childrenCpuMs() - cpuBefore];
  const bytesOut = git(folder, ["pack-objects", "--quiet", "--revs", "--thin", "--stdout"], "HEAD\n^HEAD~1\n").length;
  const diskBytes = folderBytes(folder);
  rmSync(parent, { recursive: true, force: true });
  return { wallMs, cpuMs, bytesIn, bytesOut, diskBytes };
}

/** @throws Error with what git complains about */
function git(cwd: string, args: readonly string[], input = ""): Buffer {
  const user = ["-c", "user.name=bench", "-c", "user.email=bench@example.org"];
  const env = { ...process.env, GIT_CONFIG_NOSYSTEM: "1", GIT_CONFIG_GLOBAL: "/dev/null", GIT_TERMINAL_PROMPT: "0" };
  const { status, stdout, stderr } = spawnSync("git", [...user, ...args], { cwd, env, input });
  if (status !== 0) throw new Error(`git ${args.join(" ")} ended with ${status}: ${stderr}`);
  return stdout;
}

function packBytes(folder: string): number {
  return folderBytes(join(folder, ".git", "objects", "pack"));
}

function folderBytes(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
}

/** User and system time of all ended children, theirs included, in steps of 10 ms. */
function childrenCpuMs(): number {
  if (process.platform !== "linux") return 0;
  const stat = readFileSync("/proc/self/stat", "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[13]) + Number(fields[14])) * 10;
}

async function sameByWorker(situation: ReturnType<typeof makeSituation>, world: World): Promise<GitService["worker"]> {
  const runtime = await startRuntime(world.settings);
  for (const { says, cron } of situation.before) {
    world.say(says);
    await runtime.fire(cron);
  }
  world.say(situation.measured.says);
  world.resetMeters();
  const startedAt = performance.now();
  await runtime.fire(situation.measured.cron);
  const wallMs = performance.now() - startedAt;
  const [github, primary] = [world.github.bytes(), world.primary.bytes()];
  await runtime.close();
  return { bytesIn: github.received + primary.received, bytesOut: github.sent + primary.sent, wallMs };
}
