/**
 * The texts of a commit and of a pull request. Pure: made of the delta, and so of two trees, never of what a run meant
 * to do; the same for the same delta, so that an unchanged text is never patched.
 */
import type { CategoryName } from "../categories.ts";
import { toCodeSpan, toPlainText } from "../core/inert.ts";
import { toTwoLines } from "../core/side-by-side.ts";
import type { FieldChange, RecordChange } from "../files/codec.ts";
import { type CategoryDelta, countKind, type Delta, describeCounts, KINDS } from "./delta.ts";
import { MAX_BODY_CHARACTERS, replaceSection, wrapSection } from "./marker.ts";
import { describeRecord } from "./record-facts.ts";

/** A category that PRIMARY wants to change further and the sync does not; what is on the branch of it stays there. */
export interface KeptBack {
  readonly category: CategoryName;
  /** A whole sentence. */
  readonly why: string;
}

export interface Story {
  readonly delta: Delta;
  readonly keptBack: readonly KeptBack[];
  /** Of these nobody knows how they stand: they could not be read, were not asked for, or are not configured. */
  readonly unknown: readonly CategoryName[];
  readonly fingerprint: string;
  readonly primaryUrl: string;
  /** Digest of PRIMARY's address. */
  readonly source: string;
  /** `https://github.com/owner/name` */
  readonly repositoryUrl: string;
  /** The base commit that the delta was taken from. */
  readonly baseCommit: string;
}

const MAX_TITLE = 72;
const MAX_SECTION_CHARACTERS = 60_000;
const MAX_COMMIT_NAMES = 500;
const MAX_FIELDS = 12;
const MAX_VALUE = 160;
/** Longer lists of a category's records are folded. */
const MAX_OPEN_RECORDS = 25;

/** Also the commit's subject. Holds no text from PRIMARY. */
export function titleFor(delta: Delta): string {
  const counts = describeCounts(delta.flatMap(({ changes }) => changes));
  const what = counts === "" ? describeFiles(delta) : counts;
  const title = `Sync ${delta.map(({ category }) => category).join(", ")} with PRIMARY: ${what}`;
  return title.length <= MAX_TITLE
    ? title
    : `Sync ${delta.length} categories with PRIMARY: ${what}`.slice(0, MAX_TITLE);
}

/** `repair db.json` */
function describeFiles(delta: Delta): string {
  const files = delta.flatMap((entry) => entry.files);
  const verb = delta.some(({ unreadable }) => unreadable !== undefined) ? "change" : "repair";
  return `${verb} ${files.length <= 2 ? files.join(", ") : `${files.length} files`}`;
}

/** Whether a title is one of ours, and not what a person made of it. */
export function isOurTitle(title: string): boolean {
  return /^Sync [\w, ]+ with PRIMARY: /.test(title);
}

/**
 * Subject of at most 72 characters and a list of names; the trailers follow when the tree is known.
 *
 * @example
 * Sync image_generation with PRIMARY: 1 added, 1 modified
 *
 * image_generation
 * - add: Dreamshaper
 * - modify: Deliberate (nsfw, version)
 */
export function commitText(delta: Delta): string {
  const lines = [titleFor(delta)];
  for (const { category, changes, files } of delta) {
    lines.push("", category);
    if (changes.length === 0) lines.push(`- repair ${files.join(", ")}`);
    for (const change of gravestFirst(changes).slice(0, MAX_COMMIT_NAMES)) lines.push(`- ${describePlainly(change)}`);
    if (changes.length > MAX_COMMIT_NAMES) lines.push(`- and ${changes.length - MAX_COMMIT_NAMES} more`);
  }
  return lines.join("\n");
}

const GRAVITY: readonly RecordChange["kind"][] = ["removed", "renamed", "added", "modified"];

/** What clients would miss comes first, and is the last to be cut. */
function gravestFirst(changes: readonly RecordChange[]): RecordChange[] {
  return changes.toSorted((one, other) => GRAVITY.indexOf(one.kind) - GRAVITY.indexOf(other.kind));
}

function describePlainly(change: RecordChange): string {
  const name = toPlainText(change.name, 80);
  switch (change.kind) {
    case "added":
      return `add: ${name}`;
    case "removed":
      return `remove: ${name}`;
    case "modified":
      return `modify: ${name} (${plainFields(change.fields)})`;
    case "renamed": {
      const fields = change.fields.length === 0 ? "" : ` (${plainFields(change.fields)})`;
      const [from, to] = toTwoLines(change.from, change.name, 80);
      return `rename: ${toPlainText(from)} → ${toPlainText(to)}${fields}`;
    }
  }
}

function plainFields(fields: readonly FieldChange[]): string {
  const names = fields.slice(0, MAX_FIELDS).map(({ field }) => toPlainText(field, 40));
  return [...names, ...(fields.length > MAX_FIELDS ? ["…"] : [])].join(", ");
}

/** A body with our section for this delta. What people wrote around it stays, and ours gets the room that is left. */
export function describeIn(body: string, story: Story): string {
  const around = replaceSection(body, "").length;
  return replaceSection(body, section(story, Math.min(MAX_SECTION_CHARACTERS, MAX_BODY_CHARACTERS - around)));
}

/** @param limit of characters; 60,000 when nobody else writes there */
export function section(story: Story, limit = MAX_SECTION_CHARACTERS): string {
  const wrap = (lines: readonly string[]) => wrapSection(story, lines);
  const intro = introLines(story);
  const outro = [
    "",
    "Commits here are made by a bot; it appends to this pull request when PRIMARY changes again, and closes it when nothing is left to do. Close it unmerged to reject exactly these changes.",
  ];
  const budget = limit - wrap([...intro, ...outro]).length - 200;
  const isTold = (category: CategoryName) => story.delta.some((entry) => entry.category === category);
  const blocks = [
    ...story.keptBack.filter(({ category }) => !isTold(category)).map(keptBackBlock),
    ...story.delta.flatMap((entry) => categoryBlocks(entry, story)),
  ];
  return wrap([...intro, ...fitBlocks(blocks, budget), ...outro]);
}

function introLines({ delta, primaryUrl, keptBack, unknown }: Story): string[] {
  // Renamed records are few and far between; without any the column only takes room.
  const kinds = KINDS.filter((kind) => kind !== "renamed" || delta.some(({ changes }) => countKind(changes, kind) > 0));
  const rest = [
    ...(keptBack.length === 0 ? [] : ["what is kept back below"]),
    ...(unknown.length === 0
      ? []
      : [`${unknown.join(", ")}, which ${unknown.length === 1 ? "was" : "were"} not compared`]),
  ].join(", and ");
  return [
    `PRIMARY (${toCodeSpan(primaryUrl, 200)}) owns these model references and has changed. After this pull request is merged, the files mean exactly what PRIMARY says${rest === "" ? "" : `, but for ${rest}`}.`,
    "",
    `| category | ${kinds.join(" | ")} |`,
    `| --- |${" ---: |".repeat(kinds.length)}`,
    ...delta.map((entry) => summaryRow(entry, primaryUrl, kinds)),
  ];
}

function summaryRow(
  { category, changes }: CategoryDelta,
  primaryUrl: string,
  kinds: readonly RecordChange["kind"][],
): string {
  const link = `[${category}](${new URL(`${primaryUrl}/model_references/v1/${category}`).href})`;
  return `| ${[link, ...kinds.map((kind) => countKind(changes, kind))].join(" | ")} |`;
}

/** Lines that are kept or cut as a whole; of a record the first line alone may be kept. */
interface Block {
  readonly lines: readonly string[];
  readonly isRecord: boolean;
}

function keptBackBlock({ category, why }: KeptBack): Block {
  const lines = ["", `### ${category}: held`, "", `Not part of this pull request: ${toCodeSpan(why, 400)}`];
  return { lines, isRecord: false };
}

function categoryBlocks(entry: CategoryDelta, story: Story): Block[] {
  const { category, changes, files, warnings, unreadable } = entry;
  const plain = (...lines: string[]): Block => ({ lines, isRecord: false });
  const held = story.keptBack.find((entry) => entry.category === category);
  const blocks = [plain("", `### ${category}${held === undefined ? "" : ": the rest is held"}`, "")];
  if (held !== undefined)
    blocks.push(plain(`- ⚠ PRIMARY says something else by now, which is held: ${toCodeSpan(held.why, 400)}`));
  const origin = originLine(entry, story);
  if (origin !== null) blocks.push(plain(`- ⚠ ${origin}`));
  for (const warning of warnings) blocks.push(plain(`- ⚠ ${toCodeSpan(warning, 400)}`));
  if (unreadable !== undefined) blocks.push(plain(`- changed: ${files.join(", ")} (${toCodeSpan(unreadable, 400)})`));
  else if (changes.length === 0) blocks.push(plain(`- repaired: ${files.join(", ")}`));
  const records = gravestFirst(changes).map((change) => ({ lines: recordLines(change), isRecord: true }));
  if (records.length <= MAX_OPEN_RECORDS) return [...blocks, ...records];
  const summary = plain("", `<details><summary>${describeCounts(changes)}</summary>`, "");
  return [...blocks, summary, ...records, plain("", "</details>")];
}

function originLine({ origin }: CategoryDelta, { repositoryUrl, baseCommit }: Story): string | null {
  if (origin === undefined) return null;
  const names = origin.names.slice(0, 5).map((name) => toCodeSpan(name, 80));
  const more = origin.names.length > 5 ? ` and ${origin.names.length - 5} more` : "";
  const [commit, ...others] = origin.commits;
  const compare = `[compare](${repositoryUrl}/compare/${origin.since}...${baseCommit})`;
  const by =
    commit === undefined
      ? `an edit made here since the two were last in sync (${compare})`
      : others.length === 0
        ? `[${commit.slice(0, 7)}](${repositoryUrl}/commit/${commit})`
        : `one of ${origin.commits.length} commits (${compare})`;
  return `PRIMARY did not change ${names.join(", ")}${more}: merging this undoes ${by}.`;
}

function recordLines(change: RecordChange): string[] {
  switch (change.kind) {
    case "added":
      return [`- added: ${toCodeSpan(change.name)}${describeRecord(change.value)}`];
    case "removed":
      return [`- removed: ${toCodeSpan(change.name)}${describeRecord(change.before)}`];
    case "modified":
      return [`- modified: ${toCodeSpan(change.name)}`, ...fieldLines(change.fields)];
    case "renamed": {
      const [from, to] = toTwoLines(change.from, change.name, 120);
      return [`- renamed: ${toCodeSpan(from)} → ${toCodeSpan(to)}`, ...fieldLines(change.fields)];
    }
  }
}

function fieldLines(fields: readonly FieldChange[]): string[] {
  const lines = fields.slice(0, MAX_FIELDS).map((change) => `  - ${toCodeSpan(change.field, 60)}: ${valuesOf(change)}`);
  const more = fields.length - MAX_FIELDS;
  return more > 0 ? [...lines, `  - and ${more} more fields`] : lines;
}

function valuesOf({ before, after }: FieldChange): string {
  const [old, now] = before === null || after === null ? [before, after] : toTwoLines(before, after, MAX_VALUE);
  const show = (value: string | null) => (value === null ? "absent" : toCodeSpan(value, MAX_VALUE));
  return `${show(old)} → ${show(now)}`;
}

/**
 * Everything where there is room; then the last records without their details, and only then fewer of them. A list that
 * is cut while folded has its fold closed.
 */
function fitBlocks(blocks: readonly Block[], budget: number): string[] {
  const least = blocks.map(({ lines, isRecord }) => lengthOf(isRecord ? lines.slice(0, 1) : lines));
  let leastOfRest = least.reduce((sum, length) => sum + length, 0);
  const lines: string[] = [];
  let used = 0;
  let isFolded = false;
  for (const [index, block] of blocks.entries()) {
    const [shortest = 0, full] = [least[index], lengthOf(block.lines)];
    leastOfRest -= shortest;
    const isWhole = used + full + leastOfRest <= budget || (!block.isRecord && used + full <= budget);
    if (!isWhole && used + shortest > budget) {
      const cut = blocks.slice(index).filter(({ isRecord }) => isRecord).length;
      const what = cut === 0 ? "there is more to say" : `and ${cut} more ${cut === 1 ? "record" : "records"}`;
      return [...lines, ...(isFolded ? ["", "</details>"] : []), "", `… ${what}; the changed files show everything.`];
    }
    if (block.lines.some((line) => line.startsWith("<details>"))) isFolded = true;
    if (block.lines.includes("</details>")) isFolded = false;
    lines.push(...(isWhole ? block.lines : block.lines.slice(0, 1)));
    used += isWhole ? full : shortest;
  }
  return lines;
}

function lengthOf(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + line.length + 1, 0);
}
