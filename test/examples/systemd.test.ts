/**
 * The units of examples/systemd: their commands run as systemd runs them, as a user who may not read root's files, and
 * `systemd-analyze verify` reads them, where there is one.
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it, test } from "vitest";
import { describeWorlds, PROGRAM, type World } from "../cli/world.ts";
import { createKeys } from "../fakes/keys.ts";
import { RECORD } from "../world/ground.ts";
import { ROOT, read } from "./files.ts";
import { environmentOf, parseServiceUnit } from "./unit-file.ts";

const UNITS = readdirSync(join(ROOT, "examples/systemd"));
const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;
const createWorld = describeWorlds();

/** As after the installation that docs/command-line.md describes, in a folder of the world in the place of `/`. */
function install(world: World) {
  const at = (path: string) => join(world.folder, path);
  for (const folder of ["bin", "etc", "credentials", "state/model-reference-sync"])
    mkdirSync(at(folder), { recursive: true });
  copyFileSync(PROGRAM, at("bin/model-reference-sync"));
  chmodSync(at("bin/model-reference-sync"), 0o755);
  symlinkSync(process.execPath, at("bin/node"));
  const { privateKey, publicKey } = createKeys();
  const [owner = ""] = world.image.split("/");
  world.sandbox.github.credentials.addApp({
    id: 123456,
    slug: "syncer",
    publicKeyPem: publicKey,
    installationId: 77,
    owner,
    permissions: { contents: "write", pull_requests: "write" },
    repositories: ["image", "text"],
  });
  writeFileSync(at("etc/github-app-key.pem"), privateKey, { mode: 0o600 });
  const { HORDE_GITHUB_SYNC_GITHUB_TOKEN: _token, ...rest } = world.env;
  // The example's file, with what a person changes in it at its end.
  const lines = Object.entries(rest).map(([name, value]) => `${name}=${value}`);
  writeFileSync(at("etc/sync.env"), `${read("examples/sync.env")}\n${lines.join("\n")}\n`, { mode: 0o600 });
  return at;
}

/** What systemd does before and with `ExecStart=`. */
function startUnit(name: string, world: World, change = (text: string) => text): ChildProcess {
  const at = install(world);
  const unit = parseServiceUnit(change(read(`examples/systemd/${name}`)), { d: at("credentials"), S: at("state") });
  const place = (path: string) => path.replace("/etc/model-reference-sync", at("etc"));
  for (const [credential, path] of unit.credentials) {
    copyFileSync(place(path), at(`credentials/${credential}`));
    chmodSync(at(`credentials/${credential}`), 0o400);
    if (isRoot) chownSync(at(`credentials/${credential}`), NOBODY, NOBODY);
  }
  if (isRoot) {
    chownSync(at("state/model-reference-sync"), NOBODY, NOBODY);
    for (const folder of [join(world.folder, ".."), world.folder]) chmodSync(folder, 0o755);
  }
  const files = new Map(unit.environmentFiles.map((path) => [path, place(path)]));
  const set = environmentOf(unit, (path) => execFileSync("cat", [files.get(path) ?? path], { encoding: "utf8" }));
  const [program = "", ...args] = unit.command;
  return spawn(program, args, {
    cwd: "/",
    env: { PATH: `${at("bin")}:/usr/bin:/bin`, ...set },
    ...(isRoot ? { uid: NOBODY, gid: NOBODY } : {}),
  });
}

async function ended(child: ChildProcess, onText: (text: string) => void = () => {}) {
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk: Buffer) => {
      printed += chunk.toString();
      onText(printed);
    });
  }
  const code = await new Promise((resolve) => child.once("close", resolve));
  return { code, printed };
}

if (!isRoot) console.warn("SKIPPED in part: only root can run the units as another user; they run as this one.");

describe("the units", () => {
  it("publish in a single run, with an App, and keep their state", async () => {
    const world = createWorld();
    world.sandbox.primary.putRecord("esrgan", "First", RECORD);
    const { code, printed } = await ended(startUnit("model-reference-sync.service", world));
    expect(printed).toContain("pull request opened");
    expect(code).toBe(0);
    expect(world.pullRequests()).toHaveLength(1);
    expect(existsSync(join(world.folder, "state/model-reference-sync/state.json"))).toBe(true);
  });

  it("watch, and stop as systemd asks", async () => {
    const world = createWorld();
    const child = startUnit("model-reference-sync-watch.service", world);
    const { code, printed } = await ended(child, (text) => {
      if (text.includes("PRIMARY's timestamp is")) child.kill("SIGTERM");
    });
    expect(printed).toContain("watching");
    expect(code).toBe(0);
    expect(existsSync(join(world.folder, "state/model-reference-sync/watch.json"))).toBe(true);
  });

  it("could not start with the path of the key in Environment=, over which the file's would win", async () => {
    const moved = (text: string) =>
      text
        .replace("GITHUB_APP_PRIVATE_KEY_PATH=%d/github-app-key.pem \\\n", "\\\n")
        .replace("[Service]", "[Service]\nEnvironment=GITHUB_APP_PRIVATE_KEY_PATH=%d/github-app-key.pem");
    const { code, printed } = await ended(startUnit("model-reference-sync.service", createWorld(), moved));
    expect(printed).toContain("GITHUB_APP_PRIVATE_KEY_PATH names a file that cannot be read");
    expect(code).toBe(2);
  });
});

const hasAnalyzer = spawnSync("systemd-analyze", ["--version"]).status === 0;
if (!hasAnalyzer) console.warn("SKIPPED: there is no systemd-analyze on this machine.");
test.skipIf(!hasAnalyzer)("systemd finds nothing wrong with them", () => {
  const files = UNITS.map((name) => join(ROOT, "examples/systemd", name));
  expect(spawnSync("systemd-analyze", ["verify", ...files], { encoding: "utf8" })).toMatchObject({
    status: 0,
    stderr: "",
  });
});
