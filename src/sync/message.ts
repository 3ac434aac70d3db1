/**
 * The texts of a commit and a pull request (DESIGN.md section 7). Pure, and the same for the same drift, so that an
 * unchanged text is never patched.
 */
import type { FieldChange, RecordChange } from "../files/codec.ts";
import { type CategoryState, isDrifting } from "./drift.ts";
import { toCodeSpan, toPlainText } from "./inert.ts";

export const TRAILER = "Sync-Fingerprint";

export interface MessageInput {
  readonly states: readonly CategoryState[];
  readonly fingerprint: string;
  readonly primaryUrl: string;
  readonly lastUpdated: number | null;
}

const MAX_SECTION_CHARACTERS = 60_000;
/** What GitHub takes as a body. */
const MAX_BODY_CHARACTERS = 65_536;
const MAX_COMMIT_NAMES = 100;
const MAX_FIELDS = 12;

/** Whether a commit message carries our trailer. */
export function isOurs(message: string): boolean {
  const trailers =
    message
      .trimEnd()
      .split(/\n\s*\n/)
      .at(-1) ?? "";
  return new RegExp(`^${TRAILER}: [0-9a-f]{64}$`, "m").test(trailers);
}

/**
 * Subject of at most 72 characters, a list of names, and the trailers.
 *
 * @example
 * Sync image_generation with PRIMARY: 1 added, 1 modified
 *
 * image_generation
 * - add: Dreamshaper
 * - modify: Deliberate (nsfw, version)
 *
 * Sync-Fingerprint: 5b3c…
 * Primary-Last-Updated: 1795219334
 */
export function commitMessage(input: MessageInput): string {
  const drifting = input.states.filter(isDrifting);
  const lines = [titleFor(drifting), ""];
  for (const { category, changes } of drifting) {
    lines.push(category);
    if (changes.length === 0) lines.push("- repair the derived file");
    for (const change of changes.slice(0, MAX_COMMIT_NAMES)) lines.push(`- ${describePlainly(change)}`);
    if (changes.length > MAX_COMMIT_NAMES) lines.push(`- and ${changes.length - MAX_COMMIT_NAMES} more`);
    lines.push("");
  }
  lines.push(`${TRAILER}: ${input.fingerprint}`, `Primary-Last-Updated: ${input.lastUpdated ?? "unknown"}`);
  return lines.join("\n");
}

/** Also the commit's subject. Holds no text from PRIMARY. */
export function titleFor(states: readonly CategoryState[]): string {
  const drifting = states.filter(isDrifting);
  const counts = countsOf(drifting.flatMap(({ changes }) => changes));
  const what = counts === "" ? "repair derived files" : counts;
  const names = drifting.map(({ category }) => category).join(", ");
  const title = `Sync ${names} with PRIMARY: ${what}`;
  return title.length <= 72 ? title : `Sync ${drifting.length} categories with PRIMARY: ${what}`.slice(0, 72);
}

function countsOf(changes: readonly RecordChange[]): string {
  const count = (kind: RecordChange["kind"]) => changes.filter((change) => change.kind === kind).length;
  return (["added", "removed", "modified"] as const)
    .filter((kind) => count(kind) > 0)
    .map((kind) => `${count(kind)} ${kind}`)
    .join(", ");
}

function describePlainly(change: RecordChange): string {
  const name = toPlainText(change.name, 80);
  switch (change.kind) {
    case "added":
      return `add: ${name}`;
    case "removed":
      return `remove: ${name}`;
    case "renamed":
      return `rename: ${toPlainText(change.from, 80)} to ${name}`;
    case "modified":
      return `modify: ${name} (${change.fields
        .slice(0, MAX_FIELDS)
        .map(({ field }) => toPlainText(field, 40))
        .join(", ")})`;
  }
}

const BEGIN = "<!-- horde-model-reference-sync:begin";
const END = "<!-- horde-model-reference-sync:end -->";

/**
 * The part of a pull request's body that is ours, between two markers.
 *
 * @param limit of characters; 60,000 when nobody else writes there
 */
export function pullRequestSection(input: MessageInput, limit = MAX_SECTION_CHARACTERS): string {
  const head = [
    `${BEGIN} fingerprint=${input.fingerprint} -->`,
    `PRIMARY (${sourceLink(input.primaryUrl)}) owns these model references and has changed. After this pull request is merged, the files below mean exactly what PRIMARY says.`,
    "",
    "| category | added | removed | modified |",
    "| --- | ---: | ---: | ---: |",
    ...input.states.filter(({ changes, files }) => changes.length + files.size > 0).map(summaryRow),
    "",
  ];
  const tail = [
    "",
    "Commits here are made by a bot; it appends to this pull request when PRIMARY changes again, and closes it when nothing is left to do. Close it unmerged to reject exactly these changes.",
    END,
  ];
  const budget = limit - [...head, ...tail].join("\n").length - 200;
  return [...head, ...fitLines(input.states.flatMap(categoryLines), budget), ...tail].join("\n");
}

function sourceLink(primaryUrl: string): string {
  return `<${new URL(`${primaryUrl}/model_references/v1/`).href}>`;
}

function summaryRow({ category, changes, held }: CategoryState): string {
  const count = (kind: RecordChange["kind"]) => changes.filter((change) => change.kind === kind).length;
  return `| ${category}${held === null ? "" : " (held)"} | ${count("added")} | ${count("removed")} | ${count("modified")} |`;
}

/** A block of lines that is kept or cut as a whole; `records` of them are counted when cut. */
interface Block {
  readonly lines: readonly string[];
  readonly records: number;
}

function categoryLines(state: CategoryState): Block[] {
  if (state.held !== null) {
    return [
      {
        lines: ["", `### ${state.category}: held`, "", `Not part of this pull request: ${toCodeSpan(state.held, 400)}`],
        records: 0,
      },
    ];
  }
  if (!isDrifting(state)) return [];
  const blocks: Block[] = [{ lines: ["", `### ${state.category}`, ""], records: 0 }];
  for (const warning of state.warnings) blocks.push({ lines: [`- ⚠ ${toCodeSpan(warning, 400)}`], records: 0 });
  for (const change of state.changes) blocks.push({ lines: recordLines(change), records: 1 });
  if (state.changes.length === 0)
    blocks.push({ lines: [`- repaired: ${[...state.files.keys()].join(", ")}`], records: 0 });
  return blocks;
}

function recordLines(change: RecordChange): string[] {
  if (change.kind !== "modified") return [`- ${change.kind}: ${toCodeSpan(change.name)}`];
  const fields = change.fields.slice(0, MAX_FIELDS).map((field) => `  - ${fieldLine(field)}`);
  const more = change.fields.length - MAX_FIELDS;
  return [`- modified: ${toCodeSpan(change.name)}`, ...fields, ...(more > 0 ? [`  - and ${more} more fields`] : [])];
}

function fieldLine({ field, before, after }: FieldChange): string {
  const show = (value: string | null) => (value === null ? "absent" : toCodeSpan(value, 160));
  return `${toCodeSpan(field, 60)}: ${show(before)} → ${show(after)}`;
}

function fitLines(blocks: readonly Block[], budget: number): string[] {
  const lines: string[] = [];
  let used = 0;
  for (const [index, block] of blocks.entries()) {
    const length = block.lines.reduce((sum, line) => sum + line.length + 1, 0);
    if (used + length > budget) {
      const cut = blocks.slice(index).reduce((sum, { records }) => sum + records, 0);
      const what = cut === 0 ? "there is more to say" : `and ${cut} more ${cut === 1 ? "record" : "records"}`;
      return [...lines, "", `… ${what}; the commits hold everything.`];
    }
    lines.push(...block.lines);
    used += length;
  }
  return lines;
}

/** The fingerprint in a pull request's body, or `null` when our section is not there. */
export function readFingerprint(body: string): string | null {
  return /^<!-- horde-model-reference-sync:begin fingerprint=([0-9a-f]{64}) -->\r?$/m.exec(body)?.[1] ?? null;
}

/** Replace our section of a body, and keep what people wrote around it. Without one, ours is put at the end. */
export function replaceSection(body: string, section: string): string {
  const start = body.search(/^<!-- horde-model-reference-sync:begin /m);
  if (start < 0) return body.trim() === "" ? section : `${body.trimEnd()}\n\n${section}`;
  const rest = body.slice(start);
  // Anchored, because a name from PRIMARY may spell the marker within a line.
  const end = rest.search(/^<!-- horde-model-reference-sync:end -->/m);
  const after = end < 0 ? "" : rest.slice(end + END.length);
  return body.slice(0, start) + section + after;
}

/** A body with our section for this drift. What people wrote around it stays, and ours gets the room that is left. */
export function describeIn(body: string, input: MessageInput): string {
  const around = replaceSection(body, "").length;
  return replaceSection(
    body,
    pullRequestSection(input, Math.min(MAX_SECTION_CHARACTERS, MAX_BODY_CHARACTERS - around)),
  );
}

/** A pull request that we close ourselves was not rejected, so its fingerprint must not count later. */
export function withdrawFingerprint(body: string): string {
  const marked = readFingerprint(body) === null && !isWithdrawn(body) ? replaceSection(body, EMPTY_SECTION) : body;
  return marked.replace(/^(<!-- horde-model-reference-sync:begin fingerprint=)[0-9a-f]{64} -->/m, "$1withdrawn -->");
}

/** For a body that lost its section: the mark of a withdrawal needs a place. */
const EMPTY_SECTION = `${BEGIN} fingerprint=withdrawn -->\n${END}`;

/** Whether a pull request was closed by us and not by people. */
export function isWithdrawn(body: string): boolean {
  return /^<!-- horde-model-reference-sync:begin fingerprint=withdrawn -->\r?$/m.test(body);
}

/** A comment that is left at most once on a pull request; the marker tells that it is there. */
export interface MarkedComment {
  readonly marker: string;
  readonly text: string;
}

export const EDITED: MarkedComment = {
  marker: "<!-- horde-model-reference-sync:edited -->",
  text: "The branch of this pull request holds a commit that is not from the sync bot, so the bot leaves it alone from here on: it neither updates nor closes it. Merge or close it (and delete the branch) when you are done, and the next run starts afresh.",
};

export const CLOSING: MarkedComment = {
  marker: "<!-- horde-model-reference-sync:closing -->",
  text: "The base branch now means what PRIMARY says, so nothing is left to merge. Closing this pull request and deleting its branch.",
};
