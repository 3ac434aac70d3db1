/**
 * `migrate`: from a file of settings to what a Worker needs. Does I/O.
 *
 * Secrets never go to the terminal, whose text stays in scroll-backs and logs: they are named there, and written to a
 * file that only its owner can read, where a folder is asked for.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseEnv } from "node:util";
import { type Migration as Plan, planMigration } from "../config/migration.ts";
import { toKnownName } from "../config/settings.ts";
import { toOneLine } from "../core/inert.ts";
import type { Migration } from "./arguments.ts";
import { choosePaint } from "./colours.ts";
import { findBadLines } from "./env-lines.ts";
import { EXIT, type Host } from "./host.ts";
import { renderChanges, renderSecrets, renderSecretsFile, renderVars } from "./migration-text.ts";
import { KEY, KEY_PATH } from "./option-table.ts";
import { describeFileFault, readTextFile } from "./text-file.ts";

/** @returns 0; 1 when the Worker would refuse the settings, or a file could not be written; 2 without a file to read */
export async function migrate({ file, outputDir }: Migration, host: Host): Promise<number> {
  const { stdout, stderr, env, cwd } = host;
  const paint = choosePaint(stderr, env);
  const fail = async (code: number, sentence: string) => {
    await stderr.write(`${paint("red", sentence)}\n`);
    return code;
  };
  const read = readTextFile(file, cwd);
  if (read.kind === "unreadable") return fail(EXIT.usage, `${file} cannot be read: ${read.why}.`);
  const bad = findBadLines(read.text);
  if (bad.length > 0)
    return fail(EXIT.usage, `${file} cannot be taken. ${bad.join(" ")} Put a value of several lines in quotes.`);
  const given = Object.entries(parseEnv(read.text)).map(([name, value]) => [toKnownName(name), value] as const);
  const withKey = readKey(Object.fromEntries(given), cwd);
  const plan = planMigration(withKey.settings);
  const folder = outputDir === null ? null : resolve(cwd, outputDir);
  try {
    if (folder !== null) await writeFiles(folder, plan);
  } catch (error) {
    return fail(
      EXIT.failed,
      `${outputDir} cannot be written: ${describeFileFault(error)}. Nothing there was replaced.`,
    );
  }
  await stdout.write(`${renderVars(plan)}\n${renderSecrets(plan, folder)}`);
  await stderr.write(renderChanges({ notes: [...withKey.notes, ...plan.notes] }, file));
  for (const problem of plan.problems) await stderr.write(`${paint("red", toOneLine(problem, 1000))}\n`);
  return plan.problems.length > 0 ? EXIT.failed : EXIT.done;
}

interface WithKey {
  readonly settings: Readonly<Record<string, string | undefined>>;
  readonly notes: readonly string[];
}

/** A Worker has no files: what the path names takes its place. */
function readKey(given: WithKey["settings"], cwd: string): WithKey {
  const { [KEY_PATH]: path, ...settings } = given;
  if (path === undefined || path.trim() === "") return { settings: given, notes: [] };
  if ((settings[KEY] ?? "") !== "") return { settings, notes: [`${KEY_PATH} is left out, because ${KEY} is set.`] };
  const read = readTextFile(path.trim(), cwd);
  if (read.kind === "text")
    return {
      settings: { ...settings, [KEY]: read.text },
      notes: [`${KEY} is the content of the file that ${KEY_PATH} names.`],
    };
  const note = `${KEY_PATH} names a file that cannot be read here (${read.why}). Give the key to the Worker from where it is: npx wrangler secret put ${KEY} < key.pem`;
  return { settings, notes: [note] };
}

async function writeFiles(folder: string, plan: Plan): Promise<void> {
  await mkdir(folder, { recursive: true });
  // The secrets first, as what is there already may be the only copy.
  await writeFile(join(folder, "secrets.env"), renderSecretsFile(plan), { flag: "wx", mode: 0o600 });
  await writeFile(join(folder, "vars.toml"), renderVars(plan), { flag: "wx" });
}
