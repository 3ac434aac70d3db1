/**
 * What a pull request's body says of one category: what is odd about it, and record by record what changes. Pure.
 */
import { toCodeSpan } from "../../core/inert.ts";
import { toTwoLines } from "../../core/side-by-side.ts";
import type { FieldChange, RecordChange } from "../../files/codec.ts";
import { leafChanges } from "../../files/leaf-changes.ts";
import { type CategoryDelta, KINDS_BY_GRAVITY } from "../delta.ts";
import type { KeptBack, Story } from "../story.ts";
import { type Block, plain, record } from "./blocks.ts";
import { recordTable } from "./record-table.ts";

/** Longer lists are folded. */
const MAX_OPEN_RECORDS = 25;
const MAX_FIELDS = 12;
const MAX_VALUE = 160;

export function keptBackBlock({ category, why }: KeptBack): Block {
  return plain("", `### ${category}: held`, "", `Not part of this pull request: ${toCodeSpan(why, 400)}`);
}

export function categoryBlocks(entry: CategoryDelta, story: Story): Block[] {
  const { category, changes, files, warnings, unreadable } = entry;
  const held = story.keptBack.find((other) => other.category === category);
  const origin = originLine(entry, story);
  const remarks = [
    ...(held === undefined
      ? []
      : [`- ⚠ PRIMARY says something else by now, which is held: ${toCodeSpan(held.why, 400)}`]),
    ...(origin === null ? [] : [`- ⚠ ${origin}`]),
    ...warnings.map((warning) => `- ⚠ ${toCodeSpan(warning, 400)}`),
    ...(unreadable === undefined ? [] : [`- changed: ${files.join(", ")} (${toCodeSpan(unreadable, 400)})`]),
    ...(unreadable === undefined && changes.length === 0 ? [`- repaired: ${files.join(", ")}`] : []),
  ];
  return [
    plain("", `### ${category}${held === undefined ? "" : ": the rest is held"}`),
    ...(remarks.length === 0 ? [] : [plain("")]),
    ...remarks.map((line) => plain(line)),
    ...KINDS_BY_GRAVITY.flatMap((kind) => groupBlocks(kind, changes)),
  ];
}

interface Group {
  /** Behind the number of records. */
  readonly says: string;
  readonly blocksOf: (changes: readonly RecordChange[]) => Block[];
}

const GROUPS: Readonly<Record<RecordChange["kind"], Group>> = {
  removed: {
    says: "removed: clients that ask for them will not find them any more",
    blocksOf: (changes) => recordTable("removed", changes.flatMap(toRow)),
  },
  renamed: {
    says: "renamed: clients that ask for the old name will not find it any more",
    blocksOf: (changes) => changes.map(changedRecord),
  },
  added: { says: "added", blocksOf: (changes) => recordTable("added", changes.flatMap(toRow)) },
  modified: { says: "modified", blocksOf: (changes) => changes.map(changedRecord) },
};

function groupBlocks(kind: RecordChange["kind"], all: readonly RecordChange[]): Block[] {
  const { says, blocksOf } = GROUPS[kind];
  const changes = all.filter((change) => change.kind === kind);
  if (changes.length === 0) return [];
  const heading = `${changes.length} ${says}`;
  if (changes.length <= MAX_OPEN_RECORDS) return [plain("", `**${heading}**`, ""), ...blocksOf(changes)];
  const fold = plain("", `<details><summary>${heading}</summary>`, "");
  return [fold, ...blocksOf(changes), plain("", "</details>")];
}

function toRow(change: RecordChange): { readonly name: string; readonly text: string }[] {
  if (change.kind === "added") return [{ name: change.name, text: change.value }];
  return change.kind === "removed" ? [{ name: change.name, text: change.before }] : [];
}

function changedRecord(change: RecordChange): Block {
  const fields = "fields" in change ? fieldLines(change.fields) : [];
  if (change.kind !== "renamed") return record(`- ${toCodeSpan(change.name)}`, ...fields);
  const [from, to] = toTwoLines(change.from, change.name, 120);
  return record(`- ${toCodeSpan(from)} → ${toCodeSpan(to)}`, ...fields);
}

function fieldLines(fields: readonly FieldChange[]): string[] {
  const shown = fields.slice(0, MAX_FIELDS).flatMap(leafChanges);
  const lines = shown.map((change) => `  - ${toCodeSpan(change.field, 60)}: ${valuesOf(change)}`);
  const more = fields.length - MAX_FIELDS;
  return more > 0 ? [...lines, `  - and ${more} more ${more === 1 ? "field" : "fields"}`] : lines;
}

function valuesOf({ before, after }: FieldChange): string {
  const [old, now] = before === null || after === null ? [before, after] : toTwoLines(before, after, MAX_VALUE);
  const show = (value: string | null) => (value === null ? "absent" : toCodeSpan(value, MAX_VALUE));
  return `${show(old)} → ${show(now)}`;
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
