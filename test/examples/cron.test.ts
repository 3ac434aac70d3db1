/**
 * The line of examples/cron/crontab-line, run as cron runs it: by a shell, with cron's few variables. Whatever is
 * printed would be mailed.
 */
import { execFile, spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { describeWorlds, PROGRAM, type World } from "../cli/world.ts";
import { RECORD } from "../world/ground.ts";
import { read } from "./files.ts";

const createWorld = describeWorlds();
const LINE =
  read("examples/cron/crontab-line")
    .split("\n")
    .find((line) => /^[\d*]/.test(line)) ?? "";

/** @returns what cron would mail */
async function runAsCron(world: World): Promise<string> {
  const at = (path: string) => join(world.folder, path);
  const [, command = ""] = /^(?:\S+ ){5}(.*)$/.exec(LINE) ?? [];
  const placed = command.replace("/usr/local/bin", at("bin")).replace("/etc/model-reference-sync", at("etc"));
  const env = { HOME: world.folder, LOGNAME: "somebody", SHELL: "/bin/sh", PATH: "/usr/bin:/bin" };
  const { stdout, stderr } = await promisify(execFile)("/bin/sh", ["-c", placed], { cwd: world.folder, env });
  return stdout + stderr;
}

function install(world: World): void {
  for (const folder of ["bin", "etc"]) mkdirSync(join(world.folder, folder));
  copyFileSync(PROGRAM, join(world.folder, "bin/model-reference-sync"));
  chmodSync(join(world.folder, "bin/model-reference-sync"), 0o755);
  symlinkSync(process.execPath, join(world.folder, "bin/node"));
  const lines = Object.entries(world.env).map(([name, value]) => `${name}=${value}\n`);
  writeFileSync(join(world.folder, "etc/sync.env"), lines.join(""));
}

describe("the crontab's line", () => {
  it("is one for a person's crontab: five fields, no user, no % that cron would take for a newline", () => {
    expect(LINE).toMatch(/^(?:[\d*/,-]+ ){5}PATH=\S+ model-reference-sync /);
    expect(LINE).not.toContain("%");
  });

  it("mails what is new, once, and nothing else", async () => {
    const world = createWorld();
    install(world);
    expect(await runAsCron(world)).toBe("");
    world.sandbox.primary.putRecord("esrgan", "First", RECORD);
    expect(await runAsCron(world)).toContain("pull request opened");
    expect(await runAsCron(world)).toBe("");
    world.sandbox.primary.setCategory("image_generation", "{}");
    expect(await runAsCron(world)).toContain("held");
    expect(await runAsCron(world)).toBe("");
  });

  it("is taken by crontab, where there is one", () => {
    const { error, status, stderr } = spawnSync("crontab", ["-n", "-"], { input: `${LINE}\n`, encoding: "utf8" });
    if (error !== undefined || /invalid option|usage/i.test(stderr)) {
      console.warn("SKIPPED: there is no crontab on this machine that checks a file without taking it over.");
      return;
    }
    expect(status, stderr).toBe(0);
  });
});
