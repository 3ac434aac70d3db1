/**
 * The built program as its own process: what a shell, a crontab and a pipeline see of it.
 */
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import * as z from "zod/mini";
import manifest from "../../package.json" with { type: "json" };
import type { Report } from "../../src/contract/report.ts";
import { BRANCH, RECORD } from "../world/ground.ts";
import { findOtherNode } from "./other-node.ts";
import { ALL_CATEGORIES, describeWorlds, PROGRAM, type World } from "./world.ts";

const createWorld = describeWorlds();
const PREFIX = "HORDE_GITHUB_SYNC_";

/** One image model is new on PRIMARY. */
function drifted(): World {
  const world = createWorld();
  world.sandbox.primary.putRecord("image_generation", "First", RECORD);
  return world;
}

const githubWrites = ({ sandbox }: World) => sandbox.github.requests.filter(({ method }) => method !== "GET").length;
const categoriesRead = ({ sandbox }: World) =>
  sandbox.primary.log.flatMap(({ path }) => /\/v1\/([a-z_]+)$/.exec(path)?.[1] ?? []);

describe("the single runs that the Python service's users know", () => {
  it("without options opens the pull request, and finds it the next time", async () => {
    const world = drifted();
    const first = await world.run([], { env: ALL_CATEGORIES });
    expect(first.code).toBe(0);
    expect(first.stdout).toContain(`${world.image} (main): pull request opened\n`);
    expect(first.stdout).toMatch(
      /^ {2}image_generation: 1 added, 0 removed, 0 modified\n( {4}warning: .*\n| {6}.*\n)* {4}\+ First\n/m,
    );
    expect(first.stderr).toMatch(/^run \S+ \(cli\)\n/);
    expect(first.stderr).toContain("image_generation: fetched, 13 kB\n");
    expect(first.stderr).toContain("image_generation: compared, 1 added\n");
    expect(first.stderr).toContain(`${world.image}: pull request opened, #1\n`);
    expect(world.pullRequests()).toMatchObject([{ state: "open", labels: ["automated", "sync", "ready-for-review"] }]);
    expect((await world.run([])).stdout).toContain(`${world.image} (main): pull request open\n`);
    expect(world.pullRequests()).toHaveLength(1);
    expect(existsSync(join(world.folder, ".local"))).toBe(false);
  });

  it("--dry-run plans and writes nothing, and needs no credentials", async () => {
    const world = drifted();
    const ended = await world.run(["--dry-run"], { env: { [`${PREFIX}GITHUB_TOKEN`]: null } });
    expect([ended.code, githubWrites(world)]).toEqual([0, 0]);
    expect(ended.stdout).toContain("=> Run again without --dry-run to publish.\n");
    expect(ended.stderr).toContain("A dry run reads without them, at 60 requests an hour.");
    expect(readdirSync(world.folder)).toEqual([]);
  });

  it("--dry-run shows what each field says and will say, and never calls it published", async () => {
    const world = drifted();
    world.sandbox.primary.putRecord("image_generation", "First", RECORD);
    await world.run([]);
    const planned = await world.run(["--dry-run"]);
    expect(planned.stdout).toMatch(/^dry run \S+: planned in /);
    expect(planned.stdout).not.toContain("published");
    const [name = ""] = Object.keys(JSON.parse(world.sandbox.primary.category("esrgan") ?? "{}"));
    const record = JSON.parse(world.sandbox.primary.category("esrgan") ?? "{}")[name];
    world.sandbox.primary.putRecord("esrgan", name, { ...record, version: "99.9" });
    const changed = await world.run(["--dry-run", "--categories", "esrgan"]);
    expect(changed.stdout).toMatch(/ {4}~ .*\n {8}version: .* → "99\.9"\n/);
  });

  it("NO_PR and OUTPUT_DIR write the would-be files here, and nothing to GitHub", async () => {
    const world = drifted();
    const env = { [`${PREFIX}NO_PR`]: "true", [`${PREFIX}OUTPUT_DIR`]: "out", [`${PREFIX}GITHUB_TOKEN`]: null };
    const ended = await world.run(["--force"], { env });
    expect([ended.code, githubWrites(world)]).toEqual([0, 0]);
    expect(ended.stdout).toMatch(/^dry run \S+: planned in /);
    expect(ended.stdout).toContain("=> Run again without NO_PR and --no-pr to publish.\n");
    expect(readFileSync(join(world.folder, "out/changes.diff"), "utf8")).toContain('+    "First": {');
    expect(existsSync(join(world.folder, "out", world.image, "stable_diffusion.json"))).toBe(true);
  });

  it("--categories image_generation,text_generation looks at no others", async () => {
    const world = drifted();
    expect((await world.run(["--categories", "image_generation,text_generation"])).code).toBe(0);
    expect(categoriesRead(world).sort()).toEqual(["image_generation", "text_generation"]);
    expect(world.pullRequests()).toHaveLength(1);
  });

  it("--primary-url wins over the setting", async () => {
    const world = drifted();
    const env = { [`${PREFIX}PRIMARY_API_URL`]: "http://127.0.0.1:9" };
    expect((await world.run(["--primary-url", `${world.sandbox.primary.url}/api/`], { env })).code).toBe(0);
    expect(world.pullRequests()).toHaveLength(1);
  });

  it("--force opens the pull request although the changes are below the threshold", async () => {
    const world = drifted();
    const env = { [`${PREFIX}MIN_CHANGES_THRESHOLD`]: "5" };
    const without = await world.run([], { env });
    expect([without.code, world.pullRequests().length]).toEqual([0, 0]);
    expect(without.stdout).toContain("=> Wait, or run with --force to publish them now.\n");
    expect((await world.run(["--force"], { env })).code).toBe(0);
    expect(world.pullRequests()).toHaveLength(1);
  });

  it("--verbose shows every request, and no secret", async () => {
    const world = drifted();
    const args = ["--primary-url", world.sandbox.primary.url, "--categories", "image_generation", "--verbose"];
    const { code, stderr, stdout } = await world.run(args);
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ request method=POST url=\S+\/git\/trees status=201 ms=\d+$/m,
    );
    expect(`${stdout}${stderr}`).not.toContain(world.env[`${PREFIX}GITHUB_TOKEN`]);
  });

  it("--target-dir is accepted, with a word that it has no effect", async () => {
    const world = drifted();
    const { code, stderr } = await world.run(["--target-dir", "/data/git-clones", "--dry-run"]);
    expect(code).toBe(0);
    expect(stderr).toContain("--target-dir has no effect: nothing is cloned.\n");
  });

  it("with a configuration of the Python service in a file", async () => {
    const world = drifted();
    const settings = Object.entries({ ...world.env, [`${PREFIX}WATCH_MODE`]: "true" });
    writeFileSync(join(world.folder, ".env.sync"), settings.map(([name, value]) => `${name}="${value}"\n`).join(""));
    const none = Object.fromEntries(Object.keys(world.env).map((name) => [name, null]));
    expect((await world.run(["--env-file", ".env.sync", "--no-watch"], { env: none })).code).toBe(0);
    expect(world.pullRequests()).toHaveLength(1);
  });
});

describe("--json", () => {
  it("prints the Report on stdout, as one line and nothing else", async () => {
    const world = drifted();
    const { code, stdout, stderr } = await world.run(["--json"]);
    const report: Report = JSON.parse(stdout);
    expect([code, stdout]).toEqual([0, `${JSON.stringify(report)}\n`]);
    expect(report).toMatchObject({
      trigger: "cli",
      outcome: "published",
      repositories: [{ repository: world.image }, {}],
    });
    expect(stderr).toContain("compared");
  });

  it("prints a failed run too, and nothing when no run was started", async () => {
    const world = drifted();
    const env = { [`${PREFIX}GITHUB_IMAGE_REPO`]: "nobody/image" };
    const failed = await world.run(["--json"], { env });
    expect([failed.code, JSON.parse(failed.stdout).outcome]).toEqual([1, "partial"]);
    expect(await world.run(["--json", "--categories", "lora"])).toMatchObject({ code: 2, stdout: "" });
  });
});

describe("--quiet", () => {
  it("says nothing when there is nothing to say, as cron's mail wants it", async () => {
    const world = createWorld();
    expect(await world.run(["--quiet"])).toEqual({ code: 0, stdout: "", stderr: "" });
    world.sandbox.primary.putRecord("esrgan", "First", RECORD);
    const { code, stdout, stderr } = await world.run(["--quiet"]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toContain("pull request opened\n");
  });

  it("still says what is wrong", async () => {
    const world = createWorld();
    const { code, stderr } = await world.run(["--quiet"], { env: { [`${PREFIX}GITHUB_IMAGE_REPO`]: "nobody/image" } });
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^nobody\/image: failed: [^\n]+\n$/)]);
  });
});

describe("the exit code", () => {
  it("is 1 when the run failed or a part of it", async () => {
    const world = drifted();
    const env = { [`${PREFIX}GITHUB_IMAGE_REPO`]: "nobody/image", [`${PREFIX}GITHUB_TEXT_REPO`]: "nobody/text" };
    const { code, stdout, stderr } = await world.run([], { env });
    expect(code).toBe(1);
    expect(stdout).toContain("nobody/text (main): failed\n");
    expect(stdout).toContain("=> Mend what the error names, if it is ours; the next run tries again.\n");
    expect(stderr).toContain("nobody/image: failed: ");
  });

  it("is 2, without a single request, for wrong options and settings", async () => {
    const world = drifted();
    const options = await world.run(["--dryrun"]);
    expect([options.code, options.stdout]).toEqual([2, ""]);
    expect(options.stderr).toContain('There is no option "--dryrun". Did you mean --dry-run?\nValid options: ');
    const env = { [`${PREFIX}PRIMARY_API_URL`]: null, [`${PREFIX}PUBLISH`]: "secret" };
    const settings = await world.run(["--env-file", "none"], { env, isSeparated: true });
    expect(settings).toEqual({
      code: 2,
      stdout: "",
      stderr:
        '--env-file "none" cannot be read: there is no such file or folder.\n' +
        "HORDE_GITHUB_SYNC_PRIMARY_API_URL is not set; use --primary-url URL.\n" +
        'HORDE_GITHUB_SYNC_PUBLISH must be "pull-request" or "commit".\n' +
        "Nothing was done. Try --help.\n",
    });
    expect([...world.sandbox.primary.log, ...world.sandbox.github.requests]).toEqual([]);
  });

  it("is 1 for files that cannot be written, before the run", async () => {
    const world = drifted();
    writeFileSync(join(world.folder, "file"), "");
    const output = await world.run(["--dry-run", "--output-dir", "file"]);
    expect(output).toMatchObject({ code: 1, stdout: "" });
    expect(output.stderr).toContain(
      `--output-dir ${join(world.folder, "file")} cannot be written: a file is in its place.\n`,
    );
    mkdirSync(join(world.folder, "folder"));
    const state = await world.run(["--state-file", "folder"]);
    expect(state).toMatchObject({ code: 1, stdout: "" });
    expect(state.stderr).toContain("cannot be used: it is a folder.\n");
    expect(world.sandbox.github.requests).toEqual([]);
  });

  it("is 1 for a bug of ours, told in one line", async () => {
    const world = drifted();
    const env = { NODE_OPTIONS: "--import data:text/javascript,Date.now=()=>{throw(Error('bug'))}" };
    const plain = await world.run([], { env });
    expect(plain).toEqual({
      code: 1,
      stdout: "",
      stderr: "model-reference-sync failed unexpectedly: bug (--verbose shows where)\n",
    });
    expect((await world.run(["--verbose"], { env })).stderr).toMatch(/ bug\nError: bug\n {4}at /);
  });
});

describe("a state file", () => {
  it("is kept by a single run that is told of one, and not by a dry one", async () => {
    const world = drifted();
    const path = join(world.folder, "deep", "state.json");
    await world.run(["--dry-run", "--state-file", path]);
    expect(existsSync(path)).toBe(false);
    await world.run([], { env: { [`${PREFIX}STATE_FILE`]: path } });
    expect(JSON.parse(readFileSync(path, "utf8"))).toMatchObject({ lastRun: { trigger: "cli", outcome: "published" } });
    const { stdout } = await world.run(["--json", "--state-file", path]);
    expect(JSON.parse(stdout).requests.github).toBeLessThanOrEqual(7);
  });
});

describe("the program", () => {
  const run = (...args: string[]) => spawnSync(process.execPath, [PROGRAM, ...args], { encoding: "utf8" });

  it("tells its version and its options without any settings", () => {
    expect(run("--version")).toMatchObject({ status: 0, stdout: `${manifest.version}\n`, stderr: "" });
    expect(run("--help")).toMatchObject({ status: 0, stderr: "" });
    expect(run("-h").stdout).toMatch(/^Usage: model-reference-sync \[check\] \[options\]\n/);
  });

  it("is not disturbed by a reader that went away", () => {
    const shell = `"${process.execPath}" "${PROGRAM}" --help | true`;
    expect(spawnSync("bash", ["-o", "pipefail", "-c", shell], { encoding: "utf8" })).toMatchObject({
      status: 0,
      stderr: "",
    });
  });

  const other = findOtherNode();
  const nodes = [process.execPath, ...(other === null ? [] : [other.path])];

  it(`runs from a file without an extension, as in /usr/local/bin (also on ${other?.version ?? "no other Node"})`, () => {
    const { folder } = createWorld();
    const installed = join(folder, "model-reference-sync");
    copyFileSync(PROGRAM, installed);
    for (const node of nodes) {
      const { status, stdout, stderr } = spawnSync(node, [installed, "--version"], { cwd: folder, encoding: "utf8" });
      expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: `${manifest.version}\n`, stderr: "" });
    }
  });

  it("packs small, with nothing but what is built", () => {
    const args = ["pack", "--dry-run", "--json", "--ignore-scripts"];
    const { stdout } = spawnSync("npm", args, {
      cwd: fileURLToPath(new URL("../..", import.meta.url)),
      encoding: "utf8",
    });
    const [packed] = Packed.parse(JSON.parse(stdout));
    const paths = packed?.files.map(({ path }) => path) ?? [];
    expect(paths).toContain(manifest.bin["model-reference-sync"]);
    expect(paths.filter((path) => !/^(dist\/.+|LICENSE|README\.md|package\.json)$/.test(path))).toEqual([]);
    expect(packed?.size).toBeLessThan(400_000);
  });

  it.skipIf(other === null)(`works on another Node on the PATH too: ${other?.version ?? "there is none"}`, async () => {
    const world = drifted();
    world.sandbox.primary.putRecord("text_generation", "author/New-7B", { parameters: 7_000_000_000 });
    const { code, stderr } = await world.run(["--json"], { node: other?.path ?? "" });
    expect([code, stderr]).toEqual([0, expect.stringContaining("text_generation: compared, 1 added")]);
    expect(world.sandbox.github.branches(world.text)).toHaveProperty([BRANCH]);
  });
});

const Packed = z.array(z.object({ size: z.number(), files: z.array(z.object({ path: z.string() })) }));
