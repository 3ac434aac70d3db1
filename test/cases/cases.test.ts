/**
 * Each folder beside this file is a case: what stood on GitHub, what PRIMARY said, and what became of it. README.md says
 * how one is made of a bug report.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import * as z from "zod/mini";
import { CATEGORY_NAMES } from "../../src/categories.ts";
import { SYNC_BRANCH } from "../../src/config/sync-branch.ts";
import { runSync } from "../../src/sync/run.ts";
import { START } from "../fakes/clock.ts";
import { createFakeLog } from "../fakes/log.ts";
import { createFakePrimary } from "../fakes/primary.ts";
import { createFakeRepository, type FakeRepository } from "../fakes/repository.ts";
import { configWith } from "../fakes/settings.ts";

const ROOT = import.meta.dirname;
const NAMES = readdirSync(ROOT, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));

/** `case.json`; all but what it is about is optional. */
const Case = z.strictObject({
  /** What it is about, for people. */
  about: z.string(),
  /** Names without their prefix. */
  settings: z._default(z.record(z.string(), z.string()), {}),
  isForced: z._default(z.boolean(), false),
  isDryRun: z._default(z.boolean(), false),
  /** Categories that PRIMARY does not have, though they are asked for. */
  absent: z._default(z.array(z.enum(CATEGORY_NAMES)), []),
  /** Categories for which PRIMARY answers 502. */
  down: z._default(z.array(z.enum(CATEGORY_NAMES)), []),
});

/** What a case may hold. */
const PARTS = ["case.json", "primary", "image", "text", "image@branch", "text@branch", "expected"];
const BODIES = CATEGORY_NAMES.map((name) => `${name}.json`);

/** A misspelt folder would be none, and its case would pass. */
function expectKnown(folder: string, valid: readonly string[]): void {
  const unknown = existsSync(folder) ? readdirSync(folder).filter((name) => !valid.includes(name)) : [];
  if (unknown.length > 0) throw new Error(`${folder} holds ${unknown.join(", ")}; it may hold ${valid.join(", ")}.`);
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Every file below a folder, by its path in it; without the folder none. What is not UTF-8 is an error. */
function readFolder(folder: string): Record<string, string> {
  if (!existsSync(folder)) return {};
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files.map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      return [path.slice(folder.length + 1), decoder.decode(readFileSync(path))];
    }),
  );
}

async function live(folder: string) {
  expectKnown(folder, PARTS);
  expectKnown(join(folder, "primary"), BODIES);
  const given = Case.parse(JSON.parse(readFileSync(join(folder, "case.json"), "utf8")));
  const bodies = Object.fromEntries(
    Object.entries(readFolder(join(folder, "primary"))).map(([file, text]) => [file.replace(/\.json$/, ""), text]),
  );
  const { absent, down, settings, isForced, isDryRun } = given;
  const primary = createFakePrimary({ ...bodies, ...Object.fromEntries(down.map((name) => [name, null])) });
  const categories = [...Object.keys(bodies), ...absent, ...down].join(",");
  const repositories = { image: await read(folder, "image"), text: await read(folder, "text") };
  const context = {
    config: configWith({ CATEGORIES_TO_SYNC: categories, ...settings }),
    primary,
    repositories: { image: repositories.image.ports, text: repositories.text.ports },
    ...{
      previous: null,
      latest: [],
      requests: () => ({ primary: 0, github: 0 }),
      requestsTo: () => 0,
      now: () => START,
    },
    log: createFakeLog().log,
  };
  const request = { id: "case", trigger: "reconcile", categories: null, isDryRun, isForced } as const;
  const first = await runSync(request, { ...context, memory: {} });
  const writes = Object.values(repositories).map((repository) => repository.writes().length);
  // Whatever the first run did, there is nothing left to do.
  const again = await runSync(request, { ...context, memory: {} });
  return { first, again, repositories, writes };
}

/** `image/` is the base; `image@branch/` is what a person put on the sync branch over it. */
async function read(folder: string, role: "image" | "text"): Promise<FakeRepository> {
  const repository = await createFakeRepository(readFolder(join(folder, role)));
  const edits = readFolder(join(folder, `${role}@branch`));
  if (Object.keys(edits).length > 0) await repository.push(SYNC_BRANCH, edits);
  return repository;
}

describe.each(NAMES)("%s", (name) => {
  const folder = join(ROOT, name);
  const expected = (file: string) => join(folder, "expected", file);

  it("ends as it is expected to, and stays so", async () => {
    const { first, again, repositories, writes } = await live(folder);
    const { outcome, repositories: reports, warnings, error } = first.report;
    const told = {
      outcome,
      ...(error === undefined ? {} : { error }),
      warnings,
      repositories: reports.map(withoutIds),
    };
    await expect(`${JSON.stringify(told, null, 2)}\n`).toMatchFileSnapshot(expected("report.json"));
    expect(Object.values(repositories).map((repository) => repository.writes().length)).toEqual(writes);
    expect(again.report.repositories.map(({ files }) => files)).toEqual(reports.map(({ files }) => files));
  });

  it("leaves the files that it is expected to", async () => {
    const { first, repositories } = await live(folder);
    const files: Record<string, string> = {};
    for (const [role, repository] of Object.entries(repositories)) {
      const before = repository.read("main");
      for (const [path, text] of Object.entries(repository.refs.has(SYNC_BRANCH) ? repository.read(SYNC_BRANCH) : {}))
        if (before[path] !== text) files[`${role}/${path}`] = text;
      const [pull] = repository.pulls;
      if (pull !== undefined) files[`${role}.pull.md`] = `# ${pull.title}\n\n${pull.body}\n`;
    }
    for (const { repository, path, after } of first.planned) files[`${repository.split("/")[1]}/${path}`] = after;
    for (const [file, text] of Object.entries(files)) await expect(text).toMatchFileSnapshot(expected(file));
    const gone = Object.keys(readFolder(join(folder, "expected"))).filter(
      (file) => file !== "report.json" && !Object.hasOwn(files, file),
    );
    expect(gone, "files of `expected` that nothing makes any more").toEqual([]);
  });
});

/** What changes with every word of a commit message tells nothing here. */
function withoutIds<T extends { readonly commit: string | null }>({ commit, ...report }: T) {
  return { ...report, commit: commit === null ? null : "made" };
}
