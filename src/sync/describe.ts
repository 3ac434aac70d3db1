/**
 * The texts of a commit and of a pull request. Pure: made of the delta, and so of two trees, never of what a run meant
 * to do; the same for the same delta, so that an unchanged text is never patched.
 */
import type { CategoryName } from "../categories.ts";
import { toCodeSpan, toPlainText } from "../core/inert.ts";
import { toTwoLines } from "../core/side-by-side.ts";
import type { FieldChange, RecordChange } from "../files/codec.ts";
import { fitBlocks } from "./body/blocks.ts";
import { categoryBlocks, keptBackBlock } from "./body/category-blocks.ts";
import { type CategoryDelta, countKind, type Delta, describeCounts, gravestFirst, KINDS } from "./delta.ts";
import { MAX_BODY_CHARACTERS, replaceSection, wrapSection } from "./marker.ts";
import type { Story } from "./story.ts";

const MAX_TITLE = 72;
const MAX_SECTION_CHARACTERS = 60_000;
const MAX_COMMIT_NAMES = 500;
const MAX_FIELDS = 12;

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
  return `${verbFor(delta)} ${files.length <= 2 ? files.join(", ") : `${files.length} files`}`;
}

/** What a file that changes no record had wrong: of one that cannot be read nobody knows whether it changes some. */
function verbFor(delta: Delta): "change" | "repair" {
  return delta.some(({ unreadable }) => unreadable !== undefined) ? "change" : "repair";
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
  for (const entry of delta) {
    const { category, changes, files } = entry;
    lines.push("", category);
    if (changes.length === 0) lines.push(`- ${verbFor([entry])} ${files.join(", ")}`);
    for (const change of gravestFirst(changes).slice(0, MAX_COMMIT_NAMES)) lines.push(`- ${describePlainly(change)}`);
    if (changes.length > MAX_COMMIT_NAMES) lines.push(`- and ${changes.length - MAX_COMMIT_NAMES} more`);
  }
  return lines.join("\n");
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
  const outro = outroLines(story);
  const budget = limit - wrap([...intro, ...outro]).length - 200;
  const isTold = (category: CategoryName) => story.delta.some((entry) => entry.category === category);
  const blocks = [
    ...story.keptBack.filter(({ category }) => !isTold(category)).map(keptBackBlock),
    // Where there is not room for all, a long list must not take what a short one says.
    ...story.delta.toSorted(byLength).flatMap((entry) => categoryBlocks(entry, story)),
  ];
  return wrap([...intro, ...fitBlocks(blocks, budget), ...outro]);
}

function byLength(one: CategoryDelta, other: CategoryDelta): number {
  return one.changes.length - other.changes.length;
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
    `PRIMARY ([${toCodeSpan(primaryUrl, 200)}](${pageOf(primaryUrl)})) owns these model references and has changed. After this pull request is merged, the files mean exactly what PRIMARY says${rest === "" ? "" : `, but for ${rest}`}.`,
    "",
    `| category | ${kinds.join(" | ")} |`,
    `| --- |${" ---: |".repeat(kinds.length)}`,
    ...delta.map((entry) => summaryRow(entry, primaryUrl, kinds)),
  ];
}

function outroLines({ statusUrl }: Story): string[] {
  const about =
    "Commits here are made by a bot; it appends to this pull request when PRIMARY changes again, and closes it when nothing is left to do. Close it unmerged to reject exactly these changes.";
  if (statusUrl === null) return ["", about];
  return ["", about, "", `[Status](${statusUrl}/) · [runs](${statusUrl}/runs) · [preview](${statusUrl}/preview)`];
}

/** Where people look at PRIMARY: its API may stand below `/api`. */
function pageOf(primaryUrl: string): string {
  return new URL(`${primaryUrl.replace(/\/api$/, "")}/`).href;
}

function summaryRow(
  { category, changes }: CategoryDelta,
  primaryUrl: string,
  kinds: readonly RecordChange["kind"][],
): string {
  const link = `[${category}](${new URL(`${primaryUrl}/model_references/v1/${category}`).href})`;
  return `| ${[link, ...kinds.map((kind) => countKind(changes, kind))].join(" | ")} |`;
}
