/**
 * Faithful files, end to end: real snapshots where they are at hand, and every hand-formatted file of the sandbox.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { runGit } from "../../sandbox/git/command.ts";
import { parseLossless } from "../../sandbox/json/lossless.ts";
import { EDITED, printJson } from "../../sandbox/json/print.ts";
import { CATEGORIES } from "../../src/categories.ts";
import { startProgram } from "../cli/world.ts";
import { diffLines } from "../files/line-diff.ts";
import { BRANCH, RECORD, REFERENCE, type Reference, TOKEN } from "../world/ground.ts";
import { describeWorlds, IMAGE, readText, TEXT, type World } from "./world.ts";

const createWorld = describeWorlds();

const SNAPSHOTS = new URL("../../../shared/data/", import.meta.url);
/** `{image_generation: "stable_diffusion.json", …}` */
const IMAGE_CATEGORIES: Readonly<Record<string, string>> = Object.fromEntries(
  CATEGORIES.flatMap(({ name, role, codec }) => (role === "image" ? codec.writes.map((path) => [name, path]) : [])),
);

function readSnapshot(month: string, repository: string): Record<string, Uint8Array> {
  const folder = new URL(`${month}/AI-Horde-${repository}-model-reference/`, SNAPSHOTS);
  return Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(new URL(name, folder))]));
}

/** PRIMARY as it serves a snapshot: the files' own bytes with LF, or as after an edit of every category. */
function primaryOf(month: string, style: "own bytes" | "edited"): Record<string, string> {
  const [image, text] = [readSnapshot(month, "image"), readSnapshot(month, "text")];
  const body = (bytes: Uint8Array) => {
    const own = new TextDecoder().decode(bytes).replaceAll("\r\n", "\n");
    return style === "own bytes" ? own : printJson(parseLossless(own), EDITED);
  };
  // A category that came later than the snapshot is not in it.
  const bodiesOf = (category: string, bytes: Uint8Array | undefined) =>
    bytes === undefined ? [] : [[category, body(bytes)]];
  return Object.fromEntries([
    ...Object.entries(IMAGE_CATEGORIES).flatMap(([category, path]) => bodiesOf(category, image[path])),
    ...bodiesOf("text_generation", text["db.json"]),
  ]);
}

const filesOf = (world: World, repository: string, number: number) =>
  world.sandbox.github
    .diff({ repository, number })
    .split("\n")
    .flatMap((line) => /^diff --git a\/(\S+)/.exec(line)?.[1] ?? []);

describe.skipIf(!existsSync(SNAPSHOTS))("the real snapshots", () => {
  test.each(["own bytes", "edited"] as const)(
    "GitHub at 2026-03, PRIMARY at 2026-06 in its %s: one file, byte for byte",
    async (style) => {
      const reference: Reference = {
        image: readSnapshot("2026-03", "image"),
        text: readSnapshot("2026-06", "text"),
        primary: primaryOf("2026-06", style),
      };
      const world = await createWorld({ reference });

      const { report } = await world.sync();

      expect(report.repositories.map(({ repository, outcome }) => [repository, outcome])).toEqual([
        [IMAGE, "created"],
        [TEXT, "in-sync"],
      ]);
      expect(filesOf(world, IMAGE, 1)).toEqual(["stable_diffusion.json"]);
      const made = world.sandbox.github.readFile({
        repository: IMAGE,
        ref: "sync/model-references",
        path: "stable_diffusion.json",
      });
      expect(
        Buffer.compare(
          made ?? new Uint8Array(),
          readSnapshot("2026-06", "image")["stable_diffusion.json"] ?? new Uint8Array(),
        ),
      ).toBe(0);
    },
  );

  test("the text repository too: both files in one commit, and in sync after the merge", async () => {
    const reference: Reference = {
      image: readSnapshot("2026-06", "image"),
      text: readSnapshot("2026-03", "text"),
      primary: primaryOf("2026-06", "edited"),
    };
    const world = await createWorld({ reference });
    const { report } = await world.sync();
    expect(report.repositories.map(({ outcome }) => outcome)).toEqual(["in-sync", "created"]);
    expect(filesOf(world, TEXT, 1).sort()).toEqual(["db.json", "models.csv"]);
    world.sandbox.github.mergePullRequest({ repository: TEXT, number: 1, deleteBranch: true });
    world.githubCalls();
    expect((await world.sync()).report.outcome).toBe("in-sync");
    expect(world.githubCalls().filter((call) => !call.startsWith("GET "))).toEqual([]);
  });
});

describe("a one-record edit on PRIMARY", () => {
  test.each(Object.entries(IMAGE_CATEGORIES))("of %s changes one line of %s", async (category, path) => {
    const world = await createWorld();
    const before = readText(world, IMAGE, "main", path);
    const records: Record<string, Record<string, unknown>> = JSON.parse(REFERENCE.primary[category] ?? "{}");
    const name = Object.keys(records).at(-1) ?? "";
    world.sandbox.primary.putRecord(category, name, { ...records[name], available: "edited" });

    const { report } = await world.sync();

    expect(report.repositories[0]).toMatchObject({ outcome: "created", files: [path] });
    expect(report.repositories[0]?.categories).toMatchObject({
      [category]: { modified: [{ name, fields: ["available"] }] },
    });
    const after = readText(world, IMAGE, "sync/model-references", path);
    const { removed, added } = diffLines(before, after);
    expect([removed.length, added.length]).toEqual([1, 1]);
  });
});

describe("text models", () => {
  test("added, edited, renamed and removed come as one pull request with both files, and settle when it is merged", async () => {
    const world = await createWorld();
    const entries: Record<string, Record<string, unknown>> = JSON.parse(REFERENCE.primary["text_generation"] ?? "{}");
    const names = Object.keys(entries).filter((name) => !/^(koboldcpp|aphrodite)\//.test(name));
    // It says enough to be known again under another name.
    const renamed = names.find((name) => entries[name]?.["settings"] !== undefined) ?? "";
    const [edited = "", removed = ""] = names.filter((name) => name !== renamed);
    const { primary } = world.sandbox;
    const put = (name: string, record: Record<string, unknown>) =>
      primary.putRecord("text_generation", name, { ...record, name, model_name: name.split("/").at(-1) ?? name });
    put(edited, { ...entries[edited], description: 'Edited, with a "quote" and a comma' });
    put(`${renamed}-v2`, { ...entries[renamed], display_name: "Renamed" });
    primary.removeRecord("text_generation", renamed);
    primary.removeRecord("text_generation", removed);
    put("someone/Brand-New-7B", {
      baseline: "",
      parameters: 7_000_000_000,
      description: "",
      version: "1",
      style: "generalist",
      nsfw: false,
      display_name: "Brand New 7B",
      tags: ["7B"],
    });

    const { report } = await world.sync({ force: true });

    const [, text] = report.repositories;
    expect(text).toMatchObject({ outcome: "created", files: ["models.csv", "db.json"] });
    expect(text?.categories.text_generation).toMatchObject({
      added: ["someone/Brand-New-7B"],
      renamed: [{ from: renamed, to: `${renamed}-v2`, fields: ["model_name", "display_name"] }],
      removed: [removed],
      modified: [{ name: edited, fields: ["description"] }],
    });
    expect(filesOf(world, TEXT, 1).sort()).toEqual(["db.json", "models.csv"]);
    world.sandbox.github.mergePullRequest({ repository: TEXT, number: 1, deleteBranch: true });
    world.githubCalls();
    expect((await world.sync()).report.outcome).toBe("in-sync");
    expect(world.githubCalls().filter((call) => !call.startsWith("GET "))).toEqual([]);
  });

  test("a db.json that is stale against its models.csv is repaired, and said so", async () => {
    const world = await createWorld({ reference: { ...REFERENCE, text: { ...REFERENCE.text, "db.json": "{}\n" } } });
    const { report } = await world.sync();
    expect(report.repositories[1]).toMatchObject({ outcome: "created", files: ["db.json"] });
    expect(report.repositories[1]?.categories.text_generation?.warnings.join()).toMatch(/db\.json/);
    expect(readText(world, TEXT, "sync/model-references", "db.json")).toBe(REFERENCE.text["db.json"]);
  });
});

describe("the same drift", () => {
  async function createDriftedWorld(): Promise<World> {
    const world = await createWorld();
    const { primary } = world.sandbox;
    for (const category of ["image_generation", "esrgan", "controlnet"])
      primary.putRecord(category, "A New One", RECORD);
    primary.putRecord("text_generation", "author/New-7B", { parameters: 7_000_000_000 });
    return world;
  }

  async function runCommandLine({ sandbox }: World) {
    const folder = mkdtempSync(join(tmpdir(), "same-tree-"));
    const env = {
      HORDE_GITHUB_SYNC_PRIMARY_API_URL: sandbox.primary.url,
      HORDE_GITHUB_SYNC_GITHUB_API_URL: sandbox.github.url,
      HORDE_GITHUB_SYNC_GITHUB_IMAGE_REPO: IMAGE,
      HORDE_GITHUB_SYNC_GITHUB_TEXT_REPO: TEXT,
      HORDE_GITHUB_SYNC_GITHUB_TOKEN: TOKEN,
    };
    const ended = await startProgram([], { folder, env }).ended();
    rmSync(folder, { recursive: true });
    return ended;
  }

  const treesOf = ({ sandbox }: World): string[] =>
    [IMAGE, TEXT].map((repository) =>
      runGit(sandbox.github.gitDirectory(repository), ["rev-parse", `${BRANCH}^{tree}`])
        .stdout.toString()
        .trim(),
    );

  test("becomes the same trees by the Worker and by the command line", async () => {
    const first = await createDriftedWorld();
    expect((await first.sync()).report.outcome).toBe("published");
    const trees = treesOf(first);
    expect(trees).toEqual([expect.stringMatching(/^[0-9a-f]{40}$/), expect.stringMatching(/^[0-9a-f]{40}$/)]);

    const second = await createDriftedWorld();
    expect(await runCommandLine(second)).toMatchObject({ code: 0 });
    expect(treesOf(second)).toEqual(trees);
    // What the one did, the other finds done.
    expect((await second.sync()).report.repositories.map(({ outcome }) => outcome)).toEqual(["current", "current"]);
  });
});
