/**
 * The action and the workflow that uses it: valid, pinned, with the least rights; and the action's script, run as a
 * runner runs it.
 */
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { validateAction, validateWorkflow } from "@action-validator/core";
import { describe, expect, it } from "vitest";
import * as z from "zod/mini";
import { describeWorlds, PROGRAM, type World } from "../cli/world.ts";
import { RECORD } from "../world/ground.ts";
import { read, readYaml } from "./files.ts";

const ACTION = "action.yml";
const WORKFLOW = "examples/github-actions/sync.yml";

const Step = z.object({
  id: z.optional(z.string()),
  uses: z.optional(z.string()),
  run: z.optional(z.string()),
  env: z.optional(z.record(z.string(), z.string())),
  with: z.optional(z.record(z.string(), z.unknown())),
});
const Action = z.object({
  inputs: z.record(z.string(), z.object({ default: z.string() })),
  runs: z.object({ steps: z.array(Step) }),
});
const Workflow = z.object({
  permissions: z.record(z.string(), z.string()),
  jobs: z.object({ sync: z.object({ steps: z.array(Step) }) }),
});

const action = Action.parse(readYaml(ACTION)[0]);
const workflow = Workflow.parse(readYaml(WORKFLOW)[0]);
const steps = [...action.runs.steps, ...workflow.jobs.sync.steps];
const createWorld = describeWorlds();

describe("the files", () => {
  it("are what GitHub's schemas ask for", () => {
    expect(validateAction(read(ACTION)).errors).toEqual([]);
    expect(validateWorkflow(read(WORKFLOW)).errors).toEqual([]);
  });

  it("use nothing but what is pinned by its commit, and this very action", () => {
    const used = steps.flatMap(({ uses }) => uses ?? []);
    const foreign = used.filter((name) => !name.startsWith("Haidra-Org/horde-model-reference-sync@"));
    expect(foreign.length).toBeGreaterThan(0);
    expect(foreign.filter((name) => !/@[0-9a-f]{40}$/.test(name))).toEqual([]);
  });

  it("put no expression into a script", () => {
    expect(steps.flatMap(({ run }) => run ?? []).filter((run) => run.includes("${{"))).toEqual([]);
  });

  it("give the workflow's own token no rights", () => expect(workflow.permissions).toEqual({}));

  it("hand over inputs that the action has", () => {
    const given = workflow.jobs.sync.steps.flatMap((step) => Object.keys(step.with ?? {}));
    expect(given.filter((name) => !(name in action.inputs))).toEqual([]);
  });
});

/** The last step of the action, with inputs as a runner hands them over. */
async function runAction(world: World, inputs: Readonly<Record<string, string>>) {
  const step = action.runs.steps.find(({ id }) => id === "sync");
  const at = (path: string) => join(world.folder, path);
  for (const folder of ["action/dist/cli", "temp", "bin"]) mkdirSync(at(folder), { recursive: true });
  symlinkSync(PROGRAM, at("action/dist/cli/model-reference-sync.cjs"));
  symlinkSync(process.execPath, at("bin/node"));
  writeFileSync(at("output"), "");
  const values = Object.entries(step?.env ?? {}).map(([name, value]) => {
    const [, input = ""] = /^\$\{\{ inputs\.([\w-]+) \}\}$/.exec(value) ?? [];
    return [name, inputs[input] ?? action.inputs[input]?.default ?? ""];
  });
  const child = spawn("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", step?.run ?? "exit 99"], {
    cwd: world.folder,
    env: {
      PATH: `${at("bin")}:${process.env["PATH"]}`,
      HORDE_GITHUB_SYNC_GITHUB_API_URL: world.env["HORDE_GITHUB_SYNC_GITHUB_API_URL"],
      ...Object.fromEntries(values),
      GITHUB_ACTION_PATH: at("action"),
      RUNNER_TEMP: at("temp"),
      GITHUB_OUTPUT: at("output"),
    },
  });
  let log = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => {
      log += chunk.toString();
    });
  const code = await new Promise((resolve) => child.once("close", resolve));
  const outputs = readFileSync(at("output"), "utf8").trim().split("\n");
  return { code, log, outputs: Object.fromEntries(outputs.map((line) => line.split("="))) };
}

function inputsFor({ env }: World): Record<string, string> {
  return {
    "primary-url": env["HORDE_GITHUB_SYNC_PRIMARY_API_URL"] ?? "",
    token: env["HORDE_GITHUB_SYNC_GITHUB_TOKEN"] ?? "",
    "image-repository": env["HORDE_GITHUB_SYNC_GITHUB_IMAGE_REPO"] ?? "",
    "text-repository": env["HORDE_GITHUB_SYNC_GITHUB_TEXT_REPO"] ?? "",
  };
}

describe("the action", () => {
  it("publishes, and tells its outcome and where the Report is", async () => {
    const world = createWorld();
    world.sandbox.primary.putRecord("esrgan", "First", RECORD);
    const { code, outputs } = await runAction(world, { ...inputsFor(world), categories: "esrgan" });
    expect([code, outputs["outcome"]]).toEqual([0, "published"]);
    expect(JSON.parse(readFileSync(outputs["report"] ?? "", "utf8"))).toMatchObject({ outcome: "published" });
    expect(world.pullRequests()).toHaveLength(1);
  });

  it("writes nothing in a dry run", async () => {
    const world = createWorld();
    world.sandbox.primary.putRecord("esrgan", "First", RECORD);
    const { outputs } = await runAction(world, { ...inputsFor(world), "dry-run": "true" });
    expect([outputs["outcome"], world.pullRequests()]).toEqual(["planned", []]);
  });

  it("publishes with force what is held", async () => {
    const world = createWorld();
    world.sandbox.primary.setCategory("image_generation", "{}");
    const { outputs } = await runAction(world, { ...inputsFor(world), force: "true", categories: "image_generation" });
    expect(outputs["outcome"]).toBe("published");
  });

  it("fails, with what is wrong in its log, when nothing could be started", async () => {
    const world = createWorld();
    const { code, log, outputs } = await runAction(world, { ...inputsFor(world), categories: "lora" });
    expect([code, outputs["outcome"]]).toEqual([2, undefined]);
    expect(log).toContain("CATEGORIES_TO_SYNC");
  });

  it("takes an input for nothing but its value", async () => {
    const world = createWorld();
    const hostile = '$(touch pwned)"; touch pwned; echo "`touch pwned`';
    const { code } = await runAction(world, { ...inputsFor(world), categories: hostile, force: hostile });
    expect(code).toBe(2);
    expect(() => readFileSync(join(world.folder, "pwned"))).toThrow("ENOENT");
  });

  it("prints nothing of PRIMARY's that a runner would take for a command", async () => {
    const world = createWorld();
    for (const name of ["::error::boo", "x\n::add-mask::o", "##[group]x"])
      world.sandbox.primary.putRecord("esrgan", name, RECORD);
    const { code, log } = await runAction(world, { ...inputsFor(world), categories: "esrgan" });
    expect(code).toBe(0);
    expect(log.split("\n").filter((line) => /^\s*::|##\[/.test(line))).toEqual([]);
  });
});
