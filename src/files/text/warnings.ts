import { quoteRaw } from "../json/strings.ts";
import { describeIssue, type ModelTable } from "./convert.ts";
import type { Model } from "./model.ts";
import { isDerivedKey, type PrimaryEntries } from "./primary.ts";
import type { PutResult } from "./put.ts";
import { describeUnsayable } from "./unsayable.ts";

export interface WarningSources {
  readonly table: ModelTable;
  readonly put: PutResult;
  readonly entries: PrimaryEntries;
  /** The entries db.json will have. */
  readonly wanted: ReadonlyMap<string, Model>;
}

/** What a reviewer should know of the rows, of PRIMARY's records and of the edit: one sentence each, lists capped. */
export function describeWarnings({ table, put, entries, wanted }: WarningSources): string[] {
  return [
    ...describeIssues(table, put),
    ...describeUnsayable(put.unsayable),
    ...put.moved.map(describeMove),
    ...describeOrphans(entries, wanted),
  ];
}

const MOST_ISSUES = 20;
const MOST_NAMES = 10;

/** The rows that still have an issue after the edit. */
function describeIssues(table: ModelTable, { touched }: PutResult): string[] {
  const gone = new Set([...touched].map(({ line }) => line));
  const issues = table.issues.filter(({ line }) => !gone.has(line));
  const lines = issues.slice(0, MOST_ISSUES).map(describeIssue);
  const more = issues.length - lines.length;
  return more > 0 ? [...lines, `models.csv has ${more} more rows with an issue.`] : lines;
}

function describeMove({ model, formerOwner }: PutResult["moved"][number]): string {
  const entry = quoteRaw(`koboldcpp/${model.shortName}`);
  return `${entry} is ${quoteRaw(model.name)} in PRIMARY and not ${quoteRaw(formerOwner)}; its row is moved behind.`;
}

function describeOrphans(entries: PrimaryEntries, wanted: ReadonlyMap<string, Model>): string[] {
  const orphans = [...entries.keys()].filter((key) => isDerivedKey(key) && !wanted.has(key) && !key.includes("://"));
  if (orphans.length === 0) return [];
  const shown = orphans.slice(0, MOST_NAMES).map(quoteRaw).join(", ");
  const more = orphans.length > MOST_NAMES ? ` and ${orphans.length - MOST_NAMES} more` : "";
  return [`PRIMARY has entries derived from models that it lacks, which are ignored: ${shown}${more}.`];
}
