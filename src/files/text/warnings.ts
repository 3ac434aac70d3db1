import { quoteRaw } from "../json/strings.ts";
import { capSentences, listNames } from "../sentences.ts";
import { beforeHeader, type CsvText, readCsv } from "./csv.ts";
import { refusedCsv } from "./csv-form.ts";
import type { PlacedRow } from "./place-rows.ts";
import { describeDisagreement } from "./primary/agreement.ts";
import type { PrimaryEntries } from "./primary/entries.ts";
import { describeUnsayable } from "./primary/unsayable.ts";
import type { PutResult } from "./put.ts";
import type { Schema } from "./script/schema.ts";
import type { ModelTable, RowIssue } from "./script/table.ts";

/** What a reviewer should know of the rows, of PRIMARY's records and of the edit: one sentence each, lists capped. */
export function describePut(table: ModelTable, put: PutResult, entries: PrimaryEntries): string[] {
  const isChanged = put.csv !== table.csv.text;
  return [
    ...describeMended(table.csv),
    ...describeRows(table, put, isChanged),
    ...describeUnsayable(put.unsayable),
    ...describeKept(put),
    ...put.moved.map(describeMove),
    ...describeDisagreement(put.wanted, entries),
    ...(isChanged ? describeForm(readCsv(put.csv)) : []),
  ];
}

/** What the repository's own tools make of a models.csv as it stands: where they stop, and what they refuse. */
export function describeState({ csv, schema, issues }: ModelTable): string[] {
  const lead = beforeHeader(csv);
  return [
    ...(lead === "" ? [] : [`models.csv begins with ${nameLead(lead)}: ${STOPS}; take it out.`]),
    ...describeColumns(schema),
    ...capSentences(issues.map(describeIssue), MODELS),
    ...describeForm(csv),
  ];
}

/** `models.csv line 12 ("a/b"): its size "big" is not a number: the repository's script stops there, …; give it …` */
function describeIssue({ line, name, reason, cure, isStop }: RowIssue): string {
  const place = `models.csv line ${line}${name === "" ? "" : ` (${quoteRaw(name.slice(0, 80))})`}`;
  return `${place}: ${reason}${isStop ? `: ${STOPS}` : ""}; ${cure}.`;
}

const STOPS = "the repository's script stops there, and its check will refuse the file";
const MODELS = "models.csv";

/** The rows of the edited file that still have an issue, by their lines there. */
function describeRows({ schema, issues }: ModelTable, { csv: text, rows }: PutResult, isChanged: boolean): string[] {
  const columns = describeColumns(schema);
  if (rows.every((row) => row.issues.length === 0)) return columns;
  const left = isChanged ? issuesAfter(rows, readCsv(text), schema) : issues;
  return [...columns, ...capSentences(left.map(describeIssue), MODELS)];
}

/** Rows and those of the text stand in the same order, behind the header. */
function issuesAfter(rows: readonly PlacedRow[], { rows: now }: CsvText, { nameColumn }: Schema): RowIssue[] {
  return rows.flatMap(({ cells, issues }, index) =>
    issues.map((issue) => ({ ...issue, line: now[index + 1]?.line ?? 0, name: cells[nameColumn] ?? "" })),
  );
}

function describeColumns({ missing }: Schema): string[] {
  return missing.map((name) => `models.csv has no column ${quoteRaw(name)}: ${STOPS}; add it to the first line.`);
}

function describeMended(csv: CsvText): string[] {
  const lead = beforeHeader(csv);
  if (lead === "") return [];
  return [`models.csv began with ${nameLead(lead)}, at which the repository's script stops; that is taken out.`];
}

function nameLead(lead: string): string {
  const mark = lead.startsWith("\ufeff") ? ["a byte order mark"] : [];
  return [...mark, ...(/[\r\n]/.test(lead) ? ["a blank line"] : [])].join(" and ");
}

function describeKept({ kept, rows }: PutResult): string[] {
  if (kept.length === 0) return [];
  const places = new Set(kept.map(({ row }) => row));
  const names = rows.flatMap(({ row, model }) =>
    row !== null && places.has(row) && model !== null ? [model.name] : [],
  );
  const why = "its reader skips names that are empty or a URL, and settings that are not flat";
  return [`models.csv has rows that PRIMARY cannot hold (${why}); they stay, also in db.json: ${listNames(names)}.`];
}

function describeMove({ model, entry, formerOwner }: PutResult["moved"][number]): string {
  return `${quoteRaw(entry)} is ${quoteRaw(model.name)} in PRIMARY and not ${quoteRaw(formerOwner)}; its row is moved behind.`;
}

function describeForm(csv: CsvText): string[] {
  return capSentences(
    refusedCsv(csv).map((what) => `The repository's check will refuse models.csv: ${what}.`),
    MODELS,
  );
}
