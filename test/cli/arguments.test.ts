import { describe, expect, it } from "vitest";
import { parseArguments } from "../../src/cli/arguments.ts";
import { renderHelp } from "../../src/cli/help.ts";
import { flagOf, OPTIONS } from "../../src/cli/option-table.ts";
import { nearestName } from "../../src/core/nearest-name.ts";

function parse(...argv: string[]) {
  const parsed = parseArguments(argv);
  if (parsed.kind !== "arguments") throw new Error(JSON.stringify(parsed));
  return parsed.arguments;
}

function problemsOf(...argv: string[]): readonly string[] {
  const parsed = parseArguments(argv);
  return parsed.kind === "problems" ? parsed.problems : [];
}

describe("the arguments", () => {
  it("may be none", () => {
    expect(parse()).toEqual({
      command: "sync",
      settings: {},
      categories: null,
      isForced: false,
      isJson: false,
      isQuiet: false,
      envFiles: [],
      warnings: [],
    });
  });

  it.each<[string, string[], Record<string, string>]>([
    ["--primary-url", ["--primary-url", "http://localhost:19800"], { PRIMARY_API_URL: "http://localhost:19800" }],
    ["--primary-url=", ["--primary-url=http://localhost"], { PRIMARY_API_URL: "http://localhost" }],
    ["--dry-run", ["--dry-run"], { DRY_RUN: "true" }],
    ["--no-dry-run", ["--no-dry-run"], { DRY_RUN: "false" }],
    ["the later of two", ["--dry-run", "--no-dry-run"], { DRY_RUN: "false" }],
    ["--verbose", ["--verbose"], { VERBOSE_LOGGING: "true" }],
    ["--watch", ["--watch"], { WATCH_MODE: "true" }],
    ["--no-watch", ["--no-watch"], { WATCH_MODE: "false" }],
    ["--watch-interval", ["--watch-interval", "300"], { WATCH_INTERVAL_SECONDS: "300" }],
    ["--watch-startup-sync", ["--watch-startup-sync"], { WATCH_ENABLE_STARTUP_SYNC: "true" }],
    ["--no-pr", ["--no-pr"], { NO_PR: "true" }],
    ["--output-dir", ["--output-dir", "out"], { OUTPUT_DIR: "out" }],
    ["--state-file", ["--state-file", "here.json"], { STATE_FILE: "here.json" }],
  ])("that stand for a setting become it: %s", (_what, argv, settings) => {
    const named = Object.entries(settings).map(([name, value]) => [`HORDE_GITHUB_SYNC_${name}`, value]);
    expect(parse(...argv).settings).toEqual(Object.fromEntries(named));
  });

  it("that stand for none are kept apart", () => {
    const given = parse("--force", "--json", "--quiet", "--env-file", "a", "--env-file=b");
    expect(given).toMatchObject({
      isForced: true,
      isJson: true,
      isQuiet: true,
      envFiles: ["a", "b"],
    });
  });

  it("name categories with commas, more than once, in the table's order", () => {
    expect(parse("--categories", "text_generation, clip", "--categories=blip,clip,").categories).toEqual([
      "blip",
      "clip",
      "text_generation",
    ]);
  });

  it("of the Python script all work, and a clone's folder is known to have no effect", () => {
    const { warnings } = parse("--target-dir", "/data/git-clones", "--force");
    expect(warnings).toEqual(["--target-dir has no effect: nothing is cloned."]);
  });

  it.each<[string, string[], string]>([
    [
      "an unknown option, with the one that was meant",
      ["--dryrun"],
      'There is no option "--dryrun". Did you mean --dry-run?',
    ],
    ["an unknown option that resembles none", ["--reverse-everything"], 'There is no option "--reverse-everything".'],
    ["an unknown short option", ["-x"], 'There is no option "-x".'],
    ["a name that every object has", ["--constructor"], 'There is no option "--constructor".'],
    ["a word that stands alone", ["clip"], 'The only commands are check and migrate; "clip" is none.'],
    ["a word behind --", ["--", "--dry-run"], 'The only commands are check and migrate; "--dry-run" is none.'],
    ["a mistyped command", ["chek"], '"chek" is none. Did you mean check?'],
    ["a word behind check", ["check", "clip"], 'The only commands are check and migrate; "clip" is none.'],
    ["the opposite of a switch that says no", ["--no-no-pr"], 'There is no option "--no-no-pr".'],
    ["migrate without a file", ["migrate"], "migrate needs the file of settings: migrate .env.sync."],
    ["migrate with two", ["migrate", "a", "b"], 'migrate takes one file; "b" is one too many.'],
    ["migrate with force", ["migrate", "a", "--force"], "--force does not go with migrate."],
    ["a missing value", ["--categories"], "--categories needs a value: --categories NAMES."],
    ["an option in place of a value", ["--env-file", "--dry-run"], "--env-file needs a value: --env-file FILE."],
    ["an empty value", ["--output-dir="], "--output-dir needs a value: --output-dir DIR."],
    ["a switch with a value", ["--dry-run=false"], "--dry-run is a switch and takes no value."],
    [
      "no URL",
      ["--primary-url", "localhost"],
      "--primary-url must be an http(s) URL without credentials, query or fragment.",
    ],
    ["no number", ["--watch-interval", "soon"], "--watch-interval must be whole seconds from 1 to 86400."],
    ["no time at all", ["--watch-interval", "0"], "--watch-interval must be whole seconds from 1 to 86400."],
    ["no category", ["--categories", ","], "--categories: No category was given."],
    ["a mistyped category", ["--categories", "clip,esrgn"], '--categories: "esrgn" is not a category.'],
    [
      "a category without a file",
      ["--categories", "lora"],
      '--categories: "lora" has no legacy file and is never synced.',
    ],
  ])("that are wrong say so: %s", (_what, argv, problem) => {
    expect(problemsOf(...argv)[0]).toContain(problem);
  });

  it("that are wrong are all told at once, with what is valid", () => {
    const problems = problemsOf("--dryrun", "--categories", "esrgn", "--watch-interval", "x");
    expect(problems).toHaveLength(4);
    expect(problems.join("\n")).toContain("Valid options: --primary-url, --categories, --dry-run, --no-dry-run,");
    expect(problems.join("\n")).toMatch(
      /Valid categories: image_generation, .*text_generation\. Did you mean esrgan\?/,
    );
  });

  it("name the file to migrate, and where to", () => {
    const migration = { file: ".env.sync", outputDir: null };
    expect(parseArguments(["migrate", ".env.sync"])).toEqual({ kind: "migration", migration });
    expect(parseArguments(["--output-dir", "out", "migrate", ".env.sync"])).toEqual({
      kind: "migration",
      migration: { ...migration, outputDir: "out" },
    });
  });

  it("ask for help before all else", () => {
    expect(parseArguments(["--dryrun", "-h"])).toEqual({ kind: "help" });
    expect(parseArguments(["--help", "--version"])).toEqual({ kind: "help" });
    expect(parseArguments(["--version"])).toEqual({ kind: "version" });
  });
});

describe("the help", () => {
  it("has every option with its setting, every category and exit code, within 80 columns", () => {
    const help = renderHelp();
    for (const option of OPTIONS) {
      expect(help).toMatch(new RegExp(`--(\\[no-\\])?${option.name}\\b`));
      if ("value" in option) expect(help).toContain(flagOf(option));
      if ("setting" in option) expect(help).toContain(`[${option.setting}]`);
    }
    for (const text of ["text_generation", "  0  ", "  1  ", "  2  "]) expect(help).toContain(text);
    expect(help.split("\n").filter((line) => line.length > 80)).toEqual([]);
  });
});

describe("the nearest name", () => {
  it.each([
    ["--dryrun", "--dry-run"],
    ["--catgories", "--categories"],
    ["--FORCE", "--force"],
    ["--dry", "--dry-run"],
    ["--categor", "--categories"],
    ["--pau", null],
    ["--fo", null],
    ["--x", null],
    [`--${"force".repeat(1000)}`, null],
  ])("of %s is %s", (name, nearest) => {
    expect(nearestName(name, ["--dry-run", "--categories", "--force", "--pause-now", "--pause-later"])).toBe(nearest);
  });
});
