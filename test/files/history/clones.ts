/**
 * The public repositories as oracles: their history, and their own scripts. None of their content is kept here.
 *
 * `MODEL_REFERENCE_CLONES` names a folder with clones (bare ones will do) of Haidra-Org's AI-Horde-image-model-reference,
 * AI-Horde-text-model-reference and horde-model-reference, each in a folder of its repository's name; `PYTHON` an
 * interpreter, with pydantic 2 for the image repository's validator. Without them these suites are skipped.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

const FOLDER = process.env["MODEL_REFERENCE_CLONES"] ?? "";
const PYTHON = process.env["PYTHON"] ?? "python3";
const MOST_BYTES = 1 << 30;

export const IMAGE = "AI-Horde-image-model-reference";
export const TEXT = "AI-Horde-text-model-reference";
export const SERVER = "horde-model-reference";
export const hasClones = FOLDER !== "" && [IMAGE, TEXT, SERVER].every((name) => existsSync(join(FOLDER, name)));

/** Every text that a file had on the main line, oldest first, each once in a row. */
export function readVersions(repository: string, path: string): string[] {
  const commits = git(repository, ["log", "--first-parent", "--reverse", "--format=%H", "--", path]).split("\n");
  const texts = commits.filter(Boolean).flatMap((commit) => readAt(repository, commit, path) ?? []);
  return texts.filter((text, index) => text !== texts[index - 1]);
}

/** A file's text at a commit; `null` when it is not there. */
export function readAt(repository: string, commit: string, path: string): string | null {
  const { status, stdout } = run("git", ["-C", join(FOLDER, repository), "show", `${commit}:${path}`]);
  return status === 0 ? stdout : null;
}

/** Runs one of the drivers beside this file: a JSON value in, a JSON value out. */
export function python(driver: string, input: unknown): unknown {
  const file = new URL(driver, import.meta.url).pathname;
  const { status, stdout, stderr } = run(PYTHON, [file], JSON.stringify(input));
  if (status !== 0) throw new Error(`${driver} failed: ${stderr.slice(-2000)}`);
  return JSON.parse(stdout);
}

function git(repository: string, args: readonly string[]): string {
  const { status, stdout, stderr } = run("git", ["-C", join(FOLDER, repository), ...args]);
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

function run(command: string, args: readonly string[], input = "") {
  const env = { ...process.env, PYTHONUTF8: "1" };
  return spawnSync(command, args, { input, env, encoding: "utf8", maxBuffer: MOST_BYTES });
}
