/**
 * A case as its folder tells it. What cannot be meant is an error that says what is valid: a misspelt name would be
 * read by nobody, and its case would pass.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join, relative, sep } from "node:path";
import * as z from "zod";
import { CATEGORIES, CATEGORY_NAMES, REPOSITORY_ROLES, type RepositoryRole } from "../../src/categories.ts";

/** Texts by path. */
export type Files = Readonly<Record<string, string>>;

const Names = z.array(z.enum(CATEGORY_NAMES)).default([]);
const STEP = {
  /** Names without their prefix; they stay for the steps after. */
  settings: z.record(z.string(), z.string()).default({}),
  /** What the settings are warned of. */
  warnings: z.array(z.string()).default([]),
  isForced: z.boolean().default(false),
  isDryRun: z.boolean().default(false),
  /** Categories that PRIMARY does not have, though they are asked for. */
  absent: Names,
  /** Categories for which PRIMARY answers 502, this time. */
  down: Names,
};
/** `case.json`; all but what it is about is optional. */
const First = z.strictObject({ about: z.string(), ...STEP });
/** `case.json` of a later step. */
const Later = z.strictObject({
  about: z.string().default(""),
  ...STEP,
  /** A tick runs only where it sees something new. */
  trigger: z.enum(["reconcile", "tick"]).default("reconcile"),
  /** What a person did with the pull request. */
  pull: z.enum(["merged", "closed", "reopened"]).optional(),
});

/** One run, and what happened before it. */
export interface Step extends z.infer<typeof Later> {
  /** Empty for the first, or `then-1` and so on. */
  readonly name: string;
  /** What PRIMARY says from now on, by category. */
  readonly bodies: Readonly<Record<string, string>>;
  /** By role. */
  readonly repositories: Readonly<Record<RepositoryRole, Pushed>>;
}

export interface Pushed {
  /** Of the base branch. */
  readonly base: Files;
  /** What a person put on the sync branch. */
  readonly branch: Files;
  /** The pull request as a person left it. */
  readonly texts: { readonly title: string; readonly body: string } | null;
}

export interface Case {
  readonly name: string;
  readonly steps: readonly Step[];
  /** All that are synced, if the settings do not say. */
  readonly categories: readonly string[];
}

const PARTS = ["case.json", "primary", ...REPOSITORY_ROLES, ...REPOSITORY_ROLES.map((role) => `${role}@branch`)];
const LATER_PARTS = [...PARTS, ...REPOSITORY_ROLES.map((role) => `${role}.pull.md`)];
const BODIES = CATEGORY_NAMES.map((name) => `${name}.json`);

/** @throws Error with a sentence that names the file, and says what is valid */
export function readCase(folder: string): Case {
  const name = basename(folder);
  const laters = readdirSync(folder).filter((part) => /^then-/.test(part));
  const numbered = laters.map((_, index) => `then-${index + 1}`);
  const lost = laters.filter((part) => !numbered.includes(part));
  if (lost.length > 0)
    throw new Error(`The case ${name} has ${lost.join(", ")}; they are counted from then-1, and none is left out.`);
  const steps = ["", ...numbered].map((step) => readStep(folder, step));
  const categories = [
    ...new Set(steps.flatMap(({ bodies, absent, down }) => [...Object.keys(bodies), ...absent, ...down])),
  ];
  if (categories.length === 0)
    throw new Error(`The case ${name} is about no category: primary/ holds what PRIMARY answers, such as clip.json.`);
  return { name, steps, categories };
}

function readStep(root: string, name: string): Step {
  const folder = join(root, name);
  const place = name === "" ? `the case ${basename(root)}` : `${name} of the case ${basename(root)}`;
  const parts = readdirSync(folder).filter((part) => name !== "" || !/^then-/.test(part));
  expectKnown(parts, place, name === "" ? [...PARTS, "then-1", "expected"] : LATER_PARTS);
  const answers = readFolder(join(folder, "primary"));
  expectKnown(Object.keys(answers), `primary/ of ${place}`, BODIES);
  const bodies = Object.fromEntries(Object.entries(answers).map(([file, text]) => [file.replace(/\.json$/, ""), text]));
  const given = readGiven(join(folder, "case.json"), place, name === "");
  expectOneAnswer(bodies, given, place);
  const pushed = (role: RepositoryRole) => readPushed(folder, role, place);
  return { ...given, name, bodies, repositories: { image: pushed("image"), text: pushed("text") } };
}

function readGiven(path: string, place: string, isFirst: boolean): z.infer<typeof Later> {
  if (!existsSync(path)) {
    if (!isFirst) return Later.parse({});
    throw new Error(`There is no case.json in ${place}; the least is {"about": "What it is about."}.`);
  }
  let given: unknown;
  try {
    given = JSON.parse(decode(path));
  } catch (error) {
    throw new Error(`case.json of ${place} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
  const schema = isFirst ? First : Later;
  const { success, error } = schema.safeParse(given);
  if (!success) {
    const valid = Object.keys(schema.shape).join(", ");
    throw new Error(`case.json of ${place} is not valid:\n${z.prettifyError(error)}\nIt may have ${valid}.`);
  }
  return Later.parse(given);
}

function expectOneAnswer(bodies: Step["bodies"], { absent, down }: z.infer<typeof Later>, place: string): void {
  const all = [...Object.keys(bodies), ...absent, ...down];
  const twice = all.find((name, index) => all.indexOf(name) !== index);
  if (twice !== undefined)
    throw new Error(`${twice} stands twice in ${place}: a category is in primary/, in absent or in down.`);
}

function readPushed(folder: string, role: RepositoryRole, place: string): Pushed {
  const base = readFolder(join(folder, role));
  const codecs = CATEGORIES.flatMap((category) => (category.role === role ? [category.codec] : []));
  const valid = codecs.flatMap(({ writes, reads }) => [...writes, ...reads]);
  expectKnown(Object.keys(base), `${role}/ of ${place}`, valid);
  const branch = readFolder(join(folder, `${role}@branch`));
  const path = join(folder, `${role}.pull.md`);
  return { base, branch, texts: existsSync(path) ? readTexts(path, `${role}.pull.md of ${place}`) : null };
}

/** As `expected/` has them: `# A title`, an empty line, and the text. */
function readTexts(path: string, place: string): Pushed["texts"] {
  const [, title, body] = /^# (.+)\n\n([\s\S]*)\n$/.exec(decode(path)) ?? [];
  if (title === undefined || body === undefined)
    throw new Error(`${place} is not a pull request: "# " and its title, an empty line, and its text.`);
  return { title, body };
}

function expectKnown(names: readonly string[], place: string, valid: readonly string[]): void {
  const unknown = names.filter((name) => !valid.includes(name));
  if (unknown.length > 0)
    throw new Error(`${unknown.join(", ")} in ${place} is read by nobody; valid: ${valid.join(", ")}.`);
}

/** Every file below a folder, by its path in it; without the folder none. */
export function readFolder(folder: string): Record<string, string> {
  if (!existsSync(folder)) return {};
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files.map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      return [relative(folder, path).replaceAll(sep, "/"), decode(path)];
    }),
  );
}

/** @throws Error for what is not UTF-8 */
function decode(path: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(readFileSync(path));
  } catch (error) {
    throw new Error(`${path} is not UTF-8.`, { cause: error });
  }
}
