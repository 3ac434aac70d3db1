/**
 * The environment a command sees: files given with `--env-file`, and over them that of the process. Does I/O.
 */
import { parseEnv } from "node:util";
import { toKnownName } from "../config/settings.ts";
import { findBadLines } from "./env-lines.ts";
import type { Host } from "./host.ts";
import { readTextFile } from "./text-file.ts";

export type Environment = Readonly<Record<string, string>>;

/** Later files win, and the process over all of them. An empty value counts as none, and hides nothing. */
export function readEnvironment(
  files: readonly string[],
  host: Pick<Host, "env" | "cwd">,
  problems: string[],
): Environment {
  const layers = files.map((file) => readEnvFile(file, host.cwd, problems));
  const merged: Record<string, string> = {};
  for (const [name, value] of [...layers, host.env].flatMap((layer) => Object.entries(layer))) {
    if (value !== undefined && value.trim() !== "") merged[toKnownName(name)] = value;
  }
  return merged;
}

function readEnvFile(file: string, cwd: string, problems: string[]): Readonly<Record<string, string | undefined>> {
  const read = readTextFile(file, cwd);
  if (read.kind === "text") {
    for (const problem of findBadLines(read.text)) problems.push(`--env-file ${JSON.stringify(file)}: ${problem}`);
    return parseEnv(read.text);
  }
  problems.push(`--env-file ${JSON.stringify(file)} cannot be read: ${read.why}.`);
  return {};
}
