import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { parseArguments } from "../../src/cli/arguments.ts";
import { prepareSetup } from "../../src/cli/setup.ts";
import { PEM } from "../fakes/keys.ts";
import { LEAST_ENV } from "../fakes/settings.ts";

const folder = mkdtempSync(join(tmpdir(), "setup-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const least: Record<string, string> = { ...LEAST_ENV };

interface Given {
  readonly argv?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly platform?: string;
}

function prepare({ argv = [], env = least, platform = "linux" }: Given) {
  const parsed = parseArguments(argv);
  if (parsed.kind !== "arguments") throw new Error(JSON.stringify(parsed));
  return prepareSetup(parsed.arguments, { env, cwd: folder, home: "/home/someone", platform });
}

function ready(given: Given) {
  const prepared = prepare(given);
  if (prepared.kind === "problems") throw new Error(prepared.problems.join(" "));
  return prepared.setup;
}

function problemsOf(given: Given): readonly string[] {
  const prepared = prepare(given);
  return prepared.kind === "problems" ? prepared.problems : [];
}

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return name;
}

describe("where a setting comes from", () => {
  file("one.env", '\ufeffHORDE_GITHUB_SYNC_PR_LABELS="from one"\nHORDE_GITHUB_SYNC_GITHUB_BRANCH=one # why\n');
  file("two.env", "export HORDE_GITHUB_SYNC_GITHUB_BRANCH=two\nHORDE_GITHUB_SYNC_PRIMARY_API_URL=http://two\n");
  const argv = ["--env-file", "one.env", "--env-file", join(folder, "two.env")];

  it("is a file, then a later file, then the environment, then an option", () => {
    const branch = { ...least, HORDE_GITHUB_SYNC_GITHUB_BRANCH: "environment" };
    expect(ready({ argv: argv.slice(0, 2) }).config.repositories.image.branch).toBe("one");
    expect(ready({ argv }).config.repositories.image.branch).toBe("two");
    expect(ready({ argv }).config.pullRequest.labels).toEqual(["from one"]);
    expect(ready({ argv, env: branch }).config.repositories.image.branch).toBe("environment");
    expect(ready({ argv: [...argv, "--primary-url", "http://option"] }).config.primaryUrl).toBe("http://option");
    expect(ready({ argv: ["--no-dry-run"], env: { ...least, HORDE_GITHUB_SYNC_DRY_RUN: "true" } }).config.dryRun).toBe(
      false,
    );
  });

  it("is not an empty value", () => {
    const env = { ...least, HORDE_GITHUB_SYNC_GITHUB_BRANCH: " ", HORDE_GITHUB_SYNC_PRIMARY_API_URL: "" };
    expect(ready({ argv, env }).config).toMatchObject({
      primaryUrl: "http://two",
      repositories: { text: { branch: "two" } },
    });
  });

  it("must be there", () => {
    mkdirSync(join(folder, "a-folder"), { recursive: true });
    expect(problemsOf({ argv: ["--env-file", "none.env", "--env-file", "a-folder"] })).toEqual([
      '--env-file "none.env" cannot be read: there is no such file or folder.',
      '--env-file "a-folder" cannot be read: it is a folder.',
    ]);
  });
});

describe("the App's key in a file", () => {
  const app = { HORDE_GITHUB_SYNC_PRIMARY_API_URL: "http://primary", GITHUB_APP_ID: "1" };

  it("is read, also from a relative path", () => {
    const env = { ...app, GITHUB_APP_PRIVATE_KEY_PATH: file("key.pem", PEM) };
    const { config, warnings } = ready({ env });
    expect(config.auth).toMatchObject({ kind: "github-app", privateKey: PEM });
    expect(warnings).toEqual([]);
  });

  it("may be named in an env file", () => {
    file("key.env", `GITHUB_APP_PRIVATE_KEY_PATH=${join(folder, file("key.pem", PEM))}\n`);
    expect(ready({ argv: ["--env-file", "key.env"], env: app }).config.auth.kind).toBe("github-app");
  });

  it("is left alone when the key itself is set, with a warning", () => {
    const env = { ...app, GITHUB_APP_PRIVATE_KEY: PEM, GITHUB_APP_PRIVATE_KEY_PATH: "none.pem" };
    const { config, warnings } = ready({ env });
    expect(config.auth.kind).toBe("github-app");
    expect(warnings).toEqual([expect.stringMatching(/^GITHUB_APP_PRIVATE_KEY_PATH is not used/)]);
  });

  it.each([
    ["none-secret.pem", "names a file that cannot be read: there is no such file or folder."],
    ["empty.pem", "names an empty file."],
  ])("that is %s is a problem, which does not show the path", (path, problem) => {
    file("empty.pem", "\n");
    const problems = problemsOf({ env: { ...app, GITHUB_APP_PRIVATE_KEY_PATH: path } });
    expect(problems[0]).toBe(`GITHUB_APP_PRIVATE_KEY_PATH ${problem}`);
    expect(problems.join()).not.toContain(path);
  });
});

describe("problems", () => {
  it("are all told at once, and never with a value", () => {
    const env = {
      HORDE_GITHUB_SYNC_PRIMARY_API_URL: "secret-1",
      HORDE_GITHUB_SYNC_PUBLISH: "secret-2",
      HORDE_GITHUB_SYNC_WATCH_INITIAL_DELAY_SECONDS: "secret-3",
    };
    const problems = problemsOf({ env, argv: ["--env-file", "none.env"] });
    expect(problems).toHaveLength(5);
    expect(problems.join()).toContain("HORDE_GITHUB_SYNC_WATCH_INITIAL_DELAY_SECONDS must be whole seconds");
    expect(problems.join()).toContain("No GitHub credentials");
    expect(problems.join()).not.toContain("secret");
  });

  it.each<[string, string[], RegExp]>([
    ["files of a run that publishes", ["--output-dir", "out"], /^--output-dir needs --dry-run/],
    ["files of a watch", ["--output-dir", "out", "--watch", "--dry-run"], /^--output-dir is for a single run/],
    ["quiet and loud", ["--quiet", "--verbose"], /^--quiet does not go with --verbose/],
    ["force for ever", ["--force", "--watch"], /^--force does not go with --watch/],
  ])("are contradictions too: %s", (_what, argv, problem) => {
    expect(problemsOf({ argv })).toEqual([expect.stringMatching(problem)]);
  });

  it("name the option that sets what is missing", () => {
    const env = { GITHUB_TOKEN: "x" };
    expect(problemsOf({ env })).toEqual(["HORDE_GITHUB_SYNC_PRIMARY_API_URL is not set; use --primary-url URL."]);
  });

  it("of the settings and contradictions are told together", () => {
    const env = { ...least, HORDE_GITHUB_SYNC_PUBLISH: "x" };
    expect(problemsOf({ env, argv: ["--force", "--watch"] })).toHaveLength(2);
  });

  it("are not what DRY_RUN and WATCH_MODE make right", () => {
    const env = { ...least, HORDE_GITHUB_SYNC_DRY_RUN: "yes", HORDE_GITHUB_SYNC_WATCH_MODE: "yes" };
    expect(ready({ argv: ["--output-dir", "out", "--no-watch"], env }).outputDir).toBe(join(folder, "out"));
    expect(problemsOf({ argv: ["--force"], env })).toHaveLength(1);
  });
});

describe("NO_PR and OUTPUT_DIR", () => {
  const both = { ...least, HORDE_GITHUB_SYNC_NO_PR: "true", HORDE_GITHUB_SYNC_OUTPUT_DIR: "out" };

  it.each<[string, string[], Record<string, string>]>([
    ["from the environment", [], both],
    ["in lower case", [], { ...least, horde_github_sync_no_pr: "true", horde_github_sync_output_dir: "out" }],
    ["as options", ["--no-pr", "--output-dir", "out"], least],
    ["whatever an option says of dry runs", ["--no-dry-run"], both],
  ])("write files and nothing else: %s", (_how, argv, env) => {
    const { config, outputDir, warnings } = ready({ argv, env });
    expect({ noPr: config.noPr, dryRun: config.dryRun, outputDir, warnings }).toEqual({
      noPr: true,
      dryRun: true,
      outputDir: join(folder, "out"),
      warnings: [],
    });
  });

  it("need no credentials", () => {
    expect(ready({ env: { ...both, HORDE_GITHUB_SYNC_GITHUB_TOKEN: "" } }).config.auth.kind).toBe("none");
  });

  it.each<[string, string[], Record<string, string>]>([
    ["a run that publishes", [], { ...least, HORDE_GITHUB_SYNC_OUTPUT_DIR: "out" }],
    ["a watch", ["--watch"], both],
  ])("a folder from the environment has no effect on %s, which is told", (_what, argv, env) => {
    const { outputDir, warnings } = ready({ argv, env });
    expect(outputDir).toBe(null);
    expect(warnings).toEqual([
      expect.stringMatching(/^HORDE_GITHUB_SYNC_OUTPUT_DIR has no effect: it is for a single/),
    ]);
  });
});

describe("warnings", () => {
  it("name what has no effect, and not what only the command line knows", () => {
    const env = {
      ...least,
      HORDE_GITHUB_SYNC_STATE_FILE: "state.json",
      HORDE_GITHUB_SYNC_WATCH_INITIAL_DELAY_SECONDS: "5",
      HORDE_GITHUB_SYNC_TARGET_CLONE_DIR: "/data",
    };
    const setup = ready({ env, argv: ["--watch-interval", "5"] });
    expect(setup.warnings).toEqual([
      "HORDE_GITHUB_SYNC_TARGET_CLONE_DIR has no effect here: nothing is cloned.",
      "--watch-interval and --watch-startup-sync have no effect without --watch.",
    ]);
    expect(setup).toMatchObject({ initialDelayMs: 5000, stateFile: join(folder, "state.json") });
  });
});

describe("the categories", () => {
  const env = { ...least, HORDE_GITHUB_SYNC_CATEGORIES_TO_SYNC: "clip,blip" };

  it("of a single run are a part of what is configured, or more", () => {
    const part = ready({ env, argv: ["--categories", "clip"] });
    expect([part.categories, part.config.categories]).toEqual([["clip"], ["blip", "clip"]]);
    const more = ready({ env, argv: ["--categories", "esrgan"] });
    expect([more.categories, more.config.categories]).toEqual([["esrgan"], ["blip", "clip", "esrgan"]]);
    expect(ready({ env }).categories).toBe(null);
  });

  it("of a watch are all that it looks at", () => {
    expect(ready({ env, argv: ["--categories", "esrgan", "--watch"] }).config.categories).toEqual(["esrgan"]);
  });
});

describe("the default state file", () => {
  it.each<[string, Record<string, string>, string, string]>([
    ["under the home", {}, "linux", "/home/someone/.local/state/horde-model-reference-sync/state.json"],
    ["where XDG says", { XDG_STATE_HOME: "/state" }, "linux", "/state/horde-model-reference-sync/state.json"],
    [
      "not where XDG must not say",
      { XDG_STATE_HOME: "state" },
      "darwin",
      "/home/someone/.local/state/horde-model-reference-sync/state.json",
    ],
    [
      "in the local data of Windows",
      { LOCALAPPDATA: "/local" },
      "win32",
      "/local/horde-model-reference-sync/state.json",
    ],
  ])("is %s", (_what, env, platform, path) => {
    expect(ready({ env: { ...least, ...env }, platform }).defaultStateFile).toBe(path);
  });
});
